"""Criteria put together from rows by keyboard and pointer: two views of one tree, counted while one is at it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import NOW, OLGA
from tests.rig.browser import answers_can_wait, sign_in, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


@pytest.fixture
def at_home(live_server: Any, page: Any) -> Any:
    sign_in(page, live_server.url)
    for name, city in (("Anna", "Berlin"), ("Berta", "Bonn"), ("Clara", "Hamburg")):
        add_customer(card={"given_name": name, "addresses": [{"city": city}]}, by=OLGA, at=NOW)
    return page


def is_accessible(page: Any) -> None:
    found = violations(page)
    assert not found, [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


def test_rows_become_text_and_text_becomes_rows(at_home: Any, live_server: Any) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/")
    page.locator("#criteria").fill('city = "Berlin"')
    expect(page.locator("#asked .count-line")).to_contain_text("1 found: customers whose city is “Berlin”")
    page.get_by_role("link", name="Put together from rows").click()
    city = page.locator("#q-0 .ask-value input")
    expect(city).to_have_value("Berlin")

    city.fill("Bonn")
    expect(page.locator("#criteria")).to_have_value('city = "Bonn"')
    page.get_by_role("button", name="Begin a group with this condition").click()
    expect(page.locator("#q-0-1-fact")).to_be_focused()
    page.locator("#q-0-1-fact").select_option("given_name")
    page.locator("#q-0-1 .ask-value input").fill("Anna")
    expect(page.locator("#criteria")).to_have_value('city = "Bonn" or given_name = "Anna"')
    expect(page.locator("#asked .count-line")).to_contain_text("2 found: customers")
    is_accessible(page)

    page.locator("#criteria").fill('not city startswith "b" and not archived')
    expect(page.locator("#q-0-not")).to_be_checked()
    page.locator("#criteria").fill("city = ")
    expect(page.locator("#asked")).to_contain_text("end too early")
    expect(page.locator("#q-0-not")).to_be_checked()  # the rows stay as they were
    page.locator("#criteria").fill('not city startswith "b"')
    expect(page.locator("#asked .count-line")).to_contain_text("1 found: customers")
    page.get_by_role("link", name="Show these customers").click()
    expect(page.get_by_role("link", name="Clara")).to_be_visible()


def test_by_keyboard_alone_on_a_narrow_window(at_home: Any, live_server: Any) -> None:
    page = at_home
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/customers/builder/")
    expect(page.locator("#q-0-fact")).to_be_focused()
    page.wait_for_function("'htmx-internal-data' in document.querySelector('#q-0-fact')")  # the script has it in hand
    page.keyboard.type("City", delay=150)  # as people type: slower than the house answers
    page.keyboard.press("Tab")
    expect(page.locator("#q-0 .ask-value input")).to_be_visible()
    page.locator("#q-0 .ask-value input").press_sequentially("Hamburg")
    expect(page.locator("#asked .count-line")).to_contain_text("1 found: customers")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    is_accessible(page)


def test_what_is_typed_while_the_rows_change_counts(at_home: Any, live_server: Any) -> None:
    page, held = at_home, []
    answers_can_wait(page)
    page.goto(f"{live_server.url}/customers/builder/?criteria=city+%3D+%22B%22")
    value = page.locator("#q-0 .ask-value input")
    page.route("**/builder/", lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request("**/builder/"):
        page.locator("#q-0 select[name$=':op']").select_option("in")
    value.press("End")
    page.keyboard.type("o")
    page.wait_for_timeout(500)  # longer than typing waits
    held[0].continue_()
    expect(page.locator("#asked .count-line")).to_contain_text("“Bo”")
    expect(page.get_by_role("button", name="Another value")).to_be_visible()
    expect(value).to_have_value("Bo")
    expect(value).to_be_focused()


@pytest.mark.parametrize(
    ("criteria", "told"), [('city = "Berlin"', "1 found"), ('citty = "Berlin"', "There is no fact “citty”.")]
)
def test_what_was_asked_is_said_once(at_home: Any, live_server: Any, criteria: str, told: str) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/")
    page.locator("#criteria").press_sequentially(criteria)
    page.locator("#criteria").press("Enter")  # sooner than what is said while one types
    expect(page.locator("#results")).to_contain_text(told)
    page.wait_for_timeout(800)  # longer than typing waits
    expect(page.locator("#asked")).to_be_empty()

    page.locator("#criteria").fill('city = "Bonn"')
    expect(page.locator("#asked .count-line")).to_contain_text("whose city is “Bonn”")
