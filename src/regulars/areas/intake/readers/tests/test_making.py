"""Columns joined, used twice, fixed; words translated: and what must hold of all of them."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.intake.readers import Context, Mapping, compile_judge
from regulars.areas.intake.readers.cells import Declared
from regulars.areas.intake.readers.tests.files import TODAY, brought, table, written
from regulars.kernel.errors import Refused

HEADINGS = ["Anrede", "Vor", "Nach", "Weg", "Nr", "Bemerkung"]
ROW = ["Mr", "Anna", "Berg", "Ring", "7", "likes tea"]
WORDS = {"given_name": "given_name", "called_name": "called_name", "source": "source", "gender": "gender",
         "street": "addresses.street"}  # fmt: skip
GERMANY = Context("DE", "EUR", TODAY, own={"gender": Declared("code", ("female", "male", "other"))})


def judged(row: list[str] = ROW, headings: list[str] = HEADINGS, **given: Any) -> Any:
    mapping = Mapping.from_json(given, headings, WORDS)
    return compile_judge(mapping, GERMANY)(2, row)


def test_several_columns_become_one_fact_with_the_sign_between_them() -> None:
    row = judged(columns={"Vor": "given_name"}, made=[{"to": "street", "of": ["Weg", "Nr"], "joined": " "}])
    assert row.card["addresses"] == [{"street": "Ring 7"}]
    made = [{"to": "note", "of": ["Bemerkung", "Nr"], "joined": " / "}, {"to": "given_name", "of": ["Vor"]}]
    row = judged(columns={}, made=made)
    assert row.card["notes"][0]["text"] == "likes tea / 7"


def test_an_empty_one_leaves_no_sign_behind() -> None:
    row = judged(["", "Anna", "", "Ring", "", ""], columns={"Vor": "given_name"},
                 made=[{"to": "street", "of": ["Weg", "Nr"], "joined": ", "}])  # fmt: skip
    assert row.card["addresses"] == [{"street": "Ring"}]


def test_one_column_becomes_several_facts() -> None:
    assert judged(columns={"Vor": ["given_name", "called_name"]}).card == {"given_name": "Anna", "called_name": "Anna"}


def test_a_fixed_value_stands_in_every_row_and_a_column_goes_before_it() -> None:
    fixed = {"source": "fair 2026"}
    assert judged(columns={"Vor": "given_name"}, fixed=fixed).card["source"] == "fair 2026"
    assert judged(columns={"Vor": "given_name", "Weg": "source"}, fixed=fixed).card["source"] == "Ring"


def test_words_are_translated_before_they_are_read() -> None:
    columns = {"Vor": "given_name", "Anrede": {"to": "gender", "values": {"mr": "male", "Mrs": "female"}}}
    assert judged(columns=columns).card["gender"] == "male"
    assert judged(["MRS", *ROW[1:]], columns=columns).card["gender"] == "female"
    assert "gender" not in judged(["", *ROW[1:]], columns=columns).card


def test_a_word_may_mean_nothing() -> None:
    columns = {"Vor": "given_name", "Anrede": {"to": "gender", "values": {"Mr": ""}}}
    assert judged(columns=columns).card == {"given_name": "Anna"}


def test_a_row_without_a_key_keeps_its_digest_whatever_is_made_of_it() -> None:
    plain = judged(columns={"Vor": "given_name"})
    made = judged(columns={"Vor": "given_name"}, fixed={"source": "fair"}, made=[{"to": "note", "of": ["Nr"]}])
    assert plain.digest and plain.digest == made.digest


def test_a_bad_cell_of_a_made_column_is_told_with_its_name() -> None:
    row = judged(columns={"Vor": "given_name"}, made=[{"to": "gender", "of": ["Weg", "Nr"]}])
    assert row.card is None and row.problem.column == "Weg + Nr" and row.problem.value == "Ring 7"


def test_a_card_number_in_a_part_is_blacked_out_in_a_note_and_refused_elsewhere() -> None:
    row = [*ROW[:5], "Card 4111 1111 1111 1111"]
    into_note = judged(row, columns={"Vor": "given_name"}, made=[{"to": "note", "of": ["Nr", "Bemerkung"]}])
    assert into_note.card["notes"][0]["text"] == "7 Card ••••"
    assert judged(row, columns={"Vor": "given_name"}, made=[{"to": "street", "of": ["Bemerkung"]}]).card is None


@pytest.mark.parametrize("given", [
    {"made": [{"to": "street"}]}, {"made": [{"to": "street", "of": ["Weg"], "text": "x"}]}, {"made": {"to": "street"}},
    {"made": [{"to": "street", "of": ["Gasse"]}]}, {"made": [{"to": "streeet", "of": ["Weg"]}]}, {"fixed": ["x"]},
    {"columns": {"Vor": {"to": "given_name", "values": ["Mr"]}}}, {"fixed": {"source": "4111111111111111"}},
])  # fmt: skip
def test_what_cannot_be_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        Mapping.from_json({"columns": {"Vor": "given_name"}, **given}, HEADINGS, WORDS)


_text = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
_made = st.lists(
    st.one_of(
        st.builds(lambda of, sign: {"to": "note", "of": of, "joined": sign},
                  st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=3), st.sampled_from(["", " ", ", "])),
        st.builds(lambda text: {"to": "source", "text": text}, _text),
    ), max_size=4,
)  # fmt: skip


@given(made=_made, values=st.dictionaries(_text, _text, max_size=3))
def test_a_mapping_is_the_same_after_it_was_kept(made: list[Any], values: dict[str, str]) -> None:
    columns = {"Vor": "given_name", "Anrede": {"to": "note", "values": values}}
    mapping = Mapping.from_json({"columns": columns, "made": made}, HEADINGS, WORDS)
    kept = orjson.loads(orjson.dumps(mapping.as_json()))
    assert Mapping.from_json(kept, HEADINGS, WORDS) == mapping


@given(row=st.lists(_text | st.just(""), min_size=6, max_size=6), fixed=_text)
def test_made_columns_are_as_if_the_file_had_them(row: list[str], fixed: str) -> None:
    row[1] = row[1] or "Anna"
    joined = " ".join(each for each in (row[3], row[4]) if each)
    made = judged(row, columns={"Vor": "given_name"}, fixed={"source": fixed},
                  made=[{"to": "street", "of": ["Weg", "Nr"]}])  # fmt: skip
    had = judged([*row, joined, fixed], [*HEADINGS, "Joined", "Fixed"],
                 columns={"Vor": "given_name", "Joined": "street", "Fixed": "source"})  # fmt: skip
    assert made.card == had.card


@given(order=st.permutations(range(6)))
def test_it_goes_by_heading_in_a_file_with_its_columns_in_another_order(order: list[int]) -> None:
    given = Mapping.from_json(
        {"columns": {"Vor": "given_name"}, "made": [{"to": "street", "of": ["Weg", "Nr"]}]}, HEADINGS, WORDS
    ).as_json()
    turned = judged([ROW[at] for at in order], [HEADINGS[at] for at in order], **given)
    assert turned.card == judged(**given).card


def test_it_is_the_same_in_the_child(tmp_path: Path) -> None:
    path = written(tmp_path, table([HEADINGS, ROW]))
    mapping = Mapping.from_json({"columns": {"Vor": ["given_name", "called_name"]}}, HEADINGS, WORDS)
    assert brought(path, mapping)[0].card == {"given_name": "Anna", "called_name": "Anna"}
