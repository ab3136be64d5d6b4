"""Cells in which nobody ever wrote anything: a dash, `n/a`, what a spreadsheet puts where it could compute nothing."""

import pytest

from regulars.areas.intake.readers.tests.rows import card_of, problem_of

COLUMNS = (
    "Vorname=given_name",
    "Mail=emails[1].value",
    "Tel=phones[1].value",
    "Geb=birth_date",
    "IBAN=bank_accounts[1].iban",
)


@pytest.mark.parametrize("cell", ["-", "n/a", "keine", "Unbekannt", "ukendt", "NULL", "#NV", "#REF!", "?"])
def test_what_says_nothing_refuses_no_row(cell):
    assert card_of(*COLUMNS, row=["Anna", cell, cell, cell, cell]) == {"given_name": "Anna"}


@pytest.mark.parametrize("cell", ["0000-00-00", "0000-00-00 00:00:00", "1900-01-00", "00.01.1900", "0/0/00"])
def test_the_day_nought_of_spreadsheets_and_databases_is_no_birthday(cell):
    assert card_of("Vorname=given_name", "Geb=birth_date", row=["Anna", cell]) == {"given_name": "Anna"}


def test_a_bad_cell_beside_it_still_refuses_the_row():
    told = problem_of(*COLUMNS, row=["Anna", "n/a", "12", "-", ""])
    assert (told["column"], told["value"]) == ("Tel", "12")


def test_a_row_of_nothing_else_names_nobody():
    assert problem_of("Mail=emails[1].value", "Tel=phones[1].value", row=["n/a", "-"])["column"] == ""


def test_in_a_text_only_what_a_spreadsheet_could_not_compute_is_nothing():
    columns = ("Name=family_name", "Ort=addresses[1].city", "Beruf=occupation")
    assert card_of(*columns, row=["Null", "#NV", "#NAME?"]) == {"family_name": "Null"}
    assert card_of(*columns, row=["#1", "Nil", "#NVA"])["occupation"] == "#NVA"


def test_as_many_such_cells_as_a_list_may_have_columns_are_no_trouble():
    many = [f"Tel {at}=phones[{at}].value" for at in range(1, 91)]
    assert card_of("Name=family_name", *many, row=["Berg", *["n/a"] * 90]) == {"family_name": "Berg"}
