"""What is wrong with the register is told, and nothing else."""

import pytest
from django.db import connection, transaction

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.safekeeping.actions.restoring.soundness import what_is_wrong
from regulars.kernel import databases

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_transaction_under_way_has_added_is_not_missing() -> None:
    if not databases.is_file(connection):
        pytest.skip("about the encrypted file")
    add_customer(card={"family_name": "Berg"}, by=OLGA, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with transaction.atomic():
        add_customer(card={"family_name": "Lund", "notes": [f"{each} " * 3_000 for each in range(40)]}, by=OLGA, at=NOW)
        assert what_is_wrong() == []
