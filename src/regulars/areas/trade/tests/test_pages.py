"""Purchases, products and places on screen."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.house.queries import today
from regulars.areas.trade.actions import (
    NewAgreement,
    NewLine,
    NewPurchase,
    agree,
    record_purchase,
    return_lines,
    set_product,
    void_purchase,
)
from regulars.areas.trade.models import Line, Place, Product, Purchase
from regulars.areas.trade.queries import lines_of, purchase_for
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought

pytestmark = pytest.mark.django_db


def test_the_list_and_what_it_is_asked_for() -> None:
    browser, number = browser_of("staff"), anna()
    web, shop = bought(number, 40, ago=3, channel="web"), bought(None, 7, ago=1)
    page = browser.get("/purchases/").content.decode()
    assert "Anna" in page and "€40.00" in page and "unknown" in page
    page = browser.get("/purchases/?channel=web").content.decode()
    assert f"/purchases/{web}/" in page and f"/purchases/{shop}/" not in page
    assert "No purchase fits" in browser.get(f"/purchases/?customer={number}&channel=phone").content.decode()
    assert browser.get("/purchases/?channel=carrier").status_code == 422


def test_the_list_tells_of_deliveries_where_there_are_some() -> None:
    browser, number = browser_of("staff"), anna()
    bought(number, 40, ago=3)
    assert "Days late" not in browser.get("/purchases/").content.decode()
    late = bought(number, 7, promised=date(2026, 1, 1), sent=date(2026, 1, 2), delivered=date(2026, 1, 4), damaged=True)
    overdue = bought(number, 7, promised=today(timezone.now()) - timedelta(days=2))
    page = browser.get("/purchases/").content.decode()
    assert all(told in page for told in ("Promised", "Sent", "Delivered", 'badge warn">damaged'))
    assert len(re.findall(r'data-label="(?:Promised|Delivered)">[^<]*26<', page)) == 3
    assert re.search(r'class="second">Sent [^<]*26<', page)
    assert re.findall(r'data-label="Days late">(\d+)<', page) == ["2", "3"]
    assert "3 days late" in browser.get(f"/purchases/{late}/").content.decode()
    assert "2 days late" in browser.get(f"/purchases/{overdue}/").content.decode()


def test_lines_go_back_on_the_page() -> None:
    browser = browser_of("till")
    serial = bought(anna(), 90, quantity=3)
    page = f"/purchases/{serial}/"
    assert "3 can." in browser.get(page).content.decode()
    refused = browser.post(f"{page}return/", {"line-1": "4", "reason": "defect"})
    assert refused.status_code == 422 and "3 is left" in refused.content.decode()
    assert browser.post(f"{page}return/", {"line-1": "1"}).status_code == 422
    answer = browser.post(f"{page}return/", {"line-1": "1", "reason": "defect"})
    assert Purchase.objects.latest("serial").served_by == person("till").name
    assert answer.status_code == 303 and answer["Location"] != page
    assert lines_of(purchase_for(OLGA, serial))[0].left == 20_000
    went = browser.get(page).content.decode().split('id="returned"')[1].split("</section>")[0]
    assert "Defective" in went and "€30.00" in went and "-" not in went.split("</a>")[1]
    assert "Defective" in browser.get(answer["Location"]).content.decode().split("<aside")[0]


def test_a_purchase_is_corrected_and_made_void() -> None:
    browser, number = browser_of("staff"), anna()
    serial = bought(None, 90)
    page = f"/purchases/{serial}/"
    told = {
        "customer": number,
        "place": "main",
        "channel": "phone",
        "promised": "2026-11-01",
        "delivered": "2026-11-04",
    }
    assert browser.post(f"{page}correct/", told).status_code == 303
    row = purchase_for(OLGA, serial)
    assert (row.customer_id, row.channel, row.late) == (number, "phone", 3)
    assert "3 days late" in browser.get(page).content.decode()
    assert browser.post(f"{page}correct/", {**told, "customer": 99}).status_code in (404, 422)
    assert browser.post(f"{page}void/", {}).status_code == 422
    assert browser.post(f"{page}void/", {"reason": "typed twice"}).status_code == 303
    assert "typed twice" in browser.get(page).content.decode() and not Line.objects.exists()


def test_products_and_places() -> None:
    browser = browser_of("staff")
    told = {"number": "B/1", "name": "Atlas", "type": "Books", "price": "12.50"}
    assert browser.post("/products/", told).status_code == 303
    assert "€12.50" in browser.get("/products/?q=atl").content.decode()
    assert browser.post("/products/B/1/", {"name": "World Atlas", "type": "", "price": ""}).status_code == 303
    row = Product.objects.get()
    assert (row.name, row.type, row.price) == ("World Atlas", None, 125_000)
    assert browser.post("/products/B/1/", {"remove": "yes"}).status_code == 303
    assert browser.post("/products/", {**told, "price": "a lot"}).status_code == 422
    assert browser.post("/places/", {"code": "north", "name": "North", "kind": "branch"}).status_code == 303
    till = {"code": "till 1", "name": "Till 1", "kind": "till", "within": "north"}
    assert browser.post("/places/", till).status_code == 303
    assert "North" in browser.get("/places/till 1/").content.decode()
    assert browser.post("/places/north/", {"remove": "yes"}).status_code == 422
    assert browser.post("/places/", {"code": "south", "name": "South", "kind": "branch"}).status_code == 303
    assert '<option value="south">South</option>' in browser.get("/places/north/").content.decode()
    assert browser.post("/places/north/", {"remove": "yes", "into": "south"}).status_code == 303
    assert Place.objects.get(code="till 1").within == Place.objects.get(code="south") and Place.objects.count() == 2


def test_every_field_has_an_id_of_its_own() -> None:
    browser, number = browser_of("staff"), anna()
    serial = bought(number, 40, number="R-17", source="till")
    pledge = agree(customer=number, told=NewAgreement("pledge", 10_000, purpose="Roof"), by=OLGA, at=NOW)[1]
    for path in (f"/purchases/{serial}/", f"/purchases/agreements/{pledge}/"):
        ids = re.findall(r'\sid="([^"]+)"', browser.get(path).content.decode())
        assert len(ids) == len(set(ids)) > 5, path


def test_a_purchase_with_a_number_of_elsewhere_tells_its_own_too_and_a_return_names_it() -> None:
    browser, number = browser_of("staff"), anna()
    serial = bought(number, 40, number="R-17", source="till")
    back = return_lines(serial=serial, items=[(1, 10_000)], reason="mind", by=OLGA, at=NOW).serial
    assert (
        f'<dt>Serial number</dt><dd class="num">{serial}</dd>' in browser.get(f"/purchases/{serial}/").content.decode()
    )
    page = browser.get(f"/purchases/{back}/").content.decode()
    assert "of purchase R-17" in page and "Serial number" not in page


def test_the_till_offers_what_was_sold_and_not_what_came_back() -> None:
    browser, number = browser_of("staff"), anna()
    first, second = bought(number, 40, ago=3, text="Atlas"), bought(number, 9, ago=2, text="Globe")
    back = return_lines(serial=second, items=[(1, 10_000)], reason="mind", by=OLGA, at=NOW).serial
    void_purchase(serial=bought(number, 5, ago=1, text="Pen"), reason="typed twice", by=OLGA, at=NOW)
    till = browser.get(f"/till/?customer={number}").content.decode()
    assert f"/purchases/{first}/?back=till#back" in till and "Atlas" in till and "Pen" not in till
    assert f"/purchases/{second}/?back=till#back" not in till and "all of it came back" in till
    assert f"/purchases/{back}/" not in till
    card = browser.get(f"/customers/{number}/").content.decode()
    assert card.count('<span class="badge warn">return</span>') == 1


def test_products_without_a_name_come_last() -> None:
    browser = browser_of("staff")
    for number, name in (("A0", ""), ("B1", "Globe"), ("B2", "Atlas")):
        set_product(number=number, name=name, by=OLGA, at=NOW)
    page = browser.get("/products/").content.decode()
    assert page.index(">B2<") < page.index(">B1<") < page.index(">A0<")
    assert ">A0<" in browser.get("/products/?q=A").content.decode()


def test_prices_stand_as_one_types_them_in_ones_language() -> None:
    browser = browser_of(person("staff", language="de"))
    set_product(number="B1", name="Atlas", price=12_345_000, by=OLGA, at=NOW)
    serial = record_purchase(
        purchase=NewPurchase([NewLine("B1", quantity=15_000)], customer=anna()), by=OLGA, at=NOW
    ).serial
    page = browser.get("/products/B1/").content.decode()
    lines = browser.get(f"/purchases/{serial}/lines/").content.decode()
    assert 'value="1234,50 EUR"' in page and 'value="1,5"' in lines and 'value="1234,50"' in lines
    assert browser.post("/products/B1/", {"name": "Atlas", "type": "", "price": "1234,50 EUR"}).status_code == 303
    assert Product.objects.get().price == 12_345_000


def test_the_card_says_what_it_comes_to() -> None:
    browser, number = browser_of("staff"), anna()
    assert "block-bought" not in browser.get(f"/customers/{number}/").content.decode()
    bought(number, 40, ago=10)
    bought(number, 60, ago=0)
    page = browser.get(f"/customers/{number}/").content.decode()
    assert "€100.00" in page and "one every 10 days" in page and "badge gold" in page
    assert "badge gold" in browser.get("/customers/").content.decode()


def test_who_served_is_chosen_from_those_who_may() -> None:
    person("till", name="Tilda Till")
    person("auditor", name="Aud Itor")
    serial = bought(anna(), 40)
    page = browser_of("staff").get(f"/purchases/{serial}/").content.decode()
    assert '<option value="Tilda Till">' in page and "Aud Itor" not in page


def test_days_stay_what_they_are_in_every_language() -> None:
    person("staff", language="de")
    browser = browser_of("staff")
    serial = bought(anna(), 40, promised=date(2026, 1, 2), delivered=date(2026, 1, 4))
    page = browser.get(f"/purchases/{serial}/").content.decode()
    shown = dict(re.findall(r'<input type="date" name="(\w+)" value="([^"]+)"', page))
    assert shown == {"promised": "2026-01-02", "delivered": "2026-01-04"}
    told = {"place": "main", "channel": "web", **shown}
    assert browser.post(f"/purchases/{serial}/correct/", told).status_code == 303
    row = purchase_for(OLGA, serial)
    assert (row.channel, row.promised, row.delivered) == ("web", date(2026, 1, 2), date(2026, 1, 4))


def test_every_list_of_the_room_stands_under_purchases_and_leads_to_the_others() -> None:
    staff, reader = browser_of("staff"), browser_of("reader")
    own = [f"/purchases/{name}" for name in ("", "deliveries/", "reservations/", "agreements/", "donations/")]
    for path in (*own, "/products/", "/places/"):
        shown = staff.get(path).content.decode()
        assert f'<a href="{path}" aria-current="page">' in shown, path
        assert 'href="/purchases/" aria-current="page"' in shown and 'href="/places/"' in shown
    assert 'href="/purchases/reservations/"' in (told := reader.get("/purchases/").content.decode())
    assert 'href="/products/"' not in told
