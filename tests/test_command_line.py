"""The one door for commands: exit codes, refusals, JSON."""

import argparse
import json
import os
import subprocess
import sys
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
        DATABASE=False, NAME="greet", HELP="greets", run=run, add_arguments=lambda p: p.add_argument("word")
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


def test_a_command_on_a_fresh_home_finds_a_database_and_no_key_in_the_home(tmp_path):
    env = {**os.environ, "REGULARS_HOME": str(tmp_path / "home"), "REGULARS_KEY_FILE": str(tmp_path / "keys.json")}
    env.pop("REGULARS_DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-m", "regulars", "user", "list", "--json"], env=env, capture_output=True)
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stderr
    assert (tmp_path / "home/regulars.db").exists()


def test_every_command_has_help_and_json():
    for command in cli.known():
        shown = cli.parser().parse_args  # parses, so that a broken `add_arguments` is found
        with pytest.raises(SystemExit) as end:
            shown([command.NAME, "--help"])
        assert end.value.code == 0
        assert command.HELP
