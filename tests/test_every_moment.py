"""`at` is never ignored: what it is asked of answers as of that moment, or refuses it. A new route has to choose."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import resolve

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers.actions import add_customer, define_field
from regulars.areas.customers.tests.people import OLGA
from regulars.areas.house.actions import change_settings
from regulars.areas.trade import actions as trade
from regulars.interfaces.api.document import document
from tests.permissions import OPEN
from tests.rig.programs import Program
from tests.test_permissions import ALL_PAGES

pytestmark = pytest.mark.django_db(transaction=True)
MARCH: dict[str, Any] = {"by": OLGA, "at": datetime(2026, 3, 3, 12, tzinfo=UTC)}
APRIL: dict[str, Any] = {"by": OLGA, "at": datetime(2026, 4, 3, 12, tzinfo=UTC)}
THEN, BEFORE, TO_COME = "2026-03-03", "2026-03-02", "2100-01-01"

# What shows the present alone, and why. Everything else that is read takes a moment.
API_OF_TODAY = {
    # its keys are of today; criteria (`name ~ "…"`) search the past
    "/search",
    # found among the cards of today, to be decided today
    "/duplicates", "/duplicates/near",
    # what was done: a list in time itself, with `since`, `until` and pages
    "/changesets", "/changesets/{changeset}", "/customers/{number}/history", "/merges", "/verify",
    # files in hand, work in hand
    "/imports", "/imports/{token}", "/imports/{token}/preview", "/imports/{token}/rejected", "/mappings",
    "/mappings/{name}", "/bulk-deeds/{token}", "/customers/{number}/files/{key}", "/shops",
    # who may what, and the machine
    "/me", "/tokens", "/users", "/users/{user}/factors", "/sessions", "/roles", "/versions", "/restores/{name}",
    "/health",
}  # fmt: skip
PAGES_THEN = {
    "completeness", "compare", "customers", "customers:field", "customers:fields", "customers_builder",
    "customers_export", "customers_why", "dossier:card", "dossier:history", "dossier:stale", "house", "segments",
    "trade:agreement", "trade:agreements", "trade:deliveries", "trade:donations", "trade:place", "trade:places",
    "trade:product", "trade:products", "trade:purchase", "trade:purchases", "trade:receipt", "trade:receipts",
    "trade:reservation", "trade:reservations",
}  # fmt: skip


def read_routes() -> dict[str, bool]:
    """Each path that is read, and whether it takes a moment."""
    return {
        path.removeprefix("/api/v1"): any(each["name"] == "at" for each in methods["get"].get("parameters", []))
        for path, methods in document()["paths"].items()
        if "get" in methods
    }


def test_every_route_of_the_api_has_chosen() -> None:
    ignorant = {path for path, takes in read_routes().items() if not takes}
    assert ignorant == API_OF_TODAY, "Take `at`, or say here why only the present is shown."


def test_programs_are_refused_a_moment_that_is_not_to_be_had() -> None:
    owner, known = Program("owner"), {"number": 10001, "year": 2026, "serial": 1, "changeset": 1}
    for path, takes in read_routes().items():
        for name in ("number", "year", "serial", "changeset", "name", "key", "token", "user"):
            path = path.replace(f"{{{name}}}", str(known.get(name, "nothing")))
        told = owner.get(f"{path}?at={TO_COME}" + f"&and={THEN}" * (path == "/compare"))
        assert (told.status_code, told.json()["where"]) == (422, "at"), path
        assert told.json()["code"] == ("refused" if takes else "of_today_alone"), path


def test_every_page_has_chosen_and_keeps_to_it() -> None:
    browser, then = browser_of(), set()
    for page in [page for page in ALL_PAGES if page.right != OPEN]:
        address = page.address()
        if getattr(resolve(address).func, "takes_at", False):
            then.add(page.name)
            continue
        told = browser.get(address, {"at": THEN})
        if told.status_code != 302:  # to the password first
            assert told.status_code in (422, 405), page.name
    assert then == PAGES_THEN, "Decorate it with `looks_back`, or leave it out here."


def test_a_page_of_today_says_where_the_past_is() -> None:
    for address in ("/search/?q=anna&at=2026-03-03", "/duplicates/?at=2026-03-03", "/?at=2026-03-03"):
        told = browser_of().get(address)
        assert told.status_code == 422 and "leave the moment (at) out" in told.content.decode(), address
    assert browser_of().get("/search/?q=anna&at=").status_code == 200


@pytest.fixture
def shop() -> int:
    """In April the tea became dearer, the branch got another name, a cup and a till came, and the house a name."""
    number = add_customer(card={"given_name": "Anna", "phones": ["+49 30 1234567"]}, **MARCH)
    trade.set_product(number="T1", name="Tea", price=50_000, currency="EUR", **MARCH)
    trade.set_place(code="mitte", name="Mitte", **MARCH)
    change_settings(values={"name": "Teehaus", "check_after_months": 1}, **MARCH)
    define_field(label="Shoe size", type="number", **MARCH)
    trade.set_product(number="T1", price=60_000, currency="EUR", **APRIL)
    trade.set_product(number="C1", name="Cup", **APRIL)
    trade.set_place(code="mitte", name="Am Markt", **APRIL)
    trade.set_place(code="till", name="Till", kind="till", within="mitte", **APRIL)
    change_settings(values={"name": "Kaffeehaus"}, **APRIL)
    define_field(label="Hat size", type="number", **APRIL)
    return number


def test_goods_settings_and_own_fields_as_they_stood_over_http(shop: int) -> None:
    owner = Program("owner")

    def ask(path: str, at: str = "") -> Any:
        return owner.get(f"{path}{'&' if '?' in path else '?'}at={at}").json()

    assert [each["price"] for each in ask("/products", THEN)] == ["5 EUR"] and len(ask("/products")) == 2
    assert [each["name"] for each in ask("/places", THEN)] == ["Mitte"] and len(ask("/places")) == 2
    assert ask("/products", BEFORE) == ask("/places", BEFORE) == ask("/fields", BEFORE) == []
    assert (ask("/settings", THEN)["name"], ask("/settings")["name"]) == ("Teehaus", "Kaffeehaus")
    assert [each["label"] for each in ask("/fields", THEN)] == ["Shoe size"] and len(ask("/fields")) == 2
    words = [{each["name"] for each in ask("/vocabulary", at)} for at in (THEN, "")]
    assert words[1] - words[0] == {"custom.hat_size"}
    by_hat = "/criteria?criteria=custom.hat_size=3"
    assert "hat_size" in ask(by_hat, THEN)["detail"] and ask(by_hat)["count"] == 0
    assert [ask("/criteria?criteria=", at)["count"] for at in (BEFORE, THEN)] == [0, 1]
    assert [each["number"] for each in ask("/cards-to-check", "2026-04-20")] == [shop]
    assert ask("/cards-to-check", THEN) == [] and ask(f"/customers/{shop}/proposals", THEN) == []


def test_goods_settings_and_own_fields_as_they_stood_by_command(told: Any, shop: int) -> None:
    person("owner")
    assert [each["price"] for each in told("product", "list", "--at", THEN)] == ["5 EUR"]
    assert [each["name"] for each in told("place", "list", "--at", THEN)] == ["Mitte"]
    assert [each["label"] for each in told("field", "list", "--at", THEN)] == ["Shoe size"]
    assert told("stale", "--at", THEN) == [] and told("stale", "--at", "2026-04-20")[0]["number"] == shop


def test_goods_settings_and_own_fields_as_they_stood_on_screen(shop: int) -> None:
    def read(path: str, at: str = THEN) -> str:
        told = browser_of().get(path, {"at": at} if at else {})
        assert told.status_code == 200, path
        return told.content.decode()

    for path, was, came in (
        ("/products/", "5.00", "Cup"),
        ("/products/T1/", 'name="price" value="5', 'name="price" value="6'),
        ("/places/", "Mitte", "Till"),
        ("/places/mitte/", "Mitte", "Am Markt"),
        ("/settings/", "Teehaus", "Keep the settings"),
        ("/settings/fields/", "Shoe size", "Hat size"),
        ("/settings/fields/shoe_size/", "Shoe size", "Save"),
        ("/customers/to-check/", "Nobody is to be asked", "Still right"),
    ):
        page = read(path)
        assert "The register as it stood on" in page and was in page and came not in page.split("<main")[1], path
        assert ">Save<" not in page and ">Still right<" not in page, path
    assert (
        "Am Markt" in read("/places/", "")
        and "6.00" in read("/products/", "")
        and 'name="price" value="6' in read("/products/T1/", "")
    )
    assert browser_of().get("/products/C1/", {"at": THEN}).status_code == 404
    assert f"/customers/{shop}/?at=" in read("/customers/to-check/", "2026-04-20")
    refused = browser_of().post(f"/places/mitte/?at={THEN}", {"name": "Neu", "kind": "branch"})
    assert refused.status_code == 403 and "Neu" not in read("/places/", "")
