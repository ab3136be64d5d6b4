"""What a file does to the cards that are there, rule by rule (the contract's paragraph on imports)."""

from collections.abc import Iterator

import pytest

from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.customers.models import (
    Address,
    BankAccount,
    ContactPoint,
    Customer,
    Employment,
    Note,
    Reference,
    Standing,
    Tag,
)
from regulars.areas.intake.readers import child
from regulars.areas.intake.tests.lists import NOON, OLGA, brought, emails, in_this_process, names, sums, tried
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def only() -> Customer:
    return Customer.objects.get()


# --- new ones


def test_rows_become_cards_in_the_order_of_the_file() -> None:
    told = brought("First name,Last name,E-mail", "Anna,Berg,a@x.org", "Ben,Dahl,b@x.org")
    assert sums(told) == (2, 0, 0, 0)
    assert names() == ["Anna Berg", "Ben Dahl"]
    assert Customer.objects.order_by("number").first().number == 10001  # type: ignore[union-attr]
    assert told["changeset"] and verify().ok


def test_the_files_own_id_is_kept_as_text() -> None:
    brought("Customer ID,First name", "00001,Anna", "17850.0,Ben")
    assert list(Reference.objects.order_by("id").values_list("value", flat=True)) == ["00001", "17850"]


def test_the_source_is_never_the_file_name() -> None:
    brought("Customer ID,First name", "1,Anna", name="kunden-2026.csv")
    assert Reference.objects.get().source == "list"


def test_a_named_source_counts() -> None:
    brought("Customer ID,First name", "1,Anna", source="till")
    assert Reference.objects.get().source == "till"


def test_a_bad_row_is_refused_with_its_reason_and_the_good_ones_come_in() -> None:
    told = brought("First name,E-mail", "Anna,a@x.org", "Ben,no-address", "Carl,c@x.org")
    assert sums(told) == (2, 0, 0, 1)
    (bad,) = told["rejected"]
    assert (bad["row"], bad["column"], bad["value"]) == (3, "E-mail", "no-address")
    assert "e-mail" in bad["reason"]


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    spans = {"columns": {"First name": "given_name", "Firm": "works_at.organisation", "From": "works_at.from"}}
    spans["columns"]["To"] = "works_at.to"
    lines = ("First name,Firm,From,To", "Anna,Tea Ltd,2024-07-01,", "Ben,Tea Ltd,2024-07-01,2024-06-30")
    told = brought(*lines, mapping=spans)
    assert sums(told) == (1, 0, 0, 1)
    (bad,) = told["rejected"]
    assert (bad["row"], bad["column"], bad["value"]) == (3, "To", "2024-06-30")
    assert "before" in bad["reason"]


def test_organisations_made_on_the_way_stand_outside_the_sum() -> None:
    told = brought("First name,Last name,Company", "Anna,Berg,Tea Ltd", "Ben,Dahl,TEA LTD", "Cleo,Eck,Coffee Ltd")
    assert sums(told) == (3, 0, 0, 0)
    assert told["organisations_created"] == 2
    assert Employment.objects.count() == 3
    assert Customer.objects.filter(kind="organisation").count() == 2
    assert verify().ok


def test_an_organisation_in_the_same_file_is_not_made_twice() -> None:
    told = brought("First name,Company,E-mail", ",Tea Ltd,tea@x.org", "Anna,Tea Ltd,a@x.org")
    assert (told["created"], told["organisations_created"]) == (2, 0)


def test_values_to_be_sealed_are_sealed() -> None:
    brought("First name,IBAN", "Anna,DE89 3704 0044 0532 0130 00")
    account = BankAccount.objects.get()
    assert account.masked.endswith("3000") and b"3704" not in bytes(account.sealed)
    assert verify().ok


def test_a_value_that_cannot_be_sealed_refuses_its_row() -> None:
    told = brought("First name,E-mail,IBAN", "Anna,a@x.org,DE00 3704 0044 0532 0130 00", "Ben,b@x.org,")
    assert sums(told) == (1, 0, 0, 1)


def test_who_was_sent_by_nobody_we_know_is_refused() -> None:
    mapping = {"columns": {"Name": "given_name", "By": "referred_by"}}
    first = add_customer(card={"given_name": "Zoe"}, by=OLGA, at=NOON)
    told = brought("Name,By", f"Anna,{first}", "Ben,99999", mapping=mapping)
    assert sums(told) == (1, 0, 0, 1)
    assert Customer.objects.get(given_name="Anna").referred_by_id == first


