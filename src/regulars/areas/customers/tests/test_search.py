"""Search as you type: what finds a customer, who is found first, and that the keys follow every deed."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from regulars.areas.customers.actions import (
    add_customer,
    archive_customer,
    delete_customer,
    edit_customer,
    fill_search_keys,
    rebuild_search_keys,
)
from regulars.areas.customers.card import keys
from regulars.areas.customers.card.findable import names_in
from regulars.areas.customers.holdings import check
from regulars.areas.customers.models import Customer, SearchText, SearchWord
from regulars.areas.customers.queries.searching import MARK, search
from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna
from regulars.areas.journal.actions import undo
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import trigrams
from regulars.kernel.errors import NotAllowed
from regulars.kernel.models import Mark

pytestmark = pytest.mark.django_db


def add(given: str = "", family: str = "", **more: Any) -> int:
    return add_customer(card={"given_name": given, "family_name": family, **more}, by=OLGA, at=NOW)


def found(text: str, **how: Any) -> list[int]:
    return [hit.number for hit in search(BEN, text, **how).hits]


@pytest.mark.parametrize(
    "typed",
    [
        "anna", "an", "Ærøskøbing", "aeroskobing", "Anna Ærø", "ærø anna", "køb", "ANNA@example", "example.org",
        "10001", "#10001", "1000", "shop-4711", "berlin", "anna berlin",
    ],
)  # fmt: skip
def test_found_by_whatever_one_knows(typed: str) -> None:
    number = anna(references=[{"source": "shop", "value": "SHOP-4711"}])
    assert found(typed) == [number]
    assert found("zzz") == []


@pytest.mark.parametrize(
    "typed",
    ["+49 151 23456789", "0151/23456789", "0151 234 567 89", "0049 (0)151 23456789", "56789", "(0151) 234", "151-234"],
)
def test_a_phone_however_it_is_typed(typed: str) -> None:
    number = anna()
    add("Ben", "Berg", phones=["+49 30 901820"])
    assert found(typed) == [number]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Sørensen", ["soerensen", "SORENSEN", "Sörensen", "søren"]),
        ("Mueller", ["Müller", "muller", "MÜLL"]),
        ("Müller", ["Mueller", "mulle"]),
        ("Meyer-Landrut", ["landrut", "meyer landrut", "landrut-meyer"]),
        ("O’Neill", ["o'neill", "oneill", "O`Neill"]),
        ("शर्मा", ["Sharma", "sharma", "शर्मा"]),
        ("Sharma", ["शर्मा"]),
        ("सिंह", ["Singh"]),
    ],
)
def test_one_name_in_many_spellings(name: str, typed: list[str]) -> None:
    number = add("Kim", name)
    add("Kim", "Olsen")
    for each in typed:
        assert found(each) == [number], each


@pytest.mark.parametrize("typed", ["Jonson", "Johnsn", "Jhonson", "Johnsson", "Ohnson", "Johnsom"])
def test_one_typing_error_is_forgiven(typed: str) -> None:
    number = add("Maria", "Johnson")
    add("Maria", "Becker")
    assert found(typed) == [number]
    assert found(f"{typed} Maria") == [number]
    assert found(f"Maria {typed}") == [number]
    assert found("Mraia Johnson") == [number]


def test_an_error_that_looks_like_another_spelling() -> None:
    number = add("Isabelle", "Dubois")
    assert found("isaelle dubois") == found("Isaelle") == [number]


def test_one_error_a_word() -> None:
    number = add("Maria", "Johnson")
    assert found("Jansen") == found("Maria Jansen") == []
    assert found("Mraia Jonson") == [number]
    assert found("Mraia joh") == found("joh mraia") == [number]


def test_a_name_of_several_words_with_an_error() -> None:
    number = add("Maria José", "de la Cruz")
    assert found("maria cruz") == found("cruz josé maria") == [number]
    assert found("mario cruz") == [number]


def test_a_frequent_name_does_not_hide_a_mistyped_one() -> None:
    for _each in range(25):
        add("Jon", "Berg")
    john = add("John", "Berg")
    assert john in found("jon berg")


def test_who_fits_best_comes_first_then_who_was_dealt_with_last() -> None:
    annabel, first, second = add("Annabel", "Ohm"), add("Anna", "Ohm"), add("Anna", "Ulm")
    assert found("anna") == [second, first, annabel]
    edit_customer(number=first, card={"occupation": "baker"}, by=OLGA, at=NOW)
    assert found("anna") == [first, second, annabel]
    assert found("anna", recent=[annabel, second]) == [second, first, annabel]
    archive_customer(number=first, by=OLGA, at=NOW)
    hits = search(BEN, "anna").hits
    assert [(hit.number, hit.state) for hit in hits] == [(second, "active"), (annabel, "active"), (first, "archived")]


def test_a_middle_name_counts_among_namesakes() -> None:
    one = add("Anna", "Berg")
    other = add_customer(card={"given_name": "Maria", "middle_name": "Anna", "family_name": "Berg"}, by=OLGA, at=NOW)
    assert sorted(found("anna berg")) == sorted(found("berg an")) == [one, other]
    town = add("Anna", "Olsen", addresses=[{"city": "Bergen"}])
    assert town in found("anna berg")


def test_an_organisation_is_one() -> None:
    add_customer(card={"kind": "organisation", "organisation_name": "Teehaus am Markt"}, by=OLGA, at=NOW)
    add("Tee", "Markt")
    told = search(BEN, "markt tee").as_json()
    assert [each["name"] for each in told["organisations"]] == ["Teehaus am Markt"]
    assert [each["name"] for each in told["people"]] == ["Tee Markt"]


def test_more_than_a_page() -> None:
    for _each in range(5):
        add("Jon", "Berg")
    told = search(BEN, "berg", limit=3)
    assert len(told.hits) == 3 and told.more
    assert not search(BEN, "berg", limit=5).more


# --- who may --------------------------------------------------------------------------------------------------------


def test_who_may_see_no_customers_finds_none() -> None:
    anna()
    assert search(Actor(kind="user", name="Nobody"), "anna").hits == []


def test_who_may_not_see_a_contact_fact_neither_finds_by_it_nor_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    number = anna()
    for name in ("email", "phone", "city"):
        masked = replace(registries.REGISTRY.facts[name], protection="masked")
        monkeypatch.setitem(registries.REGISTRY.facts, name, masked)
    for typed in ("anna@example", "anna@example.org", "56789", "berlin", "+49151"):
        assert found(typed) == [], typed
        assert [hit.number for hit in search(OLGA, typed).hits] == [number]
    (hit,) = search(BEN, "anna").hits
    assert (hit.email, hit.phone, hit.city) == ("", "", "")
    assert search(OLGA, "anna").hits[0].email == "anna@example.org"


# --- the keys follow the deeds ----------------------------------------------------------------------------------------


def words() -> dict[str, int]:
    return dict(SearchWord.objects.values_list("word", "count"))


def as_made_anew() -> bool:
    """The keys as they stand are those that would be made from the cards."""
    numbers = list(Customer.objects.values_list("number", flat=True))
    told = keys.texts(numbers)
    counted: dict[str, int] = {}
    for text in told.values():
        for word in names_in(text):
            counted[word] = counted.get(word, 0) + 1
    return dict(SearchText.objects.values_list("number", "text")) == told and words() == counted


def test_an_edit_changes_what_one_is_found_by() -> None:
    number = add("Anna", "Berg", phones=["+49 30 901820"])
    edit_customer(number=number, card={"family_name": "Thal", "emails": ["a@thal.example"]}, by=OLGA, at=NOW)
    assert found("thal") == found("thal.example") == found("901820") == [number]
    assert found("berg") == []
    assert "berg" not in words() and as_made_anew()


def test_delete_and_undo() -> None:
    number = add("Anna", "Berg")
    deed = delete_customer(number=number, by=OLGA, at=NOW)
    assert found("berg") == [] and not SearchText.objects.exists() and words() == {}
    undo(changeset=deed or 0, by=OLGA, at=NOW)
    assert found("berg") == [number] and as_made_anew()


def test_a_merged_card_is_not_found() -> None:
    keeper, other = add("Anna", "Berg"), add("Anna", "Thal")
    Customer.objects.filter(pk=other).update(merged_into=keeper)
    keys.keep([other], NOW)
    assert found("anna") == [keeper] and "thal" not in words()


def test_nothing_of_a_removed_text_stays_in_the_index() -> None:
    """What is to be forgotten leaves the file, not only the answers."""
    number = add("Zygmunt", "Qvwxyz")
    delete_customer(number=number, by=OLGA, at=NOW)
    if connection.vendor != "sqlite":
        return
    for index in ("customers_searchtext_trigram", "customers_searchtext_words"):
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {index}({index}) VALUES ('integrity-check')")
            cursor.execute(f"SELECT group_concat(hex(block), '') FROM {index}_data")
            (blocks,) = cursor.fetchone()
        assert b"qvw".hex().upper() not in blocks.upper(), index


def test_made_anew() -> None:
    number = add("Anna", "Berg")
    trigrams.take_out(*keys.INDEX, [number])
    SearchText.objects.filter(number=number).update(text=" somebody else \n\n\n\n")
    trigrams.put_in(*keys.INDEX, [number])
    assert [problem.where for problem in check()] == [f"customers_searchtext/{number}"]
    assert rebuild_search_keys(by=OLGA) == 1
    assert found("berg") == [number] and list(check()) == [] and as_made_anew()
    with pytest.raises(NotAllowed):
        rebuild_search_keys(by=BEN)


def test_verify_finds_a_customer_hidden_from_search() -> None:
    number = add("Anna", "Berg")
    SearchText.objects.all().delete()
    assert [problem.kind for problem in check()] == ["row_differs"]
    SearchText.objects.create(number=999, text=" nobody \n\n\n\n")
    assert {problem.where for problem in check()} == {f"customers_searchtext/{each}" for each in (number, 999)}


def test_while_some_lack_their_keys_it_says_so() -> None:
    number = add("Anna", "Berg")
    SearchText.objects.all().delete()
    SearchWord.objects.all().delete()
    Mark.objects.create(name=MARK, value="due")
    told = search(BEN, "berg")
    assert told.hits == [] and not told.whole
    assert list(check()) == []
    assert fill_search_keys() == 1
    assert search(BEN, "berg").whole and found("berg") == [number] and as_made_anew()


def test_an_address_typed_whole_finds_whose_it_is_and_nothing_that_only_holds_it() -> None:
    mine, shared = (add(name, "Berg", emails=["ann@example.org"]) for name in ("Anna", "Ben"))
    add("Joann", emails=["joann@example.org"])
    longer = add("Carl", emails=["ann@example.organic"])
    assert set(found("Ann@Example.org")) == {mine, shared, longer}
    assert found("ann@example.organic") == [longer]
    assert len(found("nn@example.org")) == 4  # nobody's begins so: whatever holds it
    assert len(found("ann@example")) == 4 and len(found("ann@example.org berg")) == 2
    assert search(BEN, str(mine)).numbered == mine and search(BEN, str(mine)[:-1]).numbered is None


@pytest.mark.parametrize("value", ["00017", "00471", "000123", "0012345678", "0000000815"])
def test_a_reference_that_begins_with_noughts_is_found(value: str) -> None:
    number = anna(references=[{"source": "shop", "value": value}])
    add("Ben", "Berg", references=[{"source": "shop", "value": "9" + value}])
    assert found(value)[:1] == [number]


def test_what_is_dialled_with_00_finds_no_number_that_only_holds_it() -> None:
    number = anna()
    add("Ben", "Berg", phones=["+1 914 915 1234"])
    assert found("0049151")[0] == number and found("0049151234") == [number]
