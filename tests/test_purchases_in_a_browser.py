"""A purchase put right on a phone and by keyboard: its lines, the sum while one types."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from regulars.areas.customers.actions import add_customer
from regulars.areas.trade.actions import NewLine, NewPurchase, Wish, record_purchase, reserve
from regulars.areas.trade.models import Line
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from tests.rig.browser import answers_can_wait, inaccessible, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


@pytest.fixture
def at_home(live_server: Any, page: Any) -> Any:
    sign_in(page, live_server.url)
    page.set_viewport_size({"width": 360, "height": 740})
    return page


def fits(page: Any) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert inaccessible(page) == []


def sold() -> int:
    lines = [NewLine(text="Atlas", price=400_000), NewLine(text="Globe", quantity=20_000, price=305_000)]
    return record_purchase(purchase=NewPurchase(lines, customer=anna()), by=OLGA, at=NOW).serial


def test_lines_are_corrected_by_keyboard_on_a_phone(at_home: Any, live_server: Any) -> None:
    page, serial = at_home, sold()
    page.goto(f"{live_server.url}/purchases/{serial}/")
    page.get_by_role("link", name="Correct the lines").press("Enter")
    page.wait_for_url(re.compile(rf"/purchases/{serial}/lines/$"))
    fits(page)
    page.locator("#quantity-1").fill("3")
    page.keyboard.press("Tab")
    expect(page.locator("#becomes")).to_contain_text("was €101.00 and becomes €181.00")
    page.locator("#struck-2").press("Space")
    expect(page.locator("#becomes")).to_contain_text("becomes €120.00")
    page.locator("#quantity-1").fill("many")
    page.keyboard.press("Enter")
    expect(page.locator("#quantity-1")).to_be_focused()
    expect(page.locator("#quantity-1-wrong")).to_contain_text("not a number")
    fits(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/purchases/{serial}/$"))
    assert list(Line.objects.values_list("text", "amount")) == [("Atlas", 800_000)]
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("body")).to_contain_text("Globe")


def test_what_changes_while_the_sum_is_fetched_is_in_it(at_home: Any, live_server: Any) -> None:
    page, held = at_home, []
    answers_can_wait(page)
    page.goto(f"{live_server.url}/purchases/{sold()}/lines/")
    page.route("**/lines/", lambda route: held.append(route) if not held else route.continue_())
    page.locator("#quantity-1").fill("3")
    with page.expect_request("**/lines/"):
        page.keyboard.press("Tab")
    page.locator("#struck-2").press("Space")
    page.wait_for_timeout(400)  # longer than a change waits for another
    held[0].continue_()
    expect(page.locator("#becomes")).to_contain_text("becomes €120.00")


def test_a_return_is_taken_at_the_till_by_keyboard_on_a_phone(at_home: Any, live_server: Any) -> None:
    page, serial = at_home, sold()
    page.goto(f"{live_server.url}/till/")
    page.keyboard.type("anna", delay=20)
    expect(page.locator("#till-name")).to_contain_text("Anna")
    fits(page)
    page.get_by_role("link", name="Something comes back").press("Enter")
    page.wait_for_url(re.compile(rf"/purchases/{serial}/\?back=till#back$"))
    fits(page)
    page.locator("#line-2").focus()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.type("Def")
    page.locator("#line-2").press("Enter")
    expect(page.locator("body")).to_contain_text("3 cannot go back: 2 is left")
    expect(page.locator("#line-2")).to_have_value("3")
    fits(page)
    page.locator("#line-2").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("To be paid back: €30.50.")
    expect(page.locator("#till-bought")).to_be_visible()
    fits(page)
    back = Line.objects.get(kind="return")
    assert (back.quantity, back.amount, back.reason, back.returns.text) == (-10_000, -305_000, "defect", "Globe")


def test_deliveries_fit_on_the_list_wide_and_narrow(at_home: Any, live_server: Any) -> None:
    page = at_home
    bought(anna(), 7, promised=date(2026, 1, 1), sent=date(2026, 1, 2), delivered=date(2026, 1, 4), damaged=True)
    bought(None, 7)
    page.goto(f"{live_server.url}/purchases/")
    fits(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    fits(page)
    expect(page.locator("tbody tr", has_text="damaged")).to_contain_text("late")
    assert page.evaluate("(wrap => wrap.scrollWidth <= wrap.clientWidth)(document.querySelector('.table-wrap'))")


def test_fixed_days_are_chosen_in_rows(at_home: Any, live_server: Any) -> None:
    page = at_home
    bought(anna(), 7)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/customers/builder/?criteria=bought")
    page.get_by_label("When").select_option("days")
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_label("Last day").fill("2026-12-31")
    expect(page.locator("body")).to_contain_text("1 found")
    expect(page.locator("#asked")).to_contain_text("between 1 January 2026 and 31 December 2026")
    page.set_viewport_size({"width": 360, "height": 740})
    fits(page)


def test_what_can_be_done_stands_at_the_same_place_in_each_reservation_on_a_phone(
    at_home: Any, live_server: Any
) -> None:
    number, page = anna(), at_home
    told = ({}, {"wanted_by": NOW.date()}, {"wanted_by": NOW.date(), "note": "soon"})
    for more in told:
        reserve(wish=Wish(number, text="A map of the harbour", **more), by=OLGA, at=NOW)
    page.goto(f"{live_server.url}/purchases/reservations/")
    fits(page)
    rights = "rows => rows.map(row => [row.closest('td').getBoundingClientRect().right, row.closest('tr').children[3]"
    places = page.locator("table.list button").evaluate_all(rights + ".getBoundingClientRect().left])")
    assert len(places) == 3 and len({tuple(map(round, each)) for each in places}) == 1


def test_one_number_after_another_is_scanned_at_the_till(at_home: Any, live_server: Any) -> None:
    page = at_home
    first, second = anna(), add_customer(card={"given_name": "Ben", "family_name": "Kruse"}, by=OLGA, at=NOW)
    page.goto(f"{live_server.url}/till/")
    for number, name in ((first, "Anna"), (second, "Ben"), (first, "Anna")):
        page.keyboard.type(str(number), delay=1)
        page.keyboard.press("Enter")
        expect(page.locator("#till-name")).to_contain_text(name)
        page.wait_for_url(re.compile(rf"q={number}$"))
        page.wait_for_load_state()
    fits(page)


def test_a_long_name_with_gold_leaves_the_row_as_wide_as_the_list(at_home: Any, live_server: Any) -> None:
    page = at_home
    card = {"given_name": "Maximiliane Konstantina", "family_name": "von und zu Lichtenstein-Hohenheim"}
    bought(add_customer(card=card, by=OLGA, at=NOW), 900)
    page.goto(f"{live_server.url}/customers/")
    expect(page.locator("table.list .badge", has_text="Gold")).to_be_visible()
    edge = page.locator("table.list").evaluate("table => table.closest('.card').getBoundingClientRect().right")
    tick = page.locator("table.list tbody input[type=checkbox]").first
    assert tick.bounding_box()["x"] + tick.bounding_box()["width"] <= edge
    fits(page)
