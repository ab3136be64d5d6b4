"""A page is light, and nothing on it moves by itself."""

import re

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.interfaces.web import assets
from tests.rig.browser import sign_in
from tests.rig.weight import assets_of

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
def test_the_first_visit_of_every_page_is_light() -> None:
    browser = browser_of()
    number = house_of(50)
    pages = ["/", "/customers/", f"/customers/{number}/", f"/customers/{number}/history/", "/changes/", "/segments/"]
    pages += ["/people/", "/imports/", "/completeness/", "/customers/words/", "/settings/"]
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
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
    assert all("optional" in face for face in faces if "Inter" in face)