def test_what_looks_wrong_comes_in_with_a_doubt_beside_it() -> None:
    lines = ("Vorname,E-Mail,Telefon,PLZ,Ort", "Anna,anna@gmial.com,491771234568,1067,Dresden", "Ben,nicht,,1067,Ulm",
             "Cleo,c@x.org,,01067,Dresden")  # fmt: skip
    wanted = [(2, "E-Mail", "anna@gmial.com"), (2, "PLZ", "1067"), (2, "Telefon", "491771234568")]
    for told in (tried(*lines), brought(*lines)):
        assert sums(told) == (2, 0, 0, 1)
        assert told["doubted"] == 3, "of a refused row nothing is doubted besides"
        assert sorted((each["row"], each["column"], each["value"]) for each in told["doubts"]) == wanted
        assert all(each["reason"] for each in told["doubts"])
        assert [each["row"] for each in told["rejected"]] == [3] and told["blacked"] == []
    assert Customer.objects.get(given_name="Anna").name == "Anna"


def test_a_number_of_an_unnamed_list_lays_nobody_over_one_of_another_name() -> None:
    brought("Customer ID,Last name,City", "103,Ingrid Holm,Odense")
    told = brought("Customer ID,First name,Last name,City", "103,Meena,Joshi,Mumbai")
    assert sums(told) == (0, 0, 0, 1) and "already" in told["rejected"][0]["reason"]
    told = brought("Customer ID,First name,Last name,City", "103,Ingrid,Holm,Kolding")
    assert sums(told) == (0, 1, 0, 0), told


# --- the same again


@pytest.mark.parametrize(
    "lines",
    [
        ("Customer ID,First name,City,Phone", "1,Anna,Berlin,030 901820", "2,Ben,,"),
        ("First name,E-mail,Tags", "Anna,a@x.org,vip", "Ben,b@x.org,"),
        ("First name,Last name,Notes", "Anna,Berg,likes tea", "Ben,Dahl,"),
        ("First name,Company,IBAN", "Anna,Tea Ltd,DE89370400440532013000", "Ben,,"),
    ],
)
def test_the_same_file_twice_changes_nothing(lines: tuple[str, ...]) -> None:
    brought(*lines)
    again = brought(*lines, name="renamed.csv")
    assert sums(again) == (0, 0, 2, 0)
    assert again["changeset"] is None
    assert Changeset.objects.count() == 1


def test_a_row_that_repeats_an_earlier_row_counts_as_unchanged() -> None:
    lines = ("First name,Last name", "Anna,Berg", "Anna,Berg", "Ben,Dahl", "Anna,Berg")
    assert sums(tried(*lines)) == (2, 0, 2, 0)
    assert sums(brought(*lines)) == (2, 0, 2, 0)
    assert names() == ["Anna Berg", "Ben Dahl"]


def test_a_trial_tells_two_apart_as_the_import_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CHUNK", 1)
    lines = ("Customer ID,First name,Company,Phone", "1,,Flora Ltd,030 1234567", "2,Josefa,,030 1234567")
    assert sums(tried(*lines)) == (2, 0, 0, 0), "one source counts them as two"
    assert sums(brought(*lines)) == (2, 0, 0, 0)
    again = ("First name,Phone,Note", "Jo,030 7654321,", "Jo Ann,030 7654321,tea", "Ben,030 7654321,")
    assert sums(tried(*again)) == sums(brought(*again)) == (2, 1, 0, 0)


def test_a_later_row_of_the_same_customer_adds_to_her_card() -> None:
    told = brought("Customer ID,First name,Tags", "1,Anna,vip", "1,Anna,staff")
    assert sums(told) == (1, 1, 0, 0)
    assert set(Tag.objects.values_list("tag", flat=True)) == {"vip", "staff"}
    assert verify().ok


def test_a_contact_point_that_an_earlier_row_adds_tells_a_later_one_who_it_is() -> None:
    brought("Customer ID,First name", "1,Anna")
    told = brought("Customer ID,First name,E-mail,Gender", "1,Anna,a@x.org,", ",Anna,a@x.org,female")
    assert sums(told) == (0, 2, 0, 0) and only().gender == "female"


def test_the_same_file_does_not_undo_what_was_learnt_since() -> None:
    lines = ("Customer ID,First name", "1,Anna")
    brought(*lines)
    edit_customer(number=only().number, card={"given_name": "Annika"}, by=OLGA, at=NOON)
    assert sums(brought(*lines)) == (0, 0, 1, 0)
    assert only().given_name == "Annika"


# --- who is known


