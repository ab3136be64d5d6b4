"""Checks: what is found is kept and read back, in the reader's language; a check that breaks is one more thing said."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from regulars.kernel import saying
from regulars.kernel.checks import Answer, Check, Finding, Seen, Size, Value, look, read_back, worst
from regulars.kernel.errors import Refused

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
TOLD: dict[str, Value] = {
    "left": Size(1_500_000_000),
    "age": timedelta(hours=27),
    "at": AT,
    "count": 12_000,
    "file": "a %s b",
}


def check(find, name: str = "data.disk", **more) -> Check:
    answers = {
        "roomy": Answer("good", "%(left)s %(age)s %(at)s %(count)s %(file)s"),
        "full": Answer("bad", "Full.", "Make room."),
    }
    return Check(name=name, title="Disk", group="data", answers=answers, find=find, **more)


def test_sizes_spans_and_counts_are_told_as_such() -> None:
    found = Finding(check(None), Seen("roomy", TOLD), AT)
    assert found.sentence == "1.4 GB 1 day 28 Nov 2026, 09:00 12,000 a %s b"
    with translation.override("de"):
        assert found.sentence.startswith("1,4 GB 1 Tag ") and "12.000" in found.sentence
    with translation.override("hi"):
        assert found.sentence.startswith("1.4 GB 1 दिन ")


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (33, "33 bytes"),
        (1023, "1,023 bytes"),
        (1024, "1 kB"),
        (80_636_543, "76.9 MB"),
        (1 << 50, "1,024 TB"),
    ],
)
def test_bytes_are_told_by_the_unit_that_fits(size: int, said: str) -> None:
    assert saying.size(size) == said


def test_what_was_found_is_kept_and_read_back() -> None:
    asked = check(lambda at: Seen("roomy", TOLD))
    (found,) = look([asked], AT)
    (again,) = read_back([found.kept()], {asked.name: asked})
    assert again == found and again.as_json() == found.as_json()
    assert found.as_json()["values"] == {
        "left": 1_500_000_000, "age": 97_200, "at": "2026-11-28T09:00:00Z", "count": 12_000, "file": "a %s b",
    }  # fmt: skip
    assert not list(
        read_back([{**found.kept(), "check": "gone"}, {**found.kept(), "answer": "gone"}], {asked.name: asked})
    )


def test_an_answer_holds_for_its_time() -> None:
    asked: list[datetime] = []

    def find(at: datetime) -> Seen:
        asked.append(at)
        return Seen("full")

    each = check(find, every=60)
    (first,) = look([each], AT)
    later = {each.name: first}
    look([each], AT + timedelta(seconds=59), before=later)
    assert len(asked) == 1
    look([each], AT + timedelta(seconds=61), before=later)
    look([each], AT - timedelta(seconds=5), before=later)  # a clock that went back makes no answer last
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("error", "why"), [(Refused("The key is lost."), "The key is lost."), (KeyError("Anna"), "KeyError")]
)
def test_a_check_that_breaks_ends_no_other(error: Exception, why: str) -> None:
    def breaks(at: datetime) -> Seen:
        raise error

    broken, full = look([check(breaks), check(lambda at: Seen("full"), name="data.other")], AT)
    assert (broken.level, broken.sentence) == ("note", f"Could not be looked at ({why}).") and broken.todo
    assert worst([broken, full]) == "bad" and worst([]) == "good"


def test_without_the_database_only_what_needs_none_is_asked() -> None:
    asked = [check(lambda at: Seen("full"), database=True), check(lambda at: Seen("full"), name="data.other")]
    assert [found.level for found in look(asked, AT, database=False)] == ["note", "bad"]


def test_where_there_is_nothing_to_ask_nothing_is_said() -> None:
    assert look([check(lambda at: None)], AT) == []
