"""Which column goes where: known exports, headings in five languages, content, corrections, questions."""

import pytest

from regulars.areas.intake.readers import Inspected, Mapping, guess, questions, target, words_of
from regulars.areas.intake.readers.exporters import exporters, recognised
from regulars.areas.intake.readers.headings import Meaning, meaning
from regulars.areas.intake.readers.targets import GROUPS
from regulars.areas.intake.readers.tests.files import TODAY, looked_at, table, written
from regulars.kernel import registries
from regulars.kernel.errors import Refused


def guessed(folder, header, *rows):
    body = [list(row) for row in rows] or [["x"] * len(header)]
    inspected = looked_at(written(folder, table([list(header), *body])))
    return guess(inspected, today=TODAY)


def meant(heading) -> Meaning:
    found = meaning(heading)
    assert found, heading
    return found


def places(mapping):
    return {each.column: each.to for each in mapping.columns}


FIVE = [
    ("First Name|Last Name|E-mail|Phone|Street|Postcode|City|Country|Birthday|Gender|Company|Notes|Customer ID", "en"),
    ("Vorname|Nachname|E-Mail|Telefon|Straße|PLZ|Ort|Land|Geburtsdatum|Geschlecht|Firma|Bemerkungen|Kundennr.", "de"),
    ("Fornavn|Efternavn|E-mail|Telefon|Vej|Postnummer|By|Land|Fødselsdato|Køn|Virksomhed|Bemærkninger|Kundenr.", "da"),
    (
        "Voornaam|Van|E-pos|Telefoon|Straat|Poskode|Stad|Land|Geboortedatum|Geslag|Maatskappy|Opmerkings|Kliëntnommer",
        "af",
    ),
    ("पहला नाम|उपनाम|ईमेल|फ़ोन|सड़क|पिन कोड|शहर|देश|जन्म तिथि|लिंग|कंपनी|टिप्पणी|ग्राहक संख्या", "hi"),
]
PLACES = [
    "given_name",
    "family_name",
    "emails[1].value",
    "phones[1].value",
    "addresses[1].street",
    "addresses[1].postcode",
    "addresses[1].city",
    "addresses[1].country",
    "birth_date",
    "gender",
    "organisation",
    "note",
    "reference",
]
ROW = [
    "Anna",
    "Meier",
    "a@example.com",
    "030 901820",
    "Weg 1",
    "10623",
    "Berlin",
    "Germany",
    "1958-03-07",
    "f",
    "X",
    "n",
    "7",
]


@pytest.mark.parametrize(("headings", "language"), FIVE)
def test_headings_are_understood_in_five_languages(tmp_path, headings, language):
    mapping = guessed(tmp_path, headings.split("|"), ROW)
    assert [each.to for each in mapping.columns] == PLACES
    assert all(each.confidence > 0.8 for each in mapping.columns)


@pytest.mark.parametrize(
    ("heading", "path", "label"),
    [
        ("Business Street", "addresses.street", "work"),
        ("Straße (geschäftlich)", "addresses.street", "work"),
        ("Rechnungsort", "addresses.city", "billing"),
        ("Liefer-PLZ", "addresses.postcode", "delivery"),
        ("Telefon privat", "phones.value", "home"),
        ("Handy", "phones.value", "mobile"),
        ("E_MAIL_ADRESSE", "emails.value", ""),
        ("eMailAddress", "emails.value", ""),
        ("Emial", "emails.value", ""),
        ("Do not call", "refusal.phone", ""),
        ("billing_city", "addresses.city", "billing"),
        ("CPR-nr.", "identity_numbers.value", ""),
    ],
)
def test_a_heading_says_place_and_label(heading, path, label):
    found = meant(heading)
    assert (found.path, found.label) == (path, label)


def test_an_identity_number_knows_its_kind():
    assert (meant("CPR-nr.").kind, meant("CPR-nr.").country) == ("cpr", "DK")
    assert (meant("USt-IdNr.").kind, meant("Aadhaar").country) == ("vat", "IN")


@pytest.mark.parametrize(
    ("numbers", "kind"), [(("219-09-9998", "536-90-4399"), "ssn"), (("1804974", "6089216", "536-90-4399"), "other")]
)
def test_numbers_that_are_not_what_the_heading_says_are_kept_unchecked(tmp_path, numbers, kind):
    mapping = guessed(tmp_path, ["given_name", "soc_sec_id"], *(["Anna", each] for each in numbers))
    assert (mapping.columns[1].to, mapping.columns[1].kind) == ("identity_numbers[1].value", kind)


