"""Pages as of a moment: marked, read only, and their links stay there; two moments on one page."""

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer, delete_customer, edit_customer
from regulars.areas.customers.models import Customer
from regulars.areas.customers.tests.people import OLGA
from regulars.areas.house.queries import today
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.actions import save_segment
from regulars.areas.segments.tests.people import HERE

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = datetime(2026, 3, 3, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 3, 12, tzinfo=UTC)
MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
BANNER = "The register as it stood on"


@pytest.fixture
def anna() -> int:
    """Anna Berg works for Tee since March; called Tal since April, when Ben came."""
    card: dict[str, Any] = {"given_name": "Anna", "family_name": "Berg", "works_at": ["Tee"], "tags": ["vip"]}
    number = add_customer(card=card | {"birth_date": "1980-02-03"}, by=OLGA, at=MARCH)
    save_segment(name="Ours", criteria="family_name = Berg", by=OLGA, at=MARCH, **HERE)
    edit_customer(number=number, card={"family_name": "Tal"}, by=OLGA, at=APRIL)
    save_segment(name="Ours", criteria="family_name = Tal", by=OLGA, at=APRIL, **HERE)
    add_customer(card={"given_name": "Ben"}, by=OLGA, at=APRIL)
    return number


def read(path: str, code: int = 200, **query: str) -> str:
    answer = browser_of().get(path, query)
    assert answer.status_code == code, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def test_a_list_of_then_is_marked_read_only_and_its_links_stay_there(anna: int) -> None:
    page = read("/customers/", at="2026-03-03T14:00", criteria='segment "Ours"')
    assert BANNER in page and "Back to today" in page
    assert "Anna Berg" in page and "Tal" not in page and "Ben" not in page
    assert f'href="/customers/{anna}/?at=2026-03-03T14%3A00"' in page
    assert "New customer" not in page and "Do with those chosen" not in page and "Save as segment" not in page
    assert BANNER not in read("/customers/")


def test_a_card_of_then_cannot_be_edited_and_hides_what_is_hidden(anna: int) -> None:
    page = read(f"/customers/{anna}/", at="2026-03-03")
    assert BANNER in page and "Anna Berg" in page
    assert "•••" in page and "1980" not in page
    for word in ("data-edits", "/show/", "Add a note", "Put a file", "edited the card"):
        assert word not in page, word
    firm = Customer.objects.get(organisation_name="Tee").number
    assert f'href="/customers/{firm}/?at=2026-03-03"' in page
    assert "?criteria=tag%20%22vip%22&at=2026-03-03" in page


def test_a_card_that_was_not_there_says_so(anna: int) -> None:
    assert f"Card {anna} was not made yet." in read(f"/customers/{anna}/", 404, at="2026-03-02")
    delete_customer(number=anna + 2, by=OLGA, at=timezone.now())
    gone = f"Card {anna + 2} was there before, and was gone by then."
    assert gone in read(f"/customers/{anna + 2}/", 404, at=timezone.now().isoformat())


def test_a_day_and_an_hour_become_one_moment(anna: int) -> None:
    for query, to in (
        ({"day": "2026-03-03", "hour": "14:00", "criteria": "x"}, "?criteria=x&at=2026-03-03T14%3A00"),
        ({"day": "2026-03-03", "hour": ""}, "?at=2026-03-03"),
        ({"day": today(timezone.now()).isoformat(), "hour": ""}, ""),
    ):
        assert browser_of().get("/customers/", query)["Location"] == f"/customers/{to}"


def test_a_time_that_is_none_or_to_come_is_said_on_the_page(anna: int) -> None:
    assert "is no time" in read("/customers/", 422, at="soon")
    assert "still to come" in read("/customers/", 422, at="2100-01-01")
    assert "before the first deed" in read("/customers/", at="1999-01-01")


def test_segments_and_what_is_missing_as_of_then(anna: int) -> None:
    page = read("/segments/", at="2026-03-03")
    assert "family_name = Berg" in page and "family_name = Tal" not in page
    assert BANNER in read("/completeness/", at="2026-03-03")


def test_an_export_of_then(anna: int) -> None:
    assert "They go out as they stood on" in read("/customers/export/", at="2026-03-03")
    answer = browser_of().post("/customers/export/", {"format": "csv", "at": "2026-03-03"})
    told = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Berg" in told and "Tal" not in told and "Ben" not in told
    assert "customers-2026-03-03.csv" in answer["Content-Disposition"]
    assert Changeset.objects.latest("number").particulars["then"].startswith("2026-03-03T22:59:59")


def test_two_moments_on_one_page(anna: int) -> None:
    page = read("/customers/compare/", at="2026-03-03", **{"and": "2026-04-04"})
    assert "new card" in page and "<del>Berg</del> <ins>Tal</ins>" in page
    assert f'href="/customers/{anna}/?at=2026-04-04"' in page
    assert "Nobody" not in page and "Ben" not in read("/customers/compare/", at="2026-03-03", only="changed")
    assert "No difference" in read("/customers/compare/", at="2026-03-03", **{"and": "2026-03-03"})
    assert "is no time" in read("/customers/compare/", 422, at="soon")
    assert "There is no fact" in read("/customers/compare/", 422, criteria="shoe = 3")


def test_of_somebody_with_very_many_changes_the_page_tells_the_first(anna: int) -> None:
    moments = {"at": "2026-04-04", "and": "2026-05-05"}
    edit_customer(number=anna, card={"tags": [f"tag {at}" for at in range(200)]}, by=OLGA, at=MAY)
    page = read("/customers/compare/", **moments)
    assert page.count("<ins>") == 12 and "And more than fits here" in page
    assert "And more than fits here" not in read("/customers/compare/", at="2026-03-03", **{"and": "2026-04-04"})


def test_why_she_was_among_them_then(anna: int) -> None:
    asked = {"criteria": "family_name = Berg", "number": str(anna)}
    then = read("/customers/why/", at="2026-03-03", **asked)
    assert "is among them" in then and "on the card: Berg" in then and BANNER in then
    assert f'href="/customers/{anna}/?at=2026-03-03"' in then and 'name="at" value="2026-03-03"' in then
    assert "on the card: Tal" in read("/customers/why/", **asked)
    assert "family_name = Berg" in read(
        "/customers/why/", at="2026-03-03", criteria='segment "Ours"', number=str(anna)
    ), "a segment means what it meant then"
    assert f"Card {anna + 2} was not made yet." in read("/customers/why/", 404, at="2026-03-03", number=str(anna + 2))
    assert "customers/why/?criteria=segment%20%22Ours%22&at=2026-03-03" in read("/segments/", at="2026-03-03")


def test_criteria_are_put_together_while_looking_back(anna: int) -> None:
    page = read("/customers/", at="2026-03-03", criteria="family_name = Berg")
    for word in ("why", "builder"):
        assert f"/customers/{word}/?criteria=family_name%20%3D%20Berg&at=2026-03-03" in page, word
    page = read("/customers/builder/", at="2026-03-03", criteria="family_name = Berg")
    assert '<strong class="num">1</strong> found' in page and BANNER in page
    assert "?criteria=family_name%20%3D%20Berg&at=2026-03-03" in page
    row = {"q:join": "all", "q.0:fact": "family_name", "q.0:op": "=", "q.0:v": "Tal"}
    for at, many in (("2026-03-03", 0), ("2026-04-04", 1), ("", 1)):
        answer = browser_of().post("/customers/builder/", {**row, "at": at}, headers={"HX-Request": "true"})
        assert f'<strong class="num">{many}</strong> found' in answer.content.decode(), at
