"""Passkeys with the virtual authenticator of a real browser, and one-time codes from the picture (A1)."""

from base64 import b32decode
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from regulars.areas.access.door import passwords
from regulars.areas.access.models import Factor, Passkey, Password, User
from regulars.areas.access.tests.people import person
from regulars.kernel import crypto
from tests.test_first_start_in_browser import is_accessible

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]
RIGHT = "a sentence nobody else would think of"


@pytest.fixture
def olga() -> User:
    user = person("owner")
    Password.objects.filter(user=user).update(hash=passwords.hashed(RIGHT))
    return user


@pytest.fixture
def device(page: Any) -> Any:
    """A device that keeps passkeys and knows its holder's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda deed, **told: session.send(f"WebAuthn.{deed}", {"authenticatorId": made["authenticatorId"], **told})


def sign_in(live_server: Any, page: Any) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("#id_login", "Olga")
    page.fill("#id_password", RIGHT)
    page.click("button:has-text('Sign in')")
    page.wait_for_url(lambda address: not address.endswith("/sign-in/"))


def sign_out(live_server: Any, page: Any) -> None:
    page.goto(f"{live_server.url}/account/")
    page.click("details.menu summary")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in/")


def test_a_passkey_is_added_and_opens_both_doors(live_server: Any, page: Any, device: Any, olga: User) -> None:
    sign_in(live_server, page)
    page.goto(f"{live_server.url}/account/second-factor/")
    is_accessible(page)
    page.fill("#id_name", "My telephone")
    page.click("text=Add a passkey")
    expect(page.locator("h1")).to_have_text("Write these ten codes down")
    is_accessible(page)
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    assert len(device("getCredentials")["credentials"]) == Passkey.objects.count() == 1
    page.click("text=I have them on paper")
    expect(page.locator("table")).to_contain_text("My telephone")

    sign_out(live_server, page)
    sign_in(live_server, page)
    page.wait_for_url("**/sign-in/second/")
    is_accessible(page)
    page.click("text=Use your passkey")
    page.wait_for_url(f"{live_server.url}/")

    sign_out(live_server, page)
    is_accessible(page)
    page.click("text=Come in by passkey")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/account/prove/?next=/people/")
    is_accessible(page)
    page.click("text=Use your passkey")
    page.wait_for_url("**/people/")


def test_a_finger_that_is_not_known_opens_nothing(live_server: Any, page: Any, device: Any, olga: User) -> None:
    sign_in(live_server, page)
    page.goto(f"{live_server.url}/account/second-factor/")
    page.click("text=Add a passkey")
    expect(page.locator("h1")).to_have_text("Write these ten codes down")
    sign_out(live_server, page)
    device("setUserVerified", isUserVerified=False)
    page.click("text=Come in by passkey")
    expect(page.locator("[data-passkey-told]")).to_contain_text("No passkey was used")
    page.goto(f"{live_server.url}/people/")
    page.wait_for_url("**/sign-in/**")


def test_one_time_codes_are_set_up_and_asked_for(live_server: Any, page: Any, olga: User) -> None:
    sign_in(live_server, page)
    page.goto(f"{live_server.url}/account/second-factor/code/")
    is_accessible(page)
    page.wait_for_function("document.querySelector('img.qr').naturalWidth > 100")
    secret = b32decode(page.inner_text(".secret").replace(" ", ""))
    page.fill("#id_code", crypto.one_time_code(secret, int(timezone.now().timestamp()) // 30))
    page.click("text=Take these codes")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    codes = page.locator(".recovery-codes li").all_inner_texts()
    assert Factor.objects.filter(kind="code").count() == 1

    sign_out(live_server, page)
    sign_in(live_server, page)
    page.fill("#id_code", crypto.one_time_code(secret, int(timezone.now().timestamp()) // 30 + 1))
    page.click("button:has-text('Come in') >> nth=0")
    page.wait_for_url(f"{live_server.url}/")

    sign_out(live_server, page)
    sign_in(live_server, page)
    page.click("text=Not at hand?")
    page.fill("#id_recovery", codes[0])
    page.click("details button:has-text('Come in')")
    page.wait_for_url(f"{live_server.url}/")
    expect(page.locator(".flash")).to_contain_text("9 recovery codes left")
