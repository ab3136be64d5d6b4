"""Twins are found by the columns of their tables, and by the moment at which a version stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="tokenpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="userpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AddIndex(
            model_name="tokenpast",
            index=models.Index(fields=["until", "link"], name="token_past_until"),
        ),
        migrations.AddIndex(
            model_name="userpast",
            index=models.Index(fields=["until", "link"], name="user_past_until"),
        ),
    ]
