"""Hands are quicker than answers: what is typed, chosen and pressed while one is on its way counts."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.trade.actions import set_product
from tests.rig.browser import answers_can_wait, held, sign_in, until_held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]
# drops files of these names on the card
DROP = """names => {
  const dataTransfer = new DataTransfer();
  names.forEach(name => dataTransfer.items.add(new File([name], name, { type: "text/plain" })));
  const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
  setTimeout(() => document.querySelector("#files .dropzone").dispatchEvent(drop));
}"""


@pytest.fixture
def numbers() -> list[int]:
    names = (("Anna", "Kruse"), ("Ben", "Krug"), ("Clara", "Klein"))
    return [
        add_customer(card={"given_name": one, "family_name": two, "occupation": "Baker"}, by=OLGA, at=NOW)
        for one, two in names
    ]


@pytest.fixture
def at_home(live_server: Any, page: Any, numbers: list[int]) -> Any:
    sign_in(page, live_server.url)
    answers_can_wait(page)
    return page


def test_the_next_number_at_the_till_does_not_wait_for_the_last(
    at_home: Any, live_server: Any, numbers: list[int]
) -> None:
    page = at_home
    page.goto(f"{live_server.url}/till/")
    first = held(page, r"/till/\?q=")
    page.keyboard.type(f"{numbers[0]}\n", delay=1)
    until_held(page, first)
    page.keyboard.type(f"{numbers[1]}", delay=1)
    page.keyboard.press("Enter")
    expect(page.locator("#till-name")).to_contain_text("Ben")
    page.wait_for_url(re.compile(rf"q={numbers[1]}$"))
    page.go_back()
    expect(page.locator("#till-name")).to_have_count(0)


def test_a_form_that_comes_late_leaves_the_word_that_is_typed(
    at_home: Any, live_server: Any, numbers: list[int]
) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{numbers[0]}/")
    form = held(page, "/edit/")
    page.locator("#block-about").get_by_role("link", name="Edit").press("Enter")
    until_held(page, form)
    page.keyboard.press("/")
    page.keyboard.type("kr")
    form[0].continue_()
    expect(page.locator("#block-about form")).to_be_visible()
    page.keyboard.type("ug")
    expect(page.locator("[data-search]")).to_have_value("krug")


def test_escape_while_it_saves_shows_what_was_saved(at_home: Any, live_server: Any, numbers: list[int]) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{numbers[0]}/")
    page.locator("#block-about").get_by_role("link", name="Edit").press("Enter")
    page.get_by_role("textbox", name="Occupation").fill("Nurse")
    saving = held(page, rf"/customers/{numbers[0]}/", "POST")
    page.keyboard.press("Enter")
    until_held(page, saving)
    page.keyboard.press("Escape")
    page.locator("#block-about form").wait_for(state="detached")
    saving[0].continue_()
    expect(page.locator("#flash")).to_contain_text("Saved.")
    assert card_json(OLGA, numbers[0])["occupation"] == "Nurse"
    expect(page.locator("#block-about")).to_contain_text("Nurse")


def test_the_last_kind_of_deed_pressed_is_shown(at_home: Any, live_server: Any, numbers: list[int]) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{numbers[0]}/")
    notes = held(page, "kind=note")
    kinds = page.get_by_role("navigation", name="Which of it")
    kinds.get_by_role("link", name="Notes").press("Enter")
    until_held(page, notes)
    changes = held(page, "kind=change")
    kinds.get_by_role("link", name="Changes").press("Enter")
    until_held(page, changes)
    notes[0].continue_()
    page.wait_for_timeout(300)
    changes[0].continue_()
    expect(page.locator(".kinds [aria-current]")).to_have_text("Changes")


def test_what_the_arrows_chose_stays_chosen(at_home: Any, live_server: Any, numbers: list[int]) -> None:
    page = at_home
    page.goto(f"{live_server.url}/")
    page.keyboard.press("/")
    page.keyboard.type("kr")
    expect(page.get_by_role("option", name="Kru")).to_have_count(2)
    late = held(page, r"/search/\?q=kru")
    page.keyboard.type("u")
    until_held(page, late)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    meant = page.locator("#found [aria-selected=true]").get_attribute("href")
    late[0].continue_()
    expect(page.locator("#found-said")).to_contain_text("2 customers")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{meant}")


def test_proposals_put_away_stay_away(at_home: Any, live_server: Any) -> None:
    page = at_home
    page.goto(f"{live_server.url}/")
    page.keyboard.press("/")
    page.keyboard.type("kr")
    page.get_by_role("option", name="Kru").first.wait_for()
    late = held(page, r"/search/\?q=kru")
    page.keyboard.type("u")
    until_held(page, late)
    page.keyboard.press("Escape")
    with page.expect_response(re.compile("q=kru")):
        late[0].continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_role("option")).to_have_count(0)


def test_what_is_searched_for_while_the_next_page_comes_goes_on_there(at_home: Any, live_server: Any) -> None:
    page = at_home
    page.goto(f"{live_server.url}/")
    late = held(page, r"/customers/$")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Customers").focus()
    page.keyboard.press("Enter")
    until_held(page, late)
    page.keyboard.press("/")
    page.keyboard.type("kr")
    late[0].continue_()
    page.wait_for_url("**/customers/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("ug")
    page.get_by_role("option", name="Ben").press("Enter")
    page.get_by_role("heading", name="Ben Krug").wait_for()
    expect(page.locator("[data-search]")).to_have_value("")


def test_one_line_after_another_is_scanned_at_the_till(at_home: Any, live_server: Any, numbers: list[int]) -> None:
    page = at_home
    for number in ("4001", "4002", "4003"):
        set_product(number=number, name=f"Book {number}", price=90_000, by=OLGA, at=NOW)
    page.goto(f"{live_server.url}/till/purchase/?customer={numbers[0]}")
    expect(page.locator("#what")).to_be_focused()
    late = held(page, r"/till/purchase/$", "POST")
    page.keyboard.type("4001\n")
    page.keyboard.type("40", delay=20)
    until_held(page, late)
    page.keyboard.type("02\n4003\n400")
    late[0].continue_()
    expect(page.locator("#sale tbody th")).to_contain_text(["Book 4001", "Book 4002", "Book 4003"])
    expect(page.locator("#what")).to_have_value("400")
    page.keyboard.type("1\n")
    expect(page.locator("#sale tbody tr").last).to_contain_text("36.00")


def test_deeds_in_one_block_leave_each_other_alone(at_home: Any, live_server: Any, numbers: list[int]) -> None:
    """What is being typed there stays; two answers in the wrong order tell how it is in the end."""
    page = at_home
    edit_customer(number=numbers[0], card={"tags": ["early", "tall", "new"]}, by=OLGA, at=NOW)
    page.goto(f"{live_server.url}/customers/{numbers[0]}/")
    tags = page.locator("#block-tags")
    tags.get_by_role("link", name="Add").press("Enter")
    tags.get_by_role("textbox").press_sequentially("loud")
    tags.get_by_role("button", name="Take off the tag early").press("Enter")
    expect(page.locator("#flash")).to_contain_text("not saved yet")
    expect(tags.get_by_role("textbox")).to_be_focused()
    expect(tags.get_by_role("textbox")).to_have_value("loud")
    page.keyboard.press("Escape")
    tags.locator(".part-form").wait_for(state="detached")
    answers: list[Any] = []

    def late(route: Any) -> None:
        answers.append((route, route.fetch()))

    page.route("**/remove/tags/early/", late)
    tags.get_by_role("button", name="Take off the tag early").press("Enter")
    until_held(page, answers)
    tags.get_by_role("button", name="Take off the tag tall").press("Enter")
    expect(tags.get_by_role("listitem")).to_have_text(["new"])
    answers[0][0].fulfill(response=answers[0][1])
    page.wait_for_timeout(300)
    expect(tags.get_by_role("listitem")).to_have_text(["new"])
    expect(page.locator("#latest")).to_contain_text("tall")


def test_who_stays_on_the_page_can_send_a_file_after_all(at_home: Any, live_server: Any, numbers: list[int]) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{numbers[0]}/")
    page.locator("#block-about").get_by_role("link", name="Edit").press("Enter")
    page.get_by_role("textbox", name="Occupation").press_sequentially("Nurse")
    page.once("dialog", lambda asked: asked.dismiss())
    with page.expect_event("dialog"):
        page.evaluate(DROP, ["one.txt"])
    page.keyboard.press("Escape")
    page.locator("#block-about form").wait_for(state="detached")
    page.evaluate(DROP, ["two.txt", "three.txt"])
    expect(page.locator("#flash")).to_contain_text("One file at a time")
    page.evaluate(DROP, ["four.txt"])
    expect(page.locator("#files li")).to_contain_text(["four.txt"])


@pytest.mark.parametrize(("address", "field"), [("new", "Family name"), ("till", "Name")])
def test_a_button_held_down_while_the_likeness_is_told_is_pressed(
    at_home: Any, live_server: Any, address: str, field: str
) -> None:
    page = at_home
    page.goto(live_server.url + {"new": "/customers/new/", "till": "/till/"}[address])
    if address == "till":  # the form comes by an answer
        page.keyboard.type("030 12345678")
    name = page.get_by_label(field, exact=True)
    name.fill("Anna Kruse" if address == "till" else "Kruse")
    told = held(page, "/alike/", "POST")
    name.press("Tab")
    until_held(page, told)
    page.locator("#make-card").focus()
    page.keyboard.down("Space")
    told[0].continue_()
    expect(page.locator("#make-card")).not_to_have_text("Make the card")
    with page.expect_request(lambda sent: sent.method == "POST" and "alike" not in sent.url):
        page.keyboard.up("Space")
    page.wait_for_load_state("networkidle")


def test_a_key_held_down_answers_one_page(at_home: Any, live_server: Any) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/")
    page.evaluate(
        "addEventListener('click', (event) => { event.preventDefault(); window.times = (window.times ?? 0) + 1 })"
    )
    page.keyboard.down("n")
    page.keyboard.down("n")
    assert page.evaluate("window.times") == 1


def end_session(page: Any) -> Any:
    """What gives it back."""
    kept = [each for each in page.context.cookies() if each["name"].startswith("session")]
    page.context.clear_cookies(name=kept[0]["name"])
    return lambda: page.context.add_cookies(kept)


def test_what_was_typed_outlives_the_session_and_the_server(at_home: Any, live_server: Any) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/new/")
    page.get_by_label("Given name").fill("Thandiwe")
    sign_in_again = end_session(page)
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("You are signed out.")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("Regulars does not answer.")
    page.context.set_offline(False)
    sign_in_again()
    csrf = next(each for each in page.context.cookies() if each["name"] == "csrf")
    page.context.add_cookies([csrf | {"value": "a1" * 16}])  # signed in anew, it is another one
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thandiwe").wait_for()


def test_who_calls_outlives_the_session(at_home: Any, live_server: Any) -> None:
    """Any form with something typed in it does, whether or not leaving it is asked about."""
    page = at_home
    page.goto(f"{live_server.url}/till/?q=Thandiwe")
    name = page.locator("form.card").get_by_label("Name", exact=True)
    name.fill("Thandiwe Botha")
    sign_in_again = end_session(page)
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("You are signed out.")
    expect(name).to_have_value("Thandiwe Botha")
    sign_in_again()
    page.keyboard.press("Enter")
    page.get_by_text("Thandiwe Botha").first.wait_for()
    assert Customer.objects.filter(family_name="Botha").count() == 1


def test_an_edit_in_place_outlives_the_session(at_home: Any, live_server: Any, numbers: list[int]) -> None:
    page = at_home
    page.goto(f"{live_server.url}/customers/{numbers[0]}/")
    page.locator("#block-about").get_by_role("link", name="Edit").press("Enter")
    page.get_by_role("textbox", name="Occupation").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Nurse")
    sign_in_again = end_session(page)
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("You are signed out.")
    sign_in_again()
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("Saved.")
    assert card_json(OLGA, numbers[0])["occupation"] == "Nurse"
