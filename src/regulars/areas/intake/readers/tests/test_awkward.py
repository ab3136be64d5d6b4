"""Tables as people make them: titles above, totals below, headings in two rows, garbled and stray characters."""

import pytest

from regulars.areas.intake.readers import guess, questions
from regulars.areas.intake.readers.heads import ABOVE
from regulars.areas.intake.readers.tests.files import TODAY, brought, cards, looked_at, table, workbook, written
from regulars.areas.intake.readers.tests.workbooks import old_excel, open_document


def aside(inspected):
    return [(each.row, each.value) for each in inspected.aside]


def test_titles_totals_and_notes_are_set_aside_and_told(tmp_path):
    lines = [
        "Kundenliste 2026;;", ";;", "Vorname;Nachname;Umsatz", "Anna;Meier;10,50", "Bert;Ng;20,00", "Summe;;30,50",
        ";;", "Stand: 01.02.2026;;",
    ]  # fmt: skip
    path = written(tmp_path, "\n".join(lines))
    inspected = looked_at(path)
    assert (inspected.rows, inspected.layout.last) == (2, 5)
    assert aside(inspected) == [(1, "Kundenliste 2026"), (6, "Summe · 30,50"), (8, "Stand: 01.02.2026")]
    assert [each.template for each in inspected.aside] == [
        ABOVE, "It looks like a total under the table.", "It looks like a note under the table.",
    ]  # fmt: skip
    assert [row.card["given_name"] for row in brought(path)] == ["Anna", "Bert"]
    assert [row for row, _cells in inspected.sample] == [4, 5]


@pytest.mark.parametrize(
    "last",
    ["Total;Maria;total@example.com", "Total;Maria;", "Gesamt;;Köln", "Sara;;", "Note;;"],
)
def test_somebody_at_the_end_is_no_total(tmp_path, last):
    path = written(tmp_path, f"Vorname;Nachname;Ort\nAnna;Meier;Ulm\nBert;Ng;Bonn\n{last}\n")
    if last == "Note;;":
        assert aside(looked_at(path)) == [(4, "Note")]
    else:
        assert (looked_at(path).rows, looked_at(path).aside) == (3, ())


def test_what_looks_like_a_total_may_be_brought_in(tmp_path):
    path = written(tmp_path, "Vorname;Nachname;Ort\nAnna;Meier;Ulm\nBert;Ng;Bonn\nSumme;2;\n")
    assert looked_at(path).rows == 2
    assert (looked_at(path, feet="in").rows, looked_at(path, feet="in").aside) == (3, ())


def test_a_footer_of_a_report(tmp_path):
    header = '"First Name","Last Name","Account Name","Mailing Zip/Postal Code"'
    foot = ["", "", '"Customer list"', '"Copyright (c) 2026 example.com, inc."', '"Confidential Information"']
    path = written(tmp_path, "\n".join([header, *['"Anna","Meier","Firma","10115"'] * 6, *foot]))
    inspected = looked_at(path)
    assert (inspected.rows, [row for row, _text in aside(inspected)]) == (6, [10, 11, 12])


@pytest.mark.parametrize("writer", [workbook, old_excel, open_document])
def test_headings_in_two_rows_are_joined(tmp_path, writer):
    records = [
        ["Name", "", "Rechnung", "", "", "Telefon", ""],
        ["Vorname", "Nachname", "Straße", "PLZ", "Ort", "privat", "mobil"],
        ["Anna", "Meier", "Weg 1", "10115", "Berlin", "030 901820", "0171 1234567"],
        ["Bert", "Ng", "Weg 2", "01067", "Dresden", "030 901821", "0171 1234568"],
    ]
    path = writer(tmp_path, {"Kunden": records})
    inspected = looked_at(path)
    assert inspected.columns[:3] == ("Name › Vorname", "Name › Nachname", "Rechnung › Straße")
    (first, _second) = brought(path)
    assert first.number == 3
    assert (first.card["given_name"], first.card["family_name"]) == ("Anna", "Meier")
    assert first.card["addresses"] == [{"label": "billing", "street": "Weg 1", "postcode": "10115", "city": "Berlin"}]
    assert first.card["phones"] == [
        {"value": "+4930901820", "label": "home"}, {"value": "+491711234567", "label": "mobile"},
    ]  # fmt: skip


def test_headings_merged_downwards_stay_themselves(tmp_path):
    lines = ["Vorname;Nachname;Telefon;;Bemerkung", ";;privat;mobil;", "Anna;Meier;030 901820;0171 1234567;x"]
    inspected = looked_at(written(tmp_path, "\n".join(lines)))
    assert inspected.columns == ("Vorname", "Nachname", "Telefon › privat", "Telefon › mobil", "Bemerkung")
    assert (inspected.rows, inspected.layout.skip) == (1, 2)


def test_a_row_of_data_is_no_second_heading(tmp_path):
    lines = ["Vorname;Nachname;Ort;;", "Anna;Meier;Ulm;aus;gut", "Bert;Ng;Bonn;;"]
    assert looked_at(written(tmp_path, "\n".join(lines))).rows == 2


