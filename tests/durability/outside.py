"""Kills from outside, of what ends by itself and has the whole house: `serve` while it brings an older home up to date,
or an older version behind its maintenance page; and `regulars move`, to PostgreSQL and back in turn."""

import json
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
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


def run(furnished: Place, folder: Path, *, count: int, seed: int) -> list[Report]:
    """So many kills of each."""
    return [*_upgrades(furnished, folder, count, seed), _moves(furnished, folder, count, seed)]


# --- serve, which upgrades ------------------------------------------------------------------------------------------


class Serve:
    """A `serve` of this home."""

    def __init__(self, place: Place) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = ["-m", "regulars", "serve", "--port", str(self.port), "--workers", "1"]
        self.running = warm.Running(words, _environment(place))

    def until(self, status: int, at_most: float = LONGEST) -> float | None:
        """Waits for this answer; how long that took from now, None where it was not given in time."""
        began = time.monotonic()
        while time.monotonic() < began + at_most:
            if _status(self.port) == status:
                return time.monotonic() - began
            time.sleep(0.005)
        return None


def _upgrades(furnished: Place, folder: Path, count: int, seed: int) -> list[Report]:
    """Killed at its start, when it brings an older home up to date; and behind its maintenance page, when the copy that
    it made then is put back, and brought up to date once more."""
    place = furnished.copied(folder / "upgraded")
    forks.done(partial(kills._older, place))
    older = place.copied(folder / "older")
    serve = Serve(place)
    serve.until(200)
    serve.running.kill()
    upgraded = place.copied(folder / "newer")
    (version,) = (each.stem for each in (upgraded.home / "versions").glob("*-upgrade.db"))
    return [
        _killed("serve at its upgrade", older, place, count, seed, _at_start),
        _killed("serve behind its page", upgraded, place, count, seed, partial(_behind_its_page, version)),
    ]


def _killed(name: str, before: Place, place: Place, count: int, seed: int, kill: Callable[..., float | None]) -> Report:
    """The first is let do so whole; the others are killed within the time that this took."""
    report, began, longest = Report(f"kills of {name}"), time.monotonic(), 0.0
    draw, facts = random.Random(f"{seed} {name}"), before.facts()
    for trial in range(3 * count + 1):
        before.copied(place.root)
        took = kill(place, draw.random() * longest if trial else LONGEST)
        longest, report.tried = took or longest, report.tried + (took is None)
        try:
            report.add(f"kill {trial}", forks.done(partial(judging.judged, place, facts)))
        except RuntimeError as error:
            report.add(f"kill {trial}", error)
        if report.tried == count or report.failed > 5:
            break
    report.note = f"within {longest:.1f} seconds"
    report.seconds = time.monotonic() - began
    return report


def _at_start(place: Place, after: float) -> float | None:
    """How long it took to open, where that was quicker."""
    serve = Serve(place)
    try:
        return serve.until(200, after)
    finally:
        serve.running.kill()


def _behind_its_page(version: str, place: Place, after: float) -> float | None:
    """How long its page stood, where that was shorter."""
    serve = Serve(place)
    if serve.until(200) is None:
        serve.running.kill()
        raise RuntimeError("serve does not open.")
    asking = warm.Running(["-m", "regulars", "restore", version], _environment(place))
    try:
        if serve.until(503) is None:
            raise RuntimeError("serve does not show its page.")
        return serve.until(200, after)
    finally:
        serve.running.kill()
        asking.wait(LONGEST)


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
