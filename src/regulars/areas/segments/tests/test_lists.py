"""Pages, orders, columns, exports: every customer once, in order, whatever the plan."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.areas.customers.actions import add_customer
from regulars.areas.segments import queries
from regulars.areas.segments.language import CriteriaError, plan
from regulars.areas.segments.tests.people import AT, HERE, OWNER, STAFF, STRANGER
from regulars.kernel.registries import Defined
from regulars.kernel.text import fold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast_for_all")]

ORDERS = ["", "-name", "number", "-number", "family_name", "-children", "city", "-custom.height", "birth_date",
          "occupation", "archived", "-created_at", "email", "-city", "tag", "-postcode",
          "custom.budget", "works_at.organisation_name"]  # fmt: skip


def pages(criteria: str, order: str, limit: int) -> list[int]:
    """Every number, page by page."""
    found: list[int] = []
    after = None
    while True:
        page = queries.page(criteria, by=OWNER, columns=(), order=order, after=after, limit=limit, **HERE)
        found += [row["number"] for row in page.rows]
        after = page.next
        if after is None:
            return found
        assert len(page.rows) == limit


@pytest.mark.parametrize("criteria", ["", 'family_name startswith "j" or tag "vip"', "not archived", "city is empty"])
def test_pages_give_everybody_once_in_order(criteria: str) -> None:
    for order in ORDERS:
        whole = list(queries.numbers(criteria, by=OWNER, order=order, **HERE))
        assert pages(criteria, order, 7) == whole, order
        assert len(set(whole)) == len(whole) == queries.count(criteria, by=OWNER, **HERE)


@pytest.mark.parametrize("steps", [0, 5, 10_000])
def test_walking_and_fetching_give_the_same_page(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    expected = list(queries.numbers('name contains "an"', by=OWNER, **HERE))
    monkeypatch.setattr(plan.Question, "_steps", lambda self, limit, count: steps)
    assert pages('name contains "an"', "", 3) == expected


@pytest.mark.parametrize("worth", [True, False])
def test_a_walk_that_met_few_goes_on_where_that_is_less_work(monkeypatch: pytest.MonkeyPatch, worth: bool) -> None:
    asked, walked, walk = 'email contains "@" and not deceased', list[int](), plan.Question._walk
    expected = list(queries.numbers(asked, by=OWNER, **HERE))

    def noted(self: Any, order: Any, limit: int, after: Any, steps: int) -> Any:
        walked.append(steps)
        return walk(self, order, limit, after, steps)

    monkeypatch.setattr(plan.Question, "few", False)
    monkeypatch.setattr(plan.Question, "_steps", lambda self, limit, count: 4)
    monkeypatch.setattr(plan.Question, "_is_worth_walking", lambda self, steps, count: worth)
    monkeypatch.setattr(plan.Question, "_walk", noted)
    assert pages(asked, "", 5) == expected
    assert (max(walked) > 4) is worth and len(expected) > 9


@pytest.mark.parametrize("order", ["", "-name", "family_name", "-family_name", "-created_at"])
def test_counted_on_the_way_a_page_is_the_same(monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    asked = 'email contains "@" and not deceased'
    expected = list(queries.numbers(asked, by=OWNER, order=order, **HERE))
    assert len(expected) > 9
    monkeypatch.setattr(plan.Question, "few", False)
    monkeypatch.setattr(plan.Question, "fetched_to_count", True)
    assert pages(asked, order, 3) == expected
    first = queries.page(asked, by=OWNER, order=order, limit=3, **HERE)
    last = queries.page(asked, by=OWNER, order=order, limit=3, after=first.next, **HERE)
    assert first.count == last.count == len(expected)


@pytest.mark.parametrize(("order", "key"), [("family_name", "family_name"), ("children", "children")])
def test_whoever_has_no_value_comes_last_either_way(order: str, key: str) -> None:
    for way in ("", "-"):
        page = queries.page("", by=OWNER, columns=[key], order=way + order, limit=1000, **HERE)
        values = [row[key] for row in page.rows]
        known = [fold(v) if isinstance(v, str) else v for v in values if v is not None]
        assert None not in values[: len(known)]
        assert all((a >= b) if way else (a <= b) for a, b in pairwise(known))


def test_every_listed_fact_is_a_column_at_one_query_a_table() -> None:
    listed = queries.listed_facts(OWNER)
    defined = [name for name, fact in listed.items() if isinstance(fact.source, Defined)]
    for columns, most in (([name for name in listed if name not in defined], 25), (list(listed), 25 + 9)):
        with CaptureQueriesContext(connection) as few:
            queries.page("", by=OWNER, columns=columns, limit=2, **HERE)
        with CaptureQueriesContext(connection) as many:
            page = queries.page("", by=OWNER, columns=columns, limit=30, **HERE)
        assert len(few) == len(many) <= most  # all that are names for criteria: one more, and what these stand on
        assert all(set(row) == {"number", *columns} for row in page.rows)


def test_values_are_shown_as_they_may_be() -> None:
    card: dict[str, Any] = {
        "given_name": "Zoë", "family_name": "Zett", "title": "Dr.", "birth_date": "1980-03-07", "tags": ["b", "a"],
        "emails": [{"value": "old@example.com"}, {"value": "zoe@example.com", "primary": True}],
        "custom": {"budget": "12.50 EUR", "height": "1.75", "locker": "A-1234567", "wedding": "2026-02-25"},
        "works_at": [{"organisation": "ACME", "job_title": "Buyer"}],
    }  # fmt: skip
    number = add_customer(card=card, by=OWNER, at=AT)
    columns = ["name", "birth_date", "email", "tag", "custom.budget", "custom.height", "custom.locker", "archived",
               "works_at.organisation_name", "custom.wedding", "children"]  # fmt: skip
    (row,) = queries.page(f"number = {number}", by=OWNER, columns=columns, **HERE).rows
    assert row["name"] == "Dr. Zoë Zett"
    assert row["birth_date"] == "•••"
    assert row["email"] == ["zoe@example.com", "old@example.com"]
    assert sorted(row["tag"]) == ["a", "b"]
    assert (row["custom.budget"], row["custom.height"]) == ("12.5 EUR", "1.75")
    assert row["custom.locker"].endswith("*67")
    assert row["works_at.organisation_name"] == ["ACME"]
    assert (row["archived"], row["children"], str(row["custom.wedding"])) == (False, None, "2026-02-25")


def test_an_export_gives_the_same_rows_as_the_pages() -> None:
    given = list(queries.rows("not archived", by=OWNER, columns=["name", "tag"], order="-name", **HERE))
    page = queries.page("not archived", by=OWNER, columns=["name", "tag"], order="-name", limit=1000, **HERE)
    assert given == page.rows


def test_a_stranger_sees_nobody() -> None:
    assert queries.count("", by=STRANGER, **HERE) == 0
    assert queries.page("", by=STRANGER, **HERE).rows == []
    assert queries.count("", by=STAFF, **HERE) == 40


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"columns": ["citty"]}, "city"),
        ({"order": "famly_name"}, "family_name"),
        ({"order": "identity_number"}, "cannot be sorted"),
        ({"after": "nonsense"}, "first page"),
    ],
)
def test_what_is_no_column_order_or_cursor_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CriteriaError, match=said):
        queries.page("", by=OWNER, **asked, **HERE)


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = queries.page("", by=OWNER, limit=3, order="number", **HERE).next
    with pytest.raises(CriteriaError):
        queries.page("", by=OWNER, limit=3, order="name", after=cursor, **HERE)
