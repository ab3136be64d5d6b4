"""What is no list is refused at once and in clear words; what would stop the server stops only a child."""

import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.utils import translation

from regulars.areas.intake.readers import Context, guess, judged, open_file, prepared, row_of
from regulars.areas.intake.readers.content import recognise
from regulars.areas.intake.readers.tests.files import (
    TODAY,
    claiming_entries,
    looked_at,
    table,
    workbook,
    written,
    zipped,
)
from regulars.kernel.errors import Refused

SHEET = b'<?xml version="1.0"?><workbook/>'
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits on memory and time are Linux's")


def read(path, inspected, mapping, context) -> list[Any]:
    return list(judged(path, inspected, mapping, context))


def refusal(path, name="list.csv"):
    with pytest.raises(Refused) as refused:
        open_file(path, name, today=TODAY)
    return refused.value.message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"Vorname;Nachname\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "picture"),
        (b"\xff\xd8\xff\xe0 JFIF", "picture"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x7fELF\2\1\1", "program"),
        (b"MZ\x90\0\3", "program"),
        (b"\x1f\x8b\x08\0", "archive"),
        (b"SQLite format 3\0", "database"),
        (b"<html><body>hello</body></html>", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "web page"),
        (b'{"a": 1}', "JSON"),
        (b"BEGIN:VCARD\r\n", "without a card"),
        (bytes(range(256)) * 4, "no text"),
        (b"name\nof\tthings\n\1\0\0\0\2\0\0\0Anna;\0\0\0\0Bert;\0\0\0\0", "no text"),
        (b"list.csv".ljust(100, b"\0") + b"0000644\0" * 6 + b"ustar\0".ljust(350, b"\0") + b"a;b\n1;2\n", "no text"),
        (b"PK\3\4 broken", "damaged"),
    ],
)
def test_what_is_no_list_is_refused_within_a_second(tmp_path, content, word):
    begun = time.monotonic()
    assert word in refusal(written(tmp_path, content))
    assert time.monotonic() - begun < 5  # a second on a quiet machine; most never reach the child


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ({"xl/workbook.xml": SHEET, "xl/worksheets/sheet1.xml": b"\0" * (210 * 2**20)}, "far too much"),
        ({"xl/workbook.xml": SHEET, **{f"xl/{n}.xml": b"" for n in range(2001)}}, "far too much"),
        ({"word/document.xml": b"x"}, "text document"),
        ({"a.txt": b"x"}, "archive"),
    ],
)
def test_a_bomb_is_seen_in_its_directory(tmp_path, entries, word):
    path = zipped(tmp_path, entries)
    begun = time.monotonic()
    with pytest.raises(Refused, match=word):
        recognise(path, "list.xlsx")
    assert time.monotonic() - begun < 1


def test_a_directory_of_millions_is_not_read(tmp_path):
    with pytest.raises(Refused, match="far too much"):
        recognise(claiming_entries(tmp_path, 65_000), "list.xlsx")


def test_a_locked_workbook_says_so(tmp_path):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(written(tmp_path, content))


def test_a_damaged_workbook_says_so(tmp_path):
    assert "damaged" in refusal(zipped(tmp_path, {"xl/workbook.xml": b"<not xml", "[Content_Types].xml": b"<x"}))


@LINUX
def test_a_sheet_beyond_memory_ends_in_the_child(tmp_path):
    """Two cells at the far corners of a sheet: 50 bytes each in the file, 400 GB as a table."""
    path = workbook(tmp_path, {"Kunden": [["a", "b"], [1, 2]]})
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(name for name in entries if name.startswith("xl/worksheets/"))
    entries[sheet] = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    message = refusal(zipped(tmp_path, entries, "far.xlsx"))
    assert "memory" in message or "damaged" in message or "wide" in message


@LINUX
def test_nested_entities_are_not_expanded(tmp_path):
    path = workbook(tmp_path, {"Kunden": [["Vorname", "Nachname"], ["Anna", "Meier"]]})
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    lol = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    sheet = next(name for name in entries if name.startswith("xl/worksheets/"))
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">' + lol + b"]>"
    entries[sheet] = head + entries[sheet].partition(b"?>")[2].replace(b"<v>", b"<v>&l9;")
    path = zipped(tmp_path, entries, "entities.xlsx")
    try:
        assert all(len(cell) < 1000 for _number, cells in open_file(path, "x", today=TODAY).sample for cell in cells)
    except Refused as refused:
        assert refused.message


