"""A card is added, edited, shown; what will not do is refused by name and leaves nothing behind."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.areas.customers import actions, models, queries
from regulars.areas.customers.card.cleaning import longest_of
from regulars.areas.customers.card.sealing import masked
from regulars.areas.customers.tests.people import ANNA, BEN, NOW, OLGA, anna, dump
from regulars.areas.journal.queries import history_of, verify
from regulars.kernel import registries
from regulars.kernel.crypto import Tampered
from regulars.kernel.errors import NotAllowed, NotFound, Refused, Stale

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_is_kept_clean_and_shown() -> None:
    card = queries.card_json(OLGA, anna(notes=["Likes tea"], custom={}))
    assert (card["number"], card["name"], card["kind"]) == (10001, "Dr. Anna Ærøskøbing", "person")
    assert card["phones"][0]["value"] == "+4915123456789"
    assert card["emails"][0] | {"key": ""} == {"value": "anna@example.org", "label": "home", "primary": True, "key": ""}
    assert card["addresses"][0]["country"] == "DE"
    assert card["birth_date"] == "•••"
    assert (card["tags"], card["notes"][0]["text"], card["notes"][0]["by"]) == (["VIP"], "Likes tea", "Olga")


def test_a_full_name_alone_is_taken_apart() -> None:
    number = actions.add_customer(card={"name": "Dr. Ludwig van Beethoven"}, by=OLGA, at=NOW)
    row = models.Customer.objects.get(pk=number)
    assert (row.title, row.given_name, row.family_name) == ("Dr.", "Ludwig", "van Beethoven")


@pytest.mark.parametrize(
    ("card", "where"),
    [
        ({"gender": "female"}, "given_name"),
        ({"given_name": "A", "gender": "femal"}, "gender"),
        ({"given_name": "A", "famly_name": "B"}, "famly_name"),
        ({"given_name": "A", "emails": [{"value": "not an address"}]}, "emails.email"),
        ({"given_name": "A", "children": -1}, "children"),
        ({"given_name": "A", "birth_date": "1990-02-30"}, "birth_date"),
        ({"given_name": "A", "referred_by": 99999}, "referred_by"),
        ({"given_name": "A", "bank_accounts": [{"iban": "DE00 1234"}]}, "bank_accounts"),
        ({"number": 7, "given_name": "A"}, "number"),
        ({"given_name": "A", "addresses": [{"label": "home"}]}, "addresses.street"),
    ],
)
def test_what_will_not_do_is_refused_by_name(card: dict[str, Any], where: str) -> None:
    before = dump()
    with pytest.raises(Refused) as refused:
        actions.add_customer(card=card, by=OLGA, at=NOW)
    assert (refused.value.where or "").startswith(where)
    assert dump() == before


def texts() -> list[registries.Fact]:
    """Every fact that takes any text."""
    declared = registries.REGISTRY.facts.values()
    return [each for each in declared if each.writable and each.type in ("text", "code") and not each.choices]


@pytest.mark.parametrize("fact", texts(), ids=lambda fact: fact.name)
def test_a_text_as_long_as_its_column_is_kept_and_a_longer_one_refused(fact: registries.Fact) -> None:
    def card(length: int) -> dict[str, Any]:
        text = "x" * length
        if fact.group is None:
            return {"given_name": "A", fact.name: text}
        beside = {"social": {"network": "n", "handle": "h"}, "works_at": {"organisation": "O"}}
        needed = {"emails": {"value": "a@b.org"}, "phones": {"value": "030 1234567"}, "addresses": {"city": "B"}}
        others = {
            "identity_numbers": {"value": "DE123456788"},
            "households": {"name": "H"},
            "references": {"value": "1"},
        }
        row = {**beside, **needed, **others}.get(fact.group, {})
        return {"given_name": "A", fact.group: [{**row, fact.key: text}]}

    if fact.name != "identity_number.kind":  # of these only known ones are taken
        actions.add_customer(card=card(longest_of(fact)), by=OLGA, at=NOW)
    with pytest.raises(Refused, match=f"at most {longest_of(fact):,} characters"):
        actions.add_customer(card=card(longest_of(fact) + 1), by=OLGA, at=NOW)


def test_the_mask_of_a_long_secret_fits_and_a_bic_is_one() -> None:
    actions.define_field(label="Diary", type="sealed", by=OLGA, at=NOW)
    number = anna(custom={"diary": "x" * 300})
    assert len(queries.card_json(OLGA, number)["custom"]["diary"]) < 60
    with pytest.raises(Refused, match="BIC"):
        anna(bank_accounts=[{"number": "12345678", "bic": "x" * 12}])


def test_a_list_adds_and_changes_and_drops_nothing() -> None:
    number = anna()
    key = queries.card_json(OLGA, number)["emails"][0]["key"]
    actions.edit_customer(
        number=number,
        card={"emails": [{"value": "ANNA@example.org", "label": "work"}, {"value": "a@example.com", "primary": True}]},
        by=OLGA,
        at=NOW,
    )
    shown = queries.card_json(OLGA, number)["emails"]
    assert [(each["label"], each["primary"]) for each in shown] == [(None, True), ("work", False)]
    actions.edit_customer(number=number, card={"emails": [{"key": key, "remove": True}]}, by=OLGA, at=NOW)
    assert [each["value"] for each in queries.card_json(OLGA, number)["emails"]] == ["a@example.com"]


def test_a_reference_is_one_customers_alone() -> None:
    first, second = anna(references=[{"source": "till", "value": "7"}]), anna(references=[{"value": "8"}])
    with pytest.raises(Refused, match=f"Customer {first} has the reference 7 already"):
        anna(references=[{"source": "till", "value": "7"}])
    with pytest.raises(Refused, match=f"Customer {first} has"):
        actions.edit_customer(number=second, card={"references": [{"source": "till", "value": "7"}]}, by=OLGA, at=NOW)
    actions.edit_customer(number=first, card={"references": [{"source": "till", "value": "7"}]}, by=OLGA, at=NOW)
    (key,) = [each["key"] for each in queries.card_json(OLGA, second)["references"]]
    with pytest.raises(Refused, match=f"Customer {first} has"):
        moved = {"key": key, "source": "till", "value": "7"}
        actions.edit_customer(number=second, card={"references": [moved]}, by=OLGA, at=NOW)


def test_the_only_address_stays_the_first_and_saying_no_to_that_leaves_no_deed() -> None:
    number = anna(emails=["a@example.org"])
    edit = {"emails": [{"value": "a@example.org", "primary": False}]}
    assert actions.edit_customer(number=number, card=edit, by=OLGA, at=NOW) is None
    both = {"emails": [{"value": "b@example.org", "primary": True}, {"value": "a@example.org", "primary": False}]}
    actions.edit_customer(number=number, card=both, by=OLGA, at=NOW)
    assert [each["value"] for each in queries.card_json(OLGA, number)["emails"]] == ["b@example.org", "a@example.org"]


@pytest.mark.parametrize(
    "edits",
    [
        [{"value": "b@example.org", "primary": True}, {"key": "b@example.org", "remove": True}],
        [{"key": "a@example.org", "label": "work"}, {"key": "a@example.org", "label": "home"}],
    ],
)
def test_what_one_edit_does_and_takes_back_again_leaves_no_deed(edits: list[dict[str, Any]]) -> None:
    number = anna(emails=[{"value": "a@example.org", "label": "home"}])
    before, told = dump(), queries.card_json(OLGA, number)
    assert actions.edit_customer(number=number, card={"emails": edits}, by=OLGA, at=NOW) is None
    assert dump() == before and queries.card_json(OLGA, number) == told and verify().ok
    edits[0]["value"] = "c@example.org"  # another one that stays
    assert actions.edit_customer(number=number, card={"emails": edits[:1]}, by=OLGA, at=NOW) is not None


def test_removing_the_primary_address_seats_another() -> None:
    number = anna(emails=[{"value": "a@example.org"}, {"value": "b@example.org"}])
    actions.edit_customer(number=number, card={"emails": [{"key": "a@example.org", "remove": True}]}, by=OLGA, at=NOW)
    (left,) = queries.card_json(OLGA, number)["emails"]
    assert (left["value"], left["primary"]) == ("b@example.org", True)


def test_an_organisation_is_made_on_the_way_and_found_again() -> None:
    one = anna(works_at=[{"organisation": "Müller & Söhne GmbH", "job_title": "Buyer"}])
    other = actions.add_customer(
        card={"given_name": "Ben", "works_at": [{"organisation": "MÜLLER & SÖHNE GMBH"}]}, by=OLGA, at=NOW
    )
    organisations = {queries.card_json(OLGA, n)["works_at"][0]["number"] for n in (one, other)}
    assert len(organisations) == 1


def test_no_span_ends_before_it_begins() -> None:
    firm = {"organisation": "Tea Ltd", "from": "2024-07-01"}
    with pytest.raises(Refused, match=r"until \(30 June 2024\) lies before .* since \(1 July 2024\)"):
        anna(works_at=[{**firm, "to": "2024-06-30"}])
    number = anna(works_at=[firm], addresses=[{"city": "Ulm", "valid_from": "2024-01-01", "valid_to": "2024-01-01"}])
    (job,) = queries.card_json(OLGA, number)["works_at"]
    with pytest.raises(Refused) as refusal:
        actions.edit_customer(
            number=number, card={"works_at": [{"key": job["key"], "to": "2024-06-30"}]}, by=OLGA, at=NOW
        )
    assert refusal.value.where == "works_at.to"


def test_a_relation_and_a_household_have_their_days() -> None:
    other = actions.add_customer(card={"given_name": "Jonas"}, by=OLGA, at=NOW)
    span = {"from": "2001-06-09", "to": "2019-01-31"}
    number = anna(relations=[{"number": other, "kind": "partner", **span}], households=[{"name": "Berg", **span}])
    card = queries.card_json(OLGA, number)
    assert [{**each, **span} for each in card["relations"] + card["households"]] == card["relations"] + card[
        "households"
    ]
    key = card["relations"][0]["key"]
    actions.edit_customer(number=number, card={"relations": [{"key": key, "to": None}]}, by=OLGA, at=NOW)
    assert queries.card_json(OLGA, number)["relations"][0]["to"] is None
    with pytest.raises(Refused, match="lies before"):
        anna(households=[{"name": "Berg", "from": "2020-01-01", "to": "2019-01-01"}])
    assert verify().ok


@pytest.mark.parametrize(
    ("group", "row", "said", "where"),
    [
        ("notes", {"text": " "}, "Note is missing.", "notes.text"),
        ("relations", {"kind": "partner"}, "Related to is missing.", "relations.number"),
        ("social", {"network": "Mastodon"}, "Handle is missing.", "social.handle"),
    ],
)
def test_what_a_row_lacks_is_named_as_on_screen(group: str, row: dict[str, Any], said: str, where: str) -> None:
    with pytest.raises(Refused) as refusal:
        anna(**{group: [row]})
    assert (refusal.value.message, refusal.value.where) == (said, where)


def test_a_sealed_value_is_masked_found_by_equality_and_shown_only_on_record() -> None:
    number = anna(bank_accounts=[{"iban": "DE89 3704 0044 0532 0130 00"}])
    account = queries.card_json(OLGA, number)["bank_accounts"][0]
    assert (account["iban"], account["bic"]) == ("DE****************3000", "COBADEFFXXX")
    row = models.BankAccount.objects.get()
    assert b"370400440532013000" not in bytes(row.sealed)
    with pytest.raises(NotAllowed):
        actions.unmask(number=number, fact="iban", by=BEN, at=NOW)
    assert actions.unmask(number=number, fact="iban", by=OLGA, at=NOW, reason="refund") == "DE89370400440532013000"
    assert [deed.verb for deed in history_of(number, by=OLGA)] == ["customers.unmasked", "customers.added"]
    assert verify().ok


@pytest.mark.parametrize(
    ("clear", "mask"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE****************3000"),
        ("IE6388047V", "*******47V"),
        ("L-998877", "*****77"),
        ("1234", "***4"),
        ("42", "**"),
    ],
)
def test_a_mask_shows_a_third_at_most(clear: str, mask: str) -> None:
    assert masked(clear) == mask


def test_a_sealed_value_cut_out_and_pasted_elsewhere_does_not_open() -> None:
    one = anna(bank_accounts=[{"iban": "DE89 3704 0044 0532 0130 00"}])
    other = anna(emails=[{"value": "b@example.org"}], bank_accounts=[{"iban": "GB82 WEST 1234 5698 7654 32"}])
    models.BankAccount.objects.filter(customer=one).update(sealed=models.BankAccount.objects.get(customer=other).sealed)
    with pytest.raises(Tampered):
        actions.unmask(number=one, fact="iban", by=OLGA, at=NOW)


def test_an_edit_on_an_old_view_names_what_is_newer_by_whom_and_when() -> None:
    number = anna()
    seen = models.Customer.objects.get().version
    actions.edit_customer(number=number, card={"given_name": "Berta"}, by=BEN, at=NOW + timedelta(minutes=5))
    with pytest.raises(Stale) as refused:
        actions.edit_customer(number=number, card={"given_name": "Clara"}, by=OLGA, at=NOW, seen=seen)
    (newer,) = refused.value.more["newer"]
    assert (newer["field"], newer["was"], newer["now"], newer["by"]) == ("given_name", "Anna", "Berta", "Ben")
    actions.edit_customer(number=number, card={"children": 2}, by=OLGA, at=NOW, seen=seen)  # another value: no clash


def test_who_sent_whom_never_turns_in_a_circle() -> None:
    one = anna()
    other = actions.add_customer(card={"given_name": "Ben", "referred_by": one}, by=OLGA, at=NOW)
    with pytest.raises(Refused):
        actions.edit_customer(number=one, card={"referred_by": other}, by=OLGA, at=NOW)


def test_a_card_that_others_name_is_not_deleted() -> None:
    one = anna()
    actions.add_customer(card={"given_name": "Ben", "referred_by": one}, by=OLGA, at=NOW)
    with pytest.raises(Refused, match="10002"):
        actions.delete_customer(number=one, by=OLGA, at=NOW)


def test_archive_deceased_and_their_way_back() -> None:
    number = anna()
    actions.archive_customer(number=number, by=OLGA, at=NOW)
    actions.give_standing(number=number, kind="deceased", by=OLGA, at=NOW)
    assert queries.card_json(OLGA, number)["state"] == "archived"
    assert set(queries.card_json(OLGA, number)["standings"]) == {"archived", "deceased"}
    actions.unarchive_customer(number=number, by=OLGA, at=NOW)
    assert queries.card_json(OLGA, number)["state"] == "active"


def test_fields_of_the_business_hold_their_type() -> None:
    actions.define_field(label="Shoe size", type="number", by=OLGA, at=NOW)
    actions.define_field(label="Credit", type="money", by=OLGA, at=NOW)
    actions.define_field(label="Wants catalogue", type="yesno", by=OLGA, at=NOW)
    actions.define_field(label="Locker code", type="sealed", by=OLGA, at=NOW)
    number = anna(
        custom={"shoe_size": 42, "credit": "12.50 EUR", "wants_catalogue": False, "locker_code": "4711 secret"}
    )
    shown = queries.card_json(OLGA, number)["custom"]
    assert (shown["shoe_size"], shown["credit"], shown["wants_catalogue"]) == (42, "12.5 EUR", False)
    assert "secret" not in str(shown)
    with pytest.raises(Refused):
        actions.edit_customer(number=number, card={"custom": {"shoe_size": "large"}}, by=OLGA, at=NOW)
    actions.edit_customer(number=number, card={"custom": {"shoe_size": None, "wants_catalogue": True}}, by=OLGA, at=NOW)
    assert queries.card_json(OLGA, number)["custom"].get("shoe_size") is None
    assert verify().ok


def test_a_file_is_typed_by_its_content_and_kept_enciphered() -> None:
    number = anna()
    actions.add_file(number=number, name="../../note.exe.txt", content=b"Bring the blue one.", by=OLGA, at=NOW)
    (file,) = queries.card_json(OLGA, number)["files"]
    assert (file["name"], file["content_type"]) == ("note.exe.txt", "text/plain")
    assert actions.open_file(number=number, key=file["key"], by=OLGA)[1] == b"Bring the blue one."
    for content in (b"", b"<svg onload=alert(1)>", b"MZ\x90\x00\x03"):
        with pytest.raises(Refused):
            actions.add_file(number=number, name="x.png", content=content, by=OLGA, at=NOW)


def test_nobody_without_the_right_knows_of_a_card() -> None:
    number = anna()
    nobody = OLGA.__class__(kind="user", name="Nobody")
    with pytest.raises(NotFound):
        queries.card_json(nobody, number)
    assert ANNA["given_name"] == "Anna"


@pytest.mark.parametrize(
    ("type_", "one", "two"), [("text", "tea", "coffee"), ("number", 1, 2), ("sealed", "abc", "xyz")]
)
def test_a_fact_of_our_own_is_set_anew_twice_at_once_and_taken_away(type_: str, one: Any, two: Any) -> None:
    name = actions.define_field(label="Ours", type=type_, by=OLGA, at=NOW)
    number = anna(custom={name: one})
    twice = [{"field": name, "value": one}, {"field": name, "value": two}]
    for given in ({name: two}, {name: one}, twice):
        actions.edit_customer(number=number, card={"custom": given}, by=OLGA, at=NOW)
        assert models.CustomValue.objects.filter(customer=number).count() == 1
    assert queries.card_json(OLGA, number)["custom"][name] == (masked(two) if type_ == "sealed" else two)
    actions.edit_customer(number=number, card={"custom": {name: None}}, by=OLGA, at=NOW)
    assert not models.CustomValue.objects.exists() and verify().ok
