"""Lists as people keep them by hand: what a careful person would have entered comes in."""

from pathlib import Path
from typing import Any

import pytest

from regulars.areas.intake.readers import Context, guess
from regulars.areas.intake.readers.orders.guessing import guess as guess_purchases
from regulars.areas.intake.readers.tests.files import TODAY, brought, looked_at, workbook, written

Paths = dict[str, str]


def places(path: Path, country: str = "DE") -> Paths:
    return {each.column: each.to for each in guess(looked_at(path), today=TODAY, country=country).used()}


def rows(path: Path, country: str = "DE") -> list[Any]:
    mapping = guess(looked_at(path), today=TODAY, country=country)
    return brought(path, mapping, Context(country, "EUR", TODAY))


@pytest.mark.parametrize(
    ("heading", "cells", "to"),
    [
        ("Samtykke nyhedsbrev", ("Ja", "Nej"), "claim.email"),
        ("Samtykke SMS", ("Ja", ""), "claim.sms"),
        ("Ønsker ikke telefonopkald", ("X", ""), "refusal.phone"),
        ("Afmeldt dato", ("01-09-2025", ""), "refusal.email"),
        ("Opt Out (Y/N)", ("Y", "N"), "refusal.email"),
        ("Darf per E-Mail kontaktiert werden", ("ja", "nein"), "claim.email"),
        ("Keine Werbung per Post", ("x", ""), "refusal.post"),
        ("Keine Werbung", ("x", ""), "refusal.any"),
        ("Werbesperre", ("x", ""), "refusal.any"),
        ("Kontakt per Post", ("ja", "nein"), "claim.post"),
        ("Contact by e-mail", ("yes", "no"), "claim.email"),
        ("Direct mail opt out", ("yes", "no"), "refusal.post"),
        ("Geen oproepe asseblief", ("Ja", "Nee"), "refusal.phone"),
        ("ईमेल सहमति", ("हाँ", "नहीं"), "claim.email"),
        ("Samtykke til markedsføring", ("Ja (12-03-2024)", "Nej"), "claim.any"),
        ("No. of calls", ("1", "0"), ""),
        ("Angemeldet", ("ja", "nein"), ""),  # not a slip in “abgemeldet”
        ("Angemeldet am", ("01.02.2024", ""), ""),
        ("Anruf nicht vor", ("10 Uhr", "mittags"), ""),  # no answers beneath
    ],
)
def test_a_heading_of_many_words_about_a_wish_is_understood(
    tmp_path: Path, heading: str, cells: tuple[str, str], to: str
) -> None:
    table = "\n".join(("Navn;" + heading, *(f"Anna Ott{at};{cell}" for at, cell in enumerate(cells))))
    assert places(written(tmp_path, table, encoding="utf-8-sig"), "DK").get(heading, "") == to


def test_a_no_in_such_a_column_is_kept(tmp_path: Path) -> None:
    table = "Navn;E-mail;Samtykke SMS\nMette Holm;m@example.dk;Nej\nBo Ey;b@example.dk;Ja"
    no, yes = (row.answers for row in rows(written(tmp_path, table), "DK"))
    assert [(each["channel"], each["answer"]) for each in (*no, *yes)] == [("sms", "refused"), ("sms", "claimed")]


