"""Our own export in JSON comes back as it was; other JSON is refused; one person is cut out of it."""

import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.customers.actions import add_customer, delete_customer, forget_customer
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import cards_json, own_source
from regulars.areas.house.queries import today, zone
from regulars.areas.intake.models import Original
from regulars.areas.intake.readers import originals
from regulars.areas.intake.readers.cards import cells_of
from regulars.areas.intake.tests.lists import NOON, OLGA, brought_bytes, sums
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.queries.formats import FORMATS, written
from regulars.kernel.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home", "lists_read_here")]
SAID = ("emails", "phones", "addresses", "works_at", "social", "tags", "references", "notes", "households", "standings")
CARD = {
    "given_name": "Søren", "family_name": "'t Hooft, Jr.", "birth_date": "--02-29", "gender": "male", "title": "'=Dr.",
    "emails": [{"value": "s@example.org", "label": "home"}, {"value": "t@example.org"}],
    "phones": [{"value": "+49 30 901820"}, {"value": "+49 151 23456789", "label": "mobile"}],
    "addresses": [
        {"street": "Weg 1; hinten", "street2": "c/o Dahl", "city": "Köln", "postcode": "01067", "country": "DE"}
    ],
    "tags": ["VIP", "a, b", "'@home"], "notes": [{"text": "=SUM(1)\nlikes tea"}],
    "references": [{"source": "shop", "value": "0017"}, {"source": "till", "value": "K-1"}],
    "social": [{"network": "twitter", "handle": "soren"}],
}  # fmt: skip


def exported() -> bytes:
    export = Export("", by=OLGA, today=today(NOON), zone=zone())
    return b"".join(written(export, FORMATS["json"]))


def said() -> list[dict[str, Any]]:
    """What the cards say, without keys and what is counted."""
    numbers = Customer.objects.order_by("number").values_list("number", flat=True)
    told = []
    for card in cards_json(OLGA, list(numbers)):
        own = {name: value for name, value in card.items() if isinstance(value, str | int) and name != "number"}
        rows = {name: card[name] for name in SAID}
        told.append(
            {**{name: own.get(name) for name in ("name", "title", "birth_date", "gender", "kind")}, **_bare(rows)}
        )
    return sorted(told, key=lambda each: str(each["name"]))


def _bare(told: Any) -> Any:
    if isinstance(told, dict):
        return {
            name: _bare(value) for name, value in told.items() if name not in ("key", "by", "day", "number", "primary")
        }
    return [_bare(each) for each in told] if isinstance(told, list) else told


def people() -> None:
    add_customer(card=CARD, by=OLGA, at=NOON)
    add_customer(card={"kind": "organisation", "organisation_name": "Town Library"}, by=OLGA, at=NOON)
    add_customer(card={"given_name": "Ann"}, by=OLGA, at=NOON)


def test_in_the_same_house_nothing_changes() -> None:
    people()
    before = said()
    assert sums(brought_bytes(exported(), "all.json")) == (0, 0, 3, 0)
    assert said() == before


def elsewhere(file: bytes) -> bytes:
    """The file as another house writes it."""
    return file.replace(own_source().encode(), b"regulars 00000000")


def test_in_another_house_all_of_it_comes() -> None:
    people()
    before, file = said(), elsewhere(exported())
    for number in Customer.objects.values_list("number", flat=True):
        delete_customer(number=number, by=OLGA, at=NOON)
    told = brought_bytes(file, "all.json")
    assert sums(told) == (3, 0, 0, 0), told
    for was, now in zip(before, said(), strict=True):
        house = [each for each in now["references"] if each["source"] == "regulars 00000000"]
        now["references"] = [each for each in now["references"] if each not in house]
        assert len(house) == 1 and now == was


@pytest.mark.parametrize("data", [b'{"a": 1}', b'[1, 2, "x:"]', b'[{"given_name": "Anna"},', b'[\n{"a": 1},\nno:"\n]'])
def test_other_json_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="no list of customers"):
        brought_bytes(data, "x.json")


def test_a_list_of_plain_objects_goes_by_its_names() -> None:
    rows = [{"First name": "Anna", "E-mail": "anna@example.org"}, {"First name": "Ben", "E-mail": None}]
    assert sums(brought_bytes(orjson.dumps(rows), "x.json")) == (2, 0, 0, 0)
    assert set(Customer.objects.values_list("given_name", flat=True)) == {"Anna", "Ben"}


def test_what_other_programs_put_within_one_another_comes_in() -> None:
    rows = [
        {"first_name": "Anna", "emails": ["anna@example.org", "a@example.org"], "notes": ["likes tea"],
         "billing": {"address_1": "Weg 1", "city": "Bonn"}, "interests": ["jazz", "tea"]},
        {"first_name": "Ben", "addresses": [{"address1": "Ring 2", "zip": "53111", "city": "Bonn"}]},
    ]  # fmt: skip
    told = brought_bytes(orjson.dumps(rows), "x.json")
    assert (sums(told), told["left_out"]) == ((2, 0, 0, 0), ["interests"])
    anna, ben = cards_json(OLGA, list(Customer.objects.order_by("number").values_list("number", flat=True)))
    assert [each["value"] for each in anna["emails"]] == ["anna@example.org", "a@example.org"]
    assert (anna["notes"][0]["text"], anna["addresses"][0]["street"], anna["addresses"][0]["city"]) == (
        "likes tea", "Weg 1", "Bonn",
    )  # fmt: skip
    assert [(each["street"], each["postcode"]) for each in ben["addresses"]] == [("Ring 2", "53111")]


@pytest.mark.parametrize("beginning", [b"", b"\xef\xbb\xbf"])
def test_objects_each_in_a_line_of_its_own_are_a_list_and_one_is_cut_out_of_it(beginning: bytes) -> None:
    anna, ben = b'{"First name": "Anna", "E-mail": "anna@example.org"}\n', b'{"First name": "Ben"}\n'
    file = beginning + anna + ben
    assert sums(brought_bytes(file, "x.ndjson")) == (2, 0, 0, 0)
    forget_customer(number=Customer.objects.get(given_name="Anna").number, by=OLGA, at=NOON)
    held = io.BytesIO()
    originals.unseal(Original.objects.get().sha256, held)
    assert held.getvalue() == beginning + b"{}\n" + ben


def test_one_person_is_cut_out_and_every_other_line_stays() -> None:
    people()
    lines = elsewhere(exported()).splitlines(keepends=True)
    brought_bytes(b"".join(lines), "all.json")
    forget_customer(number=Customer.objects.get(family_name__contains="Hooft").number, by=OLGA, at=NOON)
    held = io.BytesIO()
    originals.unseal(Original.objects.get().sha256, held)
    left = held.getvalue().splitlines(keepends=True)
    assert [now for was, now in zip(lines, left, strict=True) if was != now] in ([b"{},\n"], [b"{}\n"])
    assert b"s@example.org" not in held.getvalue()


NAMES = st.sampled_from(["emails", "value", "tags", "notes", "text", "kind", "custom", "standings", "x"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=12,
)


@given(ANYTHING)
def test_any_card_becomes_texts(told: Any) -> None:
    cells = cells_of(told if isinstance(told, dict) else {"emails": told})
    assert all(isinstance(value, str) and value for value in cells.values())
