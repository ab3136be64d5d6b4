"""A new owner in a real browser: the first start, the sheet, somebody invited, out and in again."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from regulars.areas.access.actions import first_link
from tests.rig.browser import violations

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCE = "a sentence nobody else would think of"


def is_accessible(page: Any) -> None:
    found = [each for each in violations(page, None) if each["impact"] in ("serious", "critical")]
    assert not found, [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


def test_a_house_is_opened(live_server: Any, page: Any) -> None:
    page.goto(first_link(live_server.url, at=timezone.now()))
    is_accessible(page)
    page.select_option("#id_country", "DK")
    expect(page.locator("#id_currency")).to_have_value("DKK")
    assert page.input_value("#id_time_zone") == "Europe/Copenhagen"
    for field, value in {"house": "Teehaus", "name": "Olga Petersen", "login": "olga@example.com"}.items():
        page.fill(f"#id_{field}", value)
    page.fill("#id_password", "too short")
    page.fill("#id_again", "too short")
    page.click("text=Open the house")
    expect(page.locator("text=Use at least 15 characters")).to_be_visible()
    page.fill("#id_password", SENTENCE)
    page.fill("#id_again", SENTENCE)
    page.click("text=Open the house")
    page.wait_for_url("**/recovery-sheet/")
    is_accessible(page)
    assert "RECOVERY SHEET" in page.inner_text("pre")
    _invite(live_server, page)
    _sign_out_and_in(live_server, page)


def _invite(live_server: Any, page: Any) -> None:
    page.goto(f"{live_server.url}/people/add/")
    page.fill("#id_name", "Mette Holm")
    page.fill("#id_login", "mette")
    page.click("text=Make the invitation")
    expect(page.locator("#link-text")).to_have_value(re.compile(f"{live_server.url}/join/.+"))
    for path in ("/people/", "/account/", "/settings/", "/account/tokens/"):
        page.goto(live_server.url + path)
        is_accessible(page)


def _sign_out_and_in(live_server: Any, page: Any) -> None:
    page.goto(f"{live_server.url}/account/")
    page.click("details.menu summary")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in/")
    is_accessible(page)
    page.go_back()
    page.wait_for_url("**/sign-in/**")
    page.fill("#id_login", "OLGA@example.com")
    page.fill("#id_password", SENTENCE)
    page.click("button:has-text('Sign in')")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.goto(f"{live_server.url}/people/")
    expect(page.locator("tr", has_text="Mette Holm")).to_contain_text("invited")
