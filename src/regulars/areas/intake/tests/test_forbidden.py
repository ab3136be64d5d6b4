"""Card numbers and passwords in a file: nothing of them is kept, anywhere, and one is told where they stood."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from openpyxl import Workbook

from regulars.areas.customers.models import Customer, Note
from regulars.areas.intake import actions, queries
from regulars.areas.intake.actions.understanding import let_go_of_old
from regulars.areas.intake.models import Intake, Original
from regulars.areas.intake.queries.rejected import refused_rows
from regulars.areas.intake.readers.originals import passing, place_of
from regulars.areas.intake.tests.lists import (
    NOON,
    OLGA,
    brought,
    brought_bytes,
    csv_of,
    handed_over,
    in_this_process,
    sums,
    tried,
)
from regulars.areas.journal.queries import verify

pytestmark = pytest.mark.django_db
CARD = "4111 1111 1111 1111"
HEAD = "First name,Street,Notes"


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def everywhere() -> str:
    """Everything in the database, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_in_a_note_it_is_blacked_out_and_the_rest_comes_in() -> None:
    told = brought(HEAD, f"Anna,,Pays by {CARD} always", "Ben,,Passwort: geheim", "Cleo,,likes tea")
    assert sums(told) == (3, 0, 0, 0)
    assert list(Note.objects.order_by("id").values_list("text", flat=True)) == [
        "Pays by •••• always", "Passwort: ••••", "likes tea",
    ]  # fmt: skip
    assert [(each["row"], each["column"], each["value"]) for each in told["blacked"]] == [
        (2, "Notes", "••••"), (3, "Notes", "••••"),
    ]  # fmt: skip
    assert "payment card" in told["blacked"][0]["reason"] and "password" in told["blacked"][1]["reason"]


def test_elsewhere_it_refuses_the_row() -> None:
    told = brought(HEAD, f"Anna,{CARD},", "Ben,Ring 1,")
    assert sums(told) == (1, 0, 0, 1)
    (bad,) = told["rejected"]
    assert (bad["row"], bad["column"], bad["value"]) == (2, "Street", "••••") and "payment card" in bad["reason"]


def test_as_a_number_of_a_workbook_it_stands_nowhere() -> None:
    book = Workbook()
    for row in (["First name", "Phone"], ["Anna", 4111111111111111], ["Ben", 4930901820], ["Eva", 4930901821]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    told = brought_bytes(held.getvalue(), "list.xlsx")
    assert [(each["row"], each["value"]) for each in told["rejected"]] == [(2, "••••")]
    assert "41111111" not in everywhere()


@pytest.mark.parametrize("heading", ["Password", "Passwort", "Kodeord", "Wagwoord", "पासवर्ड", "CVC"])
def test_a_column_of_passwords_never_comes_in(heading: str) -> None:
    mapping = {"columns": {"First name": "given_name", heading: "note"}}
    told = brought(f"First name,{heading}", "Anna,hunter2", "Ben,geheim", mapping=mapping)
    assert told["never_kept"] == [heading] and sums(told) == (2, 0, 0, 0) and not Note.objects.exists()


def test_a_column_of_card_numbers_never_comes_in() -> None:
    told = brought("First name,Zahlung", "Anna,4111111111111111", "Ben,5555555555554444", "Cleo,")
    assert told["never_kept"] == ["Zahlung"] and sums(told) == (3, 0, 0, 0)


def test_long_customer_numbers_are_no_card_numbers() -> None:
    rows = [f"{4_000_000_000_000_000 + count},Anna {count}" for count in range(50)]
    told = brought("Customer ID,Name", *rows)
    assert sums(told) == (50, 0, 0, 0) and not told["never_kept"]
    assert place_of(Original.objects.get().sha256).exists()


def test_phones_and_ibans_are_none() -> None:
    told = brought("First name,Phone,IBAN", "Anna,+49 151 23456789,DE89 3704 0044 0532 0130 00")
    assert sums(told) == (1, 0, 0, 0) and not told["blacked"]


def test_nothing_of_it_is_left_in_the_database() -> None:
    brought(HEAD + ",Password", f"Anna,{CARD},x,hunter2", f"Ben,,{CARD.replace(' ', '')},hunter2")
    text = everywhere()
    assert "1111 1111" not in text and "11111111" not in text and "hunter2" not in text


def test_the_refused_rows_are_without_it_too() -> None:
    tried(HEAD, f"Anna,{CARD},", "Ben,Main St 1,", "Eva,Side St 2,")
    intake = Intake.objects.get()
    rows = b"".join(queries.refused_csv(intake, OLGA)).decode()
    assert "Anna" in rows and "1111" not in rows + repr(list(refused_rows(intake, trial=True)))


def test_the_file_lies_in_no_copy_and_goes_once_it_is_in() -> None:
    token = handed_over(csv_of(HEAD, f"Anna,,{CARD}"))
    sha256 = Intake.objects.get().sha256
    assert passing(sha256).exists() and not place_of(sha256).exists()
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    assert not passing(sha256).exists() and not place_of(sha256).exists()
    assert Original.objects.get().read_as["kept"] is False and verify().ok


def test_a_file_that_is_put_away_goes_at_once_and_a_forgotten_one_after_a_day() -> None:
    token = handed_over(csv_of(HEAD, f"Anna,,{CARD}"))
    sha256 = Intake.objects.get().sha256
    assert let_go_of_old(NOON) == 0 and let_go_of_old(NOON + timedelta(days=2)) == 1
    assert not passing(sha256).exists()
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    assert "over again" in queries.error_of(Intake.objects.get())
    other = handed_over(csv_of(HEAD, f"Ben,,{CARD}"))
    sha256 = Intake.objects.get(token=other).sha256
    actions.forget_upload(token=other, by=OLGA)
    assert not passing(sha256).exists()


def test_it_is_found_far_down_where_nobody_looked() -> None:
    rows = [f"Anna {count},,tea" for count in range(1500)]
    told = tried(HEAD, *rows, f"Zoe,,{CARD}")
    assert Intake.objects.get().inspected["secret"] and told["blacked"][0]["row"] == 1502
    assert not Customer.objects.exists()
