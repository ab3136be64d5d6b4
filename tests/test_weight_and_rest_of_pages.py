"""A page is light, and nothing on it moves by itself."""

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from regulars.areas.access.models import User
from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.interfaces.web import assets
from tests.gallery.cast import house
from tests.gallery.visits import SIGNED_OUT, visits
from tests.rig.browser import sign_in
from tests.rig.weight import assets_of, fonts_of, sent

MOST = 150_000  # bytes on the first visit, all assets of it among them
_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput)
      window.shifts.push(entry.value + " " + entry.sources.map((each) => (each.node && (each.node.id ||
        each.node.className || each.node.nodeName)) + ":" + each.previousRect.y + ">" + each.currentRect.y));
}).observe({ type: "layout-shift", buffered: true });
"""


def house_of(many: int) -> int:
    """So many customers besides Anna, and her number."""
    for each in range(many):
        reach = {"emails": [f"n{each}@example.org"], "phones": ["030 901820"], "addresses": [{"city": "Berlin"}]}
        add_customer(card={"given_name": "Jörg", "family_name": f"Müller {each}", **reach}, by=OLGA, at=NOW)
    return anna()


@pytest.mark.looks
@pytest.mark.django_db(transaction=True)
def test_the_first_visit_of_every_page_is_light_in_every_language() -> None:
    cast = house(60, now=timezone.now())
    inside, outside = browser_of(cast.owner), Client(SERVER_NAME="localhost")
    for language, _name in settings.LANGUAGES:
        User.objects.update(language=language)
        told = {"Accept-Encoding": "gzip", "Accept-Language": language}
        for name, address in visits(cast):
            answer = (outside if name in SIGNED_OUT else inside).get(address, headers=told)
            if answer.status_code == 302:  # somebody found leads to the card, which is here as well
                continue
            page = gzip.decompress(answer.content).decode()
            assert f'<html lang="{language}"' in page, address
            loaded = assets_of(page, device=False)
            assert {"css", "js", "svg", "woff2"} == {name.rpartition(".")[2] for name in loaded}, address
            assert len(answer.content) + sum(loaded.values()) <= MOST, (address, len(answer.content), loaded)


@pytest.mark.django_db
def test_a_page_goes_out_squeezed_unless_another_site_asked_for_it() -> None:
    browser = browser_of()
    for site, squeezed in (("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False)):
        told = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": site}
        assert ("Content-Encoding" in browser.get("/customers/", headers=told).headers) == squeezed, site
    sizes = {len(browser.get("/customers/", headers={"Accept-Encoding": "gzip"}).content) for _each in range(20)}
    assert len(sizes) > 5  # by its length nobody tells what stands on it
    assert "Content-Encoding" not in browser.get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.looks
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_figures_arrive_and_parts_are_swapped(live_server, page, width: int) -> None:
    number = house_of(30)
    sign_in(page, live_server.url)
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(_SHIFTS)

    def rests(path: str) -> None:
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
        assert not (moved := page.evaluate("window.shifts")), (path, moved)

    for path in ("/", "/customers/", f"/customers/{number}/"):
        page.goto(f"{live_server.url}{path}")
        if path == "/":
            page.locator(".stats:not([hx-get])").wait_for()
        rests(path)
    page.goto(f"{live_server.url}/customers/")
    page.evaluate("htmx.ajax('GET', '/customers/?order=-name', { target: '#results', swap: 'outerHTML' })")
    page.locator("th[aria-sort=descending]").wait_for()
    rests("the list in another order")


def test_letters_that_a_device_may_lack_are_drawn_as_soon_as_they_come() -> None:
    faces = re.findall(r"@font-face *{(.*?)}", (assets.DIST / assets.names()["main.css"]).read_text("utf-8"), re.DOTALL)
    own = [face for face in faces if "Devanagari" in face]
    assert own and all("swap" in face for face in own)
    assert all(face.index("local(") < face.index("url(") for face in own)  # the device's own letters come first
    assert all("optional" in face for face in faces if "Inter" in face)


def test_a_device_without_letters_for_it_gets_all_that_the_screen_says_in_hindi() -> None:
    said = (settings.PACKAGE / "locale/hi/LC_MESSAGES/django.po").read_text("utf-8")
    for sign in {sign for sign in said if "\u0900" <= sign <= "\u097f"}:
        (font,) = fonts_of(sign, device=False)
        assert font.startswith("devanagari"), sign
        assert not fonts_of(sign, device=True), sign


@pytest.mark.parametrize("name", ["Łukasz Woźniak", "Şule Çağlar", "Ștefan Țîrlea", "Łódź, ₹ 20"])
def test_a_name_from_the_rest_of_europe_costs_little(name: str) -> None:
    fonts = fonts_of(name, device=False)
    assert {font.rpartition("-")[0] for font in fonts} == {"inter-latin", "inter-europe"}
    assert sum(map(sent, fonts)) < 50_000
