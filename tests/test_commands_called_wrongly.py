"""What is typed at the shell and cannot be: told in words of its own, with the exit code of wrong usage."""

import json
from pathlib import Path

import pytest

from regulars.interfaces.cli import main as cli

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def at_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_set_the_scene", lambda command: None)


def ended(*words: str) -> int:
    try:
        return cli.main(list(words))
    except SystemExit as end:
        return int(end.code or 0)


LISTS = [
    ("agreements",), ("changes",), ("compare", "", "--at", "2020-01-01", "--and", "2020-01-02"), ("deliveries",),
    ("donations",), ("duplicates", "list"), ("duplicates", "near"), ("find", ""), ("history", "10001"),
    ("purchase", "list"), ("search", "anna"), ("stale",),
]  # fmt: skip


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
@pytest.mark.parametrize("most", ["0", "-3", "many", str(2**53)])
def test_a_list_is_of_one_at_least(command: tuple[str, ...], most: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*command, f"--limit={most}") == 2
    assert f"“{most}” will not do: a whole number, at least 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "anna"), "“anna” will not do: a whole number"),
        (("agreements", "--customer", str(2**53)), "will not do: a whole number"),
        (("purchase", "list", "--since", "soon"), "“soon” is no day: write 2026-11-24"),
        (("find", "", "--json", "--format", "csv"), "Either --json or --format csv."),
    ],
)
def test_what_cannot_be_is_told(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*words) == 2
    out, told = capsys.readouterr()
    assert said in told and out == ""


def test_facts_are_the_result_and_those_of_no_room_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("facts", "--room", "consent") == 0
    assert "consent" in capsys.readouterr().out
    assert ended("facts", "--room", "nowhere", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["where"] == "room"


def test_a_sheet_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("keys", "recovery", "--check", "/nowhere/sheet") == 1
    assert "/nowhere/sheet cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "said"), [("[]", "is no mapping"), ('"Nr"', "is no mapping"), ("[" * 100_000, "is not JSON")]
)
def test_a_file_that_is_no_mapping_is_said(
    written: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people, mapping = tmp_path / "people.csv", tmp_path / "mapping.json"
    people.write_text("Name\nAnna Berg\n", "utf-8")
    mapping.write_text(written, "utf-8")
    assert ended("import", str(people), "--map", str(mapping), "--dry-run") == 1
    assert said in capsys.readouterr().err
    assert ended("import", str(people), "--map", str(tmp_path), "--dry-run") == 1
    assert "There is no file" in capsys.readouterr().err


def test_the_chains_key_is_refused_before_anybody_is_kept_from_working(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = "regulars.interfaces.server.takeover.done_by_whoever_holds_the_house"
    monkeypatch.setattr(taken, lambda *order, **more: pytest.fail("the house was taken over"))
    assert ended("keys", "rotate", "chain") == 1
    assert "as long as the register" in capsys.readouterr().err
