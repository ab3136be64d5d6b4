"""One form in two tabs, or before two people: what the one changed stays when the other sends an older view."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.forms import HiddenInput
from django.forms.widgets import CheckboxInput

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers.actions import define_field
from regulars.areas.safekeeping.keeping.arrangement import Arrangement, arrangement
from regulars.areas.trade.actions import NewAgreement, Wish, agree, reserve, set_place, set_product
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from regulars.kernel import places

pytestmark = pytest.mark.django_db


def reservation() -> str:
    return f"/purchases/reservations/{reserve(wish=Wish(customer=anna(), text='A lamp'), by=OLGA, at=NOW)[1]}/"


def agreement() -> str:
    told = NewAgreement(kind="pledge", amount=100_000, currency="EUR", every="month", since=date(2026, 1, 1))
    return f"/purchases/agreements/{agree(customer=anna(), told=told, by=OLGA, at=NOW)[1]}/"


def purchase() -> str:
    return f"/purchases/{bought(anna(), 40)}/"


def product() -> str:
    set_product(number="T1", name="Tea", by=OLGA, at=NOW)
    return "/products/T1/"


def place() -> str:
    set_place(code="pier", name="Pier", kind="branch", by=OLGA, at=NOW)
    return "/places/pier/"


def own_field() -> str:
    return f"/settings/fields/{define_field(label='Shoe size', type='text', by=OLGA, at=NOW)}/"


def settings() -> str:
    return "/settings/"


def responsible() -> str:
    return f"/people/{person(role='staff').public}/"


def sent(page: Any, form: Any, **typed: str) -> dict[str, Any]:
    """What a browser sends of this form: what it shows, what was typed, and what it carries unseen."""
    said: dict[str, Any] = {}
    for field in form:
        value, widget = field.value(), field.field.widget
        if value and isinstance(widget, CheckboxInput):
            said[field.html_name] = "on"
        elif not isinstance(widget, CheckboxInput):
            said[field.html_name] = widget.format_value(value) or ""
        if f'name="{field.html_initial_name}"' in page.content.decode():
            said[field.html_initial_name] = (
                value if isinstance(value, tuple) else HiddenInput().format_value(value) or ""
            )
    return said | typed


@pytest.mark.parametrize(
    ("made", "form", "to", "one", "other"),
    [
        (reservation, "form", "change/", {"note": "Blue"}, {"quantity": "3"}),
        (agreement, "correction", "change/", {"what": "Lifeboat"}, {"note": "By post"}),
        (agreement, "correction", "change/", {"note": "By post"}, {"amount": "20 EUR"}),
        (purchase, "correction", "correct/", {"damaged": "on"}, {"note": "By post"}),
        (purchase, "correction", "correct/", {"sent": "2026-03-01"}, {"served_by": "Mette"}),
        (product, "form", "", {"warranty": "24"}, {"name": "Green tea"}),
        (product, "form", "", {"price": "4 EUR"}, {"type": "Drinks"}),
        (place, "form", "", {"territory": "north"}, {"name": "The pier"}),
        (own_field, "form", "", {"purpose": "Shoes that fit."}, {"label": "Size"}),
        (responsible, "theirs", "customers/", {"territories": "north"}, {"representatives": "ST"}),
        (settings, "form", "", {"hours_6": "10:00-12:00"}, {"hours_5": "09:00-13:00"}),
        (settings, "form", "", {"name": "Teehaus", "languages": ["en", "da"]}, {"quiet_after_days": "61"}),
    ],
)
def test_what_one_tab_changed_the_other_leaves(made: Any, form: str, to: str, one: Any, other: Any) -> None:
    browser, address = browser_of("owner"), made()
    tab = browser.get(address)
    for typed in (one, other):
        answer = browser.post(address + to, sent(tab, tab.context[form], **typed))
        assert answer.status_code == 303, answer.context and answer.context[form].errors
    now = sent(tab, browser.get(address).context[form])
    assert {name: now.get(name) for name in one | other} == one | other


def test_who_lost_a_territory_does_not_get_it_back_from_an_older_view() -> None:
    browser, address = browser_of("owner"), responsible()
    browser.post(f"{address}customers/", {"territories": "north, west", "representatives": "ST"})
    tab = browser.get(address)
    for typed in ({"territories": "west"}, {"representatives": "ST, NO"}):
        assert browser.post(f"{address}customers/", sent(tab, tab.context["theirs"], **typed)).status_code == 303
    now = sent(tab, browser.get(address).context["theirs"])
    assert (now["territories"], now["representatives"]) == ("west", "NO, ST")


@pytest.fixture
def arranged_anew() -> Iterator[None]:
    yield
    (places.home() / "safekeeping.json").unlink(missing_ok=True)


@pytest.mark.usefixtures("arranged_anew")
def test_the_second_place_stays_where_another_tab_put_it(tmp_path: Path) -> None:
    browser, address, there = browser_of("owner"), "/safekeeping/arrange/", str(places.folder(tmp_path / "disk"))
    tab = browser.get(address)
    for typed in ({"kind": "folder", "path": there, "never_delete": "on"}, {"budget": "41"}):
        assert browser.post(address, sent(tab, tab.context["form"], **typed)).status_code == 303
    stands = arrangement()
    assert stands.budget == 41 and stands.elsewhere is not None and stands.elsewhere.never_delete
    assert (stands.elsewhere.kind, stands.elsewhere.told["path"]) == ("folder", there)
    tab = browser.get(address)
    assert browser.post(address, sent(tab, tab.context["form"], kind="")).status_code == 303
    assert browser.post(address, sent(tab, tab.context["form"], budget="42")).status_code == 303
    assert arrangement() == Arrangement(42, None)
