"""What was paid back counts as returned: of whoever had money back, that sum is worked out anew."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# `until` brought to `day`: the sums of the windows are no longer right, and made anew in the night.
ANEW = """
UPDATE trade_rollup SET "until" = "day", returned = (
  SELECT SUM(-l.worth) FROM trade_line l WHERE l.customer_id = number AND l.kind IN ('return', 'refund')
) WHERE number IN (SELECT customer_id FROM trade_line WHERE kind = 'refund' AND customer_id IS NOT NULL)
"""


def count(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(ANEW)


class Migration(migrations.Migration):
    dependencies = [("trade", "0005_whose_delivery_was_late")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
