"""“Still right?”: whose contact details are old, asked for in order, confirmed in one touch."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import (
    add_customer,
    archive_customer,
    confirm_customer,
    edit_customer,
    give_standing,
)
from regulars.areas.customers.queries import card_json, stale_cards
from regulars.areas.customers.tests.people import BEN, NOW, OLGA
from regulars.areas.house.actions import change_settings
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changeset, verify
from regulars.areas.segments.queries.asking import count
from regulars.kernel.actor import Actor

pytestmark = pytest.mark.django_db
THEN = NOW - timedelta(days=800)


def old(given_name: str, at=THEN, **more) -> int:
    card = {"given_name": given_name, "phones": ["+49 461 12345"], **more}
    return add_customer(card=card, by=OLGA, at=at)


def stale(by: Actor = OLGA, at=NOW, **more) -> list[int]:
    return [each.number for each in stale_cards(by, rules=house(), at=at, limit=50, **more)]


def test_who_was_there_last_comes_first_and_the_fresh_are_not_asked() -> None:
    anna, ben = old("Anna"), old("Ben", THEN + timedelta(days=1))
    old("Ida", NOW - timedelta(days=100))
    add_customer(card={"given_name": "Nobody to reach"}, by=OLGA, at=THEN)
    assert stale() == [ben, anna]
    edit_customer(number=anna, card={"notes": ["was here"]}, by=OLGA, at=NOW - timedelta(days=2))
    assert stale() == [anna, ben] and stale(after=(card_json(OLGA, anna)["updated_at"], anna)) == [ben]


def test_confirmed_or_changed_it_is_not_asked_until_it_is_old_again() -> None:
    anna, ben = old("Anna"), old("Ben")
    made = confirm_customer(number=anna, by=OLGA, at=NOW)
    assert card_json(OLGA, anna)["confirmed"] == "2026-11-23" and stale() == [ben]
    assert confirm_customer(number=anna, by=OLGA, at=NOW) is None and made is not None
    assert "still right" in changeset(made).sentence
    edit_customer(number=ben, card={"emails": ["ben@example.org"]}, by=OLGA, at=NOW)
    assert stale() == [] and set(stale(at=NOW + timedelta(days=800))) == {anna, ben}
    undo(changeset=made, by=OLGA, at=NOW)
    assert stale() == [anna] and verify().ok


def test_the_house_says_how_long_and_criteria_ask_for_it() -> None:
    anna = old("Anna", NOW - timedelta(days=100))
    assert stale() == []
    change_settings(by=OLGA, at=NOW, values={"check_after_months": 2})
    assert stale() == [anna]
    confirm_customer(number=anna, by=OLGA, at=NOW - timedelta(days=90))
    told: Any = {"by": OLGA, "today": house().day(NOW), "zone": house().zone}
    assert count("confirmed before 60 days ago", **told) == 1
    assert count("confirmed is empty", **told) == 0


def test_who_is_left_in_peace_is_not_asked_and_who_is_not_hers_is_not_shown() -> None:
    archived, silent, north = old("Anna"), old("Ben"), old("Ida", territory="north")
    archive_customer(number=archived, by=OLGA, at=NOW)
    give_standing(number=silent, kind="do_not_contact", by=OLGA, at=NOW)
    assert stale() == [north]
    assert stale(replace(BEN, own=(("territory", ("south",)),))) == []


def test_one_touch_on_the_card_at_the_till_and_in_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = old("Anna")
    browser = browser_of("till")
    page = browser.get("/customers/to-check/").content.decode()
    assert "Anna" in page and "+49 461 12345" in page and "never" in page
    for back, to in (("card", f"/customers/{anna}/"), ("till", f"/till/?customer={anna}")):
        assert "were not confirmed yet" in browser.get(to).content.decode()
        done = browser.post(f"/customers/{anna}/still-right/", {"back": back})
        assert done.headers["Location"] == to
        page = browser.get(to).content.decode()
        assert "last confirmed on" in page and "still-right/" not in page
        edit_customer(number=anna, card={"confirmed": None}, by=OLGA, at=NOW)
    assert browser.post(f"/customers/{anna}/still-right/", {"back": "queue"})["Location"] == "/customers/to-check/"
    assert "Nobody is to be asked" in browser.get("/customers/to-check/").content.decode()
    assert browser_of("reader").post(f"/customers/{anna}/still-right/").status_code == 403
    assert browser.post("/customers/99999/still-right/").status_code == 404
