"""The lines of a purchase are put right on a page of their own."""

from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.areas.trade.actions import NewLine, NewPurchase, record_purchase, return_lines, set_product
from regulars.areas.trade.models import Line
from regulars.areas.trade.tests.people import NOW, OLGA, anna

pytestmark = pytest.mark.django_db
LINES = [NewLine(text="Atlas", price=400_000), NewLine(text="Globe", quantity=20_000, price=305_000)]


def sold() -> str:
    new = NewPurchase(LINES, customer=anna())
    return f"/purchases/{record_purchase(purchase=new, by=OLGA, at=NOW).serial}/lines/"


def typed(**changed: str | None) -> dict[str, str]:
    """The page's inputs as they stand, some changed; what is None is not sent."""
    told: dict[str, Any] = {
        "what-1": "Atlas", "quantity-1": "1", "price-1": "40", "amount-1": "40",
        "what-2": "Globe", "quantity-2": "2", "price-2": "30.50", "amount-2": "61", "what-n1": "",
    }  # fmt: skip
    told |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in told.items() if value is not None}


def stands() -> list[tuple[int, str, int, int]]:
    return list(Line.objects.order_by("ordinal").values_list("ordinal", "text", "quantity", "amount"))


def test_the_page_shows_what_stands_and_saving_it_changes_nothing() -> None:
    browser, page = browser_of("staff"), sold()
    html = browser.get(page).content.decode()
    assert all(f'name="{name}" value="{value}"' in html for name, value in typed().items() if value)
    assert "The sum is €101.00." in html
    assert browser.post(page, typed()).status_code == 303
    assert not Changeset.objects.filter(verb="trade.corrected").exists()


def test_lines_are_changed_added_and_struck_and_it_is_taken_back() -> None:
    browser, page = browser_of("staff"), sold()
    before = stands()
    set_product(number="R1", name="Ruler", price=25_000, currency="EUR", by=OLGA, at=NOW)
    told = typed(quantity_2="3", struck_1="on", what_n1="R1", quantity_n1="2", kind_n1="sale")
    looked = browser.post(page, {**told, "then": "look"}, headers={"HX-Request": "true"})
    assert "becomes <strong>€96.50</strong>" in looked.content.decode() and "<form" not in looked.content.decode()
    assert stands() == before
    assert browser.post(page, told).status_code == 303
    assert stands() == [(2, "Globe", 30_000, 915_000), (3, "Ruler", 20_000, 50_000)]
    undo(changeset=Changeset.objects.get(verb="trade.corrected").pk, by=OLGA, at=NOW)
    assert stands() == before


def test_an_older_view_brings_nothing_back_before_somebody_has_seen_it() -> None:
    browser, page = browser_of("staff"), sold()
    first_tab = _seen(browser.get(page))
    assert (
        browser.post(page, typed(quantity_2="3", price_2="30.50", amount_2="91.50", seen=first_tab)).status_code == 303
    )
    older = typed(what_1="Great atlas", seen=first_tab)
    assert _seen(browser.post(page, older | {"then": "more"})) == first_tab
    refused = browser.post(page, older)
    assert refused.status_code == 422 and "Somebody was quicker" in refused.content.decode()
    assert stands()[0][1] == "Atlas" and 'value="Great atlas"' in refused.content.decode()
    assert browser.post(page, older | {"seen": _seen(refused)}).status_code == 303


def _seen(page: Any) -> str:
    return str(page.context["seen"]) * (f'name="seen" value="{page.context["seen"]}"' in page.content.decode())


def test_an_amount_typed_counts_and_a_text_alone_changes_no_amount() -> None:
    browser, page = browser_of("staff"), sold()
    browser.post(page, typed(what_1="World atlas", amount_2="60,50"))
    assert stands() == [(1, "World atlas", 10_000, 400_000), (2, "Globe", 20_000, 605_000)]
    browser.post(page, typed(what_1="Old atlas", amount_2="60.5"))
    assert stands() == [(1, "Old atlas", 10_000, 400_000), (2, "Globe", 20_000, 605_000)]


@pytest.mark.parametrize(
    ("changed", "at", "said"),
    [
        ({"quantity_1": "many"}, "quantity-1", "not a number"),
        ({"quantity_1": "-1"}, "quantity-1", "without a sign"),
        ({"price_1": "", "amount_1": ""}, "price-1", "what it costs"),
        ({"what_n1": "Ruler"}, "price-n1", "what it costs"),
        ({"what_1": ""}, "what-1", "Name the product"),
        ({"what_1": "4111 1111 1111 1111"}, "what-1", "card"),
        ({"struck_2": "on"}, "struck-2", "went back"),
        ({"quantity_2": "0.5"}, "quantity-2", "went back"),
    ],
)
def test_a_slip_is_said_at_its_input(changed: dict[str, str], at: str, said: str) -> None:
    browser, page = browser_of("staff"), sold()
    serial = int(page.split("/")[2])
    return_lines(serial=serial, items=[(2, 10_000)], reason="mind", by=OLGA, at=NOW)
    before = stands()
    refused = browser.post(page, typed(**changed))
    html = refused.content.decode()
    assert refused.status_code == 422 and stands() == before
    assert said in html.split(f'id="{at}-wrong"')[1].split("</ul>")[0]


def test_a_return_is_put_right_within_what_was_sold() -> None:
    browser, page = browser_of("staff"), sold()
    back = return_lines(serial=int(page.split("/")[2]), items=[(2, 10_000)], reason="mind", by=OLGA, at=NOW).serial
    page = f"/purchases/{back}/lines/"
    assert "what-1" not in browser.get(page).content.decode()
    told = {"quantity-1": "2", "price-1": "30.5", "amount-1": "30.5"}
    looked = browser.post(page, {**told, "then": "look"}).content.decode()
    assert "becomes <strong>-€61.00</strong>" in looked
    assert browser.post(page, {**told, "quantity-1": "3"}).status_code == 422
    assert browser.post(page, told).status_code == 303
    assert Line.objects.get(kind="return").amount == -610_000


def test_one_more_line_is_offered_and_a_void_purchase_has_none() -> None:
    browser, page = browser_of("staff"), sold()
    more = browser.post(page, {**typed(what_n1="Ruler"), "then": "more"})
    assert more.status_code == 200 and 'name="what-n2"' in more.content.decode()
    browser.post(page.replace("lines", "void"), {"reason": "a slip"})
    assert browser.get(page).status_code == 422
    assert browser_of("till").get(page).status_code == 403
