"""A deed on segments and lists taken back, or done again, leaves none that cannot be asked."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.areas.customers.actions import add_customer
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.areas.segments import actions, queries
from regulars.areas.segments.actions import act_on_many
from regulars.areas.segments.models import FixedList, Segment
from regulars.areas.segments.tests.people import AT, HERE, OWNER
from regulars.kernel.errors import Refused
from tests.rig.dump import dump

pytestmark = pytest.mark.django_db
HOW: dict[str, Any] = {"by": OWNER, "at": AT}
Deed = Callable[[], object]


def kept(name: str, criteria: str) -> int:
    actions.save_segment(name=name, criteria=criteria, **HOW, **HERE)
    return Changeset.objects.latest("pk").pk


def done(deed: Deed) -> int:
    deed()
    return Changeset.objects.latest("pk").pk


def taken_back(changeset: int) -> int:
    undo(changeset=changeset, **HOW)
    return Changeset.objects.latest("pk").pk


def is_refused(changeset: int, why: str) -> None:
    before = dump()
    with pytest.raises(Refused, match=why):
        undo(changeset=changeset, **HOW)
    assert dump() == before
    assert [each.problem for each in queries.saved_segments(**HERE, by=OWNER) if each.problem] == []


def test_a_segment_that_others_ask_for_does_not_go() -> None:
    made = kept("North", "city = Kiel")
    kept("All", 'segment "north" or city = Bonn')
    is_refused(made, "Other segments ask for “North”: All")
    actions.remove_segment(name="All", **HOW)
    undo(changeset=made, **HOW)
    assert not Segment.objects.exists()


def test_nor_does_the_name_that_they_ask_for() -> None:
    kept("North", "city = Kiel")
    renamed = done(lambda: actions.rename_segment(name="North", to="South", **HOW))
    kept("All", 'segment "South"')
    is_refused(renamed, "Other segments ask for “South”")


def test_what_comes_back_does_not_close_a_circle() -> None:
    kept("B", "city = Kiel")
    kept("A", 'segment "B"')
    changed = kept("A", "city = Bonn")
    kept("B", 'segment "A"')
    is_refused(changed, "contains itself: A → B → A")


def test_what_comes_back_finds_what_it_asks_for() -> None:
    kept("B", "city = Kiel")
    actions.make_list(name="L", **HOW)
    kept("A", 'segment "B" and in list "L"')
    gone = done(lambda: actions.remove_segment(name="A", **HOW))
    without_list = done(lambda: actions.remove_list(name="L", **HOW))
    without_segment = done(lambda: actions.remove_segment(name="B", **HOW))
    is_refused(gone, "There is no segment “B”")
    undo(changeset=without_segment, **HOW)
    is_refused(gone, "There is no list “L”")
    undo(changeset=without_list, **HOW)
    undo(changeset=gone, **HOW)
    assert Segment.objects.count() == 2


def test_the_same_holds_where_it_is_done_again() -> None:
    kept("B", "city = Kiel")
    back = taken_back(done(lambda: actions.remove_segment(name="B", **HOW)))
    kept("A", 'segment "B"')
    is_refused(back, "Other segments ask for “B”: A")


def test_a_list_that_segments_ask_for_does_not_go_with_who_is_on_it() -> None:
    number = add_customer(card={"given_name": "Anna"}, **HOW)
    put = done(lambda: act_on_many(deed="list", value="Fair", makes=True, numbers=[number], **HOW))
    kept("Guests", 'in list "Fair"')
    is_refused(put, "Other segments ask for “Fair”: Guests")
    actions.remove_segment(name="Guests", **HOW)
    undo(changeset=put, **HOW)
    assert not FixedList.objects.exists()
