"""The queue of duplicates by keyboard alone: from the list to a pair, to its merge, a value chosen, and to the next."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from regulars.areas.access.tests.people import actor
from regulars.areas.customers.queries import card_json
from regulars.areas.matching import actions, queries
from regulars.areas.matching.tests.pairs import added, juergen
from tests.rig.browser import sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


def test_pairs_are_answered_without_a_hand_on_the_mouse(page: Any, live_server: Any) -> None:
    at, by = timezone.now(), actor()
    added(juergen(given_name="Jürgen Jan"), juergen())
    added(*({"given_name": "Ulla", "family_name": "Jessen", "birth_date": "1971-11-02"} for _card in range(2)))
    actions.scan_all(at=at)
    first, second = queries.open_pairs(by)
    sign_in(page, live_server.url)
    pair, other = (live_server.url + reverse("matching:pair", args=(each.a, each.b)) for each in (first, second))
    page.goto(f"{live_server.url}/duplicates/")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(pair)
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Are these one person?")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    page.wait_for_url(pair)
    page.keyboard.press("a")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")  # the other value; the keys of the page go on working from here
    expect(page.get_by_role("radio").last).to_be_checked()
    page.keyboard.press("m")
    page.wait_for_url(other)
    expect(page.locator("#flash")).to_contain_text("is merged into")
    assert card_json(by, first.a)["given_name"] == "Jürgen"