def test_a_reference_that_matches_brings_the_card_up_to_date() -> None:
    brought("Customer ID,First name,Last name", "1,Anna,Berg")
    assert sums(brought("Customer ID,First name,Last name", "1,Anna,Dahl")) == (0, 1, 0, 0)
    assert only().family_name == "Dahl"


def test_a_contact_point_that_matches_only_fills_what_is_empty() -> None:
    add_customer(card={"given_name": "Anna", "family_name": "Berg", "emails": ["a@x.org"]}, by=OLGA, at=NOON)
    told = brought("First name,Last name,E-mail,Gender,Phone", "Anna,Dahl,A@X.org,female,030 901820")
    assert sums(told) == (0, 1, 0, 0)
    card = only()
    assert (card.family_name, card.gender) == ("Berg", "female")
    assert ContactPoint.objects.filter(customer=card, kind="phone").count() == 1


def test_a_phone_matches_however_it_is_written() -> None:
    add_customer(card={"given_name": "Anna", "phones": ["+49 30 901820"]}, by=OLGA, at=NOON)
    assert sums(brought("First name,Phone", "Anna,030/90 18 20")) == (0, 0, 1, 0)


def test_two_blanks_are_never_equal() -> None:
    lines = ("First name,Last name,E-mail,Phone", "Anna,Berg,,", "Ben,Dahl,,", "Cleo,Eck,,")
    assert sums(brought(*lines)) == (3, 0, 0, 0)


def test_two_people_who_share_a_telephone_stay_two() -> None:
    lines = ("First name,Last name,Phone", "Anna,Berg,030 901820", "Bernd,Berg,030 901820")
    assert sums(brought(*lines)) == (2, 0, 0, 0)
    assert sums(brought(*lines)) == (0, 0, 2, 0)


def test_two_of_whom_each_might_be_a_card_without_a_name_stay_two() -> None:
    add_customer(card={"emails": ["a@x.org", "c@x.org"]}, by=OLGA, at=NOON)
    lines = ("First name,Last name,E-mail", "Berta,Berg,a@x.org", "Anna,Dahl,c@x.org", "Berta,Berg,c@x.org")
    assert sums(tried(*lines)) == sums(brought(*lines)) == (1, 1, 1, 0)
    assert names() == ["Berta Berg", "Anna Dahl"]


def test_somebody_whose_address_is_an_organisations_is_a_card_of_her_own() -> None:
    house = add_customer(card={"kind": "organisation", "organisation_name": "Teehaus", "emails": ["tea@x.org"]},
                         by=OLGA, at=NOON)  # fmt: skip
    assert sums(brought("First name,Last name,E-mail", "Anna,Berg,tea@x.org")) == (1, 0, 0, 0)
    assert sums(brought("First name,Last name,E-mail", "Anna,Berg,tea@x.org")) == (0, 0, 1, 0)
    row = Customer.objects.get(number=house)
    assert (row.given_name, row.family_name, row.organisation_name) == ("", "", "Teehaus")
    assert sums(brought("Organisation,E-mail,City", "TEEHAUS,tea@x.org,Ulm")) == (0, 1, 0, 0)
    assert Address.objects.get().customer_id == house


def test_two_that_the_same_system_counts_as_two_stay_two() -> None:
    told = brought("Customer ID,First name,E-mail", "1,Anna,a@x.org", "2,Anna,a@x.org")
    assert sums(told) == (2, 0, 0, 0)


def test_the_fuller_likeness_wins_among_those_who_share_an_address() -> None:
    for family in ("Berg", "Dahl"):
        add_customer(card={"given_name": "Anna", "family_name": family, "emails": ["a@x.org"]}, by=OLGA, at=NOON)
    brought("First name,Last name,E-mail,Tags", "Anna,Dahl,a@x.org,vip")
    assert Tag.objects.get().customer.family_name == "Dahl"


def test_a_number_alone_does_not_lay_one_person_over_another() -> None:
    brought("Customer ID,First name,Last name", "1,Anna,Berg")
    told = brought("Customer ID,First name,Last name", "1,Zoe,Nkosi")
    assert sums(told) == (0, 0, 0, 1)
    assert "Anna Berg" in told["rejected"][0]["reason"]
    assert names() == ["Anna Berg"]


def test_with_its_source_named_it_does() -> None:
    brought("Customer ID,First name,Last name", "1,Anna,Berg", source="till")
    assert sums(brought("Customer ID,First name,Last name", "1,Zoe,Nkosi", source="till")) == (0, 1, 0, 0)


# --- what is kept


