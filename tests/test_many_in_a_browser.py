"""One deed on many customers, by quick hands: what is confirmed is what is seen; it is stopped, and goes back."""

from typing import Any

import pytest
from playwright.sync_api import expect

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.models import Tag
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.segments.actions import many
from regulars.areas.segments.models import Bulk, FixedList, Listing
from regulars.kernel import jobs
from tests.rig.browser import answers_can_wait, held, sign_in, until_held, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


@pytest.fixture
def chosen(live_server: Any, page: Any) -> Any:
    """The page of deeds, for all of three."""
    for name in ("Anna", "Berta", "Clara"):
        add_customer(card={"given_name": name}, by=OLGA, at=NOW)
    sign_in(page, live_server.url)
    answers_can_wait(page)
    page.goto(f"{live_server.url}/customers/")
    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Do with those chosen").click()
    expect(page.locator("dialog")).to_contain_text("3 customers")
    return page


def test_the_dialog_asked_for_last_stays(chosen: Any) -> None:
    page = chosen
    late = held(page, "deed=tag")
    page.get_by_role("textbox", name="Tag them").fill("VIP")
    page.keyboard.press("Enter")
    until_held(page, late)
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.locator("dialog h2")).to_have_text("Archive")
    late[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator("dialog h2")).to_have_text("Archive")


def test_a_dialog_that_was_closed_meanwhile_does_not_open(chosen: Any) -> None:
    page = chosen
    late = held(page, "deed=tag")
    page.get_by_role("textbox", name="Tag them").fill("VIP")
    page.keyboard.press("Enter")
    until_held(page, late)
    page.keyboard.press("Escape")
    late[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_pressed_twice_it_is_done_once_and_goes_back(chosen: Any) -> None:
    page = chosen
    page.get_by_role("textbox", name="Tag them").fill('50% "off" 🎉')
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_contain_text("This concerns 3 customers")
    page.locator("dialog").get_by_role("button", name="Tag them").dblclick()
    expect(page.locator("#work")).to_contain_text("3 customers changed.")
    assert Bulk.objects.count() == 1 and Tag.objects.count() == 3
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.locator("#work")).to_contain_text("Taken back")
    expect(page.locator("#work").get_by_role("link", name="Undo")).to_have_count(0)
    assert not Tag.objects.exists()


def test_a_long_one_is_stopped_on_its_page(chosen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = chosen
    monkeypatch.setattr(many, "AT_ONCE", 2)
    page.get_by_role("combobox", name="Put on a list").fill("A/remove")
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_contain_text("it is made")
    page.locator("dialog").get_by_role("button", name="Put on a list").click()
    expect(page.locator("#work")).to_contain_text("0 of 3 done")
    assert not violations(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#work")).to_contain_text("Stopped: 0 of 3 done.")
    jobs.run_due()
    assert FixedList.objects.count() == 1 and not Listing.objects.exists()
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.locator("#work")).to_contain_text("Taken back")
    assert not FixedList.objects.exists()
