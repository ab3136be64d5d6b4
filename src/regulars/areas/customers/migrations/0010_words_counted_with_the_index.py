from typing import Any

from django.db import migrations

from regulars.kernel.databases import trigrams


def count_anew(apps: Any, editor: Any) -> None:
    """What a killed import left waiting for its index had its words counted already; now both come together."""
    alias = editor.connection.alias
    waiting = apps.get_model("kernel", "Mark").objects.using(alias).filter(name="search keys")
    if waiting.exists() and trigrams.can_rest(editor.connection):
        trigrams.empty(editor.connection, "customers_searchtext", "number", "text")
        apps.get_model("customers", "SearchWord").objects.using(alias).all().delete()
        waiting.update(value="due")


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_colleagues"), ("kernel", "0002_mark")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