@pytest.mark.parametrize(
    ("cell", "card"),
    [
        ("Anna Müller (Müller GmbH), 0171-2345678",
         {"given_name": "Anna", "family_name": "Müller", "works_at": [{"organisation": "Müller GmbH"}],
          "phones": [{"value": "+491712345678"}]}),
        ("Karl Groß (privat), Tel. 0171 9998877, E-Mail: karl@example.org",
         {"given_name": "Karl", "family_name": "Groß", "phones": [{"value": "+491719998877", "label": "home"}],
          "emails": [{"value": "karl@example.org", "label": "home"}]}),
        ("Ng, Bert; mobil 0171 2345679",
         {"given_name": "Bert", "family_name": "Ng", "phones": [{"value": "+491712345679", "label": "mobile"}]}),
        ("Eva Klein 030 901820",
         {"given_name": "Eva", "family_name": "Klein", "phones": [{"value": "+4930901820"}]}),
        ("Person 1", {"given_name": "Person", "family_name": "1"}),
    ],
)  # fmt: skip
def test_what_is_jotted_into_one_cell_is_taken_apart(tmp_path: Path, cell: str, card: dict[str, Any]) -> None:
    path = written(tmp_path, f'Kontakt\n"{cell}"\n"Dr. Peter Holz, 0351 4906000"\n"Ida Ott, 0351 4906001"\n')
    first, second, _third = rows(path)
    assert first.card == card
    assert second.card["title"] == "Dr." and second.card["phones"] == [{"value": "+493514906000"}]


def test_a_telephone_beside_a_name_that_cannot_be_read_refuses_the_row(tmp_path: Path) -> None:
    path = written(tmp_path, 'Kontakt\n"Anna Ott, 0171-2345678"\n"Bo Ey, 030 901820"\n')
    assert [(row.problem.column, "+44" in row.problem.reason) for row in rows(path, "GB")] == [("Kontakt", True)] * 2


def test_a_number_at_the_end_of_a_heading_says_which(tmp_path: Path) -> None:
    path = written(tmp_path, "NAME;TEL1;TEL2\nAnna Ott;4711;4712\n")
    assert places(path) == {"NAME": "full_name", "TEL1": "phones[1].value", "TEL2": "phones[2].value"}


def test_cells_beside_a_single_heading_are_columns_of_their_own(tmp_path: Path) -> None:
    path = written(tmp_path, "Kontakt\nAnna Ott (Ott KG), 0171 2345678\nBo Ey, 0171 2345679\n")
    assert places(path) == {"Kontakt": "full_name", "Column 2": "phones[1].value"}
    assert [row.card["family_name"] for row in rows(path)] == ["Ott", "Ey"]


def test_words_jotted_beside_a_table_refuse_no_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": [["Vorname", "E-Mail"], ["Anna", "a@example.org", "ruft an"], ["Bo", "b@x.org"]]})
    assert looked_at(path).columns == ("Vorname", "E-Mail", "Column 3")
    assert [row.problem for row in rows(path)] == [None, None]


@pytest.mark.parametrize("end", ["", ";"])
def test_signs_without_quotes_move_no_row_into_other_columns(tmp_path: Path, end: str) -> None:
    path = written(tmp_path, f"Name;Ort{end}\nMüller; Anna;Berlin\nOtt; Bo;Ulm\nEy; Ida;Kiel\n")
    assert all(row.problem is not None for row in rows(path))


def test_an_export_of_an_old_program_of_trade(tmp_path: Path) -> None:
    table = (
        "KDNR;NAME1;NAME2;PLZ;ORT;BEMERK\r\n0012;Jäger;Björn;50667;Köln;zahlt später\r\n"
        "0013;Fa. Möbel Süß oHG;;28195;Bremen;\r\n0014;Holz & Co. KG;;28195;Bremen;\r\n\x1a"
    )
    path = written(tmp_path, table, encoding="cp850")
    inspected = looked_at(path)
    assert [(each.row, each.value) for each in inspected.aside] == [(5, "^Z")] and inspected.rows == 3
    person, firm, other = (row.card for row in rows(path))
    assert (person["given_name"], person["family_name"]) == ("Björn", "Jäger")
    assert person["notes"] == [{"kind": "note", "text": "zahlt später"}]
    assert (firm["organisation_name"], other["organisation_name"]) == ("Möbel Süß oHG", "Holz & Co. KG")
    assert firm["kind"] == "organisation" and "family_name" not in firm


def test_names_in_a_list_without_headings(tmp_path: Path) -> None:
    table = "Müller, Anna;030 901820;a@example.net\nGroß, Karl-Heinz;;k@example.net\nYilmaz, Ünal;0171 1111111;\n"
    found = [(row.card["given_name"], row.card["family_name"]) for row in rows(written(tmp_path, table))]
    assert found == [("Anna", "Müller"), ("Karl-Heinz", "Groß"), ("Ünal", "Yilmaz")]


