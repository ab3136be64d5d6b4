# ruff: noqa: E501  (exports have long headers)
"""Rows become cards, or are refused with the reason; a no is kept, nothing is guessed."""

from dataclasses import replace

import pytest

from regulars.areas.intake.readers import Column, Context, Declared, Mapping, compile_judge
from regulars.areas.intake.readers.tests.files import GERMANY, TODAY, brought, cards, table, written
from regulars.areas.intake.readers.tests.rows import card_of, judged, problem_of
from regulars.kernel.errors import Refused

GOOGLE = (
    "Name Prefix,First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,"
    "Address 1 - Country,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Organization Name,Organization Title,"
    "Birthday,Notes,Labels"
)
HUBSPOT = "Record ID,First Name,Last Name,Email,Phone Number,Unsubscribed from all email,Email hard bounce reason"


def test_google_contacts(tmp_path):
    lines = [
        GOOGLE,
        'Mrs.,Siobhán,O\'Brien,* ,s@example.ie,Mobile,+353 85 012 3456,Home,Ireland,"1 Main Street\nApt 4B",Dublin,D02 AF30,'
        '"Walsh ""and"" Co.",Partner,1975-02-03,"two\nlines",Newsletter ::: * myContacts',
        ",Maria,Cruz,* ,m@example.es ::: extra@example.es,Mobile,+34 612 34 56 78,,,,,,,, --11-27,,* myContacts",
        ",,,* ,info@example.com,,,,,,,,Nameless Ltd,,,,",
    ]
    first, second, third = cards(written(tmp_path, "\n".join(lines)))
    assert first == {
        "title": "Mrs.",
        "gender": "female",
        "given_name": "Siobhán",
        "family_name": "O'Brien",
        "birth_date": "1975-02-03",
        "emails": [{"value": "s@example.ie", "primary": True}],
        "phones": [{"value": "+353850123456", "label": "mobile"}],
        "addresses": [
            {
                "label": "home",
                "street": "1 Main Street",
                "street2": "Apt 4B",
                "city": "Dublin",
                "postcode": "D02 AF30",
                "country": "IE",
            }
        ],
        "works_at": [{"organisation": 'Walsh "and" Co.', "job_title": "Partner"}],
        "notes": [{"kind": "note", "text": "two\nlines"}],
        "tags": ["Newsletter"],
    }
    assert second["emails"] == [{"value": "m@example.es", "primary": True}, {"value": "extra@example.es"}]
    assert second["birth_date"] == "--11-27"
    assert (third["kind"], third["organisation_name"]) == ("organisation", "Nameless Ltd")


def test_outlook_in_german(tmp_path):
    text = (
        "Anrede;Vorname;Nachname;Firma;Position;Straße geschäftlich;Ort geschäftlich;Postleitzahl geschäftlich;Telefon (privat);"
        "Mobiltelefon;E-Mail-Adresse;E-Mail-Typ;Geburtstag;Kategorien\n"
        "Herr;Jürgen;Müller;Müller GmbH;Chef;Weg 1;Berlin;10623;030/901820;0151 23456789;j@example.de;SMTP;7.3.1958;VIP;\n"
    )
    (card,) = cards(written(tmp_path, text, encoding="cp1252"))
    assert (card["gender"], card["birth_date"], card["tags"]) == ("male", "1958-03-07", ["VIP"])
    assert card["addresses"] == [{"label": "work", "street": "Weg 1", "city": "Berlin", "postcode": "10623"}]
    assert [each["label"] for each in card["phones"]] == ["mobile", "home"]


def test_hubspot_and_its_refusals(tmp_path):
    rows = [
        "1,Anna,Ng,a@example.com,,false,",
        "2,Bert,Ng,b@example.com,,true,",
        "3,Carl,Ng,c@example.com,,,INVALID_USER",
    ]
    result = brought(written(tmp_path, "\n".join([HUBSPOT, *rows])))
    assert next(row.card["references"] for row in result) == [{"source": "hubspot", "value": "1"}]
    assert [[each["answer"] for each in row.answers] for row in result] == [[], ["refused"], ["refused"]]


