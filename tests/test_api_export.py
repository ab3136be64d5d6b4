"""Finding and exporting at the shell: shapes, formats, cells that compute nothing, who is left in peace."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from regulars.areas.journal.models import Changeset
from regulars.interfaces.cli import main as cli
from regulars.kernel.sheets import unshield

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(capsysbinary, monkeypatch):
    monkeypatch.setattr(cli, "_set_the_scene", lambda command: None)

    def run(*words: str, code: int = 0):
        capsysbinary.readouterr()
        assert cli.main(list(words)) == code, capsysbinary.readouterr()
        out, err = capsysbinary.readouterr()
        run.err = err.decode()
        return json.loads(out) if "--json" in words else out

    return run


@pytest.fixture
def people(run) -> dict[str, str]:
    def add(*values: str) -> str:
        return str(run("add", *values, "--json")["number"])

    return {
        "anna": add("given_name=Anna", "family_name='t Hooft", "email=anna@example.com", "email=a@work.example",
                    "city=Berlin", "phone=+4930901820", "tag=VIP", "tag==1+1",
                    "birth_date=1980-03-07", "note=@home after six"),
        "bert": add("given_name=Bert", "family_name=Berg", "city=Potsdam", "street=Weg 1", "email=bert@example.com"),
        "dora": add("given_name=Dora", "family_name=Dahl", "email=dora@example.com", "city=Berlin",
                    "do_not_contact=yes"),
    }  # fmt: skip


def test_find_gives_whole_cards(run, people):
    found = run("find", 'city = "Berlin"', "--json")
    assert {"count", "at", "customers", "next"} == found.keys()
    assert (found["count"], found["next"]) == (2, None)
    assert found["customers"][-1] == run("show", people["dora"], "--json")


def test_find_everybody_in_pages(run, people):
    first = run("find", "", "--json", "--limit", "2")
    assert (first["count"], len(first["customers"])) == (3, 2)
    rest = run("find", "", "--json", "--limit", "2", "--after", first["next"])
    names = [each["given_name"] for each in first["customers"] + rest["customers"]]
    assert sorted(names) == ["Anna", "Bert", "Dora"] and rest["next"] is None


def test_find_chosen_columns_and_order(run, people):
    found = run("find", "", "--columns", "given_name,city", "--order", "-given_name", "--json")["customers"]
    assert [each["given_name"] for each in found] == ["Dora", "Bert", "Anna"]
    assert found[0] == {"number": int(people["dora"]), "given_name": "Dora", "city": ["Berlin"]}


def test_find_counts(run, people):
    assert run("find", 'city = "Berlin"', "--count", "--json") == {"count": 2}
    assert run("find", "", "--count") == b"3\n"


def test_find_as_a_table(run, people):
    lines = run("find", "", "--limit", "2").decode().splitlines()
    assert lines[0].split() == ["NUMBER", "NAME", "EMAIL", "PHONE", "CITY"] and len(lines) == 3
    assert run.err == "2 of 3.\n"


def test_criteria_that_cannot_be_asked(run):
    told = run("find", "citty = Berlin", "--json", code=1)["error"]
    assert told["code"] == "criteria" and "city" in told["message"] and told["where"] == "1:1"
    run("find", "", "--columns", "citty", code=1)


def rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_csv_computes_nothing_and_tells_what_was_there(run, people, tmp_path):
    told = run("export", "--to", str(tmp_path / "all.csv"), "--order", "given_name", "--json")
    assert (told["count"], told["withheld"], told["format"]) == (3, 1, "csv")
    anna, bert, _dora = rows((tmp_path / "all.csv").read_bytes())
    assert not [cell for row in (anna, bert) for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    clear = {name: unshield(cell) for name, cell in anna.items()}
    assert clear["family_name"] == "'t Hooft" and clear["phone"] == "+4930901820" and clear["note"] == "@home after six"
    assert {clear["tag"], clear["tag 2"]} == {"VIP", "=1+1"}
    assert (clear["email"], clear["email 2"], clear["birth_date"]) == (
        "anna@example.com",
        "a@work.example",
        "1980-03-07",
    )
    assert (bert["street"], bert["city"], bert["email 2"]) == ("Weg 1", "Potsdam", "")
    assert "occupation" not in anna and "iban" not in anna


def test_who_is_left_in_peace_keeps_her_contact_points(run, people, tmp_path):
    run("export", "given_name = Dora", "--to", str(tmp_path / "a.csv"))
    assert "address secret: 1. --all" in run.err
    (dora,) = rows((tmp_path / "a.csv").read_bytes())
    assert (dora["given_name"], dora["email"], dora["city"], dora["do_not_contact"]) == ("Dora", "", "", "yes")
    run("export", "given_name = Dora", "--to", str(tmp_path / "b.csv"), "--all")
    assert rows((tmp_path / "b.csv").read_bytes())[0]["email"] == "dora@example.com"


def test_an_xlsx_holds_text_and_no_formula(run, people, tmp_path):
    run("export", "--to", str(tmp_path / "all.xlsx"), "--columns", "number,given_name,tag", "--order", "given_name")
    sheet = load_workbook(tmp_path / "all.xlsx").active
    head, anna, *_rest = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head == ["number", "given_name", "tag", "tag 2"] and anna[0] == int(people["anna"]) and "=1+1" in anna
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_json_and_vcard(run, people, tmp_path):
    run("export", "--to", str(tmp_path / "all.json"))
    cards = json.loads((tmp_path / "all.json").read_bytes())
    assert {each["given_name"] for each in cards} == {"Anna", "Bert", "Dora"} and cards[0]["state"] == "active"
    cards = run("find", "given_name = Anna", "--format", "vcf").decode()
    assert "BEGIN:VCARD" in cards and "TEL;TYPE=PREF:+4930901820" in cards and "FN:Anna 't Hooft" in cards


def test_an_export_is_recorded(run, people, tmp_path):
    run("export", 'city = "Berlin"', "--to", str(tmp_path / "all.csv"))
    newest = Changeset.objects.order_by("-number").first()
    assert newest.verb == "segments.exported"
    assert newest.particulars == {"asked": 'city = "Berlin"', "count": 2, "format": "csv"}
    run("undo", str(newest.number), code=1)


def test_a_file_of_no_known_kind(run, people, tmp_path):
    run("export", "--to", str(tmp_path / "all.doc"), code=1)
    assert not list(tmp_path.iterdir())


def test_a_segment_is_saved_listed_shown_and_removed(run, people):
    saved = run("segment", "save", "Berliners", 'city = "Berlin"', "--json")
    assert (saved["name"], saved["count"]) == ("Berliners", 2) and "Berlin" in saved["sentence"]
    assert run("segment", "show", "berliners", "--json") == saved
    assert [each["name"] for each in run("segment", "list", "--json")] == ["Berliners"]
    assert run("segment", "list").decode().split()[3:5] == ["Berliners", "2"]
    assert run("find", 'segment "Berliners"', "--count", "--json") == {"count": 2}
    run("segment", "remove", "Berliners")
    run("segment", "show", "Berliners", code=1)
