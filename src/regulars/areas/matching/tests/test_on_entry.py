"""“Is this the same person?”: asked before a card is made or changed, answered by opening it or by saying no."""

import re
from dataclasses import replace
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import edit_customer, whom_it_could_be
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.queries.searching import called_so, search
from regulars.areas.customers.tests.people import BEN, NOW, OLGA
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changes, verify
from regulars.areas.matching import actions, queries
from regulars.areas.matching.comparing.scoring import levels_of
from regulars.areas.matching.models import Rejection
from regulars.areas.matching.queries.candidates import compared
from regulars.areas.matching.queries.rarity import maker_for_all
from regulars.areas.matching.queries.reading import cards
from regulars.areas.matching.tests.pairs import added, juergen

pytestmark = pytest.mark.django_db
TYPED = {"kind": "person", "given_name": "Juergen", "family_name": "Mueller", "phone": "0151 23456789", "note": "tea"}


def asked(page: str) -> list[str]:
    return re.findall(r'name="apart" value="(\d+)"', page)


def test_a_new_card_is_asked_about_and_made_when_it_is_another_person() -> None:
    (known,) = added(juergen())
    browser = browser_of("staff")
    page = browser.post("/customers/new/", TYPED)
    text = page.content.decode()
    assert page.status_code == 409 and "Is this the same person?" in text and asked(text) == [str(known)]
    assert f'href="/customers/{known}/"' in text and "A telephone number is the same." in text
    assert 'value="Juergen"' in text and "tea" in text and Customer.objects.count() == 1
    made = browser.post("/customers/new/", {**TYPED, "apart": [str(known)]})
    fresh = Customer.objects.exclude(pk=known).get().number
    assert made.status_code == 303 and Rejection.objects.get().by
    actions.scan_all(at=NOW)
    assert queries.open_pairs(OLGA) == [] and queries.show_pair(OLGA, known, fresh)
    undo(changeset=changes(customer=fresh, limit=1)[0].changeset, by=OLGA, at=NOW)
    assert not Rejection.objects.exists() and verify().ok


def test_nobody_alike_is_not_asked_and_a_number_that_was_not_shown_counts_for_nothing() -> None:
    added(juergen())
    (other,) = added({"given_name": "Sara", "family_name": "Quist"})
    made = browser_of("staff").post("/customers/new/", {"given_name": "Ida", "family_name": "Holm", "apart": [other]})
    assert made.status_code == 303 and not Rejection.objects.exists()


def test_while_it_is_filled_in_the_question_stands_beside_the_form() -> None:
    (known,) = added(juergen())
    browser = browser_of("staff")
    part = browser.post("/customers/new/alike/", TYPED, headers={"HX-Request": "true"}).content.decode()
    assert asked(part) == [str(known)] and "Another person: make the card" in part and "<html" not in part
    empty = browser.post("/customers/new/alike/", {"given_name": ""}).content.decode()
    assert asked(empty) == [] and "Make the card" in empty
    part = browser.post("/till/caller/alike/", {"name": "", "phone": "0151 23456789", "email": ""}).content.decode()
    assert f"/till/?customer={known}" in part


def test_the_till_asks_as_well() -> None:
    (known,) = added(juergen())
    browser, caller = browser_of("till"), {"name": "Juergen Mueller", "phone": "0151 23456789", "email": ""}
    page = browser.post("/till/caller/", caller)
    assert page.status_code == 409 and asked(page.content.decode()) == [str(known)]
    assert browser.post("/till/caller/", {**caller, "apart": [known]}).status_code == 303
    assert Customer.objects.count() == 2