def test_shopify_customers_and_the_buyers_of_its_orders(tmp_path):
    customers = (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Zip,Default Address Country Code,Phone,"
        "Total Spent,Total Orders,Tags\n'620001,Thabo,Merwe,t@example.co.za,yes,'0001,ZA,'+27821234567,1.00,1,\"vip, loud\"\n"
    )
    (row,) = brought(written(tmp_path, customers))
    assert row.card["references"] == [{"source": "shopify", "value": "620001"}]
    assert row.card["addresses"] == [{"postcode": "0001", "country": "ZA"}]
    assert (row.card["phones"], row.card["tags"]) == ([{"value": "+27821234567"}], ["vip", "loud"])
    assert [each["answer"] for each in row.answers] == ["claimed"]
    orders = (
        "Name,Email,Financial Status,Lineitem name,Billing Name,Billing Zip,Billing Country,Accepts Marketing\n"
        "#1,t@example.co.za,paid,Cup,Thabo van der Merwe,'0001,ZA,no\n#1,t@example.co.za,,Tea,,,,\n#2,,paid,Card,,,,\n"
    )
    first, again, nobody = brought(written(tmp_path, orders, "orders.csv"))
    assert (first.card["given_name"], first.card["family_name"]) == ("Thabo", "van der Merwe")
    assert [each["answer"] for each in first.answers] == ["refused"]
    assert again.card == {"emails": [{"value": "t@example.co.za"}]}
    assert "no buyer" in nobody.problem.reason


def test_each_bad_cell_refuses_its_row_alone(tmp_path):
    records = [
        ["Vorname", "E-Mail", "Telefon", "Geburtstag", "Land"],
        ["Anna", "anna@example.com", "030/901820", "7.3.1958", "Deutschland"],
        ["Bert", "bert@", "", "", ""],
        ["Carl", "", "12345", "", ""],
        ["Dora", "", "", "31.02.1990", ""],
        ["Emil", "", "", "", "Atlantis"],
        ["", "", "", "", "Dänemark"],
        ["Fips", "", "", "", ""],
    ]
    result = brought(written(tmp_path, table(records)))
    assert [(row.problem.row, row.problem.column) for row in result if row.card is None] == [
        (3, "E-Mail"),
        (4, "Telefon"),
        (5, "Geburtstag"),
        (6, "Land"),
        (7, ""),
    ]
    assert [row.card["given_name"] for row in result if row.card] == ["Anna", "Fips"]


def test_without_a_country_in_the_row_the_houses_counts_for_a_postcode():
    columns = ("N=given_name", "P=addresses[1].postcode", "L=addresses[1].country")
    row, good, abroad = judged(*columns, rows=[["A", "1067", ""], ["B", "01067", ""], ["C", "1067", "DK"]])
    (doubt,) = row.doubts
    assert (doubt.column, doubt.value) == ("P", "1067") and "came in as 01067" in doubt.reason
    assert row.card["addresses"][0]["postcode"] == "01067" and not good.doubts
    assert not abroad.doubts


@pytest.mark.parametrize(
    ("cells", "numeric", "postcode", "doubted"),
    [
        (["1067", "DE", ""], True, "01067", ""),  # kept as a number, in a country that is named: nothing is open
        (["1067", "DE", ""], False, "01067", "came in as 01067"),  # a text may have been typed so
        (["1067", "", ""], True, "01067", "came in as 01067"),  # the house's country may not be hers
        (["1067", "", "+49 351 4906000"], True, "01067", "came in as 01067"),
        (["1010", "", "+43 1 514430"], True, "1010", "Is it of another country?"),
        (["5020", "", ""], True, "5020", "Is it of another country?"),  # no German one begins with 05
        (["501", "US", ""], True, "00501", ""),
        (["1010", "AT", ""], True, "1010", ""),
    ],
)
def test_a_postcode_that_was_kept_as_a_number_has_its_zero_back(cells, numeric, postcode, doubted):
    columns = ("P=addresses[1].postcode", "L=addresses[1].country", "T=phones[1].value", "N=given_name")
    context = replace(GERMANY, numeric=(0,) if numeric else ())
    (row,) = judged(*columns, rows=[[*cells, "Anna"]], context=context)
    assert row.card["addresses"][0]["postcode"] == postcode
    assert [doubted in each.reason for each in row.doubts] == ([True] if doubted else [])


def test_what_looks_wrong_is_kept_and_doubted():
    (row,) = judged(
        "M=emails[1].value",
        "T=phones[1].value",
        "P=addresses[1].postcode",
        "L=addresses[1].country",
        rows=[["a@gmial.com", "4930901820", "1067", "DE"]],
    )
    assert row.card["emails"] == [{"value": "a@gmial.com"}]
    assert [each.column for each in row.doubts] == ["P", "M", "T"]
    assert "gmail.com" in row.doubts[1].reason


