"""A page is light, and nothing on it moves by itself."""

import re

import pytest
from django.conf import settings

from regulars.areas.access.models import User
from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.interfaces.web import assets
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


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_first_visit_of_every_page_is_light(language: str) -> None:
    browser = browser_of()
    User.objects.update(language=language)
    number = house_of(50)
    pages = ["/", "/customers/", f"/customers/{number}/", f"/customers/{number}/history/", "/changes/", "/segments/"]
    pages += ["/people/", "/imports/", "/completeness/", "/customers/words/", "/settings/"]
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200 and f'<html lang="{language}"' in answer.content.decode(), path
        loaded = assets_of(answer.content.decode())
        assert {"css", "js", "svg", "woff2"} == {name.rpartition(".")[2] for name in loaded}, path
        assert len(answer.content) + sum(loaded.values()) <= MOST, (path, len(answer.content), loaded)


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
