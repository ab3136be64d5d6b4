"""A home of its own, used from outside as an operator does: by commands, and by a script that tells all there is."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

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
told["changes"] = [each for each in said("changes") if each["verb"] != "safekeeping.moved"]
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
    that is made once: all steps from nothing are for tests about a first start."""
    shutil.copytree(_furnished(), folder, dirs_exist_ok=True)


@cache
def _furnished() -> Path:
    made = Path(os.environ["REGULARS_HOME"]).parent / "furnished"
    own = {
        "REGULARS_HOME": str(made / "home"),
        "REGULARS_KEY_FILE": str(made / "keys.json"),
        "REGULARS_DATABASE_URL": "",
    }
    subprocess.run(
        [sys.executable, "-m", "regulars", "user", "list"],
        env={**os.environ, **own},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return made


class Home:
    """A home with its keys, with nothing in it yet; its commands run as an operator runs them."""

    def __init__(self, folder: Path, url: str = "") -> None:
        furnish(folder)
        names = {"REGULARS_HOME": str(folder / "home"), "REGULARS_KEY_FILE": str(folder / "keys.json")}
        more = {"DJANGO_SETTINGS_MODULE": "regulars.project.settings", "REGULARS_DATABASE_URL": ""}
        self.on_file = {**os.environ, **names, **more}
        self.on_server = {**self.on_file, "REGULARS_DATABASE_URL": url}
        self.url = url
        self.folder = folder / "home"

    def run(self, *words: str, where: dict[str, str], code: int = 0) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "regulars", *words, "--json"], env=where, capture_output=True, text=True
        )
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout)

    def python(self, *words: str, where: dict[str, str]) -> str:
        done = subprocess.run([sys.executable, *words], env=where, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def cut(self, module: str, name: str, count: int, *words: str, where: dict[str, str]) -> None:
        """Runs a command that ends, as by a kill, where this function would be called for the so-manieth time."""
        command = [sys.executable, "-c", CUT, module, name, str(count), *words]
        done = subprocess.run(command, env=where, capture_output=True, text=True)
        assert done.returncode == 9, (words, name, done.stderr)

    def told(self, where: dict[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.python("-c", ASKED, where=where))
        assert told["ok"]
        return told