def test_a_huge_cell_is_one_bad_row(tmp_path):
    path = written(tmp_path, "Vorname,Nachname\nAnna,Meier\nBert," + "x" * 10_000_000 + "\nCarl,Cramer\n")
    inspected = open_file(path, "list.csv", today=TODAY)
    result = list(judged(path, inspected, guess(inspected, today=TODAY), Context("DE", "EUR", TODAY)))
    assert [row.card is None for row in result] == [False, True, False]


def test_the_child_reads_as_we_do(tmp_path):
    path = written(
        tmp_path, table([["Vorname", "E-Mail", "Newsletter"], ["Anna", "a@example.com", "nein"], ["Bert", "x", "ja"]])
    )
    inspected = open_file(path, "list.csv", today=TODAY)
    assert inspected == looked_at(path)
    mapping = guess(inspected, today=TODAY)
    first, second = read(path, inspected, mapping, Context("DE", "EUR", TODAY))
    assert first.card == {"given_name": "Anna", "emails": [{"value": "a@example.com"}]}
    assert first.answers == [{"channel": "email", "answer": "refused", "column": "Newsletter", "value": "nein"}]
    assert second.problem.as_json()["column"] == "E-Mail"
    chunks = list(prepared(path, inspected, mapping, Context("DE", "EUR", TODAY), skip=1))
    assert [row_of(short).number for chunk in chunks for short in orjson.loads(chunk)] == [3]


def test_a_refusal_is_said_in_the_readers_language(tmp_path):
    path = written(tmp_path, "E-Mail\nx\n")
    inspected = open_file(path, "list.csv", today=TODAY)
    (row,) = read(path, inspected, guess(inspected, today=TODAY), Context("DE", "EUR", TODAY))
    with translation.override("en"):
        assert row.problem.reason == "“x” is not an e-mail address: it has no @."
    assert row.problem.template.startswith("“{text}” is not an e-mail address")


@LINUX
@pytest.mark.parametrize("work", ["inspecting", "judging", "ready"])
def test_who_reads_a_file_loads_no_django(work):
    """It would double the time until a short list has been looked through."""
    looking = f"import sys, regulars.areas.intake.readers.child, regulars.areas.intake.readers.{work}"
    told = subprocess.run(
        [sys.executable, "-c", f"{looking}; print('django' in sys.modules)"], capture_output=True, check=True, text=True
    )
    assert told.stdout.strip() == "False"


def test_the_child_leaves_nothing_running(tmp_path):
    before = children()
    path = written(tmp_path, "Vorname\n" + "Anna\n" * 20_000)
    inspected = open_file(path, "list.csv", today=TODAY)
    source: Any = judged(path, inspected, guess(inspected, today=TODAY), Context("DE", "EUR", TODAY))
    next(source)
    assert len(children()) == len(before) + 1
    source.close()
    assert children() == before


def children() -> set[str]:
    """The processes that this one started and that are still there, finished ones too."""
    return {pid for tasks in Path("/proc/self/task").iterdir() for pid in (tasks / "children").read_text().split()}


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path):
    path = workbook(
        tmp_path,
        {
            "Anleitung": [["Bitte Blatt 2 ausfüllen"]],
            "Kunden": [
                ["Kundennr.", "Vorname", "PLZ", "Geburtstag", "Telefon"],
                ["00001", "Jürgen", "01067", datetime(1958, 3, 7), 30901820],
                [17850.0, "Søren", 1051, date(1990, 12, 31), "+45 32 12 34 56"],
            ],
            "geheim": [["Vorname", "Nachname"], ["Nie", "Mals"]],
        },
        hidden=("geheim",),
    )
    inspected = open_file(path, "list.xlsx", today=TODAY)
    assert (inspected.layout.sheet, inspected.sheets, inspected.other_sheets()) == ("Kunden", ("Kunden",), [])
    first, second = read(path, inspected, guess(inspected, today=TODAY), Context("DE", "EUR", TODAY))
    assert first.card["references"] == [{"source": "list", "value": "00001"}]
    assert (first.card["birth_date"], first.card["phones"]) == ("1958-03-07", [{"value": "+4930901820"}])
    assert (second.card["references"][0]["value"], second.card["addresses"][0]["postcode"]) == ("17850", "1051")


def test_a_sheet_may_be_said(tmp_path):
    path = workbook(tmp_path, {"A": [["Vorname", "Ort"], ["Anna", "Ulm"]], "B": [["Vorname", "Ort"], ["Bert", "Bonn"]]})
    assert open_file(path, "x", today=TODAY, sheet="B").sample[0][1] == ["Bert", "Bonn"]
    with pytest.raises(Refused, match="no sheet called C"):
        open_file(path, "x", today=TODAY, sheet="C")
