"""A purchase taken down at the till: by product number, by words, by scanner; kept once; what orders propose."""

import re

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.actions.proposals import Proposed, propose
from regulars.areas.customers.models import Proposal
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.journal.actions import deed
from regulars.areas.trade.actions import NewLine, NewPurchase, record_purchase, set_product
from regulars.areas.trade.models import Line, Product, Purchase
from regulars.areas.trade.queries import standing_of

pytestmark = pytest.mark.django_db
SALE = "/till/purchase/"


@pytest.fixture
def anna() -> int:
    return add_customer(card={"given_name": "Anna", "family_name": "Berg", "phones": ["+49309018201"]}, by=OLGA, at=NOW)


@pytest.fixture
def teapot() -> str:
    line = NewLine("4006381333931", "Teapot", price=199_000)
    record_purchase(purchase=NewPurchase([line]), by=OLGA, at=NOW, make_products=True)
    with deed(verb="trade.recorded", by=OLGA, at=NOW, particulars={"purchase": 1}) as link:
        link.change(Product.objects.get(), price=199_000, currency="EUR")
    return "4006381333931"


def typed(**given: str) -> dict[str, str]:
    return {"key": "k1", "what": "", "quantity": "1", "price": "", **given}


def carried(page: object) -> dict[str, str]:
    basket = page.context["basket"]  # type: ignore[attr-defined]
    return {f"{name}-{at}": value for at, each in enumerate(basket.goods) for name, value in each.carried}


def test_a_scanned_product_and_goods_in_words_are_taken_down(anna: int, teapot: str) -> None:
    browser = browser_of("till")
    first = browser.post(SALE, typed(customer=str(anna), what=teapot))
    twice = browser.post(SALE, typed(customer=str(anna), what=teapot) | carried(first))
    cloth = browser.post(SALE, typed(customer=str(anna), what="Cloth", price="3,50") | carried(twice))
    assert "Cloth" in cloth.content.decode() and "43.30" in cloth.content.decode()
    kept = browser.post(SALE, typed(customer=str(anna), then="keep") | carried(cloth))
    assert kept.status_code == 303
    purchase = Purchase.objects.get(customer=anna)
    lines = Line.objects.filter(purchase=purchase).order_by("ordinal")
    assert list(lines.values_list("text", "quantity", "amount")) == [
        ("Teapot", 20_000, 398_000), ("Cloth", 10_000, 35_000),
    ]  # fmt: skip
    till = browser.get(f"/till/?customer={anna}").content.decode()
    assert "Last purchase on" in till and "Teapot" in till


def test_goods_that_come_back_at_the_till_lead_back_to_it(anna: int, teapot: str) -> None:
    sold = record_purchase(
        purchase=NewPurchase([NewLine(teapot, "Teapot", price=199_000)], customer=anna), by=OLGA, at=NOW
    )
    browser = browser_of("till")
    (link,) = re.findall(r'href="([^"#]+)#back"', browser.get(f"/till/?customer={anna}").content.decode())
    (to,) = re.findall(r'action="([^"]+)" aria-labelledby="back"', page := browser.get(link).content.decode())
    assert '<input type="hidden" name="back" value="till">' in page
    back = {"line-1": "1", "reason": "mind", "back": "till"}
    assert 'name="back" value="till"' in browser.post(to, back | {"reason": ""}).content.decode()
    assert browser.post(to, back).headers["Location"] == f"/till/?customer={anna}"
    assert Purchase.objects.filter(customer=anna).exclude(serial=sold.serial).exists()


def test_a_number_that_is_scanned_where_a_price_is_asked_is_none(anna: int, teapot: str) -> None:
    browser = browser_of("till")
    asked = browser.post(SALE, typed(customer=str(anna), what="Cloth"))
    assert asked.context["basket"].asks_price
    scanned = browser.post(SALE, typed(customer=str(anna), what="Cloth", price=teapot))
    page, basket = scanned.content.decode(), scanned.context["basket"]
    assert scanned.status_code == 422 and f"{teapot} was scanned and is no price" in page
    assert basket.asks_price and basket.typed == {"what": "Cloth", "price": "", "quantity": "1"} and not basket.goods


def test_a_donation_is_taken_down_beside_goods_and_counts_apart(anna: int, teapot: str) -> None:
    browser = browser_of("till")
    first = browser.post(SALE, typed(customer=str(anna), what=teapot))
    both = browser.post(
        SALE, typed(customer=str(anna), what="For the lifeboat", price="5", then="donate") | carried(first)
    )
    assert 'class="badge">Donation' in both.content.decode() and "24.90" in both.content.decode()
    unsaid = browser.post(SALE, typed(customer=str(anna), what=teapot, then="donate") | carried(both))
    assert unsaid.status_code == 422 and len(unsaid.context["basket"].goods) == 2  # how much is given?
    assert browser.post(SALE, typed(customer=str(anna), then="keep") | carried(both)).status_code == 303
    lines = Line.objects.order_by("ordinal").filter(purchase__customer=anna)
    assert list(lines.values_list("kind", "text", "amount")) == [
        ("sale", "Teapot", 199_000), ("donation", "For the lifeboat", 50_000),
    ]  # fmt: skip
    stands = standing_of(anna, NOW.date())
    assert (stands.spent, stands.donated, stands.count) == (199_000, 50_000, 1)


