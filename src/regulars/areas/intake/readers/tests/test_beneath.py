"""What stands beneath a heading helps the guess: under headings nobody knows, and against those that it denies."""

import pytest

from regulars.areas.intake.readers import guess
from regulars.areas.intake.readers.tests.files import TODAY, looked_at, table, written

PHONES = ("030 901820", "+49 30 901821", "0171 1234567")
DANISH = ("33 12 34 56", "44 12 34 56", "+45 33 12 34 57")
EMAILS = ("anna1@example.dk", "b@example.dk", "c@example.dk")
NAMES = ("Anna Meier", "Bert Dahl", "Cleo Eck")


def column(folder, heading, cells, *, beside=("Vorname", ("Anna", "Bert", "Cleo")), country="DE"):
    rows = [list(pair) for pair in zip(beside[1], cells, strict=True)]
    inspected = looked_at(written(folder, table([[beside[0], heading], *rows])))
    return guess(inspected, today=TODAY, country=country).columns[1]


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("Direct phone", "work"), ("Tel. direct", "work"), ("Durchwahl", "work"), ("Handynr.", "mobile"),
        ("Mobilnr", "mobile"), ("Telnr.", ""),
    ],
)  # fmt: skip
def test_a_heading_that_says_phone_is_known_by_its_words(tmp_path, heading, label):
    found = column(tmp_path, heading, PHONES)
    assert (found.to, found.label, found.why) == ("phones[1].value", label, "heading and content")


@pytest.mark.parametrize(
    ("heading", "cells", "country", "label"),
    [
        ("Work", PHONES, "DE", "work"),
        ("Erreichbar unter", PHONES, "DE", ""),
        ("Kontor", DANISH, "DK", "work"),
        ("Work", ("030 901820 (nach 18 Uhr)", "030-901821 (Zentrale)", "030 901822"), "DE", "work"),
        ("Telefonkontakt tagsüber", ("030901820", "1711234567", "030901822"), "DE", ""),
        ("Ring op", ("+4533123456", "+4544123456", "+4533123457"), "", ""),
    ],
)
def test_telephones_under_an_unknown_heading_are_a_guess_to_look_at(tmp_path, heading, cells, country, label):
    found = column(tmp_path, heading, cells, country=country)
    assert (found.to, found.label, found.why) == ("phones[1].value", label, "content")
    assert 0.5 <= found.confidence <= 0.8


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Emergency phone", PHONES),  # somebody else's
        ("Notfallkontakt", ("030 901820", "Oma", "x")),
        ("Mutter", PHONES),
        ("Beleg Nr", ("030 901820", "030 901821", "030 901822")),
        ("Rang", ("4930901820", "4930901821", "4930901822")),  # bare digits may be anything
        ("Letzter Kauf", ("01.02.2024", "03.04.2025", "05.06.2026")),
        ("Umsatz", ("0301234.56", "0301234.57", "0301234.58")),
        ("Bewertung", ("0001234567", "0001234568", "0001234569")),
        ("Anruf", ("030 901820", "nein", "ja")),
    ],
)
def test_other_numbers_under_an_unknown_heading_stay_left_out(tmp_path, heading, cells):
    assert column(tmp_path, heading, cells).to == "ignore"


def test_days_are_of_birth_only_where_the_heading_speaks_of_it(tmp_path):
    days = ("07.03.1958", "31.12.1990", "01.02.1975")
    found = column(tmp_path, "Geb. am (falls bekannt)", days)
    assert (found.to, found.why, found.confidence < 0.8) == ("birth_date", "content", True)
    assert column(tmp_path, "Geburtsort", ("Ulm", "Bonn", "Kiel")).to == "ignore"
    assert column(tmp_path, "Geburtstag Kind", days).to == "ignore"
    assert column(tmp_path, "Kunde seit wann", days).to == "ignore"


@pytest.mark.parametrize("heading", ["Contact", "Kontakt", "Name", "Address", "Phone", "Ansprechpartner"])
def test_addresses_under_another_heading_are_addresses(tmp_path, heading):
    found = column(tmp_path, heading, EMAILS)
    assert (found.to, found.why) == ("emails[1].value", "content")


def test_e_mail_addresses_without_digits_are_no_names_either(tmp_path):
    assert column(tmp_path, "Contact", ("a@x.dk", "b@x.dk", "c@x.dk")).to == "emails[1].value"


@pytest.mark.parametrize("heading", ["Contact", "E-Mail"])
def test_telephones_under_another_heading_are_telephones(tmp_path, heading):
    assert column(tmp_path, heading, PHONES).to == "phones[1].value"


@pytest.mark.parametrize(
    ("heading", "cells", "to"),
    [
        ("Name", ("Person 1", "Person 2", "Person 3"), "full_name"),
        ("Name", ("P1", "P2", "P3"), "full_name"),
        ("Customer", ("Person 1", "Person 2", "Person 3"), "full_name"),
        ("Customer", ("K-1", "K-2", "K-3"), "reference"),
        ("Kunde", ("4711", "4712", "4713"), "reference"),
        ("Kunde", ("030901820", "030901821", "030901822"), "reference"),
        ("Name", NAMES, "full_name"),
        ("Contact", NAMES, "full_name"),
        ("Owner", EMAILS, "representative"),  # may be known by an e-mail address: hers it is not
        ("User ID", EMAILS, "reference"),
    ],
)
def test_a_heading_that_may_be_right_stays(tmp_path, heading, cells, to):
    found = column(tmp_path, heading, cells, beside=("Ort", ("Ulm", "Bonn", "Kiel")))
    assert found.to == to


@pytest.mark.parametrize(
    ("heading", "cells", "to"),
    [
        ("Status", ("Unsubscribed", "Active", "Bounced"), "claim.email"),
        ("Status", ("Subscribed", "Cleaned", "Pending"), "claim.email"),
        ("Status", ("abgemeldet", "aktiv", "angemeldet"), "claim.email"),
        ("Subscriber state", ("Subscribed", "Subscribed", "Subscribed"), "ignore"),
        ("Status Newsletter", ("Tilmeldt", "Afmeldt", "Tilmeldt"), "claim.email"),
        ("State", ("Subscribed", "Unsubscribed", "Subscribed"), "claim.email"),
        ("Status", ("Active", "Active", "Active"), "claim.email"),
        ("Status", ("Active", "Inactive", "Active"), "ignore"),  # of a customer, for all anybody can tell
        ("Status", ("Gold", "Silver", "Unsubscribed"), "ignore"),
        ("State", ("Ohio", "Texas", "Utah"), "addresses[1].region"),
    ],
)
def test_a_status_beside_an_e_mail_address_says_who_gets_mail(tmp_path, heading, cells, to):
    assert column(tmp_path, heading, cells, beside=("E-mail", EMAILS)).to == to


def test_without_an_e_mail_address_a_status_is_nobodys(tmp_path):
    assert column(tmp_path, "Status", ("Unsubscribed", "Subscribed", "Bounced")).to == "ignore"
