"""Somebody who was merged, un-merged, taken back and bought a lot is forgotten, and no part of the home says her words:
whichever script they are in, and whatever else stands in them. Who comes back is new."""

import secrets
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import browser_of
from regulars.areas.consent.actions import give
from regulars.areas.customers import actions as customers
from regulars.areas.customers.models import Customer, CustomField
from regulars.areas.customers.queries.searching import search
from regulars.areas.house.queries import zone
from regulars.areas.intake.tests.lists import NOON, OLGA, brought
from regulars.areas.intake.tests.test_forgetting import card, in_pages, whole_home
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, put_off, reject, scan_all, unmerge
from regulars.areas.segments.actions import act_on_many, make_list, record_export, rename_segment, save_segment
from regulars.areas.trade import actions as trade
from tests.rig.programs import Program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home", "lists_read_here")]
BY: dict[str, Any] = {"by": OLGA, "at": NOON}
HEX = "0123456789abcdef"
DRESS: dict[str, Callable[[str], str]] = {
    "umlauts": lambda word: f"Üç{word}ß",
    "taken apart": lambda word: unicodedata.normalize("NFD", f"Ärø{word}é"),
    "devanagari": lambda word: "".join(chr(0x915 + HEX.index(each)) for each in word) + "ि",
    "signs": lambda word: f"O'{word}\"\\x%_{{}}",
}


class Words:
    """Words nobody else has, dressed; `cores` are what of each no writing of it loses."""

    def __init__(self, dress: str) -> None:
        self.dress, self.cores = DRESS[dress], list[str]()

    def __call__(self) -> str:
        word = self.dress(secrets.token_hex(5))
        self.cores.append(self.core(word))
        return word

    def core(self, word: str) -> str:
        plain = [each for each in word if each in HEX or "\u0915" <= each <= "\u0924"]
        return "".join(plain[:10])


def written(word: Words, org: int) -> dict[str, Any]:
    told = card(word, org)
    for place, each in enumerate(told["emails"]):
        word.cores.remove(word.core(each["value"]))
        each["value"] = f"{secrets.token_hex(6)}{place}@example.org"
        word.cores.append(each["value"].partition("@")[0])
    return told


def lived(word: Words) -> tuple[int, int, dict[str, Any]]:
    """Her number, that of the card she was merged with and parted from, and her card."""
    org = customers.add_customer(card={"organisation_name": "Teehaus"}, **BY)
    if not CustomField.objects.filter(name="shoe").exists():
        customers.define_field(label="Shoe", type="text", **BY)
    told = written(word, org) | {"custom": {"shoe": word()}}
    number = customers.add_customer(card=told, **BY)
    edited = customers.edit_customer(number=number, card=written(word, org), **BY)
    back = undo(changeset=edited, **BY).changeset
    undo(changeset=back, **BY)
    parted = customers.add_customer(card={"given_name": "Ben", "family_name": "Berg", "territory": "north"}, **BY)
    merge = merge_customers(keep=number, absorb=parted, **BY).changeset
    assert merge is not None
    unmerge(changeset=merge, **BY)
    second = customers.add_customer(card=written(word, org), **BY)
    merge_customers(keep=number, absorb=second, **BY)
    told |= {name: word() for name in ("given_name", "family_name", "occupation")}
    texts = {name: told[name] for name in told if isinstance(told[name], str)}
    customers.edit_customer(number=number, card=texts, **BY)
    customers.delete_customer(number=number, **BY)
    return number, parted, told


def dealt(word: Words, number: int, told: dict[str, Any]) -> list[str]:
    """All that a shop does with her; which of the words are the house's: its goods, tags and segments."""
    give(number=number, channels=["email"], purposes=["offers"], heard=word()[:60], **BY)
    goods, tag, segment = word(), word(), word()
    own = [word.cores.pop() for _each in range(3)]
    lines = [trade.NewLine(text=goods, amount=90_000, remark=word()), trade.NewLine(amount=50_000, kind="donation")]
    sold = trade.record_purchase(purchase=trade.NewPurchase(lines, customer=number, at=NOON, note=word()), **BY).serial
    trade.return_lines(serial=sold, items=[(1, 5_000)], reason="mind", remark=word(), **BY)
    trade.give_receipts(year=NOON.year, **BY)
    pledge = trade.NewAgreement("pledge", 10_000, purpose=word(), note=word())
    _deed, agreed = trade.agree(customer=number, told=pledge, **BY)
    trade.end_agreement(serial=agreed, until=date(2026, 11, 24), why=word(), **BY)
    _deed, wished = trade.reserve(wish=trade.Wish(number, text=word(), note=word()), **BY)
    trade.drop(serial=wished, **BY)
    act_on_many(deed="tag", value=tag, numbers=[number], asked=f'family_name = "{told["given_name"]}"', **BY)
    save_segment(name=segment, criteria="city = Ulm", today=NOON.date(), **BY, zone=zone())
    return own


