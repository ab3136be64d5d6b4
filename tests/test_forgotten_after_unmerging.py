"""Two cards that were one for a time and turned out to be of two people: who of them is forgotten leaves no word on the
other's card, in no version of it, and the other one is as she was."""

import json
import re
import secrets
from typing import Any

import pytest

from regulars.areas.customers import actions as customers
from regulars.areas.customers.queries import card_json
from regulars.areas.intake.tests.test_forgetting import NOON, OLGA, card, whole_home
from regulars.areas.journal.actions import rebuild
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, unmerge
from tests.rig.forgetting import clean_home

pytestmark = pytest.mark.django_db(transaction=True)


class Words:
    """Words that nobody else has."""

    def __init__(self) -> None:
        self.all: set[str] = set()

    def __call__(self) -> str:
        word = f"q{secrets.token_hex(5)}"
        self.all.add(word)
        return word


def merged(keep: int, absorb: int) -> int:
    return merge_customers(keep=keep, absorb=absorb, by=OLGA, at=NOON).changeset or 0


def edited(number: int, **told: Any) -> None:
    customers.edit_customer(number=number, card=told, by=OLGA, at=NOON)


def said(number: int) -> dict[str, Any]:
    stamped = ("version", "updated_at")
    return {name: value for name, value in card_json(OLGA, number).items() if name not in stamped}


def words_in(told: Any) -> set[str]:
    return set(re.findall(r"q[0-9a-f]{10}", json.dumps(told, default=str)))


@pytest.mark.parametrize("which", ["keep", "absorb"])
@pytest.mark.parametrize("full", [True, False])
def test_no_word_of_hers_is_left_on_the_other(which: str, full: bool) -> None:
    with clean_home():
        keepers, hers = Words(), Words()
        org = customers.add_customer(card={"organisation_name": "Teehaus"}, by=OLGA, at=NOON)
        customers.define_field(label="Shoe", type="text", by=OLGA, at=NOON)
        told = {**card(keepers, org), "custom": {"shoe": keepers()}} if full else {"family_name": keepers()}
        keep = customers.add_customer(card=told, by=OLGA, at=NOON)
        absorb = customers.add_customer(card=card(hers, org) | {"custom": {"shoe": hers()}}, by=OLGA, at=NOON)
        edited(absorb, occupation=hers())
        first = merged(keep, absorb)
        email = next(each for each in said(keep)["emails"] if words_in(each) & hers.all)
        edited(keep, emails=[{"key": email["key"], "label": hers()}])
        edited(keep, notes=[{"text": hers()}])
        asked = unmerge(changeset=first, by=OLGA, at=NOON, dry_run=True).asked
        unmerge(changeset=first, by=OLGA, at=NOON, assign={each.key: "absorb" for each in asked})
        cards = {keep: said(keep), absorb: said(absorb)}
        assert words_in(cards[keep]) <= keepers.all and words_in(cards[absorb]) <= hers.all
        gone, stays = (absorb, keep) if which == "absorb" else (keep, absorb)
        customers.forget_customer(number=gone, by=OLGA, at=NOON)
        left = whole_home()
        forgotten, others = (hers, keepers) if which == "absorb" else (keepers, hers)
        assert not [each for each in forgotten.all if each in left]
        assert all(each in left for each in others.all)
        assert said(stays) == cards[stays] and verify().ok and rebuild(by=OLGA).same


def test_nor_on_the_card_that_the_other_was_merged_into() -> None:
    with clean_home():
        hers = Words()
        org = customers.add_customer(card={"organisation_name": "Teehaus"}, by=OLGA, at=NOON)
        last, keep = (customers.add_customer(card={"family_name": each}, by=OLGA, at=NOON) for each in ("Lund", "Dahl"))
        absorb = customers.add_customer(card=card(hers, org), by=OLGA, at=NOON)
        first, second = merged(keep, absorb), merged(last, keep)
        edited(last, given_name="Eva")
        unmerge(changeset=first, by=OLGA, at=NOON)
        unmerge(changeset=second, by=OLGA, at=NOON)
        cards = [said(last), said(keep)]
        customers.forget_customer(number=absorb, by=OLGA, at=NOON)
        left = whole_home()
        assert not [each for each in hers.all if each in left]
        assert [said(last), said(keep)] == cards and verify().ok and rebuild(by=OLGA).same
