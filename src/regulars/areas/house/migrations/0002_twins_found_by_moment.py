"""Twins are found by the columns of their tables, and by the moment at which a version stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="settingpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AddIndex(
            model_name="settingpast",
            index=models.Index(fields=["until", "link"], name="setting_past_until"),
        ),
    ]