def test_whoever_is_signed_in_serves_unless_somebody_else_is_named() -> None:
    browser = browser_of("till")
    page = browser.get(SALE)
    assert page.context["served_by"] in page.context["staff"]
    for key, named in (("own", {}), ("other", {"served_by": "Ben"}), ("none", {"served_by": ""})):
        browser.post(SALE, typed(key=key, what="Cloth", price="3", then="keep", **named))
    served = dict(Purchase.objects.values_list("number", "served_by"))
    assert served == {"own": page.context["served_by"], "other": "Ben", "none": ""}


def test_a_name_too_long_for_who_served_is_refused_and_nothing_is_kept() -> None:
    page = browser_of("till").post(SALE, typed(key="long", what="Cloth", price="3", then="keep", served_by="x" * 101))
    assert page.status_code == 422 and "at most 100 characters" in page.content.decode()
    assert not Purchase.objects.exists()


def test_an_address_of_which_only_the_country_is_known_is_not_shown_empty() -> None:
    numbers = [
        add_customer(card={"given_name": "Cora", "addresses": [address]}, by=OLGA, at=NOW)
        for address in ({"country": "DE"}, {"country": "DE", "city": "Lund"})
    ]
    pages = [browser_of("till").get(f"/till/?customer={number}").content.decode() for number in numbers]
    assert ["<dt>Address</dt>" in page for page in pages] == [False, True]


def test_the_same_page_sent_twice_is_one_purchase(anna: int) -> None:
    browser = browser_of("till")
    page = browser.post(SALE, typed(customer=str(anna), what="Cloth", price="3.50"))
    for _again in range(2):
        assert browser.post(SALE, typed(customer=str(anna), then="keep") | carried(page)).status_code == 303
    assert Purchase.objects.count() == 1


def test_what_is_typed_when_the_purchase_is_kept_comes_along() -> None:
    browser_of("till").post(SALE, typed(what="Cloth", price="3.50", then="keep"))
    assert Purchase.objects.get().customer is None and Line.objects.get().amount == 35_000


def test_goods_without_a_price_are_asked_for_it_and_what_was_typed_stays() -> None:
    answer = browser_of("till").post(SALE, typed(what="Cloth"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "What does “Cloth” cost?" in page and 'value="Cloth"' in page


@pytest.mark.parametrize(
    "wrong",
    [{"what": "Cloth", "price": "x"}, {"what": "Cloth", "price": "1", "quantity": "0"}, {"then": "keep"},
     {"what": "4111 1111 1111 1111", "price": "1"}],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_the_reason(wrong: dict[str, str]) -> None:
    assert browser_of("till").post(SALE, typed(**wrong)).status_code == 422
    assert not Purchase.objects.exists()


def test_a_line_is_taken_off_again() -> None:
    browser = browser_of("till")
    page = browser.post(SALE, typed(what="Cloth", price="3.50"))
    assert not browser.post(SALE, typed(off="0") | carried(page)).context["basket"].goods


@pytest.mark.parametrize(("answer", "there"), [("accept", True), ("decline", False)])
def test_what_an_order_says_otherwise_is_answered_at_one_press(anna: int, answer: str, there: bool) -> None:
    with deed(verb="customers.proposed", by=OLGA, at=NOW, particulars={"number": anna}) as link:
        propose(link, [Proposed(anna, "email", {"value": "anna@example.com"}, "web 1001")], day=NOW.date())
    browser = browser_of("staff")
    assert "An order says otherwise" in browser.get(f"/till/?customer={anna}").content.decode()
    assert "An order says otherwise" in browser.get(f"/customers/{anna}/").content.decode()
    token = Proposal.objects.get().token
    browser.post(f"/customers/{anna}/proposals/{token}/", {"answer": answer, "back": "till"})
    assert bool(card_json(OLGA, anna)["emails"]) is there
    assert "An order says otherwise" not in browser.get(f"/customers/{anna}/").content.decode()
    assert browser.post(f"/customers/{anna}/proposals/{token}/", {"answer": answer}).status_code == 404


def test_a_product_is_known_in_small_letters_too_and_a_slip_in_the_quantity_is_refused() -> None:
    set_product(number="B102", name="Atlas", price=99_900, by=OLGA, at=NOW)
    browser_of("till").post(SALE, typed(what="b102", then="keep"))
    assert Line.objects.get().product is not None
    answer = browser_of("till").post(SALE, typed(key="k2", what="B102", quantity="99999999999", then="keep"))
    assert answer.status_code == 422 and Purchase.objects.count() == 1
