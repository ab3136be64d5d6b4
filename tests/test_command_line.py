"""The one door for commands: exit codes, refusals, JSON."""

import argparse
import json
import types

import pytest

from regulars.interfaces.cli import main as cli
from regulars.kernel.errors import Refused


def run(args: argparse.Namespace) -> int:
    if args.word == "no":
        raise Refused("The word is no.", where="word")
    return 0


@pytest.fixture
def greet(monkeypatch):
    command = types.SimpleNamespace(
        NAME="greet", HELP="greets", run=run, add_arguments=lambda p: p.add_argument("word")
    )
    monkeypatch.setattr(cli, "known", lambda: iter([command]))


def test_done_is_0(greet):
    assert cli.main(["greet", "hello"]) == 0


def test_a_refusal_says_why_on_standard_error_and_ends_with_1(greet, capsys):
    assert cli.main(["greet", "no"]) == 1
    assert capsys.readouterr() == ("", "The word is no.\n")


def test_a_refusal_in_json_names_the_place(greet, capsys):
    cli.main(["greet", "no", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["error"] == {"code": "refused", "message": "The word is no.", "where": "word"}


def test_wrong_usage_is_2(greet):
    with pytest.raises(SystemExit) as end:
        cli.main(["greet", "--loud"])
    assert end.value.code == 2
