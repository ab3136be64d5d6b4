"""The components in a real browser: readable for everybody, on every width, light and dark, within the rules."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from regulars.interfaces.web import assets
from tests.rig.browser import inaccessible

pytestmark = pytest.mark.looks
PAGES = ["customers/", "customers/10017/", "imports/", "settings/", "sign-in/", "nowhere/"]


@pytest.fixture
def gallery(settings, live_server):
    settings.ROOT_URLCONF = "tests.gallery.urls"
    settings.TEMPLATES = [
        {**each, "DIRS": [*each["DIRS"], Path(__file__).parent / "gallery/templates"]} for each in settings.TEMPLATES
    ]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return live_server.url


@pytest.mark.parametrize("width", [1440, 320])
def test_no_accessibility_fault_and_nothing_too_wide(gallery, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for address in PAGES:
        page.goto(f"{gallery}/{address}")
        assert not (found := inaccessible(page)), (address, width, found)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is wider than {width}"


def test_menu_dialog_and_ticks_answer_the_keyboard(gallery, page):
    page.goto(f"{gallery}/customers/10017/")
    page.locator("summary[aria-label=More]").press("Enter")
    page.get_by_role("button", name="Forget…").press("Enter")
    expect(page.get_by_role("dialog", name="Forget Anna Lindqvist?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.goto(f"{gallery}/customers/")
    page.keyboard.press("Control+k")
    expect(page.locator("[name=q]:focus")).to_have_count(1)
    page.get_by_label("Tick all").check()
    expect(page.locator("[data-ticked]")).to_have_text("12")


def test_the_navigation_opens_on_a_phone_without_a_script(gallery, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery}/customers/")
    expect(page.get_by_role("link", name="Changes")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Changes")).to_be_visible()
    context.close()


def test_a_bundle_is_named_by_its_content_and_kept_for_a_year(client):
    answer = client.get(assets.address("main.css"), headers={"Accept-Encoding": "gzip"})
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Encoding"] == "gzip"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../settings.py", "manifest.json", "main.css"])
def test_only_bundles_are_served(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_every_answer_tells_the_browser_what_to_refuse(client):
    answer = client.get("/nowhere")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "There is nothing here" in answer.content.decode()


def test_our_own_fault_needs_nothing_that_may_be_broken(rf):
    from regulars.interfaces.web import errors

    answer = errors.broken(rf.get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


@pytest.mark.django_db
def test_a_notice_offers_to_take_the_deed_back(settings, rf):
    from django.contrib.messages.storage.base import Message
    from django.template.loader import render_to_string

    settings.ROOT_URLCONF = "tests.gallery.urls"
    html = render_to_string("frame/flash.html", {"messages": [Message(25, "City changed.", "undo:17")]}, rf.get("/"))
    assert 'action="/changesets/17/undo/"' in html and "<a " not in html
    both = Message(25, "Two cards are one.", "undo:17 look:/customers/10003/")
    html = render_to_string("frame/flash.html", {"messages": [both]}, rf.get("/"))
    assert 'action="/changesets/17/undo/"' in html and '<a href="/customers/10003/">Look at it</a>' in html


@pytest.mark.parametrize(
    ("caller", "forwarded", "seen"),
    [
        ("10.0.0.7", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.7", "198.51.100.1, 203.0.113.9, 10.0.0.8", "203.0.113.9"),
        ("192.0.2.4", "203.0.113.9", "192.0.2.4"),
    ],
)
def test_only_a_trusted_proxy_may_say_who_calls(settings, rf, caller, forwarded, seen):
    from dataclasses import replace

    from regulars.interfaces.web.middleware import TrustedProxies

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, trusted_proxies=("10.0.0.0/8",))
    request = rf.get("/", REMOTE_ADDR=caller, headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"})
    TrustedProxies(lambda asked: asked)(request)
    assert request.META["REMOTE_ADDR"] == seen
    assert request.is_secure() == (seen != caller)
    assert "HTTP_X_FORWARDED_PROTO" not in request.META


@pytest.mark.parametrize(
    ("language", "day", "shown"), [("en", "24 Nov 2026, 09:05", "1,204"), ("de", "24.11.2026 09:05", "1.204")]
)
def test_dates_and_counts_are_written_in_the_language(language, day, shown):
    from datetime import datetime

    from django.template import Context, Template
    from django.utils import translation

    page = Template('{{ at|date:"SHORT_DATETIME_FORMAT" }}|{{ n|count }}')
    with translation.override(language):
        assert page.render(Context({"at": datetime(2026, 11, 24, 9, 5), "n": 1204})) == f"{day}|{shown}"
