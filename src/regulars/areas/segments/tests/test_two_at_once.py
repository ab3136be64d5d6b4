"""Two who change segments and lists at the same moment: neither undoes what the other did, and both are told."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.areas.customers.actions import add_customer
from regulars.areas.journal.queries import verify
from regulars.areas.segments import actions
from regulars.areas.segments.actions import act_on_many, lists, many, saving
from regulars.areas.segments.models import FixedList, Listing, Segment
from regulars.areas.segments.tests.people import AT, HERE, OWNER
from regulars.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db(transaction=True)
HOW: dict[str, Any] = {"by": OWNER, "at": AT}


def kept(name: str, criteria: str, **more: Any) -> Segment:
    return actions.save_segment(name=name, criteria=criteria, **more, **HOW, **HERE)


@pytest.fixture
def quicker(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, Callable[[], Any]], None]:
    """Has somebody else do something just before the next deed of a shelf begins."""

    def before(shelf: Any, other: Callable[[], Any]) -> None:
        deed = shelf.deed

        def later(**told: Any) -> Any:
            monkeypatch.setattr(shelf, "deed", deed)
            other()
            return deed(**told)

        monkeypatch.setattr(shelf, "deed", later)

    return before


def test_a_segment_renamed_while_it_is_saved_anew_keeps_what_was_saved(quicker: Any) -> None:
    kept("North", "city = Kiel")
    quicker(saving, lambda: kept("North", "city = Flensburg", description="For the letter"))
    actions.rename_segment(name="North", to="Up north", **HOW)
    row = Segment.objects.get()
    assert (row.name, row.criteria, row.description) == ("Up north", "city = Flensburg", "For the letter")
    assert verify().ok


def test_a_name_given_twice_at_once_is_one_segment(quicker: Any) -> None:
    quicker(saving, lambda: kept("North", "city = Kiel"))
    kept("north", "city = Flensburg")
    row = Segment.objects.get()
    assert (row.name, row.criteria) == ("north", "city = Flensburg") and verify().ok


def test_a_segment_that_another_names_meanwhile_stays(quicker: Any) -> None:
    kept("North", "city = Kiel")
    for deed in (lambda: actions.remove_segment(name="North", **HOW), lambda: rename("North", "Kiel")):
        quicker(saving, lambda: kept("All", 'segment "North" or city = Bonn'))
        with pytest.raises(Refused, match="Other segments ask for"):
            deed()
        actions.remove_segment(name="All", **HOW)
    assert Segment.objects.get().name == "North" and verify().ok


def rename(name: str, to: str) -> Segment:
    return actions.rename_segment(name=name, to=to, **HOW)


def test_a_list_changed_by_two_keeps_what_both_said(quicker: Any) -> None:
    actions.make_list(name="Spring", **HOW)
    quicker(lists, lambda: actions.change_list(name="Spring", description="Those of June", **HOW))
    actions.change_list(name="Spring", to="Summer", **HOW)
    row = FixedList.objects.get()
    assert (row.name, row.description) == ("Summer", "Those of June")
    quicker(lists, lambda: actions.remove_list(name="Summer", **HOW))
    with pytest.raises(NotFound):
        actions.change_list(name="Summer", to="Autumn", **HOW)
    assert not FixedList.objects.exists() and verify().ok


def test_nobody_is_put_on_a_list_that_is_gone(quicker: Any) -> None:
    number = add_customer(card={"given_name": "Anna"}, **HOW)
    actions.make_list(name="Spring", **HOW)
    quicker(many, lambda: actions.remove_list(name="Spring", **HOW))
    with pytest.raises(NotFound, match="removed meanwhile"):
        act_on_many(deed="list", value="Spring", numbers=[number], **HOW)
    assert not Listing.objects.exists() and verify().ok
