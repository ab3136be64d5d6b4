"""Lists of purchases: what a row becomes, what is given back, who is made on the way, what a second time changes."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models import Sum

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.models import Customer, Proposal
from regulars.areas.intake import actions, queries
from regulars.areas.intake.tests.lists import NOON, OLGA, handed_over, in_this_process
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions.reserving import Wish, reserve
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line, Product, Purchase, Reservation, Rollup

pytestmark = pytest.mark.django_db
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
HEARTS = "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"
LANTERN = "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom"
BACK = "C536379,85123A,WHITE HEART,-2,2010-12-03 09:41:00,2.55,17850.0,United Kingdom"
NOBODYS = "536370,22728,CLOCK,1,2010-12-01 08:45:00,3.75,,France"


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def bought(*lines: str, **options: Any) -> dict[str, Any]:
    content = "\n".join(lines).encode() + b"\n"
    token = handed_over(content, **{"as": "purchases", "country": "GB", **options})
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    told = queries.result(queries.intake_for(OLGA, token))
    assert told["rows"] == told["created"] + told["updated"] + told["unchanged"] + len(told["rejected"]), told
    return told


def some(told: dict[str, Any], *names: str) -> tuple[int, ...]:
    return tuple(told[name] for name in names)


def test_lines_of_a_number_are_one_purchase_and_equal_rows_are_lines_of_their_own() -> None:
    told = bought(HEAD, HEARTS, LANTERN, LANTERN)
    assert some(told, "created", "purchases", "lines", "customers_created", "without_customer") == (3, 1, 3, 1, 0)
    purchase = Purchase.objects.get()
    assert (purchase.number, purchase.source, purchase.at.isoformat()) == (
        "536365",
        "list",
        "2010-12-01T07:26:00+00:00",
    )
    assert list(Line.objects.order_by("ordinal").values_list("ordinal", "quantity", "price", "amount")) == [
        (1, 60_000, 25_500, 153_000), (2, 60_000, 33_900, 203_400), (3, 60_000, 33_900, 203_400),
    ]  # fmt: skip
    assert set(Product.objects.values_list("number", "name")) == {("85123A", "WHITE HEART"), ("71053", "LANTERN")}


def test_products_get_the_types_that_lines_tell() -> None:
    bought(HEAD, HEARTS, LANTERN)
    bought(
        f"{HEAD},Category",
        f"{HEARTS.replace('536365', '7')},Decoration",
        "7,NEW,BOWL,1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom,Decoration",
    )
    types = {"85123A": "Decoration", "71053": None, "NEW": "Decoration"}
    assert dict(Product.objects.values_list("number", "type__name")) == types and astray() == []


def test_a_cancellation_gives_back_what_the_same_customer_bought_before() -> None:
    told = bought(HEAD, BACK, HEARTS, LANTERN)
    assert some(told, "purchases", "cancellations", "returns", "unmatched") == (1, 1, 1, 0)
    back = Line.objects.get(kind="return")
    assert (back.quantity, back.amount) == (-20_000, -51_000)
    assert back.returns == Line.objects.get(kind="sale", product__number="85123A")


@pytest.mark.parametrize(
    "row",
    [
        BACK.replace("-2", "-7"),  # more than was bought
        BACK.replace("85123A", "99999"),  # another product
        BACK.replace("17850", "17851"),  # another customer
        BACK.replace("2010-12-03", "2010-11-03"),  # before it was bought
        BACK.replace("17850.0", ""),  # nobody's
    ],
)
def test_a_cancellation_that_fits_nothing_stands_alone_and_is_counted(row: str) -> None:
    told, again = (bought(HEAD, HEARTS, row) for _again in range(2))
    assert some(told, "returns", "unmatched") == (1, 1) == some(again, "returns", "unmatched")
    assert (told["created"], again["unchanged"]) == (2, 2)
    assert Line.objects.get(kind="return").returns is None


def test_what_is_left_of_a_line_is_given_back_once() -> None:
    told = bought(HEAD, HEARTS, BACK.replace("-2", "-5"), BACK.replace("C536379", "C536380"))
    assert some(told, "returns", "unmatched") == (2, 1)


def test_rows_without_a_customer_and_of_the_price_nought_come_in_and_are_counted() -> None:
    told = bought(
        HEAD, NOBODYS, HEARTS.replace("2.55", "0.0"), NOBODYS.replace("536370", "536371").replace(",1,", ",-1,")
    )
    assert some(told, "created", "without_customer", "zero_prices", "negative_quantities") == (3, 2, 1, 1)
    assert Purchase.objects.filter(customer=None).count() == 2
    assert Line.objects.aggregate(Sum("amount"))["amount__sum"] == 0


def test_a_price_below_nought_counts_as_it_is() -> None:
    bought(HEAD, "A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom")
    line = Line.objects.get()
    assert (line.amount, line.kind) == (-110_620_600, "refund")


def test_what_is_taken_off_in_a_purchase_is_a_deduction_and_nothing_returned() -> None:
    bought(HEAD, HEARTS, "536365,V,Voucher,1,2010-12-01 08:26:00,-3.3,17850.0,United Kingdom")
    assert list(Line.objects.order_by("ordinal").values_list("kind", "amount")) == [
        ("sale", 153_000),
        ("sale", -33_000),
    ]
    assert Rollup.objects.get().returned == 0


def test_the_same_file_again_changes_nothing_and_taken_back_it_is_as_before() -> None:
    first = bought(HEAD, HEARTS, LANTERN, BACK, NOBODYS)
    again = bought(HEAD, HEARTS, LANTERN, BACK, NOBODYS)
    assert (again["changeset"], again["unchanged"], again["created"]) == (None, 4, 0)
    undo(changeset=first["changeset"], by=OLGA, at=NOON)
    assert not Purchase.objects.exists() and not Customer.objects.exists() and not Product.objects.exists()
    assert verify().ok
    assert bought(HEAD, HEARTS, LANTERN, BACK, NOBODYS)["created"] == 4


def test_a_known_number_that_says_something_else_is_refused_with_the_reason() -> None:
    bought(HEAD, HEARTS)
    told = bought(HEAD, HEARTS, LANTERN)
    assert [each["row"] for each in told["rejected"]] == [2, 3]
    assert "came in before" in told["rejected"][0]["reason"]


def test_the_last_day_of_warranty_stands_in_a_column() -> None:
    head, sold = HEAD + ",Garantie bis", ",31.12.2012"
    told = bought(head, HEARTS + sold, LANTERN + ",", BACK.replace("-2", "-1") + sold)
    assert told["created"] == 3
    lines = dict(Line.objects.values_list("product__number", "warranty_until").filter(kind="sale"))
    assert lines == {"85123A": date(2012, 12, 31), "71053": None}
    over = bought(head, HEARTS.replace("536365", "536399") + ",31.12.2009")
    assert "A warranty is of goods sold" in over["rejected"][0]["reason"]


def test_rows_that_cannot_be_read_are_refused_alone() -> None:
    bad = LANTERN.replace("536365", "536366").replace("3.39", "three")
    told = bought(HEAD, HEARTS, bad, NOBODYS.replace("2010-12-01 08:45:00", ""))
    assert [(each["row"], each["column"]) for each in told["rejected"]] == [(3, "UnitPrice"), (4, "InvoiceDate")]
    assert told["created"] == 1


def test_a_purchase_comes_in_whole_or_not_at_all_and_mended_it_does() -> None:
    told = bought(HEAD, HEARTS, LANTERN.replace("3.39", "three"))
    assert [(each["row"], each["column"]) for each in told["rejected"]] == [(2, ""), (3, "UnitPrice")]
    assert "Row 3 of the same number" in told["rejected"][0]["reason"] and not Purchase.objects.exists()
    rows = b"".join(queries.refused_csv(queries.intake_for(OLGA, told["id"]), OLGA))
    token = handed_over(rows.replace(b"three", b"3.39"))
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    assert some(queries.result(queries.intake_for(OLGA, token)), "created", "purchases", "lines") == (2, 1, 2)


def test_two_customers_under_one_number_are_not_mixed() -> None:
    told = bought(HEAD, HEARTS, LANTERN.replace("17850", "17851"))
    assert [(each["row"], each["value"]) for each in told["rejected"]] == [(3, "17851.0")]


def test_a_country_that_nobody_knows_leaves_the_purchase_in() -> None:
    told = bought(HEAD, HEARTS.replace("United Kingdom", "Atlantis"))
    assert told["created"] == 1 and Purchase.objects.get().customer is not None
    assert [each["value"] for each in told["blacked"]] == ["Atlantis"]


ORDERS = "Order no,Date,SKU,Product,Quantity,Price,E-mail,Last name,Street,Postcode,City"
ANNA = "1001,2026-11-01,TP-1,Teapot,1,19.90,anna@example.com,Berg,Hauptstr. 1,10115,Berlin"
MOVED = "1002,2026-11-02,TP-1,Teapot,1,19.90,anna@example.com,Berg,Ringstr. 5,20095,Hamburg"


def test_an_address_that_differs_is_proposed_and_not_laid_over_the_card() -> None:
    told = bought(ORDERS, ANNA, MOVED)
    assert some(told, "customers_created", "proposed") == (1, 1)
    assert Proposal.objects.get().text == "Ringstr. 5, 20095, Hamburg"
    assert bought(ORDERS, MOVED.replace("1002", "1003"))["proposed"] == 0  # once is enough


def test_the_buyer_of_an_order_is_found_by_her_address_and_what_is_missing_is_filled_in() -> None:
    number = add_customer(card={"emails": ["anna@example.com"]}, by=OLGA, at=NOON)
    told = bought(ORDERS, ANNA)
    assert some(told, "customers_created", "customers_updated") == (0, 1)
    assert Purchase.objects.get().customer_id == number and Customer.objects.get().family_name == "Berg"


def test_her_own_name_is_not_overwritten() -> None:
    add_customer(card={"emails": ["anna@example.com"], "family_name": "Bergmann"}, by=OLGA, at=NOON)
    bought(ORDERS, ANNA)
    assert Customer.objects.get().family_name == "Bergmann"


def test_one_row_an_order_with_its_total_alone() -> None:
    told = bought("Rechnungsnr;Datum;Gesamtbetrag;E-Mail", "R1;24.11.2026;1.234,50;anna@example.com", country="DE")
    assert some(told, "purchases", "lines") == (1, 1)
    assert Line.objects.get().amount == 12_345_000


def test_rows_without_a_number_are_purchases_by_themselves_twice_the_same_twice() -> None:
    row = "2026-11-01,Tea,2,7.50,anna@example.com"
    assert bought("Date,Product,Quantity,Price,E-mail", row, row)["purchases"] == 2
    assert bought("Date,Product,Quantity,Price,E-mail", row, row)["unchanged"] == 2


def test_orders_of_shopify_come_in_with_their_buyers() -> None:
    head = (
        "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
        "Lineitem sku,Billing Name,Billing City"
    )
    told = bought(
        head,
        "#1001,a@example.org,paid,EUR,52.20,2024-05-01 09:30:00 +0200,2,Teapot,19.90,TP-1,Anna Berg,Berlin",
        "#1001,a@example.org,,,,2024-05-01 09:30:00 +0200,1,Tea,7.50,TE-9,,",
        "#1002,b@example.org,voided,EUR,7.50,2024-05-01 09:30:00 +0200,1,Tea,7.50,TE-9,Bo Ek,Berlin",
        "#1002,b@example.org,,,,2024-05-01 09:30:00 +0200,1,Tea,7.50,TE-9,,",
    )
    assert (told["mapping"]["exporter"], told["purchases"], told["lines"]) == ("shopify_orders", 1, 2)
    assert "never became a purchase" in told["rejected"][0]["reason"]
    assert Purchase.objects.values_list("source", "number", "channel").get() == ("shopify", "#1001", "web")
    assert Customer.objects.get().family_name == "Berg"


def test_a_trial_counts_the_same_and_keeps_nothing() -> None:
    token = handed_over("\n".join((HEAD, HEARTS, BACK, NOBODYS)).encode(), **{"as": "purchases", "country": "GB"})
    actions.dry_run(token=token, by=OLGA, at=NOON, wait=True)
    told = queries.result(queries.intake_for(OLGA, token))
    assert some(told, "created", "purchases", "returns", "customers_created") == (3, 2, 1, 1)
    assert not Purchase.objects.exists() and not Customer.objects.exists()


def test_a_card_number_never_comes_in_and_a_trade_number_that_looks_like_one_does() -> None:
    row = "536365,4006381333931,PEN paid with 4111 1111 1111 1111,1,2010-12-01 08:26:00,2.55,17850,France"
    told = bought(HEAD, row)
    assert told["created"] == 1 and len(told["blacked"]) == 1
    assert "4111" not in Line.objects.get().text and Product.objects.get().number == "4006381333931"


def test_what_was_cut_off_goes_on_where_it_was() -> None:
    rows = [f"{number},T,Tea,1,2026-11-01,1.00,{number % 3 + 1},France" for number in range(6)]
    token = handed_over(io.BytesIO("\n".join((HEAD, *rows)).encode()).read(), **{"as": "purchases"})
    started = actions.start_import(token=token, by=OLGA, at=NOON)
    actions.stop_import(token=token, by=OLGA, at=NOON)
    actions.run_to_end(started)
    assert queries.intake_for(OLGA, token).state == "stopped"
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    assert queries.result(queries.intake_for(OLGA, token))["created"] == 6 and verify().ok


def test_a_trial_tells_buyers_who_come_again_further_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.areas.intake.readers.orders.buyers._AT_ONCE", 2)
    who = [("1", "France"), ("2", "France"), ("3", "France"), ("4", "France"), ("1", "Belgium"), ("2", "France")]
    lines = [f"{n},A,CLOCK,1,2010-12-01 08:26:00,2.55,{one},{land}" for n, (one, land) in enumerate(who, start=1)]
    token = handed_over("\n".join([HEAD, *lines]).encode(), **{"as": "purchases", "country": "GB"})
    actions.dry_run(token=token, by=OLGA, at=NOON, wait=True)
    tried = queries.result(queries.intake_for(OLGA, token))
    assert some(tried, "customers_created", "proposed", "created") == (4, 1, 6)
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    done = queries.result(queries.intake_for(OLGA, token))
    assert some(done, "customers_created", "proposed", "created") == (4, 1, 6)
    assert Customer.objects.count() == 4 and Proposal.objects.count() == 1


def test_a_list_that_comes_again_says_on_trial_that_nothing_is_new() -> None:
    browser, content = browser_of(), "\n".join((HEAD, HEARTS, BACK, NOBODYS)).encode()
    pages = []
    for _time in range(2):
        token = handed_over(content, **{"as": "purchases", "country": "GB"})
        actions.dry_run(token=token, by=OLGA, at=NOON, wait=True)
        pages.append(browser.get(f"/imports/{token}/").content.decode())
        actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    first, again = pages
    assert "Nothing has been changed yet" in first and "Nothing in this file is new" in again
    assert "Rows that are new</span><strong>3" in first and "Rows as before</span><strong>3" in again
    assert "Customers made" in first.split("What stands in the file")[0]
    assert "Purchases</span><strong>2" in again.split("What stands in the file")[1] and "Customers made" not in again
    assert "up to date" not in again


def test_what_was_reserved_is_fetched_with_the_list_and_laid_ready_again_with_its_undo() -> None:
    bought(HEAD, HEARTS, LANTERN)
    buyer = Customer.objects.get().number
    hers, more = (
        reserve(wish=Wish(buyer, product="85123A", quantity=many), by=OLGA, at=NOON)[1] for many in (20_000, 50_000)
    )
    day = NOON.date().isoformat()
    rows = [HEARTS.replace("536365", "9").replace("2010-12-01", day), BACK.replace("2010-12-03", day)]
    told = bought(HEAD, HEARTS.replace("536365", "8").replace("17850.0", "17851.0").replace("2010-12-01", day))
    assert told["reservations_fetched"] == 0, "somebody else bought it"
    assert bought(HEAD, HEARTS.replace("536365", "7"))["reservations_fetched"] == 0, "before it was asked for"
    told = bought(HEAD, *rows)
    assert told["reservations_fetched"] == 1

    def states() -> dict[int, str]:
        return dict(Reservation.objects.values_list("serial", "state"))

    assert states() == {hers: "fetched", more: "waiting"}, "six are bought: two are hers, five more are too many"
    assert verify().ok
    undo(changeset=told["changeset"], by=OLGA, at=NOON)
    assert states() == {hers: "waiting", more: "waiting"} and verify().ok


def test_a_row_without_any_price_is_refused_and_a_rate_stands_in_its_column() -> None:
    told = bought(f"{HEAD},Currency,Rate", f"{HEARTS},USD,0.5", LANTERN.replace("3.39", "") + ",USD,0.5")
    assert (told["created"], len(told["rejected"])) == (0, 2), "a purchase comes in whole or not at all"
    assert any("for how much" in str(each["reason"]) for each in told["rejected"])
    told = bought(f"{HEAD},Currency,Rate", f"{HEARTS},USD,0.5".replace("536365", "9"))
    assert told["created"] == 1 and Purchase.objects.get().rate == 500_000_000
    assert Line.objects.get().worth == Line.objects.get().amount // 2


def test_the_same_list_as_that_of_another_source_says_so_before_it_comes_in() -> None:
    bought(HEAD, HEARTS, source="retail")
    content = f"{HEAD}\n{HEARTS}\n".encode()
    token = handed_over(content, **{"as": "purchases", "country": "GB"})
    assert "of retail" in queries.result(queries.intake_for(OLGA, token))["notices"][0]
    assert "of retail" in browser_of("owner").get(f"/imports/{token}/").content.decode()
    again = handed_over(content, **{"as": "purchases", "country": "GB", "source": "retail"})
    assert queries.result(queries.intake_for(OLGA, again))["notices"] == []
