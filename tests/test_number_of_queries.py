"""How many questions a page asks of the database: stated here, and the same however much stands on it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


def rich(notes: int) -> int:
    """A card with something of nearly everything, and so many notes, tags, phones and edits."""
    first = anna()
    number = add_customer(
        card={
            "given_name": "Ben", "referred_by": first, "birth_date": "1970-01-01",
            "emails": ["ben@example.org"], "phones": [f"+4930901{at:03}" for at in range(notes)],
            "addresses": [{"city": "Ulm"}], "works_at": ["Example GmbH"], "households": ["Berg family"],
            "relations": [{"number": first, "kind": "partner"}],
            "references": [{"source": "shop", "value": str(first)}],
            "social": [{"network": "instagram", "handle": "ben"}],
            "bank_accounts": [{"iban": "DE89370400440532013000"}],
            "notes": [f"note {at}" for at in range(notes)], "tags": [f"tag {at}" for at in range(notes)],
        }, by=OLGA, at=NOW,
    )  # fmt: skip
    add_customer(card={"given_name": "Cem", "households": ["Berg family"], "referred_by": number}, by=OLGA, at=NOW)
    second = anna()
    for at in range(notes):
        card = {"occupation": f"job {at}", "addresses": [{"city": f"C{at}"}], "referred_by": (second, first)[at % 2]}
        edit_customer(number=number, card=card, by=OLGA, at=NOW)
    return number


def asked(ask: Callable[..., Any], *what: str) -> int:
    ask(*what)  # what a process learns once is not counted
    with CaptureQueriesContext(connection) as asked:
        assert ask(*what).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("page", "most"),
    [("", 32), ("history/", 30), ("edit/about/", 24), ("edit/phones/", 24), ("block/notes/", 24)],
)
def test_the_pages_of_a_card(page: str, most: int) -> None:
    browser = browser_of()
    more = (6, 28) if page == "history/" else (12, 40)  # the deed that made the card stands on both, or on neither
    few, many = (asked(browser.get, f"/customers/{rich(notes)}/{page}") for notes in more)
    assert few == many <= most


def test_a_plain_card() -> None:
    browser, number = browser_of(), anna()
    assert asked(lambda: browser.get(f"/customers/{number}/")) <= 21


def test_editing_in_place() -> None:
    browser = browser_of()
    counts = []
    for notes in (12, 40):
        number = rich(notes)
        form = {"seen": card_json(OLGA, number)["version"], "occupation": "Publisher"}
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post(f"/customers/{number}/edit/about/", form, headers={"HX-Request": "true"})
        assert b"Publisher" in answer.content
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 69


def test_the_card_and_its_history_for_programs() -> None:
    till = Program()
    for path, most in (("", 15), ("/history", 9)):
        few, many = (asked(till.get, f"/customers/{rich(notes)}{path}") for notes in (6, 30))
        assert few == many <= most, path


def test_the_list_and_what_the_house_did() -> None:
    browser, till = browser_of(), Program()
    asks: dict[str, Callable[[], Any]] = {
        "list": lambda: browser.get("/customers/"),
        "changes": lambda: browser.get("/changes/"),
        "programs": lambda: till.get("/customers"),
    }
    counts = []
    for more in (5, 45):
        for _each in range(more):
            anna()
        counts.append({name: asked(ask) for name, ask in asks.items()})
    written = 3  # what somebody reads is written down every 25 customers
    assert counts[1] == {**counts[0], "programs": counts[0]["programs"] + written}
    assert counts[0]["list"] <= 12 and counts[0]["changes"] <= 7 and counts[0]["programs"] <= 24


def test_a_deed_reads_the_facts_once() -> None:
    anna()
    with CaptureQueriesContext(connection) as asked:
        number = add_customer(card={"given_name": "Ben", "emails": ["ben@example.org"]}, by=OLGA, at=NOW)
    assert sum('FROM "customers_customfield"' in each["sql"] for each in asked.captured_queries) == 1
    with CaptureQueriesContext(connection) as asked:
        edit_customer(number=number, card={"occupation": "Cook", "phones": ["030 901820"]}, by=OLGA, at=NOW)
    assert sum('FROM "customers_customfield"' in each["sql"] for each in asked.captured_queries) == 1
