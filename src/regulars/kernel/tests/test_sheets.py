"""What is written to a spreadsheet computes nothing and comes back."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.sheets import cell_text, csv_of, printable, shield, unshield

SIGNS = st.text(st.sampled_from("'=+-@\t\r\n＝＋－＠aé 1"))

CELLS = (
    SIGNS | st.text(st.characters(exclude_categories=["Cs"])) | st.none() | st.integers() | st.booleans() | st.dates()
)


@given(SIGNS | st.text())
def test_a_cell_comes_back_as_it_was(text):
    assert unshield(shield(text)) == text


@given(SIGNS | st.text())
def test_no_cell_begins_with_a_formula(text):
    assert shield(text)[:1] not in tuple("=+-@\t\r\n\0＝＋－＠")


@pytest.mark.parametrize("text", ["'t Hooft", "Anna", "", "1-2", "'"])
def test_what_is_harmless_stays(text):
    assert shield(text) == text


def test_a_phone_is_shielded():
    assert shield("+4930901820") == "'+4930901820"


@given(st.integers(1, 4).flatmap(lambda wide: st.lists(st.tuples(*[CELLS] * wide), max_size=6)))
def test_each_cell_of_a_table_is_shielded_by_what_stands_in_it_alone(rows):
    wide = len(rows[0]) if rows else 1
    file = b"".join(csv_of(["head"] * wide, rows)).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(file, newline="")))
    assert read[1:] == [["" if each is None else shield(cell_text(each)) for each in row] for row in rows]


def test_rows_may_be_of_any_length():
    rows = [("Anna",), ("+1", "-2", "three"), ()]
    file = b"".join(csv_of(["a", "b", "c"], rows)).decode("utf-8-sig")
    assert file.splitlines()[1:] == ["Anna", "'+1,'-2,three", ""]


def test_a_table_of_one_kind_a_column():
    rows = [("Anna", "+49 30", 1, date(2026, 3, 1), True), (None, "-1", -2, None, False)]
    file = b"".join(csv_of(["a", "b", "c", "d", "e"], rows)).decode("utf-8-sig")
    assert file.splitlines()[1:] == ["Anna,'+49 30,1,2026-03-01,yes", ",'-1,'-2,,no"]


def test_control_characters_leave_an_xlsx():
    assert printable("a\x00b\x1f\n\t") == "ab\n\t"