@pytest.mark.parametrize(("text", "meant"), [("MÃ¼ller", "Müller"), ("M√ºller", "Müller"), ("JÃ¸rgensen", "Jørgensen")])
def test_garbled_text_is_asked_about_and_never_mended_by_itself(tmp_path, text, meant):
    path = written(tmp_path, table([["Vorname", "Nachname"], ["Anna", text], ["Jürgen", "Groß"]]))
    inspected = looked_at(path)
    assert inspected.garbled == ((text, meant),)
    (question,) = questions(inspected, guess(inspected, today=TODAY))
    assert (question.asks, question.choices) == ("repair", ("yes", "no"))
    assert text in question.question and meant in question.question
    for said, name in (("", text), ("no", text), ("yes", meant)):
        answered = looked_at(path, repair=said) if said else inspected
        assert answered.sample[0][1][1] == name
        assert bool(questions(answered, guess(answered, today=TODAY))) is not bool(said)


def test_names_that_only_look_odd_are_not_asked_about(tmp_path):
    names = ["Ångström", "São Paulo", "Müller", "Łódź", "Ærøskøbing", "Dvořák", "Ñíguez", "Œuvre", "Ðorđević"]
    path = written(tmp_path, table([["Vorname", "Nachname"], *(["Anna", name] for name in names)]))
    assert looked_at(path).garbled == ()


def test_garbled_headings_are_mended_too(tmp_path):
    path = written(tmp_path, "Vorname;StraÃŸe;Ort\nAnna;KÃ¶nigstr. 1;KÃ¶ln\n")
    assert looked_at(path, repair="yes").columns == ("Vorname", "Straße", "Ort")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_formula_that_says_a_text_is_that_text(tmp_path, encoding):
    lines = [
        "Kundennr;Vorname;E-Mail;Telefon;PLZ;Ort;Notiz",
        '="00017";="Anna";="eq@example.org";="+49 30 901820";="01067";Dresden;="likes ""jazz"""',
        '"=""00018""";Bert;"=""b@example.org""";;"=""01069""";="Ulm" ;=SUM(1)',
    ]
    path = written(tmp_path, "\r\n".join(lines).encode(encoding))
    anna, bert = cards(path)
    assert [each["value"] for each in anna["references"] + bert["references"]] == ["00017", "00018"]
    assert anna["emails"] == [{"value": "eq@example.org"}] and anna["phones"] == [{"value": "+4930901820"}]
    assert [card["addresses"][0]["postcode"] for card in (anna, bert)] == ["01067", "01069"]
    assert (anna["given_name"], anna["notes"][0]["text"]) == ("Anna", 'likes "jazz"')
    assert (bert["addresses"][0]["city"], bert["notes"][0]["text"]) == ("Ulm", "=SUM(1)")


@pytest.mark.parametrize("content", [
    b"Vorname;Nachname\nAnna\0\0\0\0\0\0;Meier\0\0\0\0\0\nBert\0\0\0\0\0\0;Ng\0\0\0\0\0\0\0\0\n",
    b"Vorname;Nachname\nAnna\0;Meier\0\nBert\0;Ng\0\n",
    b'"Vorname";"Nachname"\r\n"Anna\0\0";"Meier\0\0"\r\n"Bert\0\0";"Ng\0\0"\r\n',
    b"Vorname;Nachname\nAnna;Meier\nBert;Ng\n" + b"\0" * 9000,
    b"Vorname;Nachname\nAnna;Meier\n" + b"\0" * 512 + b"Bert;Ng\n",
])  # fmt: skip
def test_nul_characters_that_fill_up_are_passed_over_and_told(tmp_path, content):
    inspected = looked_at(written(tmp_path, content))
    assert [cells for _number, cells in inspected.sample] == [["Anna", "Meier"], ["Bert", "Ng"]]
    assert [each.reason for each in inspected.notices] == [
        "The file holds NUL characters between the letters. They are passed over."
    ]


def test_stray_nul_characters_are_passed_over_and_told(tmp_path):
    text = "Vorname;Nachname\n" + "Anna;Meier\n" * 40 + "Be\0rt;Ng\n"
    path = written(tmp_path, text)
    assert [row.card["given_name"] for row in brought(path)][-1] == "Bert"
    assert [each.reason for each in looked_at(path).notices] == [
        "The file holds NUL characters between the letters. They are passed over."
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_named_delimiter_in_a_wide_encoding(tmp_path, encoding):
    path = written(tmp_path, "sep=;\nVorname;Straße\nAnna;Königstr. 1, Köln\n", encoding=encoding)
    assert [row.card["addresses"][0]["street"] for row in brought(path)] == ["Königstr. 1, Köln"]


def test_numbers_that_a_spreadsheet_made_of_phones_and_postcodes(tmp_path):
    path = written(tmp_path, "Vorname;Telefon;PLZ;Ort\nAnna;30901820.0;50667.0;Köln\nBert;030901821;01067;Dresden\n")
    first, second = (row.card for row in brought(path))
    assert (first["phones"][0]["value"], first["addresses"][0]["postcode"]) == ("+4930901820", "50667")
    assert (second["phones"][0]["value"], second["addresses"][0]["postcode"]) == ("+4930901821", "01067")