@pytest.mark.parametrize(
    ("whole", "address"),
    [
        ("12 High St  Apt 4  Springfield  IL  62704  US",
         {"street": "12 High St", "street2": "Apt 4", "city": "Springfield", "region": "IL", "postcode": "62704"}),
        ("12 High St    Springfield  Illinois  62704-1234  United States",
         {"street": "12 High St", "city": "Springfield", "region": "Illinois", "postcode": "62704-1234"}),
        ("5 Main St  New York  10001  US", {"street": "5 Main St", "city": "New York", "postcode": "10001"}),
        ("5 Main St  New York  New York  10001  US",
         {"street": "5 Main St", "city": "New York", "region": "New York", "postcode": "10001"}),
        ("5 Main St  Apt 4  New York  10001  US",
         {"street": "5 Main St", "street2": "Apt 4", "city": "New York", "postcode": "10001"}),
        ("Hauptstr. 1    Köln    50667  DE", {"street": "Hauptstr. 1", "city": "Köln", "postcode": "50667"}),
        ("1 Mill Ln  Oxford  ox14ab  GB", {"street": "1 Mill Ln", "city": "Oxford", "postcode": "OX1 4AB"}),
        # Nobody can say which of these is the city.
        ("Weg 1  München  Bayern  80331  DE", {"street": "Weg 1, München, Bayern", "postcode": "80331"}),
    ],
)  # fmt: skip
def test_an_address_in_one_cell_with_wide_blanks_is_taken_apart(whole, address):
    card = card_of("N=given_name", "A=addresses[1].whole", row=["A", whole])
    (found,) = card["addresses"]
    assert found.pop("country") in ("US", "DE", "GB") and found == address


@pytest.mark.parametrize("whole", ["12 High St  Apt 4  Springfield", "Weg 1  Köln  506  DE", "a  b  c  d"])
def test_an_address_in_one_cell_that_says_no_country_and_postcode_stays_one_line(whole):
    assert card_of("N=given_name", "A=addresses[1].whole", row=["A", whole])["addresses"] == [{"street": whole}]


def test_an_address_is_put_together_from_what_lists_write():
    assert card_of(
        "N=given_name",
        "S=addresses[1].street",
        "H=addresses[1].house_number",
        "O=addresses[1].postcode_city",
        row=["A", "Weg", "7a", "10623 Berlin"],
    )["addresses"] == [{"street": "Weg 7a", "postcode": "10623", "city": "Berlin"}]
    whole = card_of("N=given_name", "A=addresses[1].whole", row=["A", "Nyhavn 17, 1051 København K, Denmark"])
    assert whole["addresses"] == [{"street": "Nyhavn 17", "postcode": "1051", "city": "København K", "country": "DK"}]
    first = card_of(
        "N=given_name",
        "S=addresses[1].street",
        "H=addresses[1].house_number",
        "L=addresses[1].country",
        row=["A", "Park Ave", "15", "USA"],
    )
    assert first["addresses"][0]["street"] == "15 Park Ave"


def test_an_employer_without_a_person_is_the_card_itself():
    columns = ("V=given_name", "F=organisation", "P=works_at[1].job_title")
    assert card_of(*columns, row=["Anna", "X GmbH", "Chef"])["works_at"] == [
        {"organisation": "X GmbH", "job_title": "Chef"}
    ]
    assert card_of(*columns, row=["", "X GmbH", ""]) == {"organisation_name": "X GmbH", "kind": "organisation"}
    assert card_of(*columns, row=["Anna", "", "Chef"]) == {"given_name": "Anna", "occupation": "Chef"}


def test_a_customers_id_is_kept_as_it_is():
    kept = [
        card_of("K=reference", row=[text])["references"][0]["value"] for text in ("17850.0", "00001", "'620001", "A-7")
    ]
    assert kept == ["17850", "00001", "620001", "A-7"]


def test_a_row_without_a_key_has_a_digest_of_all_its_cells():
    columns = ("V=given_name", "X=ignore")
    one, same, other = judged(*columns, rows=[["Anna", "x"], ["Anna", "x"], ["Anna", "y"]])
    assert one.digest == same.digest != other.digest
    (keyed,) = judged("K=reference", rows=[["7"]])
    assert keyed.digest == ""


def test_dates_are_read_as_was_said_and_never_guessed():
    assert card_of("V=given_name", "G=birth_date,order:mdy", row=["A", "3/7/1958"])["birth_date"] == "1958-03-07"
    assert card_of("V=given_name", "G=birth_date,serial:yes", row=["A", "21251"])["birth_date"] == "1958-03-07"
    assert "two ways" in problem_of("V=given_name", "G=birth_date", row=["A", "3/7/1958"])["reason"]
    assert "birth_date" not in card_of("V=given_name", "G=birth_date", row=["A", "0/0/00"])


def test_a_no_counts_more_than_a_yes():
    columns = ("V=given_name", "N=claim.email", "U=refusal.email")
    (row,) = judged(*columns, rows=[["A", "yes", "2024-05-01"]])
    assert [(each["channel"], each["answer"], each["column"]) for each in row.answers] == [("email", "refused", "U")]
    (row,) = judged(*columns, rows=[["A", "subscribed", "no"]])
    assert [each["answer"] for each in row.answers] == ["claimed"]
    assert [judged(*columns, rows=[["A", word, ""]])[0].answers for word in ("", "pending")] == [(), ()]
    (row,) = judged("V=given_name", "U=refusal.any", "N=claim.sms", rows=[["A", "x", "yes"]])
    assert [(each["channel"], each["answer"]) for each in row.answers] == [("any", "refused")]


