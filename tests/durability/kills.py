"""Kills: SIGKILL for one process of the product after another, at random moments, many on one home.

Where the register is in PostgreSQL, that goes on; it is the product's own processes that die.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.durability import forks, judging, scenarios
from tests.durability.cuts import seated
from tests.durability.homes import Place
from tests.durability.report import Report, table

A_HOME = 50  # kills that one home bears: what it holds grows with each, and all of it is proved after each
LONGEST = 0.5  # seconds after its first word in which a process is killed that would go on for ever


def run(furnished: Place, folder: Path, *, kills: int, seed: int, only: str = "") -> list[Report]:
    """So many kills of each kind of process."""
    reports = []
    for name, work in WORK.items():
        if only in ("", name):
            reports.append(_killed(furnished, folder / name, name, work, kills, seed))
            print(table(reports[-1:]), file=sys.stderr, flush=True)  # it takes long until all are done
    return reports


def _killed(furnished: Place, folder: Path, name: str, work: Callable[..., None], kills: int, seed: int) -> Report:
    """One that ends by itself is let do so once; it is killed within the time that this took, and not counted where it
    was quicker."""
    report, began = Report(f"kills of the {name}"), time.monotonic()
    draw = random.Random(f"{seed} {name}")
    base = furnished.facts() if _on_file() else []
    before, longest, confirmed = None, LONGEST, 0
    place = _fresh(furnished, folder)
    for count in range(3 * kills + 1):
        if count == 0 or (_on_file() and count % A_HOME == 0):
            confirmed += len(place.facts())
            place = _fresh(furnished, folder)
            before = _before(place, folder.with_name(f"{name} before")) if name in BEFORE else None
        if before:
            before.copied(place.root)
        ends = name in ENDING
        took = _one(place, work, f"{seed} {name} {count}", 600 if ends and not count else draw.random() * longest)
        longest = took or longest
        report.tried += took is None
        try:
            report.add(f"kill {count}", forks.done(partial(judging.judged, place, [*base, *place.facts()])))
        except RuntimeError as error:
            report.add(f"kill {count}", error)
        if report.failed > 5 or report.tried == kills:
            break
    report.note = f"{confirmed + len(place.facts())} confirmations"
    report.seconds = time.monotonic() - began
    return report


def _fresh(furnished: Place, folder: Path) -> Place:
    """A home in which nothing was confirmed yet; beside PostgreSQL the one there is."""
    place = furnished.copied(folder) if _on_file() else furnished
    place.confirmed.unlink(missing_ok=True)
    return place


def _before(place: Place, to: Path) -> Place | None:
    """The home of an older version, made once; beside PostgreSQL it is made each time."""
    if not _on_file():
        return None
    forks.done(partial(_older, place))
    return place.copied(to)


def _one(place: Place, work: Callable[..., None], seed: str, after: float) -> float | None:
    """Lets a process work and kills it so many seconds after it has begun; how long it took where it was quicker."""
    listening, begun = os.pipe()
    child = forks.fork(partial(_at_work, place, work, seed, begun))
    os.close(begun)
    os.read(listening, 1)  # an end as well: it broke before it began
    os.close(listening)
    began = time.monotonic()
    while time.monotonic() < began + after:
        if child.over():
            took = time.monotonic() - began
            child.result()  # with what broke it
            return took
        time.sleep(0.005)
    os.kill(child.pid, signal.SIGKILL)
    child.reap()
    return None


def _at_work(place: Place, work: Callable[..., None], seed: str, begun: int) -> None:
    seated(place)
    hand = scenarios.Hand(place, seed)
    with judging.quick_reading():
        work(hand, partial(os.write, begun, b"!"))


def _posted(post: str, hand: scenarios.Hand, begin: Callable[[], None]) -> None:
    begin()
    until = time.monotonic() + 180
    while time.monotonic() < until:
        for each in hand.draw.sample(scenarios.of_post(post), len(scenarios.of_post(post))):
            each.do(hand.doing(each.name))


def _backroom(hand: scenarios.Hand, begin: Callable[[], None]) -> None:
    """The worker with its clock, while lists wait for it."""
    from regulars.kernel.jobs import Worker

    for _list in range(2):
        scenarios.hand_over(hand.doing("imports"))
    worker = Worker(threads=2, with_clock=True)
    worker.start()
    begin()
    worker.join()


def _migrator(hand: scenarios.Hand, begin: Callable[[], None]) -> None:
    """A home of an older version is brought up to date: with a copy first, then step by step."""
    from tests.durability.homes import stand_up

    if not _on_file():
        _older(hand.place)
    begin()
    stand_up()


def _older(place: Place) -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    seated(place)
    MigrationExecutor(connection).migrate(OLDER)  # all in one plan: the steps before them are read once
    connection.close()


def _restorer(hand: scenarios.Hand, begin: Callable[[], None]) -> None:
    ready = scenarios.ready_to_restore(hand.doing("restores"))
    begin()
    scenarios.restore_to(hand, *ready)


def _key_changer(hand: scenarios.Hand, begin: Callable[[], None]) -> None:
    from regulars.kernel import keyfile

    keyfile.FRESH = 0.02  # nobody else is there who would have to notice
    begin()
    for each in (*scenarios.of_post("owner"), *scenarios.of_post("key changer")):
        each.do(hand.doing(each.name))


OLDER = [("intake", "0007_doubts"), ("trade", "0005_whose_delivery_was_late")]  # as an older version had them
WORK: dict[str, Callable[..., None]] = {
    "web": partial(_posted, "web"),
    "importer": partial(_posted, "importer"),
    "backroom": _backroom,
    "migrator": _migrator,
    "keeper of versions": partial(_posted, "keeper"),
    "restorer": _restorer,
    "changer of keys": _key_changer,
}
ENDING = ("migrator", "restorer", "changer of keys")
BEFORE = ("migrator",)


def _on_file() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"
