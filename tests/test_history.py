"""A card's history speaks of other customers by their names of today, as far as whoever reads may know them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import (
    add_customer,
    archive_customer,
    define_field,
    delete_customer,
    edit_customer,
    give_standing,
    unmask,
)
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.journal.actions import long_deed, undo
from regulars.areas.journal.queries import changes, history_of, timeline_of
from regulars.areas.matching.actions import merge_customers
from regulars.areas.trade.actions import Book, NewLine, NewPurchase, record_many, record_purchase
from regulars.kernel.models import Job
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return " ".join(response.content.decode().split())


def latest() -> int:
    return changes(verb="customers", limit=1)[0].changeset


@pytest.fixture
def friend() -> int:
    return add_customer(card={"given_name": "Sören", "family_name": "Kierk"}, by=OLGA, at=NOW)


@pytest.fixture
def ben(friend: int) -> int:
    """Ben works at the Teehaus, lives with the Bergs, is Sören's partner and was sent by him."""
    number = add_customer(card={"given_name": "Ben"}, by=OLGA, at=NOW)
    card = {
        "works_at": ["Teehaus GmbH"], "households": ["Familie Berg"], "referred_by": friend,
        "relations": [{"number": friend, "kind": "partner"}],
    }  # fmt: skip
    edit_customer(number=number, card=card, by=OLGA, at=NOW)
    return number


def works_at(number: int) -> int:
    return int(Program().get(f"/customers/{number}").json()["works_at"][0]["number"])


def test_others_are_named(ben: int, friend: int) -> None:
    page = html(browser_of().get(f"/customers/{ben}/history/"))
    for label, name in (
        ("Works at", "Teehaus GmbH"), ("Household", "Familie Berg"), ("Related to", "Sören Kierk"),
        ("Referred by", "Sören Kierk"),
    ):  # fmt: skip
        assert f"<dt>{label}</dt><dd><ins>{name}</ins>" in page
    assert f"<ins>{friend}</ins>" not in page and f"<ins>{works_at(ben)}</ins>" not in page
    assert "Teehaus GmbH" in html(browser_of().get(f"/changes/{latest()}/"))


def test_the_name_is_todays(ben: int) -> None:
    edit_customer(number=works_at(ben), card={"organisation_name": "Kaffeehaus"}, by=OLGA, at=NOW)
    page = html(browser_of().get(f"/customers/{ben}/history/"))
    assert "<ins>Kaffeehaus</ins>" in page and "Teehaus" not in page


def test_what_is_taken_off_is_named_too(ben: int) -> None:
    card = Program().get(f"/customers/{ben}").json()
    gone = {name: [{"key": card[name][0]["key"], "remove": True}] for name in ("works_at", "households")}
    edit_customer(number=ben, card=gone, by=OLGA, at=NOW)
    page = html(browser_of().get(f"/changes/{latest()}/"))
    assert "<del>Teehaus GmbH</del>" in page and "<del>Familie Berg</del>" in page


def test_programs_get_names_where_the_fact_is_one_and_numbers_where_it_is_a_number(ben: int, friend: int) -> None:
    told = {each["field"]: each["to"] for each in Program().get(f"/customers/{ben}/history").json()[0]["fields"]}
    assert told["works_at.organisation_name"] == "Teehaus GmbH" and told["household"] == "Familie Berg"
    assert told["referred_by"] == friend and told["relation.number"] == friend


def test_decimals_and_amounts_are_told_as_the_card_has_them() -> None:
    define_field(label="Credit limit", type="money", by=OLGA, at=NOW)
    define_field(label="Shoe size", type="decimal", by=OLGA, at=NOW)
    number = anna(custom={"credit_limit": "1500 EUR", "shoe_size": "42.5"})
    edit_customer(number=number, card={"custom": {"credit_limit": "1500 USD"}}, by=OLGA, at=NOW)
    edited, added = Program().get(f"/customers/{number}/history").json()
    assert edited["fields"] == [{"field": "custom.credit_limit", "from": "1500 EUR", "to": "1500 USD"}]
    assert {"field": "custom.shoe_size", "from": None, "to": "42.5"} in added["fields"]
    page = html(browser_of().get(f"/customers/{number}/history/"))
    assert "<dt>Credit limit</dt><dd><del>€1,500.00</del> <ins>$1,500.00</ins>" in page and "<ins>42.5</ins>" in page


