"""The queue on screen: the list, one pair, no, and on to the next."""

from typing import Any

import pytest
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.matching import actions, queries
from regulars.areas.matching.tests.pairs import added, juergen

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> list[int]:
    numbers = added(juergen(), juergen(given_name="Juergen", emails=None), juergen(phones=None))
    actions.scan_all(at=NOW)
    return numbers


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_before_the_first_scan_it_says_what_to_do() -> None:
    page = text(browser_of("staff").get("/duplicates/"))
    assert "Nothing has been compared yet" in page and "Compare all cards</button>" in page
    assert "Compare all cards</button>" not in text(browser_of("till").get("/duplicates/"))


def test_pairs_are_listed_and_looked_at_side_by_side(three: list[int]) -> None:
    browser = browser_of("staff")
    assert f"/duplicates/{three[0]}/{three[1]}/" in text(browser.get("/duplicates/"))
    page = text(browser.get(reverse("matching:pair", args=three[:2])))
    assert "One person or two?" in page and "The birth date is the same." in page and "juergen.mueller@" in page
    assert "1958" not in page  # a birth date stays masked
    assert browser.get(reverse("matching:pair", args=(three[0], 99_999))).status_code == 404


def test_no_leads_to_the_next_pair_and_can_be_taken_back(three: list[int]) -> None:
    browser = browser_of("staff")
    first, second, _third = queries.open_pairs(OLGA)
    done = browser.post(reverse("matching:reject", args=(first.a, first.b)))
    assert (done.status_code, done.headers["Location"]) == (303, reverse("matching:pair", args=(second.a, second.b)))
    page = text(browser.get(done.headers["Location"]))
    assert f"{first.a} and {first.b} are not the same person" in page and "/undo/" in page
    assert len(queries.open_pairs(OLGA)) == 2


def test_a_scan_is_asked_for(three: list[int]) -> None:
    browser = browser_of("manager")
    assert browser.post(reverse("matching:scan")).status_code == 303
    assert "The cards are being compared" in text(browser.get("/duplicates/"))
    assert browser_of("till").post(reverse("matching:scan")).status_code == 403
    assert browser_of("reader").post(reverse("matching:reject", args=three[:2])).status_code == 403