def test_states_are_told():
    (row,) = judged("V=given_name", "T=standing.deceased", rows=[["A", "12.3.2020"]])
    assert row.standings == ["deceased"]
    assert judged("V=given_name", "T=standing.deceased", rows=[["A", "nein"]])[0].standings == ()


def test_sealed_numbers_are_checked():
    card = card_of(
        "V=given_name",
        "C=identity_numbers[1].value,kind:cpr,country:DK",
        "I=bank_accounts[1].iban",
        row=["A", "110591-4773", "DE89 3704 0044 0532 0130 00"],
    )
    assert card["identity_numbers"] == [{"kind": "cpr", "country": "DK", "value": "1105914773"}]
    assert card["bank_accounts"] == [{"iban": "DE89370400440532013000"}]
    assert problem_of("V=given_name", "I=bank_accounts[1].iban", row=["A", "DE00370400440532013000"])["column"] == "I"


def test_the_businesss_own_facts_are_read_by_their_type():
    own = {
        "size": Declared("decimal"),
        "spent": Declared("money"),
        "visits": Declared("number"),
        "club": Declared("yesno"),
        "since": Declared("date"),
        "colour": Declared("code", ("red", "blue")),
    }
    context = Context("DE", "EUR", TODAY, own)
    columns = ("V=given_name", *(f"{name}=custom.{name}" for name in own))
    card = card_of(*columns, row=["A", "42,5", "1.849,90 €", "7", "ja", "7.3.2020", "RED"], context=context)
    assert card["custom"] == {
        "size": "42.5",
        "spent": "1849.9 EUR",
        "visits": 7,
        "club": True,
        "since": "2020-03-07",
        "colour": "red",
    }
    assert "none of" in problem_of(*columns, row=["A", "", "", "", "", "", "green"], context=context)["reason"]
    assert "whole number" in problem_of(*columns, row=["A", "", "", "1,5", "", "", ""], context=context)["reason"]


@pytest.mark.parametrize(("columns", "row", "named"), [
    ("A=salutation V=given_name N=family_name", ["Firma", "", "Nordlicht GmbH"], "Nordlicht GmbH"),
    ("A=salutation V=given_name N=family_name", ["Company", "Nordlicht", "Ltd."], "Nordlicht Ltd."),
    ("A=salutation N=family_name", ["Firmaet", "Lund"], "Lund"),
    ("A=salutation N=full_name", ["Fa.", "Meier & Söhne"], "Meier & Söhne"),
    ("A=salutation F=organisation", ["Firma", "Nordlicht"], "Nordlicht"),
    ("A=salutation N=family_name F=organisation", ["Firma", "nordlicht gmbh", "Nordlicht GmbH"], "nordlicht gmbh"),
    ("N=full_name", ["Fa. Autohaus Ott KG"], "Autohaus Ott KG"),
    ("N=full_name", ["M/s Sharma Traders"], "Sharma Traders"),
])  # fmt: skip
def test_who_is_addressed_as_a_firm_is_an_organisation(columns, row, named):
    assert card_of(*columns.split(), row=row) == {"kind": "organisation", "organisation_name": named}


def test_somebody_in_a_firm_stays_somebody():
    card = card_of(
        "A=salutation", "V=given_name", "N=family_name", "F=organisation", row=["Firma", "Anna", "Berg", "Ott"]
    )
    assert card == {"given_name": "Anna", "family_name": "Berg", "works_at": [{"organisation": "Ott"}]}
    assert card_of("N=full_name", row=["Fa Li"]) == {"given_name": "Fa", "family_name": "Li"}


def test_the_apostrophe_of_a_harmless_export_goes_and_the_formula_stays():
    card = card_of("V=given_name", "N=note", row=["'=SUM(A1)", "'+49"])
    assert (card["given_name"], card["notes"][0]["text"]) == ("=SUM(A1)", "+49")
    assert card_of("V=family_name", row=["'t Hooft"])["family_name"] == "'t Hooft"


def test_a_text_that_is_too_long_is_refused():
    house = Context("DE", "EUR", TODAY, own={"given_name": Declared("text", longest=200)})
    assert "at most 200" in problem_of("V=given_name", row=["x" * 201], context=house)["reason"]
    assert "too long for a name" in problem_of("N=full_name", row=["x" * 201], context=house)["reason"]


def test_a_mapping_without_a_place_is_refused():
    with pytest.raises(Refused):
        compile_judge(Mapping("list", (Column(index=0, column="x"),)), GERMANY)
