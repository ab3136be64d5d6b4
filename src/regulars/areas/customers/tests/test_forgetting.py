"""Forgetting: nothing of her is left in rows, blocks and files, the chain holds, and nobody brings her back."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.areas.customers import actions, models, queries
from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna
from regulars.areas.journal.actions import deed, undo
from regulars.areas.journal.chain import blocks, ledger
from regulars.areas.journal.models import Changeset, Forgotten, Link
from regulars.areas.journal.queries import history_of, verify
from regulars.kernel import keyfile, personkeys, registries
from regulars.kernel.errors import Gone, NotAllowed, NotFound, Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]


def add(**card: Any) -> int:
    return actions.add_customer(card=card, by=OLGA, at=NOW)


def edit(number: int, **card: Any) -> int:
    changeset = actions.edit_customer(number=number, card=card, by=OLGA, at=NOW)
    assert changeset is not None
    return changeset


def forget(number: int) -> actions.Forgetting:
    return actions.forget_customer(number=number, by=OLGA, at=NOW)


def everything() -> str:
    """All rows of all tables, blocks in the clear."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [repr(row) for row in cursor.fetchall()]
    for block in Link.objects.values_list("block", flat=True):
        found += [payload.decode() for payload in blocks.payloads(bytes(block))]
    return "\n".join(found)


def test_nothing_of_her_is_left_and_the_chain_holds() -> None:
    number, other = (
        anna(identity_numbers=[{"value": "86095742719", "kind": "idnr", "country": "DE"}]),
        add(given_name="Sören"),
    )
    edit(number, family_name="Ærnæs", notes=[{"text": "Likes tea from Assam"}])
    assert verify().ok and "Assam" in everything()
    forget(number)
    left = everything()
    for text in ("Anna", "anna@", "Ær", "15123456789", "17. Juni", "Assam", "1958-03", "aeroskobing"):
        assert text not in left, text
    assert verify().ok, verify().as_json()
    assert queries.card_json(OLGA, other)["given_name"] == "Sören"


def test_her_number_says_so_and_is_not_given_again() -> None:
    number = anna()
    done = forget(number)
    with pytest.raises(Gone):
        queries.card_for(OLGA, number)
    with pytest.raises(Gone):
        forget(number)
    with pytest.raises(Refused, match="gone for good"):
        undo(changeset=done.changeset or 0, by=OLGA, at=NOW)
    assert history_of(number, by=OLGA) == []
    assert anna() > number, "who comes back is somebody new"


def test_only_with_the_right_and_only_who_is_there() -> None:
    number = anna()
    with pytest.raises(NotAllowed):
        actions.forget_customer(number=number, by=BEN, at=NOW)
    with pytest.raises(NotAllowed):
        actions.what_would_go(number=number, by=BEN)
    with pytest.raises(NotFound):
        forget(99_999)
    assert not ledger.entries() and not Forgotten.objects.exists()


def test_a_deleted_card_is_forgotten_too_and_an_undo_leaves_it_out() -> None:
    number = anna()
    deleted = actions.delete_customer(number=number, by=OLGA, at=NOW)
    forget(number)
    assert "anna@" not in everything() and verify().ok
    undone = undo(changeset=deleted or 0, by=OLGA, at=NOW)
    assert (undone.forgotten, undone.restored, undone.changeset) == (1, 0, None)


def test_sealed_values_cannot_be_opened_again() -> None:
    number = anna(bank_accounts=[{"iban": "DE89370400440532013000"}])
    assert personkeys.keys_for([number])
    forget(number)
    assert not personkeys.keys_for([number])
    with pytest.raises(personkeys.KeyDestroyed):
        personkeys.make_keys([number])


def test_files_of_others_that_are_called_after_her_are_told() -> None:
    number, friend = anna(), add(given_name="Sören")
    names = ("Brief_an_Anna_Aeroskobing.txt", "Annalen.txt")
    for name in names:
        actions.add_file(number=friend, name=name, content=name.encode(), by=OLGA, at=NOW)
    told = {fate.name: fate.count for fate in actions.what_would_go(number=number, by=OLGA).fates}
    assert told["customers.files_of_others"] == 1
    forget(number)
    assert {each["name"] for each in queries.card_json(OLGA, friend)["files"]} == set(names)