def test_who_may_know_of_no_customer_hears_no_name(ben: int) -> None:
    employer = works_at(ben)
    auditor = Program("owner", "journal.view")
    told = {each["field"]: each["to"] for each in auditor.get(f"/changesets/{latest()}").json()["fields"]}
    assert told["works_at.organisation_name"] == str(employer) and told["household"] == "•••"


def test_later_edits_are_named_and_hide_what_is_hidden() -> None:
    define_field(label="Credit limit", type="money", protection="masked", by=OLGA, at=NOW)
    number = anna()
    added = latest()
    card = {"works_at": ["Teehaus GmbH"], "custom": {"credit_limit": "1500 EUR"}}
    edit_customer(number=number, card=card, by=OLGA, at=NOW)
    page = html(browser_of().get(f"/changes/{added}/undo/"))
    assert "<dt>Works at</dt>" in page and "Teehaus GmbH" in page
    assert "<dt>Credit limit</dt>" in page and "1500" not in page.replace(",", "")
    kept = Program().post(f"/changesets/{added}/undo").json()["kept"]
    (limit,) = [each for each in kept if each["field"] == "custom.credit_limit"]
    assert (limit["then"], limit["back"], limit["now"], limit["by"]) == (None, None, "•••", "Olga")
    assert "Teehaus GmbH" in [each["now"] for each in kept]


def test_why_somebody_looked_and_why_a_card_is_marked_is_told() -> None:
    number = anna(bank_accounts=[{"iban": "DE89 3704 0044 0532 0130 00"}])
    unmask(number=number, fact="iban", by=OLGA, at=NOW, reason="refund of order 7")
    give_standing(number=number, kind="deceased", by=OLGA, at=NOW, reason="her daughter called")
    browser = browser_of()
    page = html(browser.get(f"/customers/{number}/history/"))
    assert "<dt>Reason</dt><dd><ins>refund of order 7</ins>" in page
    assert "<dt>Deceased</dt><dd><ins>Yes</ins>" in page
    assert "<dt>Reason</dt><dd><ins>her daughter called</ins>" in page
    assert "her daughter called" in html(browser.get(f"/customers/{number}/"))
    assert Program().get(f"/customers/{number}").json()["standing_reasons"] == {"deceased": "her daughter called"}


def test_a_deed_taken_back_says_what_it_was_and_where() -> None:
    number = anna()
    undo(changeset=archive_customer(number=number, by=OLGA, at=NOW), by=OLGA, at=NOW)
    page = html(browser_of().get("/changes/"))
    assert f": archived card {number}" in page
    assert page.count(f'href="/customers/{number}/"') == 3  # added, archived, taken back


def test_a_card_that_is_gone_leads_to_the_deed_that_took_it_away() -> None:
    number = anna()
    gone = delete_customer(number=number, by=OLGA, at=NOW)
    response = browser_of().get(f"/customers/{number}/")
    assert response.status_code == 404
    assert f"deleted card {number}" in html(response) and f"/changes/{gone}/undo/" in html(response)
    assert f'href="/customers/{number}/"' not in html(browser_of().get("/changes/?verb=customers.deleted"))
    staff = html(browser_of("staff").get(f"/customers/{number}/"))
    assert "deleted" not in staff and f"no customer {number}" in staff


def brought_much(purchases: int, lines: int) -> int:
    """The number of a customer to whom one list brought so many purchases, each in a transaction of its own."""
    number = anna()
    work = long_deed(verb="trade.recorded_many", by=OLGA, at=NOW, particulars={"purchases": purchases})
    for one in range(purchases):
        goods = [NewLine(text=f"Book {one}-{line}", amount=10_000) for line in range(lines)]
        with work.transaction(by=OLGA, at=NOW) as link:
            record_many(link, Book(by=OLGA, at=NOW), [NewPurchase(goods, number=f"R{number}-{one}", customer=number)])
    work.close(by=OLGA, at=NOW, particulars={})
    return number


