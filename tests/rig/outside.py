"""A home of its own, used from outside as an operator does: by commands, and by a script that tells all there is.

Each is a process of its own, forked from a warm one (`tests.rig.warm`)."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.rig import warm

# Everything in one process: whether it is proved, every row there is, and what commands answer about everybody.
ASKED = """
import contextlib, io, json, django; django.setup()
from regulars.areas.journal.queries import verify
from regulars.interfaces.cli.main import main
from tests.rig.dump import dump

def plain(value):
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value

def said(*words):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        main([*words, "--json"])
    return json.loads(out.getvalue())

told = {"ok": verify().ok}
told["rows"] = {name: sorted(repr([plain(each) for each in row]) for row in rows) for name, rows in dump().items()}
told["all"] = said("find", "", "--limit", "100")["customers"]
told["then"] = said("find", "", "--at", "2026-02-25T09:30:00Z", "--limit", "100")["customers"]
told["changes"] = [each for each in said("changes") if each["verb"] not in ("safekeeping.moved", "safekeeping.stayed")]
told["history"] = [said("history", str(each["number"])) for each in told["all"][:8]]
print(json.dumps(told))
"""


# Ends the process, as a kill does, when this function of this module is called for the so-manieth time.
CUT = """
import importlib, os, sys
module, name, count, *words = sys.argv[1:]
import django; django.setup()
owner = importlib.import_module(module)
real, left = getattr(owner, name), [int(count)]
def cut(*given, **named):
    left[0] -= 1
    if left[0] == 0:
        os._exit(9)
    return real(*given, **named)
setattr(owner, name, cut)
from regulars.interfaces.cli.main import main
sys.exit(main([*words, "--json"]))
"""


def furnish(folder: Path) -> None:
    """Puts a home of this version, with nothing in it yet, and its `keys.json` into this folder. All are copies of one
    that is made once in a run: all steps from nothing are for tests about a first start."""
    shutil.copytree(_once("furnished", ["-m", "regulars", "user", "list"]), folder, dirs_exist_ok=True)


def furnish_full(folder: Path) -> None:
    """The same with a house in which everything has happened once (`tests.rig.fullhouse`)."""
    shutil.copytree(_once("full", ["-m", "tests.rig.fullhouse"], furnish), folder, dirs_exist_ok=True)


def _once(name: str, words: list[str], begin: Callable[[Path], None] = lambda _folder: None) -> Path:
    """A folder with a home in which this command was run, made by whichever worker of this run comes first."""
    made = Path(os.environ["TESTS_SHARED"]) / name
    ready = made.with_suffix(".ready")
    until = time.monotonic() + 300
    while not ready.exists():
        assert time.monotonic() < until, f"nobody makes {made}"
        try:
            made.mkdir()
        except FileExistsError:  # somebody is at it
            time.sleep(0.05)
            continue
        try:
            begin(made)
            done = warm.run(words, _environment(made))
            assert done.returncode == 0, done.stderr
        except BaseException:
            shutil.rmtree(made)
            raise
        ready.touch()
    return made


def _environment(folder: Path) -> dict[str, str]:
    names = {"REGULARS_HOME": str(folder / "home"), "REGULARS_KEY_FILE": str(folder / "keys.json")}
    more = {"DJANGO_SETTINGS_MODULE": "regulars.project.settings", "REGULARS_DATABASE_URL": ""}
    return {**os.environ, **names, **more}


class Home:
    """A home with its keys, with nothing in it yet or `full`; its commands run as an operator runs them."""

    def __init__(self, folder: Path, url: str = "", *, full: bool = False) -> None:
        (furnish_full if full else furnish)(folder)
        self.on_file = _environment(folder)
        self.on_server = {**self.on_file, "REGULARS_DATABASE_URL": url}
        self.url = url
        self.folder = folder / "home"

    def run(self, *words: str, where: dict[str, str], code: int = 0) -> Any:
        done = warm.run(["-m", "regulars", *words, "--json"], where)
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout)

    def python(self, *words: str, where: dict[str, str]) -> str:
        done = warm.run([*words], where)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def cut(self, module: str, name: str, count: int, *words: str, where: dict[str, str]) -> None:
        """Runs a command that ends, as by a kill, where this function would be called for the so-manieth time."""
        done = warm.run(["-c", CUT, module, name, str(count), *words], where)
        assert done.returncode == 9, (words, name, done.stderr)

    def told(self, where: dict[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.python("-c", ASKED, where=where))
        assert told["ok"]
        return told
