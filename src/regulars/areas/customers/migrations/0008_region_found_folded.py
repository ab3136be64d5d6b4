from typing import Any

from django.db import migrations, models

from regulars.kernel.databases.fields import KeyField


def fill(apps: Any, editor: Any) -> None:
    """What is worked out of the region of each address, also of those that stood there before."""
    for name in ("Address", "AddressPast"):
        table = editor.quote_name(apps.get_model("customers", name)._meta.db_table)
        editor.execute(f"UPDATE {table} SET region_fold = house_fold(region) WHERE region <> ''")  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_proposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="address",
            name="region_fold",
            field=KeyField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="addresspast",
            name="region_fold",
            field=KeyField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(fields=["region_fold"], name="address_region"),
        ),
        migrations.AddIndex(
            model_name="addresspast",
            index=models.Index(fields=["region_fold", "until", "link", "customer_id"], name="address_region_past"),
        ),
    ]
