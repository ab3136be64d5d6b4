"""List, card, edit, undo as a person does it: with a mouse, with keys alone, readable for everybody, on a phone too."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from regulars.areas.access.door import sessions
from regulars.areas.access.tests.people import person
from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import ANNA, NOW, OLGA
from tests.rig.browser import inaccessible, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


@pytest.fixture
def number() -> int:
    made = add_customer(
        card={
            **ANNA,
            "notes": [{"text": "No lilies."}],
            "bank_accounts": [{"iban": "DE89 3704 0044 0532 0130 00"}],
            "works_at": [{"organisation": "Sørensen & Søn ApS", "job_title": "Buyer"}],
        },
        by=OLGA,
        at=NOW,
    )
    add_customer(card={"given_name": "अनुराधा", "family_name": "कुलकर्णी", "referred_by": made}, by=OLGA, at=NOW)
    return made


@pytest.fixture
def at_home(live_server, page, number):
    """The browser of the owner, signed in."""
    sign_in(page, live_server.url)
    return page


def test_ask_open_edit_undo_read(at_home, live_server, number) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/")
    page.keyboard.press("c")
    page.keyboard.type('city = "Berlin"')
    page.keyboard.press("Enter")
    page.locator(".list-head").get_by_text("customers whose city is “Berlin”").wait_for()
    page.get_by_role("link", name="Dr. Anna Ærøskøbing").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{number}/")

    page.locator("#block-about").get_by_role("link", name="Edit").press("Enter")
    page.get_by_role("textbox", name="Occupation").fill("Nurse")
    page.keyboard.press("Enter")
    page.locator("#block-about").get_by_text("Nurse").wait_for()
    assert card_json(OLGA, number)["occupation"] == "Nurse"
    expect(page.locator("[data-edits]:focus"), "the focus is where it was").to_have_count(1)
    expect(page.locator("#latest ins", has_text="Nurse").first).to_be_visible()

    page.locator("#flash").get_by_role("button", name="Undo").press("Enter")
    page.locator("#flash").get_by_text("Undone").wait_for()
    assert card_json(OLGA, number)["occupation"] is None
    page.get_by_role("navigation", name="Views of this card").get_by_role("link", name="History").click()
    page.get_by_text(f"edited card {number}", exact=True).wait_for()


def test_what_is_typed_as_soon_as_a_field_stands_stays_in_it(at_home, live_server, number) -> None:
    """On a machine busy with other work: what a page puts off for a moment comes much later."""
    page = at_home
    page.add_init_script(
        "{ const soon = setTimeout; setTimeout = (then, ms, ...rest) => soon(then, ms + 500, ...rest) }"
    )
    page.goto(f"{live_server.url}/customers/{number}/")
    page.locator("#block-about").get_by_role("link", name="Edit").press("Enter")
    page.get_by_role("textbox", name="Occupation").focus()
    page.keyboard.type("Nurse", delay=200)
    with page.expect_request(lambda sent: sent.method == "POST") as sending:
        page.keyboard.press("Enter")
    assert sending.value.headers["hx-request"] == "true", "changed in place"
    page.locator("#block-about form").wait_for(state="detached")
    assert card_json(OLGA, number)["occupation"] == "Nurse"


def test_escape_leaves_a_form_as_it_was(at_home, live_server, number) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{number}/")
    page.locator("#block-about").get_by_role("link", name="Edit").press("Enter")
    page.get_by_role("textbox", name="Occupation").fill("Nurse")
    page.keyboard.press("Escape")
    page.locator("#block-about form").wait_for(state="detached")
    assert card_json(OLGA, number)["occupation"] is None


def test_one_kind_of_deed_by_keys_alone_and_its_address(at_home, live_server, number) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{number}/")
    kinds = page.get_by_role("navigation", name="Which of it")
    kinds.get_by_role("link", name="Notes").press("Enter")
    expect(page.locator("#latest")).to_contain_text("Nothing of the kind was done to this card.")
    expect(page.locator(".kinds [aria-current]:focus"), "the focus is where it was").to_have_text("Notes")
    page.goto(f"{live_server.url}/customers/{number}/history/")
    kinds.get_by_role("link", name="Changes").press("Enter")
    page.wait_for_url(f"**/customers/{number}/history/?kind=change")
    expect(page.locator(".kinds [aria-current]:focus")).to_have_text("Changes")


def test_somebody_was_quicker(at_home, live_server, number) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{number}/")
    page.locator("#block-about").get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Occupation").fill("Clerk")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("Saved.")
    page.locator("#block-about").get_by_role("link", name="Edit").click()
    page.wait_for_load_state("networkidle")  # what the page fetches by itself is there
    page.get_by_role("textbox", name="Occupation").fill("Nurse")
    edit_customer(number=number, card={"occupation": "Doctor"}, by=OLGA, at=NOW)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Olga changed Occupation to “Doctor”").wait_for()
    expect(page.locator("#flash")).to_be_empty()
    page.get_by_role("button", name="Save mine").click()
    page.locator("#block-about form").wait_for(state="detached")
    assert card_json(OLGA, number)["occupation"] == "Nurse"


def test_somebody_took_it_off_meanwhile(at_home, live_server, number) -> None:
    page = at_home
    (phone,) = card_json(OLGA, number)["phones"]
    page.goto(f"{live_server.url}/customers/{number}/")
    page.locator("#block-reach").get_by_role("link", name="Edit: Phone").click()
    page.get_by_role("textbox", name="Phone", exact=True).fill("030 7654321")
    edit_customer(number=number, card={"phones": [{"key": phone["key"], "remove": True}]}, by=OLGA, at=NOW)
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("no longer on the card")
    expect(page.get_by_role("textbox", name="Phone", exact=True)).to_have_value("030 7654321")


def test_a_new_customer_by_keys_alone(at_home, live_server, number) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/")
    page.keyboard.press("n")
    page.wait_for_url("**/customers/new/")
    page.get_by_label("Given name").fill("Thandiwe")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thandiwe").wait_for()


def test_a_hidden_value_is_shown_after_saying_why(at_home, live_server, number) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{number}/")
    page.locator("#block-about .masked + a").press("Enter")
    page.get_by_label("What do you need it for?").fill("a parcel")
    page.keyboard.press("Enter")
    page.get_by_text("7 March 1958").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("7 March 1958").wait_for(state="detached")


def test_everything_works_without_a_script(browser, live_server, number) -> None:
    context = browser.new_context(java_script_enabled=False)
    _session, value = sessions.begin(person("owner"), at=timezone.now(), browser="test")
    port = live_server.url.rpartition(":")[2]
    context.add_cookies([{"name": f"session_{port}", "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/customers/{number}/")
    page.locator("#block-about").get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Occupation").fill("Nurse")
    page.get_by_role("button", name="Save").click()
    page.locator("#block-about").get_by_text("Nurse").wait_for()
    page.locator("#flash").get_by_role("button", name="Undo").click()
    page.locator("#flash").get_by_text("Undone").wait_for()
    context.close()


def test_search_by_keys_alone(at_home, live_server, number) -> None:
    page = at_home
    page.goto(f"{live_server.url}/")
    page.keyboard.press("/")
    page.keyboard.type("aeroskobing")
    box = page.get_by_role("combobox", name="Find customers")
    page.get_by_role("option", name="Dr. Anna Ærøskøbing").wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type(" ")
    page.keyboard.press("Backspace")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    meant = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{meant}")).to_have_attribute("aria-selected", "true")
    expect(box, "the focus stays in the field").to_be_focused()
    assert not (found := inaccessible(page)), found
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{number}/")
