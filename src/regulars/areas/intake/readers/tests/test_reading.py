"""Any table of text is read back equal, whatever its delimiter and encoding."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from regulars.areas.intake.readers.content import recognise
from regulars.areas.intake.readers.delimited import Broken, records
from regulars.areas.intake.readers.inspecting import inspect, rows
from regulars.areas.intake.readers.layout import Layout
from regulars.areas.intake.readers.tests.files import TODAY, brought, looked_at, table, written
from regulars.kernel.errors import Refused

DELIMITERS = (",", ";", "\t", "|")
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßæøåéñ"
CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u0091\u0092"), max_size=12
) | st.sampled_from(("", "a,b", "x;y", 'say "no"', "two\nlines", "| pipe", "\ttab", "'10623", "=1+1", "  ", "a\r\nb"))
WORDS = st.text(LETTERS, min_size=2, max_size=8)


@st.composite
def tables(draw):
    width = draw(st.integers(2, 5))
    header = draw(st.lists(WORDS, min_size=width, max_size=width, unique=True))
    body = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8))
    assume(any(any(cell.strip() for cell in row) for row in body))
    return [header, *body]


def read_back(content: bytes, **said: str) -> list[list[str]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        layout = inspect(path, "list.csv", "csv", today=TODAY, **said).layout
        return list(records(path, layout))


@example([["aa", "aaa", "aaaa"], ["", "", ""], [":", "", "key"], [":", ":", ""]], ",", "utf-8")  # no second headings
@given(tables(), st.sampled_from(DELIMITERS), st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-32")))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_a_table_is_read_back_equal(given_table, delimiter, encoding):
    assert read_back(table(given_table, delimiter).encode(encoding)) == given_table


@given(
    tables(),
    st.sampled_from(DELIMITERS),
    st.sampled_from(("cp1252", "cp1250", "mac_roman", "cp850", "latin-1", "koi8-r")),
)
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_said_encoding_and_delimiter_are_used(given_table, delimiter, encoding):
    text = table(given_table, delimiter)
    clean = text.encode(encoding, "replace").decode(encoding)
    expected = list(csv.reader(io.StringIO(clean, newline=""), delimiter=delimiter))
    assert read_back(clean.encode(encoding), encoding=encoding, delimiter=delimiter) == expected


def test_a_last_row_with_a_word_of_headings_is_no_header(tmp_path: Path) -> None:
    """`By` is a town in Danish headings, and a name in this list."""
    path = tmp_path / "list.csv"
    path.write_text("aa,bb\nBy,\n", encoding="utf-8")
    assert inspect(path, "list.csv", "csv", today=TODAY).rows == 1


LISTS = {
    "de": "Name;Straße;Ort\nJürgen Müller;Königstraße 7;Köln\nSören Größe;Große Allee 3;München\n",
    "da": "Navn;Adresse;By\nSøren Ærøskøbing;Nyhavn 17, København;Århus\nÅse Bjørn;Gåsevej 3;Ølstykke\n",
    "pl": "Imię;Nazwisko;Miasto\nŁukasz;Wójcik;Łódź\nŻaneta;Świątek;Gdańsk\n",
    "fr": "Nom;Prénom\nLefèvre;Hélène\nGarçon;François\n",
    "af": "Naam,Van\nDaniël,Naudé\nRenée,Lategan\n",
    "es": "Nombre,Apellido\nJosé,Muñoz\nMaría,Peña\n",
    "cs": "Jméno;Příjmení\nJiří;Dvořák\nŘehoř;Žižka\n",
    "lv": "Vārds;Uzvārds\nJānis;Bērziņš\nŽanete;Ķauķe\n",
    "ru": "Имя;Фамилия\nИван;Щербаков\nЮлия;Фёдорова\n",
    "hu": "Név;Város\nÁrpád Őry;Győr\nBéla Fűzfa;Szőlős\n",
}
ENCODED = [
    *((language, "cp1252") for language in ("de", "da", "fr", "af", "es")),
    *((language, "mac_roman") for language in ("de", "da", "fr", "af", "es")),
    *((language, "cp850") for language in ("de", "da", "fr", "es")),
    *((language, "cp1250") for language in ("pl", "cs", "hu")),
    *((language, "iso8859-2") for language in ("pl", "cs")),
    ("lv", "cp1257"),
    ("ru", "cp1251"),
    ("ru", "koi8-r"),
    *((language, encoding) for language in LISTS for encoding in ("utf-16-le", "utf-16-be")),
]


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
def test_the_encoding_of_a_short_list_is_found(tmp_path, language, encoding):
    path = written(tmp_path, LISTS[language], encoding=encoding)
    layout = looked_at(path).layout
    text = "\n".join(layout.delimiter.join(record) for record in records(path, layout))
    assert text == LISTS[language].strip()


def test_utf8_with_a_broken_byte_stays_utf8_and_the_row_is_refused(tmp_path):
    text = "Vorname;Nachname\n" + "Jürgen;Müller\n" * 30
    path = written(tmp_path, text.encode() + b"J\xfcrgen;Kaputt\n")
    result = brought(path)
    assert [row.card is None for row in result] == [False] * 30 + [True]
    assert result[-1].problem.value == "J?rgen"


def test_a_street_with_commas_does_not_hide_the_semicolon(tmp_path):
    path = written(tmp_path, "Name;Adresse\nAnna;Weg 1, Berlin\nBert;Weg 2, Bonn\n")
    assert looked_at(path).layout.delimiter == ";"


def test_a_first_line_may_name_the_delimiter(tmp_path):
    path = written(tmp_path, "sep=|\nVorname|Nachname\nAnna|Meier\n")
    inspected = looked_at(path)
    assert (inspected.layout.delimiter, inspected.columns, inspected.rows) == ("|", ("Vorname", "Nachname"), 1)


def test_quotes_escaped_by_backslash_are_read(tmp_path):
    path = written(tmp_path, 'a,b,c\n"x \\"y\\", z","2","3"\n"4","5","6"\n')
    assert [cells for _number, cells in rows(path, looked_at(path).layout)] == [['x "y", z', "2", "3"], ["4", "5", "6"]]


def test_inches_in_a_tabbed_file_are_no_quotes(tmp_path):
    path = written(tmp_path, 'Name\tNote\nAnna\t5" pipe\nBert\t"open\nCarl\tx\n')
    assert [cells for _number, cells in rows(path, looked_at(path).layout)][1] == ["Bert", '"open']


def test_a_title_above_the_table_is_passed_over(tmp_path):
    path = written(tmp_path, "Kundenliste 2026,,\n,,\nVorname,Nachname,PLZ\nAnna,Meier,01067\n")
    inspected = looked_at(path)
    assert (inspected.columns, inspected.rows, inspected.sample) == (
        ("Vorname", "Nachname", "PLZ"),
        1,
        ((4, ["Anna", "Meier", "01067"]),),
    )


def test_a_file_without_a_header_is_numbered(tmp_path):
    path = written(tmp_path, "anna@example.com,030 901820\nbert@example.com,030 901821\n")
    inspected = looked_at(path)
    assert (inspected.columns, inspected.rows, inspected.layout.headed) == (("Column 1", "Column 2"), 2, False)
    assert [row.card["emails"][0]["value"] for row in brought(path)] == ["anna@example.com", "bert@example.com"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    path = written(tmp_path, 'Vorname,Note\nAnna,"two\nlines"\n\nBert,x\n')
    assert [number for number, _cells in rows(path, looked_at(path).layout)] == [2, 4]


def test_every_row_counts_however_many(tmp_path):
    path = written(tmp_path, "Vorname\n" + "".join(f"Anna{n}\n" for n in range(2500)))
    inspected = looked_at(path)
    assert (inspected.rows, len(list(rows(path, inspected.layout)))) == (2500, 2500)


def test_an_open_quotation_mark_costs_its_row_and_no_other(tmp_path):
    body = "".join(f'Anna{n},"Meier, {n}"\n' for n in range(6000))
    path = written(tmp_path, f'Vorname,Nachname\n{body}Bad,"open\nCarl,Cramer\n{body}')
    result = brought(path)
    assert len(result) == 12002
    assert [(row.number, row.problem.row) for row in result if row.card is None] == [(6002, 6002)]


def test_an_open_quotation_mark_in_the_last_row(tmp_path):
    path = written(tmp_path, 'Vorname,Nachname\nAnna,"Meier, die"\nBad,"open\n')
    assert [row.card is None for row in brought(path)] == [False, True]


def test_open_quotation_marks_everywhere_are_refused(tmp_path):
    path = written(tmp_path, "a,b\n" + ('1,"open\n' + "2,3\n") * 300)
    with pytest.raises(Refused):
        list(records(path, Layout("csv", encoding="utf-8", delimiter=",")))


def test_a_word_after_a_closed_quotation_mark_is_no_harm(tmp_path):
    path = written(tmp_path, 'Vorname,Nachname\n"Anna" Maria,"Meier, die"\nBert,Ng\n')
    assert [row.card["given_name"] for row in brought(path)] == ["Anna Maria", "Bert"]


def test_rows_of_another_width(tmp_path):
    path = written(tmp_path, "Vorname,Nachname,Ort\nAnna\nBert,Ng,Bonn,,\nCarl,Cramer,Weg 1, Bonn\nDora,Dorn,Ulm\n")
    result = brought(path)
    assert [row.card is None for row in result] == [False, False, True, False]
    assert "4" in result[2].problem.reason


def test_utf_16_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("Vorname,Ort\nAnna,Bonn\nBert,Ulm\n".encode("utf-16-le")[:-3])
    assert [row.card["given_name"] for row in brought(path)] == ["Anna", "Bert"]


@given(st.binary(max_size=400))
@example(b"\0")
@settings(max_examples=300)
def test_nothing_but_a_refusal_is_raised(content):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        try:
            if recognise(path, "list.csv") == "csv":
                brought(path)
        except Refused as refused:
            assert refused.message


def test_a_broken_row_is_told_from_a_row():
    assert isinstance(Broken(["x"]), list)
