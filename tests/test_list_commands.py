"""`regulars imports` and `regulars mapping`: what they do, what they print, and what they refuse."""

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from regulars.areas.access.tests.people import person
from regulars.areas.customers.models import Customer
from regulars.areas.intake import actions
from regulars.areas.intake.actions.running import Import
from regulars.areas.intake.models import Intake
from regulars.areas.intake.tests.lists import NOON, OLGA, csv_of, handed_over, in_this_process
from regulars.areas.journal.queries import verify
from regulars.interfaces.cli import importing
from regulars.interfaces.cli.main import main

pytestmark = pytest.mark.django_db(transaction=True)
LINES = csv_of("Customer ID,First name", *(f"{number},Anna{number}" for number in range(6_000)))


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    person("owner")
    with in_this_process():
        yield


@pytest.fixture
def under_way(told: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a file that is stopped by command after its first transaction."""
    token = handed_over(LINES)
    whole = Import._transaction

    def once(self: Import, *args: Any) -> None:
        whole(self, *args)
        if self.counts.created < 6_000:
            assert told("imports", "stop", token)["state"] == "running"  # until it comes to the end of its transaction

    monkeypatch.setattr(Import, "_transaction", once)
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    monkeypatch.undo()
    return token


def test_an_import_is_stopped_and_goes_on(told: Any, under_way: str) -> None:
    (listed,) = told("imports", "list")
    assert (listed["id"], listed["state"], listed["rows"]) == (under_way, "stopped", 6_000)
    assert 0 < Customer.objects.count() < 6_000
    done = told("imports", "go-on", under_way)
    assert (done["state"], done["created"]) == ("done", 6_000)
    assert Customer.objects.count() == 6_000 and verify().ok
    again = told("imports", "stop", under_way, code=1)["error"]
    assert again["code"] == "refused" and again["message"]


def test_a_stopped_import_is_taken_back(told: Any, under_way: str) -> None:
    told("imports", "take-back", under_way)
    assert not Customer.objects.exists() and verify().ok
    assert told("imports", "take-back", "nosuch", code=1)["error"]["code"] == "not_found"


def test_a_mapping_is_kept_shown_renamed_and_removed(told: Any, tmp_path: Path) -> None:
    for number in range(2):
        file = tmp_path / f"{number}.csv"
        file.write_text(f"Chiffre,Vorname\n{number},Anna{number}\n")
        named = ["--keep-as", "fair"] if not number else ["--mapping", "market"]
        brought = told("import", str(file), "--yes", *named)
        assert brought["created"] == 1
        if not number:
            assert told("mapping", "list") == ["fair"]
            assert told("mapping", "rename", "fair", "market")["changeset"]
    shown = told("mapping", "show", "market")
    assert {each["column"]: each["to"] for each in shown["columns"]}["Vorname"] == "given_name"
    assert told("mapping", "show", "fair", code=1)["error"]["code"] == "not_found"
    assert told("mapping", "remove", "market")["changeset"]
    assert told("mapping", "list") == []
    assert Intake.objects.count() == 2


def test_what_is_left_out_and_what_is_doubted_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,E-mail,Rank\nAnna Berg,anna@gmial.com,Gold\n")
    for further in (["--dry-run"], []):
        assert main(["import", str(file), "--yes", *further]) == 0
        said = "".join(capsys.readouterr())
        assert "Left out, because nobody said what they become: Rank." in said
        assert "Cells that look wrong and come in all the same: 1;" in said


def test_the_other_sheets_of_a_workbook_are_named(told: Any, tmp_path: Path, capsys: Any) -> None:
    book = Workbook()
    book.active.title = "Kiel"
    for sheet in (book.active, book.create_sheet("Bonn"), book.create_sheet("Ulm")):
        sheet.append(["Vorname", "Nachname"])
        sheet.append([sheet.title, "Berg"])
    book.create_sheet("Leer")
    book.save(tmp_path / "kunden.xlsx")
    command = ["import", str(tmp_path / "kunden.xlsx"), "--dry-run", "--yes"]
    capsys.readouterr()
    assert main(command) == 0
    assert capsys.readouterr().err.splitlines()[0] == (
        "Only the sheet “Kiel” is read. Others with rows: “Bonn”, “Ulm”. Choose with --sheet NAME."
    )
    assert main([*command, "--sheet", "Bonn"]) == 0
    assert "Kiel" not in capsys.readouterr().err


def test_a_packed_list_of_purchases_comes_in_and_is_told_in_full(told: Any, tmp_path: Path) -> None:
    rows = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    rows += "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    rows += "536370,22728,CLOCK,1,2010-12-01 08:45:00,3.75,,France\n"
    rows += "C536379,85123A,HEART,-1,2010-12-03 09:41:00,2.55,17850.0,United Kingdom\n"
    file = tmp_path / "retail.csv.xz"
    file.write_bytes(lzma.compress(rows.encode()))
    brought = told("import", str(file), "--as", "purchases", "--yes")
    counts = ("rows", "created", "purchases", "lines", "returns", "unmatched", "customers_created", "without_customer")
    assert [brought[name] for name in counts] == [3, 3, 2, 2, 1, 0, 1, 1]
    again = told("import", str(file), "--as", "purchases", "--yes")
    assert (again["unchanged"], again["changeset"]) == (3, None)
    file.write_bytes(b"no xz at all")
    assert told("import", str(file), "--as", "purchases", "--yes", code=1)["error"]


def test_what_came_in_is_said_in_the_language_at_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,E-mail\nAnna Berg,anna@example.com\n")
    assert main(["import", str(file), "--yes"]) == 0
    assert capsys.readouterr().out.startswith("1 row: 1 new,")
    spoken = {"Known already: %(known)s.": "Bekannt: %(known)s"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "_", lambda text: spoken.get(text, text))
        assert main(["import", str(file), "--yes"]) == 0
    assert "Bekannt: 1 " in capsys.readouterr().out
