from typing import Any

from django.db import migrations, models

import regulars.kernel.databases.fields
from regulars.kernel.databases import trigrams

TABLE = "customers_searchtext"


def create(apps: Any, editor: Any) -> None:
    trigrams.create(editor.connection, TABLE, "number", "text")


def drop(apps: Any, editor: Any) -> None:
    trigrams.drop(editor.connection, TABLE)


def due(apps: Any, editor: Any) -> None:
    """A register that has customers already is to be gone through once (`customers.actions.fill_search_keys`)."""
    alias = editor.connection.alias
    if apps.get_model("customers", "Customer").objects.using(alias).exists():
        marks = apps.get_model("kernel", "Mark").objects.using(alias)
        marks.update_or_create(name="search keys", defaults={"value": "due"})


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_prospects_and_telling"), ("kernel", "0002_mark")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "word",
                    regulars.kernel.databases.fields.KeyField(
                        blank=True, default="", primary_key=True, serialize=False
                    ),
                ),
                ("plain", regulars.kernel.databases.fields.KeyField(blank=True, default="")),
                ("head", regulars.kernel.databases.fields.KeyField(blank=True, default="")),
                ("tail", regulars.kernel.databases.fields.KeyField(blank=True, default="")),
                ("count", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["head"], name="searchword_head"),
                    models.Index(fields=["tail"], name="searchword_tail"),
                ]
            },
        ),
        migrations.RemoveIndex("customer", "customer_given"),
        migrations.AddIndex("customer", models.Index(fields=["given_fold", "family_fold"], name="customer_given")),
        migrations.RunPython(create, drop),
        migrations.RunPython(due, migrations.RunPython.noop),
    ]
