"""What people come for, from beginning to end in a browser: each on the screen, with the keys, in the light she has."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from regulars.areas.access.door import sessions
from regulars.areas.access.tests.people import person
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.segments.models import Segment
from tests.test_nothing_sticks_out import TOO_WIDE

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
Enter = Callable[..., Any]


@pytest.fixture
def number() -> int:
    add_customer(card={"given_name": "Sören", "family_name": "Holm", "addresses": [{"city": "Bonn"}]}, by=OLGA, at=NOW)
    return anna(occupation="Nurse")


@pytest.fixture
def enter(live_server: Any, page: Any, number: int) -> Enter:
    """`enter("/customers/", "staff", language="de")`: the page as somebody of this role sees it."""

    def come_in(address: str, role: str = "owner", **values: str) -> Any:
        _session, value = sessions.begin(person(role, **values), at=timezone.now(), browser="test")
        name = f"session_{live_server.url.rpartition(':')[2]}"
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page.goto(live_server.url + address)
        return page

    return come_in


def test_a_group_is_found_kept_and_asked_again(enter: Enter) -> None:
    page = enter("/customers/", "marketer")
    page.get_by_label("Criteria").fill('city = "Berlin"')
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".list-head")).to_contain_text("1 found")
    page.get_by_role("link", name="Save as segment").click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/segments/save/") else None)
    page.keyboard.type("Berliners")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("Berliners")
    assert len(sent) == 1
    assert Segment.objects.get().name == "Berliners"
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Segments").click()
    page.locator("main").get_by_role("link", name="Berliners").first.click()
    expect(page.locator("tbody")).to_contain_text("Ærøskøbing")
    expect(page.locator("tbody")).not_to_contain_text("Holm")


def test_who_serves_sees_no_door_she_may_not_enter_and_is_told_at_one(enter: Enter, number: int) -> None:
    page = enter("/", "staff")
    places = page.get_by_role("navigation", name="Main")
    expect(places.get_by_role("link", name="Customers")).to_be_visible()
    for name in ("Bring in a list", "Changes", "Settings", "People and rights"):
        expect(places.get_by_role("link", name=name)).to_have_count(0)
    for address in ("/settings/", "/people/", "/imports/", f"/customers/{number}/forget/"):
        enter(address, "staff")
        expect(page.get_by_role("heading", name="Your account may not do this")).to_be_visible()
        expect(page.locator("main")).to_contain_text("The owner of the house can give it.")
    page.get_by_role("link", name="To the start").click()
    expect(page).to_have_title("Today · Regulars")


def test_an_auditor_reads_a_card_and_finds_nothing_to_change_it_with(enter: Enter, number: int) -> None:
    page = enter(f"/customers/{number}/", "auditor")
    expect(page.get_by_role("heading", name="Ærøskøbing")).to_be_visible()
    expect(page.locator("main").get_by_role("link", name="Edit")).to_have_count(0)
    expect(page.locator("#adding a.chip")).to_have_count(0)


def test_on_a_telephone_somebody_is_found_and_her_card_edited(enter: Enter, page: Any, number: int) -> None:
    page.set_viewport_size(PHONE)
    enter("/", "staff")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Customers").click()
    expect(page.get_by_role("link", name="Ærøskøbing")).to_be_visible()
    assert not page.evaluate(TOO_WIDE)
    page.get_by_role("link", name="Ærøskøbing").click()
    page.locator("#block-about").get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Occupation").fill("Midwife")
    assert not page.evaluate(TOO_WIDE)
    page.locator("#block-about").get_by_role("button", name="Save").click()
    expect(page.locator("#block-about")).to_contain_text("Midwife")
    page.locator("#flash").get_by_role("button", name="Undo").click()
    expect(page.locator("#block-about")).to_contain_text("Nurse")
    assert card_json(OLGA, number)["occupation"] == "Nurse" and not page.evaluate(TOO_WIDE)


def test_by_keys_alone_a_card_is_put_away_and_brought_back(enter: Enter, number: int) -> None:
    page = enter(f"/customers/{number}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    reached = ""
    for _step in range(30):
        page.keyboard.press("Tab")
        reached = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'"), (
            "one sees where one is"
        )
        if reached == "More":
            break
    assert reached == "More", "the menu of the card is reached by Tab"
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.innerText.trim()") != "Archive":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("rchived")
    assert card_json(OLGA, number)["state"] == "archived"
    page.locator("#flash").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Undone")
    assert card_json(OLGA, number)["state"] == "active"


@pytest.mark.looks
def test_dark_stays_dark_from_page_to_page(enter: Enter, page: Any) -> None:
    page.emulate_media(color_scheme="light")
    enter("/")
    assert _brightness(page) > 200
    page.locator(".top details.menu summary").click()
    page.get_by_role("button", name="Dark").click()
    assert _brightness(page) < 60
    enter("/customers/")
    assert _brightness(page) < 60
    page.locator(".top details.menu summary").click()
    page.get_by_role("button", name="As the system").click()
    assert _brightness(page) > 200


def _brightness(page: Any) -> int:
    """Of the page's ground, 0 to 255."""
    drawn = """() => { const canvas = document.createElement('canvas').getContext('2d');
      canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor; canvas.fillRect(0, 0, 1, 1);
      return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)); }"""
    return int(page.evaluate(drawn))


def test_in_german_a_card_is_edited_and_the_edit_taken_back(enter: Enter, number: int) -> None:
    page = enter(f"/customers/{number}/", "owner", language="de")
    assert page.get_attribute("html", "lang") == "de"
    page.locator("#block-about").get_by_role("link", name="Bearbeiten").click()
    page.get_by_role("textbox", name="Beruf").fill("Hebamme")
    page.locator("#block-about").get_by_role("button", name="Speichern").click()
    expect(page.locator("#block-about")).to_contain_text("Hebamme")
    page.locator("#flash").get_by_role("button", name="Rückgängig").click()
    expect(page.locator("#flash")).to_contain_text("Rückgängig gemacht")
    assert card_json(OLGA, number)["occupation"] == "Nurse"
