"""Twins are found by the columns of their tables, and by the moment at which a version stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="answerpast",
            name="answer_past_customer",
        ),
        migrations.AlterField(
            model_name="answerpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AddIndex(
            model_name="answerpast",
            index=models.Index(fields=["until", "link"], name="answer_past_until"),
        ),
        migrations.AddIndex(
            model_name="answerpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="answer_past_customer"),
        ),
        migrations.AddIndex(
            model_name="answerpast",
            index=models.Index(
                fields=["channel", "purpose", "answer", "customer_id", "until", "link"], name="answer_asked_past"
            ),
        ),
    ]
