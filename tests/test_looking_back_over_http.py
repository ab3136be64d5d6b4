"""`at=` and `/compare`: the register as it stood, for programs."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from regulars.areas.customers.actions import add_customer, delete_customer, edit_customer
from regulars.areas.customers.tests.people import OLGA
from regulars.areas.segments.actions import save_segment
from regulars.areas.segments.tests.people import HERE
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 3, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 3, 12, tzinfo=UTC)


@pytest.fixture
def till() -> Program:
    return Program("owner")


@pytest.fixture
def anna(till: Program) -> int:
    """Anna Berg of March is called Tal since April, when Ben came and Carl, who came with her, went."""
    number = add_customer(card={"given_name": "Anna", "family_name": "Berg"}, by=OLGA, at=MARCH)
    carl = add_customer(card={"given_name": "Carl"}, by=OLGA, at=MARCH)
    save_segment(name="Ours", criteria="family_name = Berg", by=OLGA, at=MARCH, **HERE)
    edit_customer(number=number, card={"family_name": "Tal"}, by=OLGA, at=APRIL)
    save_segment(name="Ours", criteria="family_name = Tal", by=OLGA, at=APRIL, **HERE)
    delete_customer(number=carl, by=OLGA, at=APRIL)
    add_customer(card={"given_name": "Ben"}, by=OLGA, at=APRIL)
    return number


def ask(till: Program, path: str, **query: Any) -> Any:
    return till.get(f"{path}?{urlencode(query)}")


def test_lists_cards_and_segments_as_they_stood(till: Program, anna: int) -> None:
    then = ask(till, "/customers", criteria='segment "Ours"', at="2026-03-03").json()
    assert (then["count"], then["at"]) == (1, "2026-03-03T22:59:59.999999Z")
    assert then["customers"][0]["family_name"] == "Berg"
    card = ask(till, f"/customers/{anna}", at="2026-03-03")
    assert card.json()["family_name"] == "Berg" and "ETag" not in card
    assert till.get(f"/customers/{anna}").json()["family_name"] == "Tal"
    assert ask(till, "/segments/Ours", at="2026-03-03").json()["criteria"] == "family_name = Berg"
    assert ask(till, "/completeness", at="1999-01-01").json()[0]["of"] == 0


def test_why_she_was_found_then(till: Program, anna: int) -> None:
    then = ask(till, f"/customers/{anna}/why", criteria='segment "Ours"', at="2026-03-03").json()
    assert (then["holds"], then["parts"][0]["criteria"], then["parts"][0]["value"]) == (
        True,
        "family_name = Berg",
        "Berg",
    )
    assert ask(till, f"/customers/{anna}/why", criteria="family_name = Berg").json()["value"] == "Tal"
    assert ask(till, f"/customers/{anna + 2}/why", at="2026-03-03").status_code == 404


def test_the_next_page_stays_at_its_moment(till: Program, anna: int) -> None:
    first = ask(till, "/customers", at="2026-03-03", limit=1, columns="name")
    following = till.get(till.following(first)).json()
    assert [each["name"] for each in (*first.json()["customers"], *following["customers"])] == ["Anna Berg", "Carl"]


def test_two_moments_are_compared(till: Program, anna: int) -> None:
    found = ask(till, "/compare", **{"at": "2026-03-03", "and": "2026-04-04"}).json()
    assert found["count"] == {"at": 2, "and": 2, "came": 1, "went": 1, "changed": 1}
    assert found["went"] == [{"number": anna + 1, "name": "Carl", "gone": True}]
    assert found["came"] == [{"number": anna + 2, "name": "Ben", "new": True}]
    assert found["changed"][0]["fields"] == [{"field": "family_name", "from": "Berg", "to": "Tal"}]
    page = ask(till, "/compare", **{"at": "2026-03-03", "and": "2026-04-04", "limit": 2}).json()
    assert page["next"] == anna + 1 and page["came"] == []


@pytest.mark.parametrize("time", ["2100-01-01", "soon"])
def test_a_time_that_is_none_or_to_come_is_refused(till: Program, anna: int, time: str) -> None:
    for path in ("/customers", f"/customers/{anna}", "/segments"):
        assert ask(till, path, at=time).json()["where"] == "at"
    assert ask(till, "/compare", **{"at": "2026-03-03", "and": time}).json()["where"] == "and"


def test_a_card_that_was_not_there_says_so(till: Program, anna: int) -> None:
    told = ask(till, f"/customers/{anna}", at="2026-03-02")
    assert (told.status_code, told.json()["detail"]) == (404, f"Card {anna} was not made yet.")


def test_a_stranger_to_customers_learns_nothing_of_the_past(anna: int) -> None:
    program = Program("owner", "journal.view")
    assert ask(program, "/customers", at="2026-03-03").status_code == 403
