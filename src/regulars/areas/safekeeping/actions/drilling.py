"""The weekly drill: the newest proved version brought back into an empty home and used, so that it is no hope."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.utils.translation import gettext as _

from regulars.areas.safekeeping.keeping.slips import Version
from regulars.areas.safekeeping.queries import DRILL, RIGHT, newest_proved
from regulars.kernel import crypto, jobs, keyfile, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copies, is_file
from regulars.kernel.errors import NotAllowed, Refused

_PREFIX = "drill-"
_PATIENCE = 1800  # seconds


def ask_for_drill(*, by: Actor) -> jobs.JobView:
    """The job that does the drill, or the one that is at it already. Raises NotAllowed."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not make versions."))
    return jobs.enqueue(jobs.named(DRILL), key=DRILL)


def drill(*, meanwhile: Callable[[], object] = lambda: None) -> dict[str, Any]:
    """Brings the newest proved version back into a home of its own, opens it with this program (its migrations, a list,
    a card, a search) and lets go of it: `{"ok", "version", "steps"}`. Raises `Refused` where it does not come back."""
    clear_leftovers()
    version = newest_proved()
    if version is None:
        raise Refused(_("There is no proved version to try out yet."))
    if not copies.may_restore(connection):
        raise Refused(
            _("The drill needs a database of its own: give the role of REGULARS_DATABASE_URL the right CREATEDB.")
        )
    beside = connection.copy()
    try:
        own = nullcontext("") if is_file(connection) else copies.scratch(beside, version.file)
        with _home(version) as home, own as name:
            told = _tried(version, home, name, meanwhile)
    finally:
        beside.close()
    return {**told, "version": version.name}


def clear_leftovers() -> None:
    """Takes away the homes of drills that were killed. One drill is at work at a time."""
    for folder in (places.spool(), keyfile.path().parent):
        for left in folder.glob(f"{_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _home(version: Version) -> Iterator[Path]:
    """An empty home with the version in it. Its copy of the keys lies beside the keys, not in the home."""
    name = f"{_PREFIX}{crypto.random_bytes(6).hex()}"
    home, keys = places.folder(places.spool() / name), places.folder(keyfile.path().parent / name)
    try:
        for each in ("home.id", "keys.ids", "keys.db"):
            if (places.home() / each).exists():
                shutil.copyfile(places.home() / each, home / each)
        if version.file.suffix == ".db":
            shutil.copyfile(version.file, home / "regulars.db")
        places.write_once(keys / "keys.json", keyfile.path().read_bytes())
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(keys, ignore_errors=True)


def _tried(version: Version, home: Path, database: str, meanwhile: Callable[[], object]) -> dict[str, Any]:
    keys = keyfile.path().parent / home.name / "keys.json"
    environment = {**os.environ, "REGULARS_HOME": str(home), "REGULARS_KEY_FILE": str(keys)}
    if database:
        environment["REGULARS_DATABASE_URL"] = urlsplit(environment["REGULARS_DATABASE_URL"])._replace(
            path=f"/{database}"
        ).geturl()  # fmt: skip
    command = [sys.executable, "-m", "regulars.areas.safekeeping.keeping.drilled",
               json.dumps({"customers": version.customers})]  # fmt: skip
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as child:
        try:
            _await(child, meanwhile)
            out, errors = child.communicate(timeout=10)
        finally:
            child.kill()
    if child.returncode:
        said = (errors.decode(errors="replace").strip().splitlines() or [str(child.returncode)])[-1]
        raise Refused(
            _("The version %(name)s did not come back: %(what)s") % {"name": version.name, "what": said[:300]}
        )
    answer: dict[str, Any] = json.loads(out.splitlines()[-1])
    return answer


def _await(child: subprocess.Popen[bytes], meanwhile: Callable[[], object]) -> None:
    until = time.monotonic() + _PATIENCE
    while child.poll() is None:
        meanwhile()
        if time.monotonic() > until:
            return
        time.sleep(0.2)
