"""The commands of one card and of the journal: JSON as the contract has it, exit codes, the operator named."""

import json
import re

import pytest

from regulars.areas.access.tests.people import person
from regulars.areas.customers.models import Customer
from regulars.areas.journal.chain import heads
from regulars.areas.segments.language import parse, to_json
from regulars.interfaces.cli import main as cli
from regulars.kernel import keyfile
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs a command as at the shell; gives its exit code, what it printed, and the JSON of it."""
    monkeypatch.setattr(cli, "_set_the_scene", lambda command: None)
    keyfile.heads_path().unlink(missing_ok=True)

    def run(*words: str, code: int = 0):
        capsys.readouterr()
        assert cli.main(list(words)) == code, capsys.readouterr()
        out, run.err = capsys.readouterr()
        return json.loads(out) if "--json" in words else out

    yield run
    keyfile.heads_path().unlink(missing_ok=True)


@pytest.fixture
def anna(run) -> str:
    values = (
        "given_name=Anna",
        "family_name=Sørensen",
        "email=anna@example.com",
        "email_label=home",
        "city=Berlin",
        "street=Am Markt 1",
    )
    return str(run("add", *values, "tag=VIP", "tag=early", "--json")["number"])


def test_add_puts_facts_where_they_belong(run, anna):
    card = run("show", anna, "--json")
    assert (card["given_name"], card["tags"]) == ("Anna", ["early", "VIP"])
    assert [(each["value"], each["label"], each["primary"]) for each in card["emails"]] == [
        ("anna@example.com", "home", True)
    ]
    assert [(each["street"], each["city"]) for each in card["addresses"]] == [("Am Markt 1", "Berlin")]


def test_edit_changes_the_one_address_and_adds_contact_points(run, anna):
    told = run(
        "edit", anna, "city=Potsdam", "email=anna@work.example", "email_label=work", "occupation=baker", "--json"
    )
    card = run("show", anna, "--json")
    assert [(each["street"], each["city"]) for each in card["addresses"]] == [("Am Markt 1", "Potsdam")]
    assert [each["value"] for each in card["emails"]] == ["anna@example.com", "anna@work.example"]
    assert card == told["customer"] and told["changeset"]


def test_edit_empties_and_takes_away(run, anna):
    run("edit", anna, "family_name=", "tag-=vip", "email-=ANNA@example.com")
    card = run("show", anna, "--json")
    assert (card["family_name"], card["tags"], card["emails"]) == (None, ["early"], [])


def test_edit_that_changes_nothing(run, anna):
    assert run("edit", anna, "given_name=Anna", "--json")["changeset"] is None


def test_a_fact_of_the_house_and_a_mark(run, anna):
    run("field", "add", "Shoe size", "--type", "number")
    run("edit", anna, "custom.shoe_size=42", "deceased=yes")
    card = run("show", anna, "--json")
    assert card["custom"] == {"shoe_size": 42} and list(card["standings"]) == ["deceased"]
    run("edit", anna, "deceased=no", "custom.shoe_size=")
    card = run("show", anna, "--json")
    assert card["custom"] == {} and card["standings"] == {}
    assert [each["name"] for each in run("field", "list", "--json")] == ["shoe_size"]


def test_a_mark_takes_yes_and_no_alone_and_nothing_takes_it_off(run, anna):
    run("edit", anna, "deceased=vielleicht", code=1)
    assert "takes yes or no" in run.err
    run("edit", anna, "deceased=ja")
    run("edit", anna, "deceased=")
    assert run("show", anna, "--json")["standings"] == {}
    assert run("add", "given_name=Berta", "deceased=no", "--json")["customer"]["standings"] == {}


def test_what_a_field_cannot_hold_is_refused(run):
    for words in (("--keep", "36501"), ("--keep", "0"), ("--purpose", "x" * 301)):
        run("field", "add", "Shoe size", *words, code=1)
    run("field", "add", "x" * 101, "--name", "long", code=1)
    assert run("field", "list", "--json") == []


def test_a_fact_that_is_not_there_is_refused_with_the_nearest(run, anna):
    run("edit", anna, "citty=Potsdam", code=1)
    assert "Did you mean city?" in run.err
    assert run("edit", anna, "number=7", "--json", code=1)["error"]["where"] == "number"
    assert run("edit", anna, "email=nobody", "--json", code=1)["error"]["where"] == "emails.email"
    run("show", "99", code=1)


def test_wrong_usage_is_2(run, anna):
    run("edit", anna, "Potsdam", code=2)


def test_history_and_changes_have_the_contracts_shape(run, anna):
    changeset = run("edit", anna, "occupation=baker", "--json")["changeset"]
    newest = run("history", anna, "--json")[0]
    assert {"changeset", "at", "by", "through", "verb", "sentence", "customers", "undone_by", "fields"} == newest.keys()
    assert newest["fields"] == [{"field": "occupation", "from": None, "to": "baker"}]
    first, _second = run("changes", "--json")
    assert (first["changeset"], first["through"], first["verb"]) == (changeset, "command", "customers.edited")
    assert first["sentence"] == f"edited card {anna}" and "fields" not in first
    assert run("changes", "--since", "2199-01-01", "--json") == []
    assert "baker" in run("history", anna) and f"edited card {anna}" in run("changes")


def test_undo_brings_back_and_a_second_time_is_refused(run, anna):
    changeset = str(run("edit", anna, "occupation=baker", "--json")["changeset"])
    assert run("undo", changeset, "--dry-run", "--json")["changeset"] is None
    undone = run("undo", changeset, "--json")
    assert {"changeset", "undoes", "restored", "removed", "kept"} <= undone.keys() and undone["restored"] == 1
    assert run("show", anna, "--json")["occupation"] is None
    run("undo", changeset, code=1)


def test_undo_keeps_later_edits_and_lists_them_or_takes_them_back(run, anna):
    changeset = str(run("edit", anna, "occupation=baker", "given_name=Berta", "--json")["changeset"])
    run("edit", anna, "occupation=cook")
    asked = run("undo", changeset, "--dry-run", "--json")
    assert [(each["number"], each["field"], each["then"], each["now"]) for each in asked["kept"]] == [
        (int(anna), "occupation", "baker", "cook")
    ]
    assert [(each["field"], each["from"], each["to"]) for each in asked["fields"]] == [("given_name", "Berta", "Anna")]
    shown = run("undo", changeset, "--dry-run")
    assert "Cards that would be as before: 1;" in shown and "Given name: Berta → Anna" in shown
    (conflict,) = asked["conflicts"]
    undone = run("undo", changeset, "--overwrite", conflict["key"], "--json")
    assert undone["kept"] == [] and run("show", anna, "--json")["occupation"] is None


def test_what_differed_is_told_as_pages_say_it(run, anna):
    run("edit", anna, "birth_date=1980-03-07", "country=DE")
    run("purchase", "record", "--customer", anna, "--text", "Tea*2=3.50")
    shown = run("history", anna)
    assert "Birth date: – → •••" in shown and "1980" not in shown and "Country: – → Germany" in shown
    assert "Unit price: – → 3.50" in shown and "Amount: – → 7" in shown and "Quantity: – → 2" in shown


def test_archive_and_back(run, anna):
    assert run("archive", anna, "--json")["state"] == "archived"
    assert run("archive", anna, "--back", "--json")["state"] == "active"


def test_a_command_that_wrote_signs_its_head(run, anna):
    last = heads.last()
    assert last is not None and last.changeset == run("changes", "--json")[0]["changeset"]


def test_verify_finds_a_falsified_row(run, anna):
    assert run("verify", "--json") == {"ok": True, "changes": run("verify", "--json")["changes"], "problems": []}
    Customer.objects.filter(pk=anna).update(given_name="Eve")
    told = run("verify", "--json", code=1)
    card, found_by = told["problems"]  # what the search finds her by is no longer her card, either
    assert (card["kind"], found_by["kind"]) == ("row_differs", "row_differs")
    assert anna in card["where"] and anna in found_by["where"]


def test_a_card_is_readable_in_a_terminal(run, anna):
    shown = run("show", anna)
    assert "Anna Sørensen" in shown and "Am Markt 1, Berlin" in shown and "anna@example.com (home, primary)" in shown


def instants(told: object) -> list[str]:
    """Every text in this JSON that begins as an instant."""
    if isinstance(told, dict | list):
        return [at for each in (told.values() if isinstance(told, dict) else told) for at in instants(each)]
    return [told] if isinstance(told, str) and re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:", told) else []


def test_instants_have_one_form_at_every_door(run, anna, tmp_path):
    run("segment", "save", "Newcomers", "created_at in last 7 days", "--json")
    run("token", "add", "till", "--right", "customers.view", "--user", person().login, "--json")
    commands = [
        ("find", "", "--columns", "created_at", "--json"), ("find", "", "--json"), ("show", anna, "--json"),
        ("segment", "list", "--json"), ("segment", "show", "Newcomers", "--json"), ("token", "list", "--json"),
        ("user", "list", "--json"), ("history", anna, "--json"), ("changes", "--json"),
    ]  # fmt: skip
    told = {" ".join(words): run(*words) for words in commands}
    program = Program()
    paths = ("/customers?columns=created_at", "/customers", f"/customers/{anna}", "/segments", "/changesets", "/users")
    told |= {path: program.get(path).json() for path in (*paths, "/tokens", f"/customers/{anna}/history")}
    for where, each in told.items():
        assert instants(each), where
        for at in instants(each):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", at), (where, at)
    assert read_moment("2026-11-24T09:30:00+00:00") == {"moment": "2026-11-24T09:30:00Z"}


def read_moment(text: str) -> object:
    return to_json(parse(f"created_at > {text}"))["values"][0]