def test_of_a_deed_that_changed_much_the_card_shows_the_first_values() -> None:
    number, browser = brought_much(purchases=7, lines=40), browser_of()
    deed = timeline_of(number, by=OLGA)[0][0]
    assert deed.more and len(deed.fields) == 100 and deed.fields[0].now is not None
    whole = history_of(number, by=OLGA)[0]
    assert not whole.more and sum(str(each.now).startswith("Book ") for each in whole.fields) == 280
    assert whole.fields[:100] == deed.fields
    page = browser.get(f"/customers/{number}/history/").content.decode()
    assert "and much more" in page and f'href="/changes/{deed.changeset}/?customer={number}"' in page
    assert "Book 6-39" not in page
    assert deed.customers == 1  # however many transactions it took
    few = timeline_of(brought_much(purchases=5, lines=1), by=OLGA)[0][0]
    assert not few.more


def test_rows_of_several_values_stand_apart_and_tags_together() -> None:
    number, browser = brought_much(purchases=1, lines=2), browser_of()
    bought = timeline_of(number, by=OLGA)[0][0].changeset
    page = html(browser.get(f"/changes/{bought}/"))
    assert page.count('class="apart"') == 2  # the purchase, and each of its lines
    edit_customer(number=number, card={"tags": ["tea", "cups", "spoons"]}, by=OLGA, at=NOW)
    tagged = html(browser.get(f"/changes/{latest()}/"))
    assert tagged.count("<dt>Tag</dt>") == 3 and "apart" not in tagged


def test_each_value_of_a_purchase_that_unmerging_asks_about_has_its_name() -> None:
    keep, absorb = anna(), anna()
    merged = merge_customers(keep=keep, absorb=absorb, by=OLGA, at=NOW).changeset
    gift = NewLine(text="Lifeboat", amount=400_000, kind="donation")
    record_purchase(purchase=NewPurchase([gift], customer=keep, at=NOW), by=OLGA, at=NOW)
    page = html(browser_of().get(f"/merges/{merged}/"))
    asked = re.findall(r"<legend>(.*?)</legend>", page)
    assert "Kind: Donation · Text: Lifeboat · Amount: 40" in asked, asked


def test_a_deed_that_changed_much_asks_the_database_no_more() -> None:
    counts = []
    for lines in (1, 60):
        number = brought_much(purchases=1, lines=lines)
        timeline_of(number, by=OLGA)  # what a process asks once
        with CaptureQueriesContext(connection) as asked:
            history_of(number, by=OLGA)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_deed_of_many_transactions_is_taken_back_in_the_background() -> None:
    number, browser = brought_much(purchases=31, lines=1), browser_of()
    deed = timeline_of(number, by=OLGA)[0][0].changeset
    undo_it = reverse("undo", args=[deed])
    assert f'href="{undo_it}"' in html(browser.get(f"/changes/{deed}/"))
    assert browser.post(undo_it, {"later": "keep"}).status_code == 303
    page = html(browser.get(f"/changes/{deed}/"))
    assert "It is being taken back" in page and f'href="{undo_it}"' not in page and "Undone by" not in page
    assert "HX-Refresh" not in browser.get(f"/changes/{deed}/", headers={"HX-Target": "taking-back"}).headers
    undo(changeset=deed, by=OLGA, at=NOW)
    Job.objects.update(state=Job.DONE, key=None)
    assert "HX-Refresh" in browser.get(f"/changes/{deed}/", headers={"HX-Target": "taking-back"}).headers
    assert "Undone by" in html(browser.get(f"/changes/{deed}/"))


def test_a_card_without_a_name_is_called_by_its_number_once() -> None:
    number = add_customer(card={"references": [{"source": "list", "value": "17850"}]}, by=OLGA, at=NOW)
    page = html(browser_of().get(f"/changes/{latest()}/"))
    assert f"Card {number}</a>" in page and f"{number} <span" not in page
    card = html(browser_of().get(f"/customers/{number}/"))
    assert "Without a name" in card and ">·</span>" in card and ">WN<" not in card