def test_an_edit_that_makes_one_of_two_is_asked_about_once() -> None:
    known, other = added(juergen(), {"given_name": "J."})
    address = f"/customers/{other}/edit/emails/"
    typed = {"seen": card_json(OLGA, other)["version"], "email": "juergen.mueller@example.org"}
    browser = browser_of("staff")
    page = browser.post(address, typed)
    assert page.status_code == 409 and asked(page.content.decode()) == [str(known)]
    assert "Somebody else: save" in page.content.decode() and not card_json(OLGA, other)["emails"]
    assert browser.post(address, {**typed, "apart": [known]}).status_code == 303
    assert card_json(OLGA, other)["emails"] and Rejection.objects.get().customer_id == other
    same = {"emails": ["juergen.mueller@example.org"]}
    assert whom_it_could_be(card=same, by=OLGA, at=NOW, number=other) == []  # it was said already
    more = whom_it_could_be(card={"birth_date": "1958-03-07"}, by=OLGA, at=NOW, number=other)
    assert [each.number for each in more] == []  # likely before: it stands in the queue


def test_who_was_said_to_be_another_is_asked_about_again_for_another_reason() -> None:
    (known,) = added(juergen())
    browser = browser_of("staff")
    browser.post("/customers/new/", {"given_name": "Jürgen", "apart": [known]})
    other = Customer.objects.exclude(pk=known).get().number
    assert Rejection.objects.get().codes == "given_same"
    asked_again = whom_it_could_be(card={"emails": ["juergen.mueller@example.org"]}, by=OLGA, at=NOW, number=other)
    assert [each.number for each in asked_again] == [known]
    page = browser_of("owner").get(f"/customers/{other}/history/").content.decode()
    assert "given_same" not in page and "Not the same as card" in page


def test_who_is_not_hers_is_not_hinted_at() -> None:
    (known,) = added(juergen())
    edit_customer(number=known, card={"territory": "north"}, by=OLGA, at=NOW)
    south = replace(BEN, own=(("territory", ("south",)),))
    assert whom_it_could_be(card=juergen(), by=south, at=NOW) == []
    assert [each.number for each in whom_it_could_be(card=juergen(), by=BEN, at=NOW)] == [known]


@pytest.mark.parametrize("card", [{}, {"kind": "person"}, {"birth_date": "nonsense"}, {"emails": [{"value": "x"}]}])
def test_what_says_nothing_or_cannot_be_read_is_not_asked_about(card: dict[str, Any]) -> None:
    added(juergen())
    assert whom_it_could_be(card=card, by=OLGA, at=NOW) == []


def test_who_is_looked_at_is_whom_a_search_for_each_name_finds() -> None:
    first, *_others = added(*(juergen(given_name=name) for name in ("Jürgen", "Jurgen", "Georg", "Juergen", "Jorgen")))
    edit_customer(number=first, card={"territory": "north"}, by=OLGA, at=NOW)
    names = ["Juergen Mueller", "Georg Mueler", "Georg", "Nobody Atall", ""]
    for by in (OLGA, replace(BEN, own=(("territory", ("north",)),)), replace(BEN, rights=frozenset())):
        found = [{hit.number for hit in search(by, name, limit=3).hits} for name in names]
        each = [next(called_so(by, [name], limit=3), set()) for name in names]
        assert each == found and [*called_so(by, names, limit=3)] == (found if by.rights else [])
        assert not by.rights or any(found)


def test_a_shared_town_tells_as_much_as_in_a_scan() -> None:
    """Only the towns that somebody shares with the card are counted."""
    several = [{"given_name": f"Ida {name}", "family_name": "Holm",
                "addresses": [{"city": town, "country": "DE"} for town in towns]}
               for name, towns in (("A", ["Kiel"]), ("B", ["Bonn", "Kiel"]), ("C", ["Bonn"]), ("D", ["Kiel", "Köln"]),
                                   ("E", ["Köln"]), ("F", []))]  # fmt: skip
    told = cards(added(*several))
    everything = maker_for_all()
    for number, card in told.items():
        found = {pair.b: pair.levels for pair in compared(card, set(told) - {number}, least=-99)}
        here = everything.features(card)
        assert found == {other: levels_of(here, everything.features(told[other])) for other in told if other != number}
