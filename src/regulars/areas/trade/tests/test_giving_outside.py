"""Receipts for what was given, on screen, on paper and over HTTP."""

from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.house.actions import change_settings
from regulars.areas.trade.actions import give_receipts, void_purchase
from regulars.areas.trade.models import GivingReceipt
from regulars.areas.trade.tests.people import NOW, OLGA, anna
from regulars.areas.trade.tests.test_giving import gave
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
YEAR = "/purchases/donations/2025/"
HOME: dict[str, Any] = {"street": "Norregade 7", "postcode": "8000", "city": "Aarhus", "country": "DK"}


def sheet(page: str) -> str:
    return page.split("<article")[1].split("</article>")[0]


def test_a_receipt_names_house_giver_and_gifts_in_the_givers_language() -> None:
    change_settings(values={"name": "Havnens Boghandel"}, by=OLGA, at=NOW)
    browser, number = browser_of("staff"), anna(language="de-AT", addresses=[HOME])
    gave(number, 7, "Orgel")
    gave(number, 10, "Dach", currency="USD", rate=900_000_000)
    page = browser.get(f"{YEAR}{number}/").content.decode()
    told = sheet(page)
    assert 'lang="de"' in told and all(
        each in told for each in ("Havnens Boghandel", "Anna", "Norregade 7", "8000", "DENMARK", "Orgel", "Dach")
    )
    assert "7,00" in told and "9,00" in told and "16,00" in told and "10,00" in told
    assert "Not given out yet" in page
    edit_customer(number=number, card={"language": "fr"}, by=OLGA, at=NOW)
    assert 'lang="en"' in sheet(browser.get(f"{YEAR}{number}/").content.decode())


def test_it_is_given_out_and_the_page_says_when_and_what_changed_since() -> None:
    browser, number = browser_of("till"), anna()
    serial = gave(number, 7)
    page = f"{YEAR}{number}/"
    assert "A draft" in browser.get(page).content.decode()
    assert browser.post(f"{page}give/").status_code == 303
    row = GivingReceipt.objects.get()
    shown = browser.get(page).content.decode()
    assert f"Number {row.serial}" in sheet(shown) and f"by {row.given_by}" in shown and "/give/" not in shown
    void_purchase(serial=serial, reason="bounced", by=OLGA, at=NOW)
    gave(number, 8)
    shown = browser.get(page).content.decode()
    assert "since then changed" in shown and "€7.00" in shown and "A draft" in sheet(shown) and "/give/" in shown
    assert browser.post(f"{page}give/").status_code == 303 and GivingReceipt.objects.count() == 2
    browser.post(f"{page}give/")
    assert GivingReceipt.objects.count() == 2
    assert "Nothing was given" in browser.get(f"/purchases/donations/2024/{number}/").content.decode()
    assert browser.get(f"/purchases/donations/1/{number}/").status_code == 422
    assert browser.get(f"{YEAR}99/").status_code == 404


def test_all_are_given_out_at_once_and_printed_each_on_a_page() -> None:
    browser, first = browser_of("staff"), anna()
    second = add_customer(card={"given_name": "Otto"}, by=OLGA, at=NOW)
    gave(first, 7)
    gave(second, 9)
    page = browser.get("/purchases/donations/?year=2025").content.decode()
    assert page.index("Otto") < page.index("Anna") and f"{YEAR}receipts/give/" in page
    assert "No receipt is given out yet" in browser.get(f"{YEAR}receipts/").content.decode()
    answer = browser.post(f"{YEAR}receipts/give/")
    assert (answer.status_code, answer["Location"]) == (303, f"{YEAR}receipts/")
    printed = browser.get(f"{YEAR}receipts/").content.decode()
    assert printed.count('class="card handout"') == 2 and "Otto" in printed
    page = browser.get("/purchases/donations/?year=2025").content.decode()
    assert page.count("given out on") == 2 and f"{YEAR}receipts/give/" not in page
    assert browser.get("/purchases/donations/?year=12").status_code == 422
    assert "Nothing was given in 2024" in browser.get("/purchases/donations/?year=2024").content.decode()
    assert browser_of("till").get(f"{YEAR}receipts/").status_code == 403


def test_the_card_leads_to_the_receipt() -> None:
    browser, number = browser_of("staff"), anna()
    gave(number, 7)
    assert "/purchases/donations/20" in browser.get(f"/customers/{number}/").content.decode()


def test_a_program_reads_and_gives_out() -> None:
    staff, first = Program("staff"), anna()
    second = add_customer(card={"given_name": "Otto"}, by=OLGA, at=NOW)
    gave(first, 7, "Organ")
    gave(second, 9)
    page = staff.get("/donations/2025?limit=1")
    (one,), (other,) = page.json(), staff.get(staff.following(page)).json()
    assert [(each["customer"], each["amount"], each["receipt"]) for each in (one, other)] == [
        (second, "9", None), (first, "7", None),
    ]  # fmt: skip
    given = staff.post(f"/customers/{first}/donations/2025/receipt")
    assert given["Changeset"] and given.json()["receipt"]["changed_since"] is False
    assert given.json()["donations"] == [
        {"day": "2025-05-01", "purpose": "Organ", "amount": "7", "currency": "EUR", "worth": "7"}
    ]
    assert "Changeset" not in staff.post(f"/customers/{first}/donations/2025/receipt")
    assert staff.post(f"/customers/{first}/donations/2024/receipt").status_code == 422
    assert (
        staff.get("/donations/12").status_code == 422 and staff.get("/customers/99/donations/2025").status_code == 404
    )
    assert staff.post("/donations/2025/receipts").json()["given_out"] == 1
    assert staff.post("/donations/2025/receipts").json() == {"changeset": None, "given_out": 0}
    assert Program("till").post("/donations/2025/receipts").status_code == 403


def test_what_taking_all_back_would_do_is_told() -> None:
    first = anna()
    gave(first, 7)
    gave(add_customer(card={"given_name": "Otto"}, by=OLGA, at=NOW), 9)
    deed, _count = give_receipts(year=2025, by=OLGA, at=NOW)
    browser = browser_of("owner")
    asked = " ".join(browser.get(f"/changes/{deed}/undo/").content.decode().split())
    assert "<strong>2</strong><span>receipts for donations go again" in asked
    assert browser.post(f"/changes/{deed}/undo/").status_code == 303 and not GivingReceipt.objects.exists()
