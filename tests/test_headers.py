"""What every answer tells the browser: refuse whatever we did not write (S3, S5), keep nothing, tell nobody."""

import re
from base64 import urlsafe_b64decode
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils.csp import LazyNonce

from regulars.areas.access.models import User
from regulars.areas.access.tests.people import OPERATOR, browser_of, person, token_of
from regulars.areas.customers.tests.people import anna
from regulars.areas.house.actions import change_settings
from regulars.interfaces.web import assets
from tests.permissions import PAGES
from tests.test_permissions import ALL_PAGES, MISSING

pytestmark = pytest.mark.django_db
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
NOTHING = ("default-src", "object-src", "base-uri", "frame-ancestors")
EVIL = "\"'><script nonce='x'>alert(1)</script><img src=x onerror=alert(2)>"


def made() -> dict[str, Any]:
    """A house with a token, a customer and somebody in it."""
    token, _text = token_of("owner", "customers.view")
    return {"number": anna(), "public": person("staff").public, "token": token.public}


def answers(things: dict[str, Any]) -> list[tuple[str, Any]]:
    """Every page, as a visitor, as staff and as owner; the answer to a POST nobody sent; and what is not there."""
    found = []
    for browser in (Client(), browser_of("staff"), browser_of("owner")):
        for page in ALL_PAGES:
            if page.name != "api:v1":
                name = next(iter(assets.names().values())) if page.name == "asset" else MISSING
                address = page.address(**{**things, **({"name": name} if page.name == "asset" else {})})
                found.append((f"{page.name} GET", browser.get(address)))
                if page.name != "sign_out":
                    found.append((f"{page.name} POST", browser.post(address)))
        found += [("nowhere", browser.get("/nowhere")), ("api", browser.get("/api/v1/customers"))]
        found.append(("sign_out POST", browser.post("/sign-out/")))
    strict = Client(enforce_csrf_checks=True)
    return [*found, ("forged", strict.post("/sign-in/")), ("host", strict.get("/", headers={"Host": "evil.example"}))]


@pytest.fixture(scope="module")
def all_answers(for_a_while: Any) -> list[tuple[str, Any]]:
    """The answers of a house, asked for once: four tests read them."""
    with for_a_while():
        return answers(made())


@pytest.mark.looks
def test_every_answer_refuses_what_we_did_not_write(all_answers: list[tuple[str, Any]]) -> None:
    assert len(PAGES) > 20
    for name, answer in all_answers:
        assert answer.status_code < 500, name
        policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";") if part)
        assert {policy[each] for each in NOTHING} == {"'none'"}, name
        allowed = " ".join(policy.values())
        assert "unsafe" not in allowed and "http" not in allowed and "*" not in allowed, name
        assert policy["form-action"] == "'self'", name
        assert {header: answer.get(header) for header in ALWAYS} == ALWAYS, name
        assert not [header for header in answer.headers if header.startswith("Access-Control-")], name
        assert not answer.content or re.match(r"\w+/", answer["Content-Type"]), name
        if re.match("text/|application/javascript|image/svg", answer.get("Content-Type", "")):
            assert "charset=utf-8" in answer["Content-Type"], name


@pytest.mark.looks
def test_nothing_but_the_bundle_is_kept_by_the_browser(all_answers: list[tuple[str, Any]]) -> None:
    for name, answer in all_answers:
        if not (name == "asset GET" and answer.status_code == 200):
            assert "no-store" in answer["Cache-Control"], name


@pytest.mark.looks
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(all_answers: list[tuple[str, Any]]) -> None:
    for name, answer in all_answers:
        for cookie in answer.cookies.values():
            assert cookie["samesite"] in ("Lax", "Strict"), name
            assert cookie["httponly"] or cookie.key == "theme", (name, cookie.key)


def test_under_https_every_cookie_is_bound_to_this_host(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.CSRF_COOKIE_NAME = "__Host-csrf"
    number, browser, seen = anna(), browser_of("owner"), set()
    form = {"name": "Olga", "language": "en", "theme": "dark"}
    browser.get("/account/", secure=True)
    for answer in (
        Client().get("/sign-in/", secure=True),
        browser.post("/account/profile/", form, secure=True),
        browser.get(f"/customers/{number}/", secure=True),
        browser.get("/customers/?columns=name", secure=True),
    ):
        assert answer.status_code < 400
        seen |= set(answer.cookies)
        for cookie in answer.cookies.values():
            assert cookie.key.startswith("__Host-"), cookie.key
            assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"], cookie.key
            assert len(cookie.key) + len(cookie.value) <= 4096
    assert {"__Host-csrf", "__Host-theme", "__Host-opened"} <= seen
    page = Client()
    page.cookies["theme"] = "dark"
    assert b'data-theme="dark"' not in page.get("/sign-in/", secure=True).content, "set by a neighbour"
    page.cookies["__Host-theme"] = "dark"
    assert b'data-theme="dark"' in page.get("/sign-in/", secure=True).content


class Inline(HTMLParser):
    """Collects what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or "style" in given or (tag == "script" and "src" not in given and "nonce" not in given):
            self.found.append(self.get_starttag_text() or tag)
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        for name in ("src", "href", "action", "formaction"):
            if re.match(r"(?i)\s*(https?:)?//|javascript:", given.get(name) or ""):
                self.found.append(f"{tag} {name}={given[name]}")


@pytest.mark.looks
def test_no_inline_script_no_inline_style_no_foreign_host(all_answers: list[tuple[str, Any]]) -> None:
    for name, answer in all_answers:
        if answer.get("Content-Type", "").startswith("text/html"):
            seen = Inline()
            seen.feed(answer.content.decode())
            assert not seen.found, (name, seen.found)


def test_the_nonce_cannot_be_guessed() -> None:
    nonces = {str(LazyNonce()) for _ in range(10_000)}
    assert len(nonces) == 10_000
    assert min(len(urlsafe_b64decode(nonce + "==")) for nonce in nonces) * 8 >= 128


@pytest.mark.looks
def test_what_is_shown_from_settings_and_names_stays_text() -> None:
    things = made()
    at = User.objects.get(pk=person("owner").pk).created_at
    change_settings(by=OPERATOR, at=at, values={"name": EVIL})
    User.objects.update(name=EVIL, login=EVIL)
    for name, answer in answers(things):
        if answer.get("Content-Type", "").startswith("text/html"):
            assert b"<script nonce='x'" not in answer.content and b"<img src=x" not in answer.content, name
            assert "alert" not in answer["Content-Security-Policy"], name


def test_a_refusal_to_a_program_is_a_problem() -> None:
    answer = Client().get("/api/v1/customers/10001")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")