def test_name_means_what_stands_beside_it(tmp_path):
    assert places(guessed(tmp_path, ["Name", "Ort"], ["Anna Meier", "Ulm"]))["Name"] == "full_name"
    assert places(guessed(tmp_path, ["Vorname", "Name"], ["Anna", "Meier"]))["Name"] == "family_name"
    assert places(guessed(tmp_path, ["Naam", "Van"], ["Anna", "Meier"]))["Naam"] == "given_name"
    assert places(guessed(tmp_path, ["Kunde", "Ort"], ["4711", "Ulm"], ["4712", "Bonn"]))["Kunde"] == "reference"


def test_parts_of_one_address_stand_together(tmp_path):
    header = ["Street", "City", "Billing Street", "Billing City", "Phone", "Mobile", "Phone 2", "Email", "Email"]
    assert [each.to for each in guessed(tmp_path, header, ["x"] * 9).columns] == [
        "addresses[1].street",
        "addresses[1].city",
        "addresses[2].street",
        "addresses[2].city",
        "phones[1].value",
        "phones[2].value",
        "phones[3].value",
        "emails[1].value",
        "emails[2].value",
    ]


def test_an_unknown_heading_over_addresses_is_seen_by_content(tmp_path):
    mapping = guessed(tmp_path, ["Vorname", "Xyzzy"], ["Anna", "a@example.com"], ["Bert", "b@example.com"])
    assert (mapping.columns[1].to, mapping.columns[1].why) == ("emails[1].value", "content")


def test_a_heading_that_its_content_denies_is_unsure(tmp_path):
    mapping = guessed(tmp_path, ["Vorname", "E-Mail"], ["Anna", "yes"], ["Bert", "no"])
    assert mapping.columns[1].confidence < 0.5


def test_every_column_of_a_known_export_has_a_place_that_exists():
    words = words_of(registries.REGISTRY.facts.values()) | {"custom.1": "custom.1"}
    for exporter in exporters():
        for spec in [*exporter.columns.values(), *(spec.replace(r"\1", "1") for _pattern, spec in exporter.patterns)]:
            target(spec.partition("!")[0].partition("@")[0], words)


@pytest.mark.parametrize(
    ("headings", "name"),
    [
        ("Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value", "google"),
        ("Name Prefix,First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value", "google"),
        ("Title,First Name,Last Name,Company,E-mail Address,E-mail Type,Birthday", "outlook"),
        ("Anrede,Vorname,Nachname,Firma,Straße geschäftlich,E-Mail-Adresse,E-Mail-Typ", "outlook"),
        ("Record ID,First Name,Last Name,Email,Phone Number,Unsubscribed from all email", "hubspot"),
        ("Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Total Spent,Total Orders", "shopify"),
        ("Name,Email,Financial Status,Lineitem name,Billing Name,Billing Zip", "shopify_orders"),
        ("Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,City", "woocommerce"),
        ("ID,user_login,user_email,first_name,billing_first_name,billing_city", "woocommerce"),
    ],
)
def test_a_known_export_is_recognised(headings, name):
    exporter = recognised(headings.split(","))
    assert exporter
    assert exporter.name == name


def test_a_mapping_is_kept_and_read_back(tmp_path):
    mapping = guessed(tmp_path, ["Vorname", "CPR", "Vorname"], ["Anna", "1105914773", "x"])
    kept = mapping.as_json()
    words = words_of(registries.REGISTRY.facts.values())
    assert Mapping.from_json(kept, ["Vorname", "CPR", "Vorname"], words).as_json() == kept


def test_a_short_mapping_names_headings_and_facts():
    words = words_of(registries.REGISTRY.facts.values())
    short = {
        "source": "kasse",
        "columns": {"Kunde": "reference", "Mail": "email", "Tel": {"to": "phone", "label": "work"}},
    }
    mapping = Mapping.from_json(short, ["Kunde", "mail", "Tel", "Rest"], words)
    assert [each.to for each in mapping.columns] == ["reference", "emails[1].value", "phones[1].value", "ignore"]
    assert (mapping.source, mapping.columns[2].label) == ("kasse", "work")