def test_last_and_first_name_in_one_column_and_regions_by_their_letters(tmp_path: Path) -> None:
    table = '"Last, First",City,ST,Zip\n"Doe, Jane",Boston,MA,02134\n"Ng, Pat",Albany,NY,12201\n'
    path = written(tmp_path, table)
    jane, _pat = (row.card for row in rows(path, "US"))
    assert (jane["given_name"], jane["family_name"], jane["addresses"][0]["region"]) == ("Jane", "Doe", "MA")


def test_suburbs_forms_of_address_and_two_in_one(tmp_path: Path) -> None:
    table = (
        "Van,Voornaam,Titel,Straatadres,Voorstad,Dorp\nBotha,Sannie,Mev,Lang 5,Sentraal,Pretoria\n"
        "Nel,Jan,Mnr,Kort 1,,Paarl\n"
    )
    sannie, jan = (row.card for row in rows(written(tmp_path, table), "ZA"))
    assert (sannie["title"], sannie["gender"], jan["gender"]) == ("Mev", "female", "male")
    assert sannie["addresses"] == [{"street": "Lang 5", "street2": "Sentraal", "city": "Pretoria"}]
    (row,) = rows(written(tmp_path, "Navn;Postnr. og by\nSøren Holm;1165 København K\n"), "DK")
    assert row.card["addresses"] == [{"postcode": "1165", "city": "København K"}]


def test_digits_of_another_script_are_kept_as_ours_where_they_are_keys(tmp_path: Path) -> None:
    table = "ग्राहक संख्या,नाम,मोबाइल,पिन कोड\n१०१,सुनीता शर्मा,९८७६५ ४३२१०,३०२००१\n"
    (row,) = rows(written(tmp_path, table), "IN")
    assert row.card["references"][0]["value"] == "101" and row.card["addresses"] == [{"postcode": "302001"}]
    assert row.card["phones"][0]["value"] == "+919876543210"


def test_an_inner_name_of_outlook_does_not_keep_a_row_outside(tmp_path: Path) -> None:
    table = "Vorname,E-Mail-Adresse\nPetra,/o=ExchangeLabs/ou=Exchange/cn=Recipients/cn=petra\nBo,bo@example.org\n"
    petra, _bo = rows(written(tmp_path, table))
    assert petra.card["given_name"] == "Petra" and not petra.card.get("emails")
    assert ["Outlook" in each.reason for each in petra.doubts] == [True]


def test_a_month_and_its_year_are_no_day_number(tmp_path: Path) -> None:
    table = "Vorname;Geb.\nAnna;12.1958\nBo;07.03.1958\n"
    first, second = rows(written(tmp_path, table))
    assert "is not a date" in first.problem.reason and second.card["birth_date"] == "1958-03-07"


@pytest.mark.parametrize(("cells", "to"), [(("Schale", "Tasse 2"), "line.name"), (("4711", "K-17"), "line.code")])
def test_an_article_is_a_name_or_a_number(tmp_path: Path, cells: tuple[str, str], to: str) -> None:
    table = "\n".join(("Beleg;Datum;Artikel;Menge", *(f"R{at};02.11.2026;{cell};1" for at, cell in enumerate(cells))))
    mapping = guess_purchases(looked_at(written(tmp_path, table)), today=TODAY)
    assert mapping.columns[2].to == to