@pytest.mark.parametrize("dress", DRESS)
def test_no_part_of_the_home_says_a_word_of_hers(dress: str) -> None:
    word = Words(dress)
    number, parted, told = lived(word)
    undo(changeset=_last("customers.deleted"), **BY)
    own = dealt(word, number, told)
    name = f"{told['given_name']} {told['family_name']}"
    plain = name.replace('"', " ").replace("\\", " ")
    save_segment(name=f"Wie {name.upper()}", criteria="number > 1", today=NOON.date(), zone=zone(), **BY)
    rename_segment(name=f"Wie {name.upper()}", to=f"Alles {plain} & Co", **BY)
    make_list(name=f"Für {unicodedata.normalize('NFC', name)}", **BY)
    record_export(asked=f"family_name ~ '{told['family_name']}'", count=1, withheld=0, format="csv", **BY)
    twin = customers.add_customer(card={each: told[each] for each in ("given_name", "family_name", "emails")}, **BY)
    scan_all(at=NOON)
    put_off(a=number, b=twin, **BY)
    reject(a=number, b=twin, **BY)
    customers.delete_customer(number=twin, **BY)
    customers.forget_customer(number=twin, **BY)
    browser, program = browser_of("owner"), Program("owner")
    browser.get(f"/customers/{number}/")
    sent = {"occupation": word(), "notes": [{"text": word()}]}
    assert program.patch(f"/customers/{number}", sent, if_match="*").status_code == 200
    assert program.post(f"/customers/{number}/unmask", {"fact": "birth_date", "reason": word()}).status_code < 500
    seen = whole_home().lower()
    assert not [each for each in word.cores if each not in seen]
    customers.forget_customer(number=number, by=OLGA, at=timezone.now())
    left = whole_home().lower()
    found = [each for each in word.cores if each in left]
    assert not found, [line[:700] for line in left.splitlines() for each in found if each in line]
    assert not in_pages(word.cores) and verify().ok, verify().as_json()
    assert all(each in left for each in own), "what is the house's stays"
    assert browser.get(f"/customers/{number}/").status_code == 410
    assert Customer.objects.get(number=parted).family_name == "Berg"


def _last(verb: str) -> int:
    from regulars.areas.journal.models import Changeset

    return Changeset.objects.filter(verb=verb).latest("number").number


def test_who_comes_back_is_new() -> None:
    line = "7;Jörg;Ærnæs;joerg@example.org;+49 30 7654321"
    head = "Kundennummer;Vorname;Nachname;E-Mail;Telefon"
    brought(head, line, source="shop")
    old = Customer.objects.get().number
    customers.edit_customer(number=old, card={"occupation": "Kapitän", "tags": ["vip"]}, **BY)
    trade.record_purchase(
        purchase=trade.NewPurchase([trade.NewLine(text="Tee", amount=10_000)], customer=old, at=NOON), **BY
    )
    customers.forget_customer(number=old, **BY)
    assert search(OLGA, "Jörg").hits == []
    assert brought(head, line, source="shop")["created"] == 1
    by_list = Customer.objects.get().number
    customers.forget_customer(number=by_list, **BY)
    by_hand = customers.add_customer(card={"given_name": "Jörg", "family_name": "Ærnæs"}, **BY)
    program = Program()
    told = program.get(f"/customers/{by_hand}").json()
    assert by_hand > by_list > old and told["occupation"] is None and told["tags"] == []
    assert program.get(f"/customers/{by_hand}/standing").json()["spent"] == "0"
    assert len(program.get(f"/customers/{by_hand}/history").json()) == 1
    for number in (old, by_list):
        assert program.get(f"/customers/{number}").status_code == 410
        assert program.get(f"/customers/{number}?at={NOON.date()}").status_code in (404, 410)
        assert program.get(f"/customers?criteria=number={number}").json()["count"] == 0
        assert [hit.number for hit in search(OLGA, str(number)).hits] == []
