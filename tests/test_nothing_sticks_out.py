"""Real pages with long words and hardly any words, in a real browser: nothing leaves its card, no column is empty."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from regulars.areas.access.door import sessions
from regulars.areas.access.tests.people import person
from regulars.areas.customers.actions import add_customer, add_file, edit_customer, give_standing
from regulars.areas.customers.tests.people import NOW, OLGA

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsversammlung"
MAIL = "maximiliane.freifrau-von-und-zu-lichtenstein.hohenheim@kundenbetreuung.versandbuchhandel.example.org"
# what reaches over the edge of the surface it lies on, unless something around it scrolls
STICKS_OUT = """() => [...document.querySelectorAll('.card, .dialog, .page-head, .dossier-head')].flatMap(card =>
  [...card.querySelectorAll('*')].filter(each => {
    const inner = each.getBoundingClientRect(), outer = card.getBoundingClientRect();
    for (let up = each.parentElement; up && up !== card; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return false;
    return inner.width && getComputedStyle(each).position === 'static' && inner.right > outer.right + 1;
  }).map(each => each.outerHTML.slice(0, 120)))"""

TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll('*')]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 200))"""


@pytest.fixture
def long_card() -> int:
    other = add_customer(card={"given_name": LONG, "family_name": LONG}, by=OLGA, at=NOW)
    number = add_customer(
        card={
            "given_name": LONG, "called_name": LONG, "greeting": LONG, "occupation": LONG, "referred_by": other,
            "source": LONG, "emails": [{"value": MAIL, "label": LONG[:60]}, "a@example.org"],
            "phones": [{"value": "030 901820", "label": LONG[:60]}], "tags": [LONG, "VIP"],
            "addresses": [{"street": LONG, "city": LONG, "label": LONG[:60]}],
            "notes": [{"text": LONG * 3}], "references": [{"source": LONG, "value": LONG}],
            "works_at": [{"organisation": LONG * 2, "job_title": LONG, "department": LONG}],
            "households": [{"name": LONG, "role": LONG[:40]}], "relations": [{"number": other, "kind": "partner"}],
            "identity_numbers": [{"value": "36574261809", "kind": "idnr"}],
            "bank_accounts": [{"iban": "DE89370400440532013000"}],
        },
        by=OLGA,
        at=NOW,
    )  # fmt: skip
    give_standing(number=number, kind="deceased", by=OLGA, at=NOW, reason=LONG * 3)
    edit_customer(number=number, card={"occupation": LONG[::-1]}, by=OLGA, at=NOW)
    add_file(number=number, name=f"{LONG}.txt", content=BytesIO(b"a text").read(), by=OLGA, at=NOW)
    return number


@pytest.fixture
def opened(live_server: Any, page: Any) -> Callable[[str], Any]:
    _session, value = sessions.begin(person("owner", language="de"), at=timezone.now(), browser="test")
    port = live_server.url.rpartition(":")[2]
    page.context.add_cookies([{"name": f"session_{port}", "value": value, "url": live_server.url}])
    page.set_default_timeout(10_000)

    def open_page(path: str) -> Any:
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page


@pytest.mark.parametrize("width", [1440, 390])
def test_long_words_stay_on_their_card(opened: Callable[[str], Any], long_card: int, width: int) -> None:
    paths = (
        f"/customers/{long_card}/",
        f"/customers/{long_card}/history/",
        f"/customers/{long_card}/consent/",
        f"/customers/{long_card}/files/",
        "/changes/",
        "/customers/?columns=name,email,phone,street,tag,note",
    )
    for path in paths:
        page = opened(path)
        page.set_viewport_size({"width": width, "height": 900})
        assert not (found := page.evaluate(STICKS_OUT)), (path, found)
        assert not (found := page.evaluate(TOO_WIDE)), (path, found)


@pytest.mark.parametrize("width", [1440, 360])
def test_conditions_and_deeds_stay_on_their_card(opened: Callable[[str], Any], long_card: int, width: int) -> None:
    asked = urlencode({"criteria": 'gender = female and (city = "Berlin" or tag "VIP")'})
    for path in ("/customers/builder/", "/customers/many/", "/customers/why/", "/customers/columns/"):
        page = opened(f"{path}?{asked}&all=yes&number={long_card}")
        page.set_viewport_size({"width": width, "height": 900})
        assert not (found := page.evaluate(STICKS_OUT)), (path, found)
        assert not (found := page.evaluate(TOO_WIDE)), (path, found)
        card, title = page.locator(".card").first.bounding_box(), page.locator(".card :is(h2, select)").first
        assert title.bounding_box()["x"] >= card["x"] + 8, path


def test_a_card_of_which_nothing_is_known_begins_at_the_left(opened: Callable[[str], Any]) -> None:
    number = add_customer(card={"kind": "organisation", "organisation_name": "Teehaus"}, by=OLGA, at=NOW)
    page = opened(f"/customers/{number}/")
    assert page.locator("#allowed").bounding_box()["x"] == page.locator("#head").bounding_box()["x"]
    page.locator("#adding a.chip").first.click()  # what is added stands there again
    form = page.locator(".part-form")
    form.wait_for()
    assert form.bounding_box()["x"] < page.locator("#latest").bounding_box()["x"]


def test_conditions_stay_within_a_phone(opened: Callable[[str], Any]) -> None:
    page = opened("/customers/builder/")
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("button[value='add:']").click()
    page.locator("#q-0-fact").select_option("birthday")
    page.locator("#q-0 select").nth(2).wait_for()  # the operator's own
    assert not (found := page.evaluate(TOO_WIDE)), found


def test_who_may_what_names_on_a_phone_those_who_may(opened: Callable[[str], Any]) -> None:
    page = opened("/who-may-what/")
    page.set_viewport_size({"width": 390, "height": 844})
    row = page.locator("table.rights tbody tr", has_text="Sicherungen")
    assert [cell.get_attribute("data-label") for cell in row.locator("td").all() if cell.is_visible()] == [
        "Geschäftsleitung"
    ]
    page.goto(f"{page.url.removesuffix('who-may-what/')}customers/")
    assert not page.get_by_role("group").filter(has_text="Sortieren").count()  # an empty list has nothing to sort