def test_the_list_of_a_club(tmp_path: Path) -> None:
    head: list[object] = ["Mitgl.-Nr.", "Name, Vorname", "Anschrift", "Tel. / Mobil"]
    table: list[list[object]] = [
        head,
        [12, "Ott, Anna", "Weg 1, 01067 Dresden", "0351 4906000 / 0171 2345678"],
        [13, "TSV Blau-Weiß e.V.", "Lange Str. 5 b\n10115 Berlin", None],
    ]
    anna, club = (row.card for row in rows(workbook(tmp_path, {"A": table})))
    assert anna["addresses"] == [{"street": "Weg 1", "postcode": "01067", "city": "Dresden"}]
    assert [each["value"] for each in anna["phones"]] == ["+493514906000", "+491712345678"]
    assert anna["references"][0]["value"] == "12"
    assert (club["kind"], club["organisation_name"]) == ("organisation", "TSV Blau-Weiß e.V.")
    assert club["addresses"] == [{"street": "Lange Str. 5 b", "postcode": "10115", "city": "Berlin"}]


def test_the_account_beside_a_contact_is_where_she_works(tmp_path: Path) -> None:
    table = "Contact Name,Account Name,Email\nMr. Jan de Vries,De Vries BV,jan@example.nl\n"
    (row,) = rows(written(tmp_path, table), "NL")
    assert row.card["family_name"] == "de Vries" and row.card["works_at"] == [{"organisation": "De Vries BV"}]
    assert places(written(tmp_path, "Account Name,Email\nJan de Vries,jan@example.nl\n"))["Account Name"] == "full_name"


@pytest.mark.parametrize("header", ["Name;E-Mail", "Vorname;E-Mail"])
def test_two_people_on_one_card_are_doubted(tmp_path: Path, header: str) -> None:
    couples = ("Anna und Peter", "Anna & Peter", "Anna u. Peter", "Anna / Peter", "Piet en Marie", "Anna og Peter")
    single = ("Anna-Undine", "Ander Lund", "Anna c/o Peter", "Ann Andrea", "Øg")
    behind = " Berg" if header.startswith("Name") else ""
    lines = [f"{name}{behind};p{place}@example.com" for place, name in enumerate([*couples, *single])]
    found = rows(written(tmp_path, "\n".join([header, *lines]) + "\n", "list.csv"))
    assert [bool(row.doubts) for row in found] == [True] * len(couples) + [False] * len(single)
    assert all(row.card is not None for row in found)
    assert "may be two people" in found[0].doubts[0].reason and found[0].doubts[0].value == f"Anna und Peter{behind}"


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("Berg, Anna", ("Anna", "Berg", None)),
        ("van der Merwe, Thabo", ("Thabo", "van der Merwe", None)),
        ("García López", (None, "García López", None)),
        ("Tal", (None, "Tal", None)),
        ("Berg, geb. Tal", (None, "Berg", "geb. Tal")),
        ("Berg (née Tal)", (None, "Berg", "née Tal")),
        ("Meier, Schulz & Co. KG", (None, None, None)),
    ],
)
def test_a_surname_may_hold_more(tmp_path: Path, cell: str, named: tuple[str | None, ...]) -> None:
    (row,) = rows(written(tmp_path, f"Nachname;E-Mail\n{cell};a@x.de\n"))
    assert tuple(row.card.get(name) for name in ("given_name", "family_name", "suffix")) == named
    (row,) = rows(written(tmp_path, "Vorname;Nachname\nAnna;Berg geb. Tal\n"))
    assert row.card["family_name"] == "Berg" and row.card["suffix"] == "geb. Tal"


@pytest.mark.parametrize(
    ("headings", "to"),
    [
        (
            "Billing Address 1;Billing Address 2;Billing City;Shipping Address 1;Shipping City",
            ("addresses[1].street", "addresses[1].street2", "addresses[1].city", "addresses[2].street",
             "addresses[2].city"),
        ),
        ("Bill To Street;Bill To City;Ship To Street;Ship To City",
         ("addresses[1].street", "addresses[1].city", "addresses[2].street", "addresses[2].city")),
        ("Straße 1;Straße 2;PLZ;Ort",
         ("addresses[1].street", "addresses[1].street2", "addresses[1].postcode", "addresses[1].city")),
        ("Straße 1;Ort 1;Straße 2;Ort 2",
         ("addresses[1].street", "addresses[1].city", "addresses[2].street", "addresses[2].city")),
        ("Rechnungsadresse 1;Rechnungsadresse 2;Rechnungsort",
         ("addresses[1].street", "addresses[1].street2", "addresses[1].city")),
    ],
)  # fmt: skip
def test_the_parts_of_an_address_stay_together(tmp_path: Path, headings: str, to: tuple[str, ...]) -> None:
    row = ";".join("Weg" for _heading in headings.split(";"))
    assert tuple(places(written(tmp_path, f"Name;{headings}\nAnna Ott;{row}")).values())[1:] == to


