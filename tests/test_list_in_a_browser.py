"""A list comes in as a shop owner brings it: upload, question, trial, go, a card of it opened, all of it taken back."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from regulars.areas.customers.models import Customer
from regulars.kernel import jobs
from tests.rig.browser import sign_in, violations

pytestmark = pytest.mark.django_db(transaction=True)
LIST = """Kundennr;Vorname;Nachname;E-Mail;Geburtstag;Ort
1;Anna;Ærøskøbing;anna@example.org;03/04/1980;Berlin
2;Ben;Berg;nicht;05/06/1990;Köln
3;Clara;Schmidt;clara@example.org;;Bonn
"""


@pytest.fixture
def at_home(live_server: Any, page: Any) -> Any:
    sign_in(page, live_server.url)
    return page


def is_accessible(page: Any) -> None:
    found = violations(page)
    assert not found, [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


def test_a_list_comes_in_and_goes_back(at_home: Any, live_server: Any, tmp_path: Path) -> None:
    page, file = at_home, tmp_path / "kunden.csv"
    file.write_bytes(LIST.encode("latin-1"))
    page.goto(f"{live_server.url}/imports/")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("[data-chosen]")).to_contain_text("kunden.csv")
    page.get_by_role("button", name="Look at it").click()

    _is_understood(page)
    _is_tried(page)
    page.get_by_role("button", name="Bring it in").click()
    _stays_in_hand(page, page.locator("#progress").get_by_role("button", name="Stop"))
    jobs.run_due()
    expect(page.get_by_text("The list is in.")).to_be_visible()  # the page asks again by itself

    page.get_by_role("link", name="See the newest customers").click()
    page.get_by_role("link", name="Anna Ærøskøbing").click()
    expect(page.get_by_role("heading", name="Anna Ærøskøbing")).to_be_visible()
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Undo the import").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.locator("#flash")).to_contain_text("Undone")
    assert not Customer.objects.exists()


def _stays_in_hand(page: Any, button: Any) -> None:
    """What is drawn anew each second keeps the focus, and a button that is held down is the same afterwards."""
    button.focus()
    held = button.element_handle()
    for _time in range(2):
        with page.expect_response("**/imports/*/") as answer:
            pass
        answer.value.finished()
    expect(button).to_be_focused()
    assert held.evaluate("each => each.isConnected")


def _is_understood(page: Any) -> None:
    expect(page.get_by_role("heading", name="Your columns")).to_be_visible()
    expect(page.get_by_label("Nachname becomes")).to_have_value("family_name")
    expect(page.get_by_text("Ærøskøbing").first).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_role("alert")).to_contain_text("First answer the question")
    page.get_by_text("day, month, year", exact=True).click()
    page.get_by_role("button", name="See what will happen").click()


def _is_tried(page: Any) -> None:
    expect(page.get_by_text("Nothing has been changed yet")).to_be_visible()
    expect(page.get_by_role("row", name="nicht")).to_contain_text("is not an e-mail address")
    is_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them").click()
    assert "nicht" in Path(download.value.path()).read_text("utf-8-sig")
    assert not Customer.objects.exists()
