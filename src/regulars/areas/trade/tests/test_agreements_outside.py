"""Subscriptions and pledges on screen and over HTTP."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.house.queries import today
from regulars.areas.trade.actions import set_product
from regulars.areas.trade.models import Agreement
from regulars.areas.trade.tests.people import NOW, OLGA, anna
from regulars.areas.trade.tests.test_agreements import gave, pledged
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
LIST = "/purchases/agreements/"


def typed(**more: Any) -> dict[str, Any]:
    return {"kind": "pledge", "what": "Roof", "amount": "12.50", "every": "month", "since": "2026-01-31"} | more


def test_the_same_a_second_time_is_asked_about_first() -> None:
    browser, told = browser_of("staff"), typed(customer=anna())
    assert browser.post(f"{LIST}new/", told).status_code == 303
    asked = browser.post(f"{LIST}new/", told)
    (row,) = Agreement.objects.all()
    assert asked.status_code == 422 and f"Agreement {row.serial} says the same" in asked.content.decode()
    for other in ({"what": "Bells"}, {"amount": "13"}, {"until": "2027-01-31"}, {"second": "on"}):
        assert browser.post(f"{LIST}new/", told | other).status_code == 303
    assert Agreement.objects.count() == 5


def test_one_is_taken_down_from_the_card_and_stands_on_it() -> None:
    browser, number = browser_of("staff"), anna()
    card = f"/customers/{number}/"
    page = browser.get(card).content.decode()
    assert "block-agreed" not in page and f"{LIST}new/?customer={number}" in page
    assert "Anna" in browser.get(f"{LIST}new/?customer={number}").content.decode()
    answer = browser.post(f"{LIST}new/", typed(customer=number))
    row = Agreement.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{LIST}{row.serial}/")
    assert (row.kind, row.purpose, row.amount, row.currency, row.since) == (
        "pledge", "Roof", 125_000, "EUR", date(2026, 1, 31),
    )  # fmt: skip
    block = browser.get(card).content.decode().split('id="block-agreed"')[1].split("</section>")[0]
    assert "Roof" in block and "behind" in block and f"{LIST}{row.serial}/" in block


def test_a_subscription_knows_a_product_by_its_number() -> None:
    browser, number = browser_of("staff"), anna()
    set_product(number="M1", name="Magazine", by=OLGA, at=NOW)
    browser.post(f"{LIST}new/", typed(customer=number, kind="subscription", what="M1", amount="5 USD"))
    browser.post(f"{LIST}new/", typed(customer=number, kind="subscription", what="Coffee box"))
    first, second = Agreement.objects.order_by("serial")
    assert (first.product and first.product.number, first.purpose, first.currency) == ("M1", "", "USD")
    assert (second.product, second.purpose) == (None, "Coffee box")
    page = browser.get(f"{LIST}{first.serial}/").content.decode()
    assert 'value="M1"' in page and "product=M1" in page and 'value="5 USD"' in page


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "a lot"}, {"amount": "0"}, {"since": ""}, {"since": "2026-02-01", "until": "2026-01-01"},
     {"since": "9999-12-31"}, {"until": "9999-12-31"},
     {"kind": "subscription", "what": ""}, {"customer": "99"}, {"every": "week"}],
)  # fmt: skip
def test_what_will_not_do_is_said_beside_its_field(wrong: dict[str, str]) -> None:
    browser, number = browser_of("staff"), anna()
    answer = browser.post(f"{LIST}new/", typed(customer=number) | wrong)
    assert answer.status_code in (404, 422) and not Agreement.objects.exists()
    assert answer.status_code == 404 or b"errorlist" in answer.content


def test_it_is_changed_and_ended_on_its_page() -> None:
    browser, number = browser_of("staff"), anna()
    serial = pledged(number)
    page = f"{LIST}{serial}/"
    told = typed(what="New roof", every="year")
    assert browser.post(f"{page}change/", told).status_code == 303
    assert (Agreement.objects.get().purpose, Agreement.objects.get().every) == ("New roof", "year")
    assert browser.post(f"{page}change/", typed(amount="nothing")).status_code == 422
    assert browser.post(f"{page}end/", {"until": "2026-03-01"}).status_code == 422
    assert browser.post(f"{page}end/", {"until": "2020-03-01", "why": "moved"}).status_code == 422
    assert browser.post(f"{page}end/", {"until": "2026-03-01", "why": "moved"}).status_code == 303
    shown = browser.get(page).content.decode()
    assert "moved" in shown and "ended" in shown and "/end/" not in shown
    reader = browser_of("reader").get(page).content.decode()
    assert "New roof" in reader and "/change/" not in reader


def test_the_list_and_what_it_is_narrowed_to() -> None:
    browser, number = browser_of("staff"), anna()
    behind, paid = pledged(number, every="once"), pledged(number, every="once", purpose="Organ")
    gave(number, 10, "Organ")
    page = browser.get(LIST).content.decode()
    assert all(f"{LIST}{serial}/" in page for serial in (behind, paid)) and "Anna" in page
    page = browser.get(f"{LIST}?behind=on").content.decode()
    assert f"{LIST}{behind}/" in page and f"{LIST}{paid}/" not in page
    assert "Nothing fits" in browser.get(f"{LIST}?kind=subscription").content.decode()
    assert browser.get(f"{LIST}?kind=gift").status_code == 422


def test_days_and_amounts_stand_as_one_types_them_in_ones_language() -> None:
    person("staff", language="de")
    browser, number = browser_of("staff"), anna()
    serial = pledged(number)
    Agreement.objects.update(amount=125_000)
    page = browser.get(f"{LIST}{serial}/").content.decode()
    shown = dict(re.findall(r'<input type="date" name="(\w+)" value="([^"]+)"', page))
    assert 'value="12,50 EUR"' in page and shown["since"] == Agreement.objects.get().since.isoformat()
    assert browser.post(f"{LIST}{serial}/change/", typed(amount="13,75", **shown)).status_code == 303
    assert Agreement.objects.get().amount == 137_500


def test_a_program_takes_down_changes_and_ends() -> None:
    staff, number = Program("staff"), anna()
    set_product(number="M1", name="Magazine", by=OLGA, at=NOW)
    day = today(timezone.now())
    told = {"customer": number, "kind": "subscription", "product": "M1", "amount": "9.90", "every": "quarter"}
    made = staff.post("/agreements", told)
    assert made.status_code == 201 and made["Changeset"]
    shown = made.json()
    assert made["Location"].endswith(f"/agreements/{shown['serial']}") and shown["since"] == day.isoformat()
    assert (shown["product"], shown["amount"], shown["due"], shown["behind"]) == ("M1", "9.9", "9.9", "9.9")
    path = f"/agreements/{shown['serial']}"
    changed = staff.patch(path, {"amount": 12, "until": str(day + timedelta(days=400)), "note": "by mail"})
    assert (changed.json()["amount"], changed.json()["product"]) == ("12", "M1")
    assert "Changeset" not in staff.patch(path, {"amount": "12.0"})
    assert staff.patch(path, {"until": None}).json()["until"] is None
    ended = staff.post(f"{path}/end", {"until": str(day), "why": "moved"})
    assert (ended.json()["until"], ended.json()["why"], ended.json()["next"]) == (str(day), "moved", None)
    assert staff.get(path).json() == ended.json() and staff.get("/agreements/99").status_code == 404
    assert Program("owner").post(f"/changesets/{ended['Changeset']}/undo", {}).status_code == 200
    assert staff.get(path).json()["until"] is None


def test_a_program_lists_page_by_page() -> None:
    staff, number = Program("staff"), anna()
    serials = [pledged(number, every="once") for _each in range(3)]
    gave(number, 10)
    first = staff.get("/agreements?limit=2")
    assert [each["serial"] for each in first.json()] == serials[:0:-1]
    assert [each["serial"] for each in staff.get(staff.following(first)).json()] == serials[:1]
    assert [each["serial"] for each in staff.get("/agreements?behind=true").json()] == serials[:0:-1]
    assert staff.get(f"/agreements?customer={number}&kind=subscription").json() == []


@pytest.mark.parametrize(
    ("told", "where"),
    [({"amount": "much"}, "amount"), ({"amount": 0}, "amount"), ({"since": "soon"}, "since"),
     ({"until": "2020-01-01"}, "until"), ({"product": "M9"}, "product"), ({"currency": "nope"}, "currency")],
)  # fmt: skip
def test_what_a_program_sends_wrongly_is_named(told: dict[str, Any], where: str) -> None:
    staff, number = Program("staff"), anna()
    body = {"customer": number, "kind": "subscription", "purpose": "Box", "amount": 5} | told
    refused = staff.post("/agreements", body)
    assert (refused.status_code, refused.json()["where"]) == (422, where)
    assert staff.post("/agreements", body | {"customer": 99}).status_code in (404, 422)
