"""One person is cut out of a file: her rows are empty, all others and their numbers stay as they were."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from regulars.areas.intake.readers.cutting import Uncuttable, cut
from regulars.areas.intake.readers.delimited import records
from regulars.areas.intake.readers.layout import Layout
from regulars.areas.intake.readers.marks import Marks
from regulars.areas.intake.readers.tests.workbooks import Records, old_excel, open_document

ANNA = Marks(
    emails=frozenset({"anna@example.org"}),
    phones=frozenset({"+4915123456789"}),
    references=frozenset({"17"}),
    names=frozenset({("Anna", "Ærø")}),
)
CSV = Layout("csv", encoding="utf-8", delimiter=";", skip=1)


def without(text: str, layout: Layout = CSV, marks: Marks = ANNA, references: tuple[int, ...] = ()) -> str:
    left = cut(text.encode(layout.encoding), layout, marks, references)
    return left.data.decode(layout.encoding) if left.rows else text


@pytest.mark.parametrize(
    "row",
    [
        "Anna;Ærø;Berlin",
        "A.;Aeroe;ANNA@Example.org",
        "Frau;unbekannt;0151/234 567-89",
        'Anna;"Ærø\nGeborene ""Li""";x',
        "ærø;anna;x",
    ],
)
def test_her_row_is_emptied_and_keeps_its_lines_and_separators(row: str) -> None:
    text = f"a;b;c\nBen;Berg;ben@example.org\n{row}\nAnna;Berg;x\n"
    left = without(text)
    assert left.startswith("a;b;c\nBen;Berg;ben@example.org\n;") and left.endswith(";\nAnna;Berg;x\n")
    assert left.count("\n") == text.count("\n")


def test_a_reference_counts_only_in_its_column() -> None:
    text = "no;age\n17;40\n18;17\n"
    assert without(text, references=(0,)) == "no;age\n;\n18;17\n"
    assert without(text) == text


def test_a_reference_counts_though_it_is_written_as_a_formula() -> None:
    said = Layout("csv", encoding="utf-8", delimiter=";", skip=1, formulas=True)
    assert without('Id;Name\n="17";Berg\n="18";Lund\n', said, references=(0,)) == 'Id;Name\n;\n="18";Lund\n'


def test_of_two_people_of_one_name_only_she_goes() -> None:
    pair = frozenset({("Anna", "Ærø")})
    marks = Marks(names=pair, shared=pair, beside=frozenset({"10623"}))
    text = "a;b;c\nAnna;Ærø;10623\nAnna;Ærø;20095\n"
    assert without(text, marks=marks) == "a;b;c\n;;\nAnna;Ærø;20095\n"


def test_what_was_never_in_it_changes_no_byte() -> None:
    data = b"\xef\xbb\xbfa;b\r\nBen;\xff\r\n"
    layout = Layout("csv", encoding="utf-8", damaged=True, delimiter=";")
    assert cut(data, layout, ANNA, ()).rows == ()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "cp1252"])
def test_other_encodings(encoding: str) -> None:
    layout = Layout("csv", encoding=encoding, delimiter=",")
    data = "a,b\r\nAnna,anna@example.org\r\nJörg,j@example.org\r\n".encode(encoding)
    assert cut(data, layout, ANNA, ()).data.decode(encoding) == "a,b\r\n,\r\nJörg,j@example.org\r\n"


def test_a_file_whose_quotes_are_broken_is_not_cut() -> None:
    with pytest.raises(Uncuttable):
        without('a;b\n"Anna" x;anna@example.org\n')