def test_an_empty_cell_erases_nothing() -> None:
    brought("Customer ID,First name,Gender,City", "1,Anna,female,Berlin")
    assert sums(brought("Customer ID,First name,Gender,City", "1,Anna,,", source="list")) == (0, 0, 1, 0)
    assert only().gender == "female" and Address.objects.get().city == "Berlin"


def test_a_contact_point_is_added_never_replaced() -> None:
    brought("Customer ID,First name,E-mail", "1,Anna,old@x.org")
    brought("Customer ID,First name,E-mail", "1,Anna,new@x.org")
    assert emails(only().number) == ["old@x.org", "new@x.org"]
    assert ContactPoint.objects.get(primary=True).value == "old@x.org"


def test_an_address_with_more_parts_completes_the_one_there_is() -> None:
    brought("Customer ID,First name,City", "1,Anna,Berlin")
    brought("Customer ID,First name,Street,Postcode,City", "1,Anna,Hauptstr. 5,10115,Berlin")
    assert Address.objects.get().street == "Hauptstr. 5"


def test_another_address_is_added() -> None:
    brought("Customer ID,First name,Street,City", "1,Anna,Hauptstr. 5,Berlin")
    brought("Customer ID,First name,Street,City", "1,Anna,Storgatan 12,Malmö")
    assert Address.objects.count() == 2


def test_a_birthday_without_a_year_gets_its_year() -> None:
    add_customer(card={"given_name": "Li", "birth_date": "--11-27", "emails": ["li@x.cn"]}, by=OLGA, at=NOON)
    brought("First name,E-mail,Birthday", "Li,li@x.cn,1940-11-27")
    assert only().birth_date == "1940-11-27"


# --- existing =


@pytest.mark.parametrize(
    ("existing", "counts", "family", "cards"),
    [
        ("update", (0, 1, 0, 0), "Dahl", 1),
        ("fill", (0, 0, 1, 0), "Berg", 1),
        ("skip", (0, 0, 1, 0), "Berg", 1),
        ("add", (1, 0, 0, 0), "Berg", 2),
    ],
)
def test_what_becomes_of_a_card_with_the_same_address(
    existing: str, counts: tuple[int, ...], family: str, cards: int
) -> None:
    add_customer(card={"given_name": "Anna", "family_name": "Berg", "emails": ["a@x.org"]}, by=OLGA, at=NOON)
    lines = ("First name,Last name,E-mail", "Anna,Dahl,a@x.org")
    assert sums(tried(*lines, existing=existing)) == counts
    assert sums(brought(*lines, existing=existing)) == counts
    assert Customer.objects.order_by("number").first().family_name == family  # type: ignore[union-attr]
    assert Customer.objects.count() == cards


# --- the state of a card


def test_a_state_in_the_file_is_given_to_the_card() -> None:
    brought("First name,Last name,Gone", "Anna,Berg,yes", mapping={"columns": {
        "First name": "given_name", "Last name": "family_name", "Gone": "standing.deceased"}})  # fmt: skip
    assert Standing.objects.get().kind == "deceased"


# --- undo


def test_a_whole_import_is_taken_back() -> None:
    from regulars.areas.customers.tests.people import dump

    add_customer(card={"given_name": "Anna", "emails": ["a@x.org"], "tags": ["old"]}, by=OLGA, at=NOON)
    before = dump()
    told = brought("First name,E-mail,Tags,City,Company", "Anna,a@x.org,vip,Berlin,Tea Ltd", "Ben,b@x.org,,,")
    assert dump() != before
    undo(changeset=told["changeset"], by=OLGA, at=NOON)
    assert dump() == before
    assert verify().ok


def test_after_taking_it_back_it_comes_in_anew() -> None:
    lines = ("Customer ID,First name", "1,Anna")
    undo(changeset=brought(*lines)["changeset"], by=OLGA, at=NOON)
    assert sums(brought(*lines)) == (1, 0, 0, 0)


def test_notes_are_not_written_twice_on_another_day() -> None:
    from datetime import timedelta

    from regulars.areas.intake.tests import lists

    brought("Customer ID,First name,Notes", "1,Anna,likes tea")
    lists.NOON += timedelta(days=3)
    try:
        assert sums(brought("Customer ID,First name,Notes", "1,Anna,likes tea")) == (0, 0, 1, 0)
    finally:
        lists.NOON -= timedelta(days=3)
    assert Note.objects.count() == 1


def test_a_field_that_only_the_other_house_has_is_left_out():
    headings = "kind,title,given_name,family_name,organisation_name,email,custom.shoe_size"
    told = brought(headings, "person,,Anna,Berg,,a@x.org,41")
    assert (sums(told), told["mapping"]["exporter"]) == ((1, 0, 0, 0), "regulars")
