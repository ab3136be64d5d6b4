"""Any table of text survives writing and reading in every format; hostile workbooks stop only the child."""

import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from regulars.areas.intake.readers import open_file
from regulars.areas.intake.readers.content import recognise
from regulars.areas.intake.readers.layout import Layout
from regulars.areas.intake.readers.sheets import records
from regulars.areas.intake.readers.tests.files import GERMANY, TODAY, brought, looked_at, workbook, written
from regulars.areas.intake.readers.tests.workbooks import compound, old_excel, open_document, open_document_of
from regulars.kernel.errors import Refused

SHEETS: dict[str, list[list[object]]] = {
    "Anleitung": [["Bitte Blatt 2 ausfüllen"]],
    "Kunden": [["Kundennr.", "Vorname", "PLZ"], ["00001", "Jürgen", "01067"], [17850.0, "Søren", 1051]],
    "Weitere": [["Vorname", "Ort"], ["Bert", "Bonn"]],
}
# Letters that every format can hold: no controls, no blanks at an end, which OpenDocument folds.
CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp")), min_size=1, max_size=12)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@pytest.mark.parametrize("writer", [old_excel, open_document])
def test_old_excel_and_open_document_are_read(tmp_path, writer):
    inspected = open_file(writer(tmp_path, SHEETS), "list", today=TODAY)
    assert (inspected.layout.sheet, inspected.sheets) == ("Kunden", ("Kunden", "Weitere"))
    assert [cells for _row, cells in inspected.sample] == [["00001", "Jürgen", "01067"], ["17850", "Søren", "1051"]]
    assert looked_at(writer(tmp_path, SHEETS), sheet="Weitere").sample[0][1] == ["Bert", "Bonn"]


@pytest.mark.parametrize("writer", [workbook, old_excel, open_document])
@given(table=TABLES)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
def test_a_table_is_read_back_equal(writer, table):
    assume(not any(cell.startswith("=") or "_x" in cell for row in table for cell in row))  # Excel's own escapes
    with TemporaryDirectory() as folder:
        path = writer(Path(folder), {"Kunden": table})
        assert list(records(path, Layout("sheet", sheet="Kunden"))) == table


@pytest.mark.parametrize("writer", [workbook, old_excel, open_document])
def test_postcodes_that_a_workbook_keeps_as_numbers_have_their_zero(tmp_path, writer):
    rows = [["Name", "PLZ", "Ort", "Land"], ["Anna Ott", 1067.0, "Dresden", "DE"], ["Bo Ey", 1010.0, "Wien", "AT"]]
    path = writer(tmp_path, {"Kunden": rows})
    inspected = looked_at(path)
    assert inspected.numeric == (1,)
    row, abroad = brought(path, context=replace(GERMANY, numeric=inspected.numeric))
    assert [each.card["addresses"][0]["postcode"] for each in (row, abroad)] == ["01067", "1010"]
    assert not row.doubts and not abroad.doubts


def test_a_table_that_begins_further_down_and_right_has_the_rows_of_the_sheet(tmp_path):
    rows: list[list[object]] = [
        [],
        [],
        [None, None, "Name", "Mail"],
        [None, None, "Anna Ott", "a@example.com"],
        [None, None, "Bo", "b"],
    ]
    good, bad = brought(workbook(tmp_path, {"Kunden": rows}))
    assert (good.number, bad.problem.row, bad.problem.value) == (4, 5, "b")


def test_a_cell_merged_over_several_rows_says_it_in_each(tmp_path):
    rows: list[list[object]] = [
        ["Ort", "Name"],
        ["Berlin", "Anna Ott"],
        [None, "Bo Ey"],
        [None, None],
        ["Bonn", "Cai Holm"],
        [None, "Dea"],
    ]
    path = workbook(tmp_path, {"Kunden": rows}, merged=("A2:A4", "A5:A5"))
    towns = [each.card.get("addresses", [{"city": ""}])[0]["city"] for each in brought(path)]
    assert towns == ["Berlin", "Berlin", "Bonn", ""]


def test_headings_merged_over_both_rows_of_headings_stand_once(tmp_path):
    rows: list[list[object]] = [
        ["Name", "Telefon", None],
        [None, "privat", "mobil"],
        ["Anna Ott", "030 901820", "0171 1234567"],
    ]
    inspected = looked_at(workbook(tmp_path, {"Kunden": rows}, merged=("A1:A2", "B1:C1")))
    assert inspected.columns == ("Name", "Telefon › privat", "Telefon › mobil")


def test_rows_repeated_beyond_measure_end_in_the_child(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    wide = cell.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ')
    row = f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>'
    path = open_document_of(tmp_path, f'<table:table table:name="A">{row}</table:table>')
    with pytest.raises(Refused, match=r"memory|damaged|wide|longer"):
        open_file(path, "list.ods", today=TODAY)


def test_an_open_document_bomb_is_seen_in_its_directory(tmp_path):
    path = open_document_of(tmp_path, f'<table:table table:name="A">{" " * 210 * 2**20}</table:table>')
    with pytest.raises(Refused, match="far too much"):
        recognise(path, "list.ods")


def test_a_locked_open_document_says_so(tmp_path):
    path = open_document(tmp_path, SHEETS)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = entries["META-INF/manifest.xml"].replace(b"/></manifest:manifest>", b"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>")  # noqa: E501  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, manifest if name.endswith(".xml") and "manifest" in name else content)
    with pytest.raises(Refused, match="password"):
        open_file(path, "list.ods", today=TODAY)


@pytest.mark.parametrize("content", [b"", b"\0" * 3000, b"\xff" * 5000, bytes(range(256)) * 40])
def test_a_broken_old_workbook_says_so(tmp_path, content):
    with pytest.raises(Refused, match=r"damaged|no sheet"):
        open_file(written(tmp_path, compound(content), "list.xls"), "list.xls", today=TODAY)


@given(st.binary(min_size=1, max_size=300), st.integers(0, 4000))
@settings(deadline=None, max_examples=12)
def test_an_old_workbook_with_strange_bytes_raises_nothing_else(noise, at):
    """In the child, as always: its parser may give up the whole process over a length that cannot be."""
    with TemporaryDirectory() as folder:
        path = old_excel(Path(folder), SHEETS)
        content = path.read_bytes()
        path.write_bytes(content[:at] + noise + content[at + len(noise) :])
        try:
            open_file(path, "list.xls", today=TODAY)
        except Refused as refused:
            assert refused.message
