"""Search over HTTP and at the shell, and that the index is kept in bulk: import, undo, a long first list."""

import json
from urllib.parse import quote

import pytest
from django.db import connection

from regulars.areas.customers.card import at_rest, keys
from regulars.areas.customers.card.findable import names_in
from regulars.areas.customers.models import Customer, SearchText, SearchWord
from regulars.areas.customers.queries.searching import MARK, search
from regulars.areas.customers.tests.people import BEN, OLGA, anna
from regulars.areas.intake.actions import running
from regulars.areas.journal.actions import undo
from regulars.areas.journal.actions.undo import trying
from regulars.interfaces.cli import main as cli
from regulars.kernel.databases import trigrams
from regulars.kernel.models import Mark
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


def as_made_anew() -> bool:
    told = keys.texts(list(Customer.objects.values_list("number", flat=True)))
    counted: dict[str, int] = {}
    for text in told.values():
        for word in names_in(text):
            counted[word] = counted.get(word, 0) + 1
    kept = dict(SearchText.objects.values_list("number", "text"))
    return kept == told and dict(SearchWord.objects.values_list("word", "count")) == counted


def test_over_http() -> None:
    number = anna()
    till = Program("staff")
    told = till.get(f"/search?q={quote('ana ærø')}").json()
    assert [hit["number"] for hit in told["people"]] == [number]
    assert told["people"][0] == {
        "number": number, "name": "Dr. Anna Ærøskøbing", "kind": "person", "email": "anna@example.org",
        "phone": "+4915123456789", "city": "Berlin", "state": "active", "standings": [],
    }  # fmt: skip
    assert (told["organisations"], told["segments"], told["more"], told["complete"]) == ([], [], False, True)
    assert till.get("/search?q=a&limit=51").status_code == 422


def test_at_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    number = anna()
    assert cli.main(["search", "56789", "--json"]) == 0
    assert [hit["number"] for hit in json.loads(capsys.readouterr().out)["people"]] == [number]
    assert cli.main(["search", "aeroskobing"]) == 0
    assert "Ærøskøbing" in capsys.readouterr().out
    SearchText.objects.all().delete()
    assert cli.main(["search", "anna", "--rebuild", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["people"]
    assert cli.main(["search"]) == 2


@pytest.mark.parametrize("long", [1, 20_000])
def test_an_import_keeps_the_keys(long: int, monkeypatch: pytest.MonkeyPatch, capsys, tmp_path) -> None:
    """In each of its transactions, or all at its end where a first list is so long that they rest."""
    monkeypatch.setattr(running, "_LONG", long)
    file = tmp_path / "list.csv"
    file.write_text(
        "Number,First name,Last name,Email,Mobile,City,Company\n"
        "1,Anna,Mueller,A@Example.org; z@example.org; b@example.org,+49 151 23456789,Århus,Teehaus\n"
        "SHOP-2,Bo,O’Sørensen,b@example.org,,,\n,राजेश,शर्मा,,+49 30 901820,,\n,,,,+45 51 48 57 96,Ulm,Teehaus am Markt\n"
    )
    assert cli.main(["import", str(file), "--as", "customers", "--yes", "--json"]) == 0
    changeset = json.loads(capsys.readouterr().out)["changeset"]
    assert [hit.name for hit in search(BEN, "müller").hits] == ["Anna Mueller"] and as_made_anew()
    file.write_text("Number,First name,Last name,Email\n1,Anna,Møller,a@example.org\n3,Cem,Öz,c@example.org\n")
    assert cli.main(["import", str(file), "--as", "customers", "--yes", "--json"]) == 0
    second = json.loads(capsys.readouterr().out)["changeset"]
    assert [hit.name for hit in search(BEN, "moller").hits] == ["Anna Møller"] and as_made_anew()
    assert not Mark.objects.filter(name=MARK).exists()
    for number in (second, changeset):
        undo(changeset=number, by=OLGA, at=running.datetime.now().astimezone())
        assert as_made_anew()
    assert not SearchText.objects.exists()


def test_a_long_undo_lets_the_index_rest_and_makes_it_anew(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path) -> None:
    rested, empty = [], trigrams.empty
    monkeypatch.setattr(at_rest, "_MANY", 2)
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    monkeypatch.setattr(at_rest.trigrams, "empty", lambda *told: rested.append(told) or empty(*told))
    anna()
    file = tmp_path / "list.csv"
    file.write_text("First name,Last name\nBo,Friis\nEda,Kaya\nLea,Vogt\n")
    assert cli.main(["import", str(file), "--as", "customers", "--yes", "--json"]) == 0
    changeset = json.loads(capsys.readouterr().out)["changeset"]
    for left in (["Dr. Anna Ærøskøbing"], ["Bo Friis", "Dr. Anna Ærøskøbing", "Eda Kaya", "Lea Vogt"]):
        changeset = undo(changeset=changeset, by=OLGA, at=running.datetime.now().astimezone()).changeset
        assert as_made_anew() and not Mark.objects.filter(name=MARK).exists()
        found = {hit.name for asked in ("ærøs", "frii", "kaya", "vogt") for hit in search(BEN, asked).hits}
        assert sorted(found) == left
    assert len(rested) == 2 and not keys.astray()
    assert not trigrams.lacking(connection, keys.TEXT, "number", 0, 10)
