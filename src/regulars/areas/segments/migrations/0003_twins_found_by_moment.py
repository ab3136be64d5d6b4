"""Twins are found by the columns of their tables, and by the moment at which a version stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("segments", "0002_lists_and_work_on_many"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="listingpast",
            name="listing_past_customer",
        ),
        migrations.AlterField(
            model_name="fixedlistpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="listingpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="segmentpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AddIndex(
            model_name="fixedlistpast",
            index=models.Index(fields=["until", "link"], name="fixedlist_past_until"),
        ),
        migrations.AddIndex(
            model_name="listingpast",
            index=models.Index(fields=["until", "link"], name="listing_past_until"),
        ),
        migrations.AddIndex(
            model_name="listingpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="listing_past_customer"),
        ),
        migrations.AddIndex(
            model_name="segmentpast",
            index=models.Index(fields=["until", "link"], name="segment_past_until"),
        ),
    ]