def test_others_lose_the_relation_and_keep_that_there_was_somebody() -> None:
    number = anna()
    friend = add(given_name="Sören", referred_by=number, relations=[{"number": number, "kind": "partner"}])
    forget(number)
    card = queries.card_json(OLGA, friend)
    assert card["referred_by"] is None and card["relations"] == []
    told = [each.called(each.was) for deed in history_of(friend, by=OLGA) for each in deed.fields]
    assert "a forgotten customer" in told
    assert verify().ok


def test_an_undo_leaves_her_out_and_brings_the_rest_back() -> None:
    number = anna()
    friend = add(given_name="Sören", referred_by=number)
    edited = edit(friend, occupation="Baker", referred_by=None)
    forget(number)
    undo(changeset=edited, by=OLGA, at=NOW)
    card = queries.card_json(OLGA, friend)
    assert card["occupation"] is None and card["referred_by"] is None and verify().ok


def test_a_relation_that_an_undo_would_bring_back_stays_away() -> None:
    number = anna()
    friend = add(given_name="Sören", relations=[{"number": number, "kind": "partner"}])
    (row,) = queries.card_json(OLGA, friend)["relations"]
    edited = edit(friend, occupation="Baker", relations=[{"key": row["key"], "remove": True}])
    forget(number)
    undo(changeset=edited, by=OLGA, at=NOW)
    card = queries.card_json(OLGA, friend)
    assert card["occupation"] is None and card["relations"] == [] and verify().ok


def test_a_blank_that_no_forgetting_explains_is_a_falsification() -> None:
    number = anna()
    link = Link.objects.get()
    Link.objects.filter(pk=link.pk).update(block=blocks.blanked(bytes(link.block), {1}))
    verdict = verify()
    assert not verdict.ok and verdict.problems[0].kind == "removed"
    assert models.Customer.objects.filter(number=number).exists()


def test_a_household_of_her_own_goes_with_its_name_one_with_others_stays() -> None:
    number = anna(households=[{"name": "Haus Ærø"}, {"name": "Am Markt"}])
    add(given_name="Sören", households=[{"name": "Am Markt"}])
    edit(number, households=[{"name": "Zu zweit"}])
    forget(number)
    left = everything()
    assert "Haus Ærø" not in left and "Zu zweit" not in left and "Am Markt" in left
    assert verify().ok, verify().as_json()


def test_a_merged_number_is_the_same_person() -> None:
    keeper, merged = anna(), add(given_name="Änne", emails=[{"value": "aenne@example.org"}])
    with deed(verb="customers.edited", by=OLGA, at=NOW, particulars={"number": merged}) as link:
        link.change(models.Customer.objects.get(number=merged), merged_into_id=keeper)
    assert actions.what_would_go(number=merged, by=OLGA).number == keeper
    assert forget(merged).number == keeper
    left = everything()
    assert "anna@" not in left and "aenne@" not in left and verify().ok
    for number in (keeper, merged):
        with pytest.raises(Gone):
            queries.card_for(OLGA, number)


def test_the_dry_run_says_what_goes_and_changes_nothing() -> None:
    number = anna()
    friend = add(given_name="Sören", referred_by=number)
    before = everything()
    told = actions.what_would_go(number=number, by=OLGA)
    fates = {each.name: each for each in told.fates}
    assert fates["customers.customer"].then == "blank" and fates["customers.contactpoint"].count == 2
    assert fates["journal.ledger"].then == "keep" and all(each.label for each in told.fates)
    assert told.cards == [friend] and told.changeset is None
    assert everything() == before and not ledger.entries()


def test_an_older_register_forgets_again_by_the_ledger() -> None:
    number, other = anna(), add(given_name="Sören")
    entry = ledger.append(at=NOW, next_number=10_500, values={"number": [str(number)]}, let_go={})
    assert [each.kind for each in verify().problems] == ["rolled_back"]
    assert actions.forget_again(by=OLGA, at=NOW) == [number]
    assert "anna@" not in everything() and verify().ok
    assert add(given_name="Later") >= 10_500, "no number is given twice"
    assert actions.forget_again(by=OLGA, at=NOW) == []
    assert queries.card_json(OLGA, other) and entry.id


