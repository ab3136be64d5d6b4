"""Twins are found by the columns of their tables, and by the moment at which a version stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_stopped"),
    ]

    operations = [
        migrations.AlterField(
            model_name="originalpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="savedmappingpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AddIndex(
            model_name="originalpast",
            index=models.Index(fields=["until", "link"], name="original_past_until"),
        ),
        migrations.AddIndex(
            model_name="originalpast",
            index=models.Index(fields=["sha256", "until", "link"], name="original_sha256_past"),
        ),
        migrations.AddIndex(
            model_name="savedmappingpast",
            index=models.Index(fields=["until", "link"], name="savedmapping_past_until"),
        ),
        migrations.AddIndex(
            model_name="savedmappingpast",
            index=models.Index(fields=["shape", "until", "link"], name="savedmapping_shape_past"),
        ),
    ]