@pytest.mark.parametrize(
    "heading", ["E-Mail Partner", "Emergency contact email", "Next of kin phone", "Vormund Telefon"]
)
def test_what_reaches_somebody_else_is_not_hers(tmp_path: Path, heading: str) -> None:
    cell = "b@example.com" if "mail" in heading.lower() else "030 901821"
    assert heading not in places(written(tmp_path, f"Name;{heading};E-Mail\nAnna Ott;{cell};a@example.com"))


def test_of_more_columns_of_a_kind_than_a_card_has_the_rest_are_left_out(tmp_path: Path) -> None:
    headings, cells = ";".join(["Tel"] * 120), ";".join(["030 901820"] * 120)
    found = guess(looked_at(written(tmp_path, f"Name;{headings}\nAnna Ott;{cells}")), today=TODAY, country="DE")
    assert (found.columns[99].to, found.columns[100].to) == ("phones[99].value", "ignore")


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("10115 Berlin", {"postcode": "10115", "city": "Berlin"}),
        ("D-10115 Berlin-Mitte", {"postcode": "10115", "city": "Berlin-Mitte", "country": "DE"}),
        ("A - 1010 Wien", {"postcode": "1010", "city": "Wien", "country": "AT"}),
        ("NL-1012 AB Amsterdam", {"postcode": "1012 AB", "city": "Amsterdam", "country": "NL"}),
        ("Bonn", {"city": "Bonn"}),
    ],
)
def test_a_town_may_have_its_postcode_before_it(tmp_path: Path, cell: str, address: dict[str, str]) -> None:
    table = f"Name;Ort\nAnna Ott;{cell}\nBo Ey;10115 Berlin\nCai Lund;01067 Dresden"
    assert rows(written(tmp_path, table))[0].card["addresses"] == [address]


def test_a_form_of_address_that_is_a_gender_alone_is_no_title(tmp_path: Path) -> None:
    table = "Anrede;Vorname;Nachname\nw;Anna;Ott\nDivers;Bo;Ey\nHerr;Cai;Lund"
    told = [(each.card.get("title"), each.card.get("gender")) for each in rows(written(tmp_path, table))]
    assert told == [(None, "female"), (None, "other"), ("Herr", "male")]


def test_a_comma_within_names_parts_no_columns_where_another_sign_does(tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, "Nachname, Vorname;Mail\nOtt, Anna;a@example.com"))
    assert (row.card["given_name"], row.card["emails"][0]["value"]) == ("Anna", "a@example.com")


def test_a_customer_beside_who_speaks_for_it_is_a_firm(tmp_path: Path) -> None:
    table = "Kunde;Ansprechpartner;Mail\nOtt KG;Anna Berg;a@example.com\nEy & Co;;b@example.com"
    person, firm = rows(written(tmp_path, table))
    assert (person.card["family_name"], person.card["works_at"][0]["organisation"]) == ("Berg", "Ott KG")
    assert firm.card["organisation_name"] == "Ey & Co"


def test_who_stands_beside_a_firm_in_a_second_name_works_there(tmp_path: Path) -> None:
    table = "Name 1;Name 2;Ort\nOtt GmbH;Anna Berg;Bonn\nEy;Bo;Bonn"
    anna, bo = (row.card for row in rows(written(tmp_path, table)))
    assert (anna["given_name"], anna["family_name"], anna["works_at"]) == (
        "Anna",
        "Berg",
        [{"organisation": "Ott GmbH"}],
    )
    assert (bo["given_name"], bo["family_name"]) == ("Bo", "Ey")