def test_a_withdrawn_line_and_half_a_line_forget_nobody() -> None:
    number = anna()
    ledger.withdraw(ledger.append(at=NOW, next_number=0, values={"number": [str(number)]}, let_go={}))
    with keyfile.ledger_path().open("ab") as file:
        file.write(b'{"id":"12","home":')
    assert actions.forget_again(by=OLGA, at=NOW) == []
    ledger.append(at=NOW, next_number=0, values={"number": ["1"]}, let_go={})
    assert len(ledger.entries()) == 1
    assert (keyfile.ledger_path().stat().st_mode & 0o777) == 0o600


def test_a_rotten_bit_in_the_ledger_is_found() -> None:
    forget(anna())
    whole = keyfile.ledger_path().read_bytes()
    assert verify().ok
    for at in range(0, len(whole) - 1, 7):
        keyfile.ledger_path().write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert ledger.damaged() == [1] and not ledger.entries()
    assert {each.kind for each in verify().problems} == {"edited", "removed"}
    keyfile.ledger_path().write_bytes(b"")
    assert [each.kind for each in verify().problems] == ["removed"]


def test_the_ledger_names_nobody() -> None:
    number = anna(references=[{"source": "shop", "value": "A-4711"}])
    forget(number)
    text = keyfile.ledger_path().read_text().lower()
    assert not any(each in text for each in ("anna", "a-4711", "ær", "15123456789"))
    assert ledger.entries()[0].has("email", ledger.code_of("email", "anna@example.org"))


def test_a_deed_that_cannot_be_done_withdraws_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    number = anna()

    def broken(*_args: object, **_told: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("regulars.areas.customers.actions.forgetting.enqueue", broken)
    with pytest.raises(RuntimeError):
        forget(number)
    assert not ledger.entries() and queries.card_json(OLGA, number)


def test_every_holding_has_a_name_for_people() -> None:
    assert all(str(each.label) for each in registries.holdings().values())
    assert all(str(each.label) and str(each.why) for each in registries.stores().values())
    assert Changeset.objects.count() == 0


def test_whoever_alters_what_was_forgotten_is_found_out() -> None:
    numbers = [add(given_name=f"Anna {place}") for place in range(3)]
    for number in numbers[:2]:
        forget(number)
    assert verify().ok
    Forgotten.objects.filter(number=numbers[1]).update(blanked={})
    assert {each.kind for each in verify().problems} == {"removed", "row_differs"}


CARDS = st.lists(
    st.fixed_dictionaries(
        {"given_name": st.sampled_from(["Anna", "Ben", "Eva"]), "occupation": st.sampled_from(["Baker", "Smith", ""])}
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=8)
@given(CARDS, st.data())
def test_forgetting_some_leaves_exactly_the_others(cards: list[dict[str, str]], data: st.DataObject) -> None:
    """Whatever was done to whom: who is forgotten is gone, all others are as they were but for what named the gone."""
    numbers = [add(**card) for card in cards]
    for number in numbers:
        edit(number, referred_by=None, notes=[{"text": f"of {number}"}])
        for other in data.draw(st.lists(st.sampled_from(numbers), max_size=2, unique=True)):
            if other != number:
                edit(number, relations=[{"number": other, "kind": "partner"}])
    gone = data.draw(st.lists(st.sampled_from(numbers), min_size=1, unique=True))
    staying = [number for number in numbers if number not in gone]
    before = {number: queries.card_json(OLGA, number) for number in staying}
    for number in gone:
        forget(number)
    for number in staying:
        now = queries.card_json(OLGA, number)
        kept = [each for each in before[number]["relations"] if each["number"] not in gone]
        assert now["relations"] == kept
        assert {**now, "relations": 0, "version": 0, "updated_at": 0} == {
            **before[number], "relations": 0, "version": 0, "updated_at": 0,
        }  # fmt: skip
    left = everything()
    assert not [number for number in gone if f"of {number}" in left]
    assert set(Forgotten.objects.values_list("number", flat=True)) >= set(gone) and verify().ok