SHEET = Layout("sheet", sheet="Sheet")


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def workbook(*rows: Sequence[object]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def goes(data: bytes, marks: Marks = ANNA, references: tuple[int, ...] = ()) -> bool:
    try:
        assert cut(data, SHEET, marks, references).rows == ()
    except Uncuttable:
        return True
    return False


def test_a_workbook_goes_whole_if_she_is_in_it() -> None:
    book = workbook(["Ben", "ben@example.org"])
    assert not goes(saved(book))
    book.worksheets[0].append(["Anna", "Anna@example.org"])
    assert goes(saved(book))


def test_a_reference_counts_in_a_workbook_only_in_its_column() -> None:
    book = workbook(["no", "pieces", *map(str, range(40))], [18, 17, "bought on the 17th"])
    book.properties.created = book.properties.modified = datetime(2017, 1, 17, 17, 17, 17)
    assert not goes(saved(book), references=(0,))
    book.worksheets[0].append([17, 2])
    assert goes(saved(book), references=(0,))


def test_what_names_her_in_part_leaves_a_workbook() -> None:
    book = workbook(["Anna", "Berg"], ["Ben", "Ærø"], ["Frau Ærøsund", "si row t"])
    assert not goes(saved(book))
    assert not goes(saved(book), Marks(names=frozenset({("", "Row")}), shared=frozenset({("", "Row")})))


@pytest.mark.parametrize("made", [old_excel, open_document])
@pytest.mark.parametrize(
    "row", [["Anna", "Ærø"], ["x", "ANNA@example.org"], ["x", 4915123456789], ["x", "0151/2345-6789"]]
)
def test_she_is_found_in_workbooks_of_other_programs(
    made: Callable[[Path, dict[str, Records]], Path], row: list[object], tmp_path: Path
) -> None:
    others: Records = [["Ben", "Berg"], ["Anna", "Berg"]]
    assert not goes(made(tmp_path, {"Sheet": others, "More": [["x", "y"]]}).read_bytes())
    assert goes(made(tmp_path, {"Sheet": others, "More": [row]}).read_bytes())


def test_she_is_found_where_no_cell_shows_her() -> None:
    book = workbook(["Ben", "Berg"])
    book.worksheets[0]["A1"].comment = Comment("asked by Ærø, the one called Anna", "x")
    assert goes(saved(book))
    book = workbook(["Ben", "Berg"])
    book.properties.creator = "ærø, anna"
    assert goes(saved(book))
    book = workbook(["Ben", "Berg"], ["Anna", "Ærø"])
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("More")
    assert goes(saved(book))


def test_a_workbook_that_opens_no_more_goes_whole() -> None:
    assert goes(b"PK\x03\x04 and nothing after it")


def test_a_card_of_an_address_book_keeps_its_place() -> None:
    layout = Layout("vcf", encoding="utf-8", skip=0, fields=("FN", "N FAMILY", "N GIVEN", "EMAIL"))
    name = "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=86r=\r\n=C3=B8;Anna"
    hers = f"BEGIN:VCARD\r\nVERSION:2.1\r\n{name}\r\nNOTE:x\r\nEND:VCARD\r\n"
    other = "BEGIN:VCARD\nVERSION:3.0\nFN:Ben\nEMAIL:ben@exam\n ple.org\nEND:VCARD\n"
    assert without(other + hers + other, layout) == f"{other}BEGIN:VCARD\r\nEND:VCARD\r\n{other}"
    folded = other.replace("ben@exam\n ple", "anna@exam\n ple")
    assert without(folded + other, layout) == f"BEGIN:VCARD\nEND:VCARD\n{other}"


CELL = st.text(st.sampled_from('ab ";\n\rä,'), max_size=6)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=8), st.integers(0, 8), CELL)
def test_every_other_row_is_read_as_before(rows: list[list[str]], at: int, beside: str) -> None:
    import csv
    import tempfile

    rows.insert(min(at, len(rows)), [beside, "anna@example.org"])
    with io.StringIO(newline="") as target:
        csv.writer(target, delimiter=";").writerows([["head", "mail"], *rows])
        text = target.getvalue()
    left = without(text)
    assert "anna@" not in left
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(text.encode())
        before = list(records(path, CSV))
        path.write_bytes(left.encode())
        after = list(records(path, CSV))
    assert len(after) == len(before)
    for was, now in zip(before, after, strict=True):
        assert now == was or ("anna@example.org" in was and not any(cell.strip("\r\n; ") for cell in now))
