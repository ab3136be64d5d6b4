"""The one door for commands: exit codes, refusals, JSON."""

import argparse
import json
import os
import subprocess
import sys
import types
from importlib.metadata import version

import pytest
from django.utils.translation import get_language

from regulars.interfaces.cli import main as cli
from regulars.kernel.early import language_of
from regulars.kernel.errors import Refused


def run(args: argparse.Namespace) -> int:
    if args.word == "no":
        raise Refused("The word is no.", where="word")
    return 0


def known(run):
    command = types.SimpleNamespace(
        DATABASE=False, NAME="greet", HELP="greets", run=run, add_arguments=lambda p: p.add_argument("word")
    )
    return lambda *_named: iter([command])


@pytest.fixture
def greet(monkeypatch):
    monkeypatch.setattr(cli, "known", known(run))


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


def test_the_version_is_told_without_reading_a_command(capsys, monkeypatch):
    monkeypatch.setattr(cli, "import_module", None)
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"regulars {version('regulars')}\n"


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "da_DK", "LANG": "de_DE.UTF-8"}, "da"),
        ({"LC_ALL": "", "LC_MESSAGES": "hi_IN@x", "LANG": "de_DE"}, "hi"),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({"LANG": "tlh"}, None),
        ({}, None),
    ],
)
def test_the_shell_speaks_the_language_of_who_sits_there(environment, spoken):
    assert language_of(environment) == spoken


def test_a_command_speaks_it_and_json_does_not(monkeypatch, capsys):
    monkeypatch.setattr(cli, "known", known(lambda _args: print(get_language())))
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")
    before = get_language()
    assert cli.main(["greet", "x"]) == cli.main(["greet", "x", "--json"]) == 0
    assert (capsys.readouterr().out.split(), get_language()) == (["da", before], before)


def test_a_command_on_a_fresh_home_finds_a_database_and_no_key_in_the_home_and_says_so(tmp_path):
    env = {**os.environ, "REGULARS_HOME": str(tmp_path / "home"), "REGULARS_KEY_FILE": str(tmp_path / "keys.json")}
    env.pop("REGULARS_DATABASE_URL", None)

    def users(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "regulars", "user", "list", *words]
        return subprocess.run(command, env=env | more, capture_output=True, text=True)

    done = users("--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stderr
    assert (tmp_path / "home/regulars.db").exists()
    assert f"empty register was begun in {tmp_path}/home." in done.stderr and not users("--json").stderr
    refused = users(LC_ALL="de_DE.UTF-8", REGULARS_KEY_FILE=str(tmp_path / "others.json"))
    assert refused.returncode == 1 and "Schlüsseldatei" in refused.stderr


def test_a_command_stands_in_the_file_of_its_name():
    """So it is found, and no other need be loaded."""
    for command in cli.known():
        assert [each.NAME for each in cli.known(command.NAME)] == [command.NAME]
    assert len(list(cli.known("no such command"))) == len(list(cli.known())) > 40


def test_every_command_has_help_and_json():
    for command in cli.known():
        shown = cli.parser().parse_args  # parses, so that a broken `add_arguments` is found
        with pytest.raises(SystemExit) as end:
            shown([command.NAME, "--help"])
        assert end.value.code == 0
        assert command.HELP


_BEFORE_AND_AFTER = """
import django
from regulars.kernel import early
from regulars.kernel.early import gettext as _
with early.speaking("de"):
    print(_("Ctrl+C closes it."))
    django.setup()
    early.django_speaks()
    print(_("Ctrl+C closes it."))
print(_("Ctrl+C closes it."))
"""


def test_the_words_before_the_settings_stand_are_in_it_too():
    said = subprocess.run([sys.executable, "-c", _BEFORE_AND_AFTER], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["Strg+C schließt es."] * 2 + ["Ctrl+C closes it."]


def test_every_deed_of_a_command_is_done_by_something() -> None:
    for command in cli.known():
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        deeds = {name for each in parser._actions if each.dest == "deed" for name in each.choices or ()}
        done_by = getattr(command, "_DEEDS", None)
        if deeds and isinstance(done_by, dict):
            assert set(done_by) == deeds, command.__name__
