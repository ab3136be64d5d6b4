"""Segments: saved, asked for by name, never inside themselves."""

from typing import Any

import pytest

from regulars.areas.journal.actions import undo
from regulars.areas.segments import queries
from regulars.areas.segments.actions import remove_segment, rename_segment, save_segment
from regulars.areas.segments.language import CriteriaError
from regulars.areas.segments.models import Segment
from regulars.areas.segments.tests.people import AT, HERE, OWNER, STAFF, everybody
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db


def save(name: str, criteria: str, **more: Any) -> Segment:
    return save_segment(name=name, criteria=criteria, by=OWNER, at=AT, **HERE, **more)


def test_a_segment_stands_for_its_criteria() -> None:
    everybody()
    save("Gold", 'tag   "vip" OR children>2')
    assert Segment.objects.get().criteria == 'tag "vip" or children > 2'
    both = queries.count('not segment "gold" and gender = female', by=OWNER, **HERE)
    assert both == queries.count('not (tag "vip" or children > 2) and gender = female', by=OWNER, **HERE) > 0


def test_saving_again_replaces_and_the_same_changes_nothing() -> None:
    save("Gold", 'tag "vip"')
    save("GOLD", "children > 2", description="Many")
    save("GOLD", "children > 2", description="Many")
    (only,) = queries.saved_segments(by=OWNER, counted=True, **HERE)
    assert (only.name, only.criteria, only.description, only.count) == ("GOLD", "children > 2", "Many", 0)
    assert only.sentence == "customers whose children is above 2"


@pytest.mark.parametrize("criteria", ['segment "A"', 'segment "B" or gender = female'])
def test_a_segment_does_not_contain_itself(criteria: str) -> None:
    save("A", "gender = female")
    save("B", 'not segment "A"')
    with pytest.raises(CriteriaError, match="contains itself"):
        save("A", criteria)


def test_a_segment_that_cannot_be_asked_is_not_saved() -> None:
    with pytest.raises(CriteriaError) as caught:
        save("X", "gender = female and citty = Berlin")
    assert caught.value.more["offset"] == 20
    assert not Segment.objects.exists()


def test_a_segment_in_use_is_neither_removed_nor_renamed() -> None:
    save("A", "gender = female")
    save("B", 'not segment "a"')
    for deed in (
        lambda: remove_segment(name="A", by=OWNER, at=AT),
        lambda: rename_segment(name="A", to="C", by=OWNER, at=AT),
    ):
        with pytest.raises(Refused, match="B"):
            deed()
    remove_segment(name="B", by=OWNER, at=AT)
    rename_segment(name="A", to="C", by=OWNER, at=AT)
    assert [each.name for each in Segment.objects.all()] == ["C"]


def test_removing_is_taken_back() -> None:
    save("A", "gender = female")
    changeset = remove_segment(name="A", by=OWNER, at=AT)
    assert changeset is not None
    undo(changeset=changeset, by=OWNER, at=AT)
    assert queries.show_segment("a", by=OWNER, **HERE).criteria == "gender = female"


def test_whoever_may_not_is_refused() -> None:
    with pytest.raises(NotAllowed):
        save_segment(name="A", criteria="", by=STAFF, at=AT, **HERE)
    with pytest.raises(NotFound):
        remove_segment(name="none", by=OWNER, at=AT)
    for name in ("", "x" * 101, "   "):
        with pytest.raises(Refused):
            save(name, "")


def test_an_error_inside_a_segment_names_it() -> None:
    save("A", "gender = female")
    Segment.objects.update(criteria="gone = 1")
    with pytest.raises(CriteriaError, match="In the segment “A”: There is no fact “gone”"):
        queries.count('archived or segment "A"', by=OWNER, **HERE)
    (shown,) = queries.saved_segments(by=OWNER, **HERE)
    assert shown.problem and shown.sentence is None
