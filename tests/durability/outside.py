"""Kills from outside, of what ends by itself and has the whole house: `serve` while it brings an older home up to date
behind its maintenance page, and `regulars move`, to PostgreSQL and back in turn."""

import json
import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.durability import forks, judging, kills
from tests.durability.homes import Place
from tests.durability.report import Report
from tests.rig import warm
from tests.rig.outside import ASKED
from tests.rig.postgres import Server, find_binaries

LONGEST = 60.0
OF_A_MOVE = {"journal_changeset", "journal_link", "journal_counter", "kernel_mark"}  # what its own deed touches


def run(furnished: Place, folder: Path, *, kills: int, seed: int) -> list[Report]:
    """So many kills of each."""
    return [_upgrades(furnished, folder, kills, seed), _moves(furnished, folder, kills, seed)]


# --- serve, which upgrades ------------------------------------------------------------------------------------------


def _upgrades(furnished: Place, folder: Path, count: int, seed: int) -> Report:
    report, began = Report("kills of serve at its upgrade"), time.monotonic()
    place, draw = furnished.copied(folder / "upgraded"), random.Random(f"{seed} upgrades")
    forks.done(partial(kills._older, place))
    before, facts = place.copied(folder / "older"), furnished.facts()
    first = _kill_while_it_says_wait(place, LONGEST)
    longest = first or 0.0
    for trial in range(3 * count):
        before.copied(place.root)
        report.tried += _kill_while_it_says_wait(place, draw.random() * longest) is None
        try:
            report.add(f"kill {trial}", forks.done(partial(judging.judged, place, facts)))
        except RuntimeError as error:
            report.add(f"kill {trial}", error)
        if report.tried == count:
            break
    report.note = f"the maintenance page stood for {longest:.1f} seconds"
    report.seconds = time.monotonic() - began
    return report


def _kill_while_it_says_wait(place: Place, after: float) -> float | None:
    """Starts `serve` and kills it so many seconds after it began to answer that one must wait. How long it said so,
    where it had opened before: then it was ended, but not at its upgrade."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "regulars", "serve", "--port", str(port), "--workers", "1"]
    serve, until, waiting = warm.Running(words, _environment(place)), time.monotonic() + LONGEST, 0.0
    try:
        while (status := _status(port)) != 200 and time.monotonic() < until:
            waiting = waiting or (time.monotonic() if status == 503 else 0.0)
            if waiting and time.monotonic() >= waiting + after:
                return None
            time.sleep(0.005)
        return time.monotonic() - waiting
    finally:
        serve.kill()


def _status(port: int) -> int:
    asked = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status
    except OSError:
        return 0
    finally:
        asked.close()


# --- move -----------------------------------------------------------------------------------------------------------


def _moves(furnished: Place, folder: Path, count: int, seed: int) -> Report:
    report, began = Report("kills of the mover"), time.monotonic()
    if not find_binaries():
        report.note = "left out: no PostgreSQL found"
        return report
    draw, place, longest = random.Random(f"{seed} moves"), furnished.copied(folder / "moved"), 0.0
    with _server() as url:
        at, other = "", url
        before = _told(place, at)
        for trial in range(3 * count + 1):
            took = _moved(place, at, other, draw.random() * longest if trial else LONGEST)
            longest, was_killed = took or longest, took is None
            report.tried += was_killed
            refused = _finished(place, at, other) if was_killed else ""
            at, other = other, at
            after = _told(place, at) if not refused else {}
            lost = sorted(name for name in before["rows"] if after and after["rows"].get(name) != before["rows"][name])
            report.add(f"kill {trial}", [f"It is not finished: {refused}"] if refused else _wrong(after, lost))
            if report.failed or report.tried == count:
                break
    report.note = f"a move took {longest:.1f} seconds"
    report.seconds = time.monotonic() - began
    return report


def _wrong(after: dict[str, Any], lost: list[str]) -> list[str]:
    return [*(f"{name} is not what it was." for name in lost), *(["The chain is broken."] if not after["ok"] else [])]


@contextmanager
def _server() -> Iterator[str]:
    server = Server()
    server.start()
    try:
        server.make("regulars")
        yield server.url
    finally:
        server.stop()


def _moved(place: Place, at: str, to: str, after: float) -> float | None:
    """Kills a move so many seconds after its begin; how long it took where it was quicker."""
    began = time.monotonic()
    moving = warm.Running(_words(to), _environment(place, at))
    try:
        moving.wait(after)
    except TimeoutError:
        moving.kill()
        return None
    return time.monotonic() - began


def _finished(place: Place, at: str, to: str) -> str:
    """The same command again, until PostgreSQL has let go of the one that was killed; why it does not end well."""
    for _try in range(20):
        done = warm.run(_words(to), _environment(place, at))
        if done.returncode == 0:
            return ""
        time.sleep(0.5)
    return done.stdout + done.stderr


def _words(to: str) -> list[str]:
    return ["-m", "regulars", "move", "--to", to or "file", "--json"]


def _told(place: Place, at: str) -> dict[str, Any]:
    """Whether it is proved, and all rows but those that a move writes itself."""
    told = json.loads(warm.run(["-c", ASKED], _environment(place, at)).stdout)
    return {"ok": told["ok"], "rows": {name: rows for name, rows in told["rows"].items() if name not in OF_A_MOVE}}


def _environment(place: Place, url: str = "") -> dict[str, str]:
    return {**os.environ, **place.environment(), "REGULARS_DATABASE_URL": url, "REGULARS_BASE_URL": ""}
