"""A fact is declared in one place, and it stands in criteria, list, export, import target, API and data map."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.customers.queries import card_json
from regulars.areas.intake.readers import target, words_of
from regulars.areas.segments import queries as segments
from regulars.interfaces.api import document as api
from regulars.kernel import registries
from regulars.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset("*"))
NOW, TODAY, ZONE = datetime(2026, 11, 23, 9, tzinfo=UTC), date(2026, 11, 23), ZoneInfo("Europe/Berlin")


@pytest.fixture
def spoken() -> Iterator[registries.Fact]:
    """The one declaration. (It borrows a column, so that the test needs no migration.)"""
    fact = registries.Fact(
        name="pet_name", type="text", label="Name of the pet", purpose="to ask after the dog",
        source=registries.Column("name_spoken"), headers=("Dog", "Hund"), room="customers",
    )  # fmt: skip
    registries.REGISTRY.facts[fact.name] = fact
    yield fact
    del registries.REGISTRY.facts[fact.name]


def test_one_declaration_reaches_everywhere(spoken: registries.Fact) -> None:
    number = add_customer(card={"given_name": "Anna", "pet_name": "Bello"}, by=OLGA, at=NOW)
    add_customer(card={"given_name": "Ben"}, by=OLGA, at=NOW)
    asked = {"by": OLGA, "today": TODAY, "zone": ZONE}

    # criteria, and their help
    assert segments.count('pet_name = "bello"', **asked) == 1  # type: ignore[arg-type]
    assert "pet_name" in {word.name for word in segments.vocabulary(OLGA)}
    # a list column, by which the list can be sorted; the same rows go out in an export
    page = segments.page("", columns=["pet_name"], order="pet_name", **asked)  # type: ignore[arg-type]
    assert [row["pet_name"] for row in page.rows] == ["Bello", None]
    assert "pet_name" in segments.listed_facts(OLGA)
    # an import target, recognised by its heading
    words = words_of(registries.facts().values())
    assert str(target("pet_name", words)) == "pet_name"
    # the card, through page, API and command alike
    edit_customer(number=number, card={"pet_name": "Rex"}, by=OLGA, at=NOW)
    assert card_json(OLGA, number)["pet_name"] == "Rex"
    # the API's schema, in and out
    api._document.cache_clear()  # made once a process
    schemas = api.document()["components"]["schemas"]
    api._document.cache_clear()
    assert "pet_name" in schemas["Customer"]["properties"]
    assert "pet_name" in schemas["CustomerInput"]["properties"]
    # the data map
    entry = next(each for each in registries.data_map() if each["fact"] == "pet_name")
    assert (entry["purpose"], entry["basis"], entry["protection"]) == ("to ask after the dog", "contract", "open")
