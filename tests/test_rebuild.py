"""The register made again from its payloads is the register; one that was tampered with is told, and put right."""

import json
from typing import Any

import pytest
from django.db import connection

from regulars.areas.customers import actions
from regulars.areas.customers.models import Customer
from regulars.areas.house.actions import change_settings
from regulars.areas.journal.actions import rebuild, undo
from regulars.areas.journal.models import Changeset, Link
from regulars.areas.journal.queries import verify
from regulars.areas.segments.actions import save_segment
from regulars.areas.segments.tests.people import AT, HERE, OWNER, STRANGER, everybody
from regulars.interfaces.cli.main import main
from regulars.kernel.errors import NotAllowed, Refused
from tests.rig.dump import differing, dump
from tests.rig.forgetting import clean_home

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy() -> list[int]:
    """A register in which everything has happened once."""
    numbers = everybody()
    first, second, third = numbers[5:8]
    actions.edit_customer(number=first, card={"family_name": "Neu", "emails": ["neu@example.com"]}, by=OWNER, at=AT)
    actions.edit_customer(number=first, card={"tags": ["a", "b"], "birth_date": "1970-01-01"}, by=OWNER, at=AT)
    actions.archive_customer(number=second, by=OWNER, at=AT)
    actions.delete_customer(number=third, by=OWNER, at=AT)
    undo(changeset=Changeset.objects.latest("number").number, by=OWNER, at=AT)
    save_segment(name="Ours", criteria="city = Berlin", by=OWNER, at=AT, **HERE)
    change_settings(by=OWNER, at=AT, values={"country": "DK"})
    return numbers


def test_what_is_rebuilt_is_the_same_and_nothing_is_touched(busy: list[int]) -> None:
    before = dump()
    assert rebuild(by=OWNER).as_json() == {
        "same": True, "links": Link.objects.count(), "differences": [], "restored": False
    }  # fmt: skip
    assert differing(before, dump()) == []


def test_what_is_rebuilt_knows_nothing_of_the_forgotten(busy: list[int]) -> None:
    first, second = busy[5], busy[6]
    actions.edit_customer(number=first, card={"referred_by": second}, by=OWNER, at=AT)
    actions.edit_customer(number=first, card={"relations": [{"number": second, "kind": "partner"}]}, by=OWNER, at=AT)
    actions.edit_customer(number=first, card={"occupation": "baker"}, by=OWNER, at=AT)
    with clean_home():
        actions.forget_customer(number=second, by=OWNER, at=AT)
        before = dump()
        assert (rebuild(by=OWNER).differences, differing(before, dump())) == ((), [])
        assert verify().ok


def test_what_was_altered_behind_the_journal_is_told_and_put_right(busy: list[int], capsys: Any) -> None:
    before = dump()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET occupation = 'Spy' WHERE number = %s", [busy[5]])
        cursor.execute("DELETE FROM customers_customer_past")
        cursor.execute("DELETE FROM customers_tag WHERE customer_id = %s", [busy[5]])
    told = rebuild(by=OWNER)
    assert {each.table for each in told.differences} == {"customers.customer", "customers.tag"}
    assert not verify().ok
    assert main(["rebuild", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["same"] is False
    assert main(["rebuild", "--restore", "--json"]) == 0
    assert differing(before, dump()) == ["kernel_mark"]  # when it was last proved
    assert verify().ok


def test_it_is_refused_over_a_broken_chain_and_to_who_may_not(busy: list[int]) -> None:
    with pytest.raises(NotAllowed):
        rebuild(by=STRANGER)
    Link.objects.filter(number=2).delete()
    with pytest.raises(Refused, match="chain itself"):
        rebuild(by=OWNER, restore=True)
    assert Customer.objects.exists()
