"""A disk that fails: `strace` lets the k-th write, sync or rename fail, and all after it, while somebody works. Whoever
asked is told in a sentence what is the matter, nothing confirmed is lost, and once the disk works again the same
process goes on. And a real disk of a few megabytes that is full.
"""

import contextlib
import io
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.durability import forks, judging, scenarios, tape
from tests.durability.cuts import seated
from tests.durability.homes import Place
from tests.durability.report import Report

DATABASE = ("home/regulars.db", "home/regulars.db-wal")
KEYS = ("home/keys.db", "home/keys.db-wal")
BESIDE = ("keys/keys.heads", "keys/keys.forgotten")


@dataclass(frozen=True, slots=True)
class Fault:
    """`call` fails with `error` where it concerns one of these files (none: any file)."""

    call: str
    error: str
    files: tuple[str, ...] = ()

    def words(self, place: Place, first: int, log: Path) -> list[str]:
        only = [word for file in self.files for word in ("-P", str(place.root / file))]
        failing = f"inject={self.call}:error={self.error}:when={first}+" if first else f"trace={self.call}"
        return ["-e", f"trace={self.call}", *only, "-e", failing, "-o", str(log)]

    def __str__(self) -> str:
        return f"{self.call} {self.error}" + (f" of {self.files[0].rpartition('/')[2]}" if self.files else "")


FAULTS = (
    Fault("pwrite64", "ENOSPC", DATABASE),
    Fault("pwrite64", "EIO", DATABASE),
    Fault("fdatasync", "EIO", DATABASE),
    Fault("pwrite64", "ENOSPC", KEYS),
    Fault("fdatasync", "EIO", KEYS),
    Fault("write", "ENOSPC", BESIDE),
    Fault("fsync", "EIO"),
    Fault("rename", "EROFS"),
    Fault("rename", "ENOSPC"),
    Fault("openat", "EROFS", (*BESIDE, *KEYS)),
)


def by_request(hand: scenarios.Hand) -> list[str]:
    """Each scenario of the web once; what was wrong with how it was refused."""
    return list(_wrong(hand, scenarios.of_post("web")))


def _wrong(hand: scenarios.Hand, chosen: list[scenarios.Scenario]) -> Iterator[str]:
    for each in chosen:
        try:
            each.do(hand.doing(each.name))
        except scenarios.Refusal as refused:
            told = refused.answer.body.decode(errors="replace")
            hand.refused.append(f"{each.name}: {told[:300]}")
            if refused.answer.status != 503 or '"disk"' not in told:
                yield f"{each.name} was answered by {refused.answer.status}: {told[:300]}"


def by_command(hand: scenarios.Hand) -> list[str]:
    """A list that is brought in and a version that is made, by the commands; the message must be a sentence."""
    from regulars.interfaces.cli.main import main

    found = []
    file = hand.place.root / "list.csv"
    file.write_bytes(scenarios.list_of(hand.word(), 30))
    for words in (["import", str(file), "--yes"], ["backup"], ["add", f"given_name={hand.word()}"]):
        code, said = forks.done(partial(_said, main, words))
        if code:
            hand.refused.append(f"{words[0]}: {said[-400:]}")
        if code not in (0, 1) or "Traceback" in said or (code and not said.strip()):
            found.append(f"{words[0]} ended with {code}: {said[-400:]}")
    return found


