"""What was recorded at a moment is what is found when one looks back to it, whatever was done since."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regulars.areas.customers import actions
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json, cards_json
from regulars.areas.house.actions import change_settings
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import Moment, as_of, drawn, moment_at, moment_named
from regulars.areas.segments import queries
from regulars.areas.segments.actions import save_segment
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.queries.formats import format_named, written
from regulars.areas.segments.tests.people import AT, HERE, OWNER, TODAY, ZONE
from regulars.areas.segments.tests.questions import criteria
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = (
    "", "gender = female", 'city = "Berlin" or tag "VIP"', 'not tag "staff" and email is not empty', 'name ~ "jonson"',
    "archived", "updated_at in last 2 days", "custom.colour = red", "works_at.organisation_name is not empty",
    'top 3 by children', 'segment "Ours"', "referred_by is not empty",
)  # fmt: skip
Deed = Callable[[int, datetime], Any]


def _edit(number: int, at: datetime, **card: Any) -> None:
    actions.edit_customer(number=number, card=card, by=OWNER, at=at)


def _take_back(number: int, at: datetime) -> None:
    undo(changeset=Changeset.objects.latest("number").number, by=OWNER, at=at)


DEEDS: dict[str, Deed] = {
    "add": lambda number, at: actions.add_customer(
        card={"family_name": "Jonson", "gender": "female", "tags": ["VIP"], "referred_by": number}, by=OWNER, at=at
    ),
    "rename": lambda number, at: _edit(number, at, family_name=f"Johnson {at.day}", gender="female"),
    "city": lambda number, at: _edit(number, at, addresses=[{"city": "Berlin", "street": f"Weg {at.day}"}]),
    "tag": lambda number, at: _edit(number, at, tags=["staff", f"t{at.day}"]),
    "colour": lambda number, at: _edit(number, at, custom={"colour": "red"}),
    "employer": lambda number, at: _edit(number, at, works_at=[{"organisation": f"Firm {at.day}"}]),
    "archive": lambda number, at: actions.archive_customer(number=number, by=OWNER, at=at),
    "delete": lambda number, at: actions.delete_customer(number=number, by=OWNER, at=at),
    "undo": _take_back,
    "segment": lambda number, at: save_segment(
        name="Ours", criteria=f"children >= {at.day % 3}", by=OWNER, at=at, today=TODAY, zone=ZONE
    ),
    "country": lambda number, at: change_settings(by=OWNER, at=at, values={"country": ["DE", "DK"][at.day % 2]}),
}


def told(at: datetime, tree: t.Tree) -> dict[str, Any]:
    """All that can be seen of the register at this moment."""
    how: dict[str, Any] = {"by": OWNER, "today": at.date(), "zone": ZONE}
    numbers = list(queries.numbers("", **how))
    found: dict[str, Any] = {"cards": cards_json(OWNER, numbers), "house": house(), "drawn": _found(tree, how)}
    found["segments"] = queries.saved_segments(counted=True, **how)
    return found | {asked: _found(asked, how) for asked in ASKED}


def _found(asked: str | t.Tree, how: dict[str, Any]) -> Any:
    try:
        page = queries.page(asked, limit=7, columns=("name", "email", "city", "updated_at"), **how)
    except Refused as refused:
        return str(refused)
    by_city = queries.page(asked, limit=7, columns=("city",), order="-city", **how)
    return list(queries.numbers(asked, **how)), queries.count(asked, **how), page, by_city.rows


@given(data=st.data())
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # an example is long and stands on those before it
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_looking_back_finds_what_was_found_then(cast: list[int], data: st.DataObject) -> None:
    tree, at = data.draw(criteria), Changeset.objects.latest("number").at + timedelta(days=1)
    seen: list[tuple[Moment, dict[str, Any]]] = []
    for deed in data.draw(st.lists(st.sampled_from(sorted(DEEDS)), min_size=2, max_size=6)):
        seen.append((moment_at(at), told(at, tree)))
        at += timedelta(days=1)
        with contextlib.suppress(Refused):
            DEEDS[deed](data.draw(st.sampled_from(cast)), at)
    seen.append((moment_at(at), told(at, tree)))
    for moment, then in seen:
        with as_of(Moment(moment.at, moment.link)):
            now = told(moment.at, tree)
        for asked, answer in then.items():
            assert differing(now[asked], answer) == [], (asked, moment)


def differing(now: Any, then: Any) -> list[Any]:
    """What is not the same, so that a failure says it in a line."""
    if isinstance(now, dict) and isinstance(then, dict):
        return [(name, now.get(name), then.get(name)) for name in then | now if now.get(name) != then.get(name)]
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [each for pair in zip(now, then, strict=True) for each in differing(*pair)]
    return [] if now == then else [(now, then)]


@pytest.mark.parametrize("many", [0, 1_000])
def test_what_no_index_leads_to_is_found_end_by_end_or_all_at_once(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.areas.journal.queries.moments._MANY", many)
    women = [actions.add_customer(card={"family_name": "Berg", "gender": "female"}, by=OWNER, at=AT) for _ in range(5)]
    _edit(women[0], AT + timedelta(days=1), gender="male")
    _edit(women[1], AT + timedelta(days=2), family_name="Tal")
    actions.delete_customer(number=women[2], by=OWNER, at=AT + timedelta(days=2))
    _edit(women[0], AT + timedelta(days=3), gender="female", family_name="See")
    found = []
    for days in range(4):
        with as_of(moment_at(AT + timedelta(days=days))):
            found.append((queries.count("gender = female", by=OWNER, **HERE), queries.count("", by=OWNER, **HERE)))
    assert found == [(5, 5), (4, 5), (3, 4), (4, 4)]


def test_a_moment_far_back_is_remembered_and_what_came_since_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.areas.journal.queries.moments._LINKS", 1)
    monkeypatch.setattr("regulars.areas.journal.queries.moments._KEPT", 3)
    number = actions.add_customer(card={"family_name": "Berg"}, by=OWNER, at=AT)
    for days in range(1, 6):
        _edit(number, AT + timedelta(days=days), family_name=f"Tal {days}")
    for _again in range(2):
        links = [moment_at(AT + timedelta(days=days, hours=1)).link for days in range(-1, 6)]
        assert links == [0, 1, 2, 3, 4, 5, 6]
    _edit(number, AT + timedelta(hours=2), family_name="See")  # the clock was put back
    assert moment_at(AT + timedelta(days=-1)).link == 0
    assert moment_at(AT + timedelta(days=1, hours=1)).link == 7


def test_nothing_is_written_there() -> None:
    number = actions.add_customer(card={"family_name": "Berg"}, by=OWNER, at=AT)
    with as_of(moment_at(AT)), pytest.raises(Refused, match="as it stood"):
        actions.edit_customer(number=number, card={"family_name": "Tal"}, by=OWNER, at=AT + timedelta(days=1))
    assert Changeset.objects.count() == 1


def test_before_the_first_deed_nobody_is_there_and_the_future_is_refused() -> None:
    actions.add_customer(card={"family_name": "Berg"}, by=OWNER, at=AT)
    before = moment_named("2026-02-24", now=AT, zone=ZONE)
    with as_of(before):
        assert queries.count("", by=OWNER, **HERE) == 0
    assert before.empty
    for text in ("2026-02-26", "2026-02-25T10:31", "2031-01-01T00:00Z"):
        with pytest.raises(Refused, match="still to come"):
            moment_named(text, now=AT, zone=ZONE)
    for text in ("", "yesterday", "2026-02-30", "0001-01-01T00:00"):
        with pytest.raises(Refused, match="is no time"):
            moment_named(text, now=AT, zone=ZONE)


def test_a_day_is_its_end_in_the_house_and_a_moment_is_in_its_zone() -> None:
    ends = moment_named("2026-02-24", now=AT, zone=ZONE).at
    assert ends == datetime(2026, 2, 24, 22, 59, 59, 999999, tzinfo=UTC)
    assert moment_named("2026-02-24T14:00", now=AT, zone=ZONE).at == datetime(2026, 2, 24, 13, tzinfo=UTC)
    assert moment_named("2026-02-24T14:00Z", now=AT, zone=ZONE).at == datetime(2026, 2, 24, 14, tzinfo=UTC)
    assert moment_named("2026-02-25", now=AT, zone=ZONE).at == AT


def test_a_card_says_whether_it_was_not_there_yet_or_no_more() -> None:
    number = actions.add_customer(card={"family_name": "Berg"}, by=OWNER, at=AT)
    actions.delete_customer(number=number, by=OWNER, at=AT + timedelta(days=1))
    for days, said in ((-1, "not made yet"), (2, "gone by then")):
        with as_of(moment_at(AT + timedelta(days=days))), pytest.raises(Refused, match=said):
            card_json(OWNER, number)
    with as_of(moment_at(AT)):
        assert card_json(OWNER, number)["family_name"] == "Berg"


def test_what_is_masked_today_was_always_masked() -> None:
    actions.define_field(label="Size", type="text", by=OWNER, at=AT)
    number = actions.add_customer(card={"family_name": "Berg", "custom": {"size": "XL"}}, by=OWNER, at=AT)
    actions.change_field(name="size", protection="masked", by=OWNER, at=AT + timedelta(days=1))
    with as_of(moment_at(AT)):
        assert card_json(OWNER, number)["custom"]["size"] == "•••"
        assert queries.page("", columns=("custom.size",), by=OWNER, **HERE).rows[0]["custom.size"] == "•••"


def test_a_long_export_stays_at_its_moment_between_its_parts() -> None:
    number = actions.add_customer(card={"family_name": "Berg"}, by=OWNER, at=AT)
    actions.edit_customer(number=number, card={"family_name": "Tal"}, by=OWNER, at=AT + timedelta(days=1))
    moment = moment_at(AT)
    with as_of(moment):
        parts = written(Export("", by=OWNER, **HERE), format_named("json"))
    for part in drawn(moment, parts):
        assert b"Tal" not in part
        assert Customer.objects.get().family_name == "Tal"


def test_two_moments_are_compared() -> None:
    first, second, third = (
        actions.add_customer(card={"family_name": name, "gender": "female"}, by=OWNER, at=AT) for name in "ABC"
    )
    later = AT + timedelta(days=1)
    actions.edit_customer(number=first, card={"gender": "male"}, by=OWNER, at=later)
    actions.edit_customer(
        number=second, card={"emails": ["b@example.com"], "birth_date": "1980-01-02"}, by=OWNER, at=later
    )
    actions.edit_customer(number=third, card={"family_name": "X", "tags": ["t"]}, by=OWNER, at=later)
    _take_back(third, later)
    new = actions.add_customer(card={"family_name": "D", "gender": "female"}, by=OWNER, at=later)
    found = queries.compare("gender = female", moment_at(AT), moment_at(later), by=OWNER).as_json()
    assert found["count"] == {"at": 3, "and": 3, "came": 1, "went": 1, "changed": 1}
    assert found["came"] == [{"number": new, "name": "D", "new": True}]
    assert found["went"] == [{"number": first, "name": "A", "gone": False}]
    (changed,) = found["changed"]
    assert changed["number"] == second
    fields = {each["field"]: (each["from"], each["to"]) for each in changed["fields"]}
    assert fields == {"email": (None, "b@example.com"), "birth_date": (None, "•••")}
    back = queries.compare("", moment_at(later), moment_at(AT), by=OWNER).as_json()
    assert [each["number"] for each in back["went"]] == [new]
    assert {"field": "gender", "from": "male", "to": "female"} in back["changed"][0]["fields"]
