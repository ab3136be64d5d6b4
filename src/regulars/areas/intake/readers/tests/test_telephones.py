"""Telephones as lists write them: several in a cell, words beside them, a + that was lost."""

import pytest

from regulars.areas.intake.readers import Context
from regulars.areas.intake.readers.tests.files import TODAY
from regulars.areas.intake.readers.tests.rows import card_of, judged


def test_a_phone_is_read_in_the_rows_own_country_first():
    columns = ("T=phones[1].value", "L=addresses[1].country")
    assert card_of(*columns, row=["080 2345 6789", "India"])["phones"] == [{"value": "+918023456789"}]
    assert card_of(*columns, row=["030 901820", "India"])["phones"] == [{"value": "+4930901820"}]
    assert card_of(*columns, row=["0151 23456789", ""])["phones"] == [{"value": "+4915123456789"}]


def test_a_cell_may_hold_several_numbers_or_an_extension():
    card = card_of("T=phones[1].value,label:work", row=["030 901820 / 030 901821"])
    assert card["phones"] == [{"value": "+4930901820", "label": "work"}, {"value": "+4930901821", "label": "work"}]
    assert card_of("T=phones[1].value", row=["030 901820 ext. 12"])["phones"] == [
        {"value": "+4930901820", "label": "ext. 12"}
    ]


@pytest.mark.parametrize(
    ("cell", "label", "items"),
    [
        ("030-901862 (nach 18 Uhr)", "", [("+4930901862", "nach 18 Uhr")]),
        ("+49 30 901862 (privat)", "", [("+4930901862", "home")]),
        ("030 901862 (nach 18 Uhr)", "mobile", [("+4930901862", "mobile nach 18 Uhr")]),
        ("030 901862 (mobile)", "mobile", [("+4930901862", "mobile")]),
        ("(030) 901862 (Oma,\nMo/Di)", "", [("+4930901862", "Oma, Mo/Di")]),
        ("030 901820 (privat); 030 901821 (Büro)", "", [("+4930901820", "home"), ("+4930901821", "work")]),
        ("030 901862 ext. 12 (Oma)", "", [("+4930901862", "Oma ext. 12")]),
        ("+49 (0)30 901862", "", [("+4930901862", None)]),
    ],
)
def test_words_in_brackets_behind_a_number_become_its_label(cell, label, items):
    column = f"T=phones[1].value,label:{label}" if label else "T=phones[1].value"
    phones = card_of(column, row=[cell])["phones"]
    assert [(each["value"], each.get("label")) for each in phones] == items


def test_words_instead_of_a_number_are_still_refused():
    for cell in ("(nach 18 Uhr)", "nach 18 Uhr", "12345 (Oma)", "anna (030 901862)"):
        (row,) = judged("T=phones[1].value", rows=[[cell]])
        assert row.problem is not None, cell


@pytest.mark.parametrize(
    ("cell", "country", "value", "doubt"),
    [
        ("491771234568", "DE", "+491771234568", "its + seems to be lost"),
        ("49 177 1234568", "DE", "+491771234568", "its + seems to be lost"),
        ("01771234568", "DE", "+491771234568", ""),
        ("1771234568", "DE", "+491771234568", ""),
        ("4930901820", "DE", "+494930901820", "If it begins with the country code"),  # of two landlines nobody can tell
        ("4533123456", "DK", "+4533123456", "its + seems to be lost"),
        ("919876543210", "IN", "+919876543210", "its + seems to be lost"),
        ("27821234567", "ZA", "+27821234567", "its + seems to be lost"),
        ("12125550199", "US", "+12125550199", ""),  # one dials it so at home, too
        ("+491771234568", "DE", "+491771234568", ""),
    ],
)
def test_a_lost_plus_is_put_back_where_it_is_far_likelier(cell, country, value, doubt):
    (row,) = judged("T=phones[1].value", rows=[[cell]], context=Context(country, "EUR", TODAY))
    assert row.card["phones"] == [{"value": value}]
    assert [doubt in each.reason for each in row.doubts] == ([True] if doubt else [])


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("030 901820 privat", [("+4930901820", "home")]),
        ("030 901820 neu", [("+4930901820", "neu")]),
        ("030 901820 ab 18 Uhr", [("+4930901820", "ab 18 Uhr")]),
        ("nur abends: 030 901820", [("+4930901820", "nur abends")]),
        ("Tel: 030 901820", [("+4930901820", "")]),
        ("030 901820 App. 5", [("+4930901820", "ext. 5")]),
        ("030 901820 Anna, 0171 1234567 Bo", [("+4930901820", "Anna"), ("+491711234567", "Bo")]),
        ("030 901820 oder 030 901821 abends", [("+4930901820", ""), ("+4930901821", "abends")]),
    ],
)
def test_words_beside_a_number_become_its_label_and_no_digits(cell, numbers):
    found = card_of("Name=full_name", "Tel=phones[1].value", row=["Anna Ott", cell])["phones"]
    assert [(each["value"], each.get("label", "")) for each in found] == numbers