def _said(main: Callable[[list[str]], int], words: list[str]) -> tuple[int, str]:
    """A command in a process of its own: (its exit code, what it said to the person at the terminal)."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        return main(words), said.getvalue()


WAYS: dict[str, Callable[[scenarios.Hand], list[str]]] = {"requests": by_request, "commands": by_command}


def run(furnished: Place, folder: Path, *, faults: int, seed: int) -> list[Report]:
    """Each fault at so many places (0: at every call)."""
    reports = []
    for name, way in WAYS.items():
        report, began = Report(f"faults of the disk, {name}"), time.monotonic()
        for fault in FAULTS if not faults or way is by_request else FAULTS[::3]:  # a command takes long to begin
            place = furnished.copied(folder / name)
            count = _called(place, way, fault, folder / "log")
            draw = random.Random(f"{seed} {name} {fault}")
            places = range(1, count + 1)
            for first in sorted(draw.sample(places, min(faults, count))) if faults else places:
                report.tried += 1
                report.add(f"{fault}, from the {first}. of {count}", _tried(place, way, fault, first, folder / "log"))
            try:
                report.add(f"after {fault}", forks.done(partial(judging.judged, place, place.facts())))
            except RuntimeError as error:
                report.add(f"after {fault}", error)
        report.seconds = time.monotonic() - began
        reports.append(report)
    return [*reports, small_disk(furnished, folder)]


def _called(place: Place, way: Callable[[scenarios.Hand], list[str]], fault: Fault, log: Path) -> int:
    """How many calls there are that may fail."""
    _both(place, way, fault.words(place, 0, log))
    return sum(1 for line in log.read_text().splitlines() if f"{fault.call}(" in line)


def _tried(place: Place, way: Callable[[scenarios.Hand], list[str]], fault: Fault, first: int, log: Path) -> Any:
    try:
        during, refused, same, after = _both(place, way, fault.words(place, first, log))
    except RuntimeError as error:
        return error
    found = [*during, *(f"afterwards: {each}" for each in after)]
    if fault.call == "fdatasync" and fault.files == DATABASE and refused and same:
        found.append("After a failed sync the same connection was used again.")
    return found


def _both(place: Place, way: Callable[[scenarios.Hand], list[str]], words: list[str]) -> tuple[Any, ...]:
    """Work while the disk fails, then work when it is well again, in one process: (what was wrong meanwhile, how many
    were refused, whether the connection stayed the same, what was wrong afterwards)."""
    (begin, go), (heard, say), (again, go_on) = os.pipe(), os.pipe(), os.pipe()
    worker = forks.fork(partial(_at_work, place, way, begin, say, again))
    for each in (begin, say, again):
        os.close(each)
    try:
        with tape.attached(worker.pid, *words):
            tape.release(go)
            os.read(heard, 1)
        with contextlib.suppress(BrokenPipeError):  # it broke: its result says how
            os.write(go_on, b"!")
        return tuple(worker.result(60))
    finally:
        os.close(heard)
        os.close(go_on)


def _at_work(
    place: Place, way: Callable[[scenarios.Hand], list[str]], begin: int, say: int, again: int
) -> tuple[Any, ...]:
    from django.db import connection

    tape.may_be_watched()
    seated(place)
    if way is by_request:
        connection.ensure_connection()
    before = connection.connection
    with judging.quick_reading():
        hand = scenarios.Hand(place, time.monotonic_ns())
        os.read(begin, 1)
        during = way(hand)
        os.write(say, b"!")
        os.read(again, 1)
        refused, hand.refused = hand.refused, []
        after = [*way(hand), *(f"still refused: {each}" for each in hand.refused)]
        return during, len(refused), before is not None and connection.connection is before, after


# --- a real disk ----------------------------------------------------------------------------------------------------


@contextmanager
def _disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """A file system of this size; None where this user may not make one."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    if subprocess.run(words, capture_output=True).returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def small_disk(furnished: Place, folder: Path) -> Report:
    """A disk that fills while somebody works and has room again afterwards."""
    report, began = Report("a small disk that is full"), time.monotonic()
    with _disk(folder / "disk", 160) as disk:
        if disk is None:
            report.note = "left out: only root may mount a file system"
            return report
        place = furnished.copied(disk / "home")
        for name, way in WAYS.items():
            report.tried += 1
            report.add(name, _result(partial(_filled, place, disk / "ballast", way)))
        report.add("afterwards", _result(partial(judging.judged, place, place.facts())))
    report.seconds = time.monotonic() - began
    return report


def _result(function: Callable[[], Any]) -> Any:
    try:
        return forks.done(function)
    except RuntimeError as error:
        return error


def _filled(place: Place, ballast: Path, way: Callable[[scenarios.Hand], list[str]]) -> list[str]:
    seated(place)
    hand = scenarios.Hand(place, time.monotonic_ns())
    with judging.quick_reading():
        found = [f"before: {each}" for each in way(hand)]
        for part in (1 << 20, 4096):
            with ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(part)) == part:
                    pass
        hand.refused = []
        for _time in range(3):
            found += way(hand)
        if not hand.refused or shutil.disk_usage(ballast.parent).free > 1 << 20:
            found.append("The disk was not full.")
        ballast.unlink()
        hand.refused = []
        found += [f"afterwards: {each}" for each in way(hand)]
    return [*found, *(f"still refused: {each}" for each in hand.refused)]
