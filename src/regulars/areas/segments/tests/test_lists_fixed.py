"""A list is fixed: who is on it was put there by hand, and criteria can ask for it."""

from typing import Any

import pytest

from regulars.areas.customers.actions import add_customer, delete_customer
from regulars.areas.journal.actions import Link, undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.areas.segments import queries
from regulars.areas.segments.actions import (
    act_on_many,
    change_list,
    lists,
    make_list,
    remove_list,
    remove_segment,
    save_segment,
)
from regulars.areas.segments.language import CriteriaError
from regulars.areas.segments.models import FixedList, Listing
from regulars.areas.segments.queries.lists import fixed_lists, show_list
from regulars.areas.segments.tests.people import AT, HERE, OWNER, STAFF
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db


def add(name: str) -> int:
    return add_customer(card={"given_name": name}, by=OWNER, at=AT)


def found(criteria: str) -> set[int]:
    return set(queries.numbers(criteria, by=OWNER, **HERE))


@pytest.fixture
def two() -> tuple[int, int]:
    anna, jonas = add("Anna"), add("Jonas")
    make_list(name="Test", by=OWNER, at=AT)
    act_on_many(deed="list", value="test", numbers=[anna], by=OWNER, at=AT)
    return anna, jonas


def test_criteria_ask_for_a_list_and_join_it_with_anything(two: tuple[int, int]) -> None:
    anna, jonas = two
    assert found('in list "TEST"') == found('number in list "test"') == {anna}
    assert found('not in list "Test"') == {jonas}
    assert found('in list "Test" and given_name = Jonas') == set()
    assert found('in list "Test" or given_name = Jonas') == {anna, jonas}
    assert [(each.name, each.count) for each in fixed_lists(OWNER)] == [("Test", 1)]


def test_a_list_does_not_change_by_itself_and_is_changed_by_hand(two: tuple[int, int]) -> None:
    anna, jonas = two
    add("Anna")
    assert found('in list "Test"') == {anna}
    act_on_many(deed="list", value="Test", numbers=[anna, jonas], by=OWNER, at=AT)
    bulk = act_on_many(deed="unlist", value="Test", numbers=[anna], by=OWNER, at=AT)
    assert found('in list "Test"') == {jonas} and bulk.changed == 1


def test_a_list_that_is_none_and_what_is_no_customer_are_refused(two: tuple[int, int]) -> None:
    with pytest.raises(CriteriaError, match="Test"):
        found('in list "Tets"')
    with pytest.raises(CriteriaError, match="customers, not"):
        found('city in list "Test"')
    with pytest.raises(NotFound, match="Test"):
        act_on_many(deed="list", value="Tset", numbers=[two[0]], by=OWNER, at=AT)
    with pytest.raises(Refused, match="already"):
        make_list(name="TEST", by=OWNER, at=AT)
    with pytest.raises(NotAllowed):
        make_list(name="Mine", by=STAFF, at=AT)


def test_a_list_that_a_segment_asks_for_stays(two: tuple[int, int]) -> None:
    save_segment(name="Of it", criteria='in list "Test" and given_name = Anna', by=OWNER, at=AT, **HERE)
    for deed in (
        lambda: remove_list(name="Test", by=OWNER, at=AT),
        lambda: change_list(name="Test", to="X", by=OWNER, at=AT),
    ):
        with pytest.raises(Refused, match="Of it"):
            deed()
    remove_segment(name="Of it", by=OWNER, at=AT)
    assert change_list(name="Test", to="Other", by=OWNER, at=AT)
    assert show_list("other", by=OWNER).count == 1


def test_removing_a_list_is_taken_back_with_everybody_on_it(two: tuple[int, int]) -> None:
    deed = remove_list(name="Test", by=OWNER, at=AT)
    assert not FixedList.objects.exists() and not Listing.objects.exists()
    assert deed is not None
    undo(changeset=deed, by=OWNER, at=AT)
    assert found('in list "Test"') == {two[0]}


def test_removing_a_long_list_goes_on_after_a_kill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_AT_ONCE", 2)
    monkeypatch.setattr(lists, "_A_TRANSACTION", 1)
    numbers = [add(name) for name in "ABCD"]
    make_list(name="Test", by=OWNER, at=AT)
    act_on_many(deed="list", value="Test", numbers=numbers, by=OWNER, at=AT)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        remove, left = Link.remove, iter(range(2))

        def killed(self: Link, *rows: Any) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            remove(self, *rows)

        patched.setattr(Link, "remove", killed)
        remove_list(name="Test", by=OWNER, at=AT)
    assert Listing.objects.count() == 2
    deed = remove_list(name="Test", by=OWNER, at=AT)
    assert not FixedList.objects.exists() and not Listing.objects.exists()
    row = Changeset.objects.get(verb="segments.list_removed")
    assert (row.pk, row.state, row.particulars["count"]) == (deed, "done", 4)
    undo(changeset=row.pk, by=OWNER, at=AT)
    assert found('in list "Test"') == set(numbers) and verify().ok


def test_whoever_is_deleted_is_on_no_list(two: tuple[int, int]) -> None:
    delete_customer(number=two[0], by=OWNER, at=AT)
    assert found('in list "Test"') == set() and not Listing.objects.exists()