@pytest.mark.parametrize(
    "columns",
    [
        {"Nix": "email"},
        {"Mail": "emial"},
        {"Mail": {"to": 7}},
        7,
        [{"column": "Mail", "order": "ydm"}],
        {"Mail": "emails[1].shoe"},
    ],
)
def test_a_wrong_mapping_is_refused(columns):
    with pytest.raises(Refused):
        Mapping.from_json({"columns": columns}, ["Mail"], {})


def test_every_fact_that_may_be_written_has_a_place():
    """Adding a fact is adding it in one place: what a file cannot say of a card stands here with its reason."""
    not_from_files = {
        "how",
        "relation",
        "relation.number",
        "relation.from",
        "relation.to",
        "note.kind",
        "note.day",
        "reference.source",
        "emails",
        "birthday",
    }
    missing = [
        fact.name
        for fact in registries.REGISTRY.facts.values()
        if fact.writable
        and fact.name not in not_from_files
        and fact.room == "customers"
        and fact.type != "yesno"
        and fact.name not in words_of([fact])
    ]
    assert missing == []


def test_no_place_takes_more_than_its_column_holds():
    for fact in registries.REGISTRY.facts.values():
        longest = GROUPS.get(fact.group or "", {}).get(fact.key)
        if not longest or fact.group in ("identity_numbers", "bank_accounts", "works_at", "households", "notes"):
            continue
        model = registries.model_named(registries.groups()[fact.group or ""].model)
        column = fact.source.column  # type: ignore[union-attr]
        limit = model._meta.get_field(column).max_length
        assert limit is None or longest <= limit, fact.name


def of_dates(folder, *texts):
    inspected = looked_at(written(folder, table([["Vorname", "Geburtstag"], *(["Anna", text] for text in texts)])))
    mapping = guess(inspected, today=TODAY)
    return mapping, questions(inspected, mapping)


def test_an_ambiguous_column_is_asked_and_the_answer_goes_into_the_mapping(tmp_path):
    mapping, asked = of_dates(tmp_path, "3/7/1958", "1/2/1990")
    (question,) = asked
    assert (question.as_json()["column"], question.choices, question.asks) == ("Geburtstag", ("dmy", "mdy"), "order")
    assert "1/2/1990" in question.question
    assert mapping.changed(question.index, order="mdy").columns[1].order == "mdy"
    assert mapping.ordered("dmy").columns[1].order == "dmy"


def test_the_whole_column_decides(tmp_path):
    mapping, asked = of_dates(tmp_path, *["3/7/1958"] * 1500, "31/1/1990")
    assert (mapping.columns[1].order, asked) == ("dmy", [])
    assert of_dates(tmp_path, "07.03.1958", "03.02.1975")[1] == []


def test_bare_numbers_in_a_column_of_dates_are_asked(tmp_path):
    _mapping, asked = of_dates(tmp_path, "1958-03-07", "21251")
    assert [(each.asks, each.choices) for each in asked] == [("serial", ("yes", "no"))]


def test_a_decimal_mark_is_asked_for_the_businesss_own_numbers(tmp_path):
    inspected = looked_at(written(tmp_path, table([["Vorname", "Umsatz"], ["Anna", "1.234"], ["Bert", "2.500"]])))
    mapping = guess(inspected, today=TODAY).changed(1, to="custom.umsatz")
    (question,) = questions(inspected, mapping, {"custom.umsatz": "money"})
    assert (question.asks, question.choices) == ("mark", (".", ","))
    assert questions(inspected, mapping.changed(1, mark=","), {"custom.umsatz": "money"}) == []


def test_what_was_understood_is_kept_as_json(tmp_path):
    inspected = looked_at(written(tmp_path, table([["Vorname", "Geburtstag"], ["Anna", "3/7/1958"]])))
    assert Inspected.from_json(inspected.as_json()) == inspected


def test_a_field_that_the_house_has_not_is_no_place():
    words = {"email": "emails.value", "custom.shoe_size": "custom.shoe_size"}
    assert str(target("custom.shoe_size", words)) == "custom.shoe_size"
    with pytest.raises(Refused, match=r"custom\.shoe_sise on a card\. Did you mean custom\.shoe_size"):
        target("custom.shoe_sise", words)
