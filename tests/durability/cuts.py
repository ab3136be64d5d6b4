"""Power cuts: the product's processes are recorded at work, and the power is cut at random moments of the recording."""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import orjson

from tests.durability import cutting, forks, judging, scenarios, tape
from tests.durability.homes import Fact, Place, sit_down, stand_up
from tests.durability.report import Report


def recorded(furnished: Place, folder: Path, seed: int, *, rounds: int, synchronous: str = "") -> tape.Tape:
    """A tape of a web, a backroom, an importer, a keeper of versions and an owner who changes a key, at work on one
    home; when they are done, of a version put back and of keys changed, for which one must be alone."""
    place = furnished.copied(folder / "recorded")
    place.confirmed.unlink(missing_ok=True)
    forks.done(partial(_opened_once, place))
    told, trace = tape.begun(place.root), folder / "trace"
    waiting, go = os.pipe()
    conductor = forks.fork(partial(_conduct, place, seed, rounds, synchronous, waiting))
    os.close(waiting)
    with tape.attached(conductor.pid, *tape.record(conductor.pid, trace)) as tracer:
        tape.release(go)
        conductor.result()
        tracer.wait(300)  # it ends when the last of those it watched has
    tape.heard(told, trace)
    trace.unlink()
    _refuse_another(told, place)
    return told


def _refuse_another(told: tape.Tape, place: Place) -> None:
    """A recording from which the folder does not come out as it is would prove nothing."""
    for name, content in cutting.whole(told).items():
        if name != "confirmed" and (place.root / name).read_bytes() != content:
            raise RuntimeError(f"The recording of {name} is not what lies there.")


def _opened_once(place: Place) -> None:
    sit_down(place)
    stand_up()


def _conduct(place: Place, seed: int, rounds: int, synchronous: str, waiting: int) -> None:
    tape.may_be_watched()
    os.read(waiting, 1)
    backroom = forks.fork(partial(_backroom, place, synchronous))
    together = ("web", "importer", "keeper", "owner")
    posts = [forks.fork(partial(_post, place, post, seed, rounds, synchronous)) for post in together]
    try:
        for each in posts:
            each.result(300)
    finally:
        os.kill(backroom.pid, signal.SIGTERM)
        backroom.result(300)
    for post in ("restorer", "key changer"):
        forks.fork(partial(_post, place, post, seed, 1, synchronous)).result(300)


def seated(place: Place, synchronous: str = "") -> None:
    """At this home, as any of its processes; `synchronous` weakens the database, to try the rig itself."""
    sit_down(place)
    shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined] # a recording shows what is written
    if synchronous:
        from regulars.kernel.databases.sqlcipher import base

        base._SAFE = tuple(
            f"PRAGMA synchronous = {synchronous}" if "synchronous" in each else each for each in base._SAFE
        )


def _post(place: Place, post: str, seed: int, rounds: int, synchronous: str) -> None:
    seated(place, synchronous)
    hand = scenarios.Hand(place, (seed, post))
    with judging.quick_reading():
        for _round in range(rounds):
            for each in scenarios.of_post(post):
                each.do(hand.doing(each.name))


def _backroom(place: Place, synchronous: str) -> None:
    from regulars.kernel.jobs import Worker

    seated(place, synchronous)
    with judging.quick_reading():
        worker = Worker(threads=1, with_clock=True)
        signal.signal(signal.SIGTERM, lambda *_given: worker.stop())
        worker.start()
        worker.join()


def run(
    furnished: Place, folder: Path, *, cuts: int, seed: int, rounds: int = 2, synchronous: str = "", most: int = 20
) -> Report:
    """So many cuts; each finding with the event at which the power was cut."""
    report, began = Report("power cuts" + (f", synchronous={synchronous}" if synchronous else "")), time.monotonic()
    told = recorded(furnished, folder, seed, rounds=rounds, synchronous=synchronous)
    base = furnished.facts()
    draw = random.Random(f"{seed} cuts")
    events = len(told.events)
    points = sorted(draw.randrange(events + 1) for _cut in range(cuts))
    report.note = f"{events} events, {sum(1 for each in told.events if each.what == 'fact')} confirmations"
    report.prepared = time.monotonic() - began
    for point, found in zip(
        points, forks.each(_trials(told, points, base, folder, seed), at_once=cores()), strict=True
    ):
        report.tried += 1
        report.add(f"cut at event {point}", found)
        if len(report.findings) >= most:
            break
    report.seconds = time.monotonic() - began
    return report


def cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform.startswith("linux") else os.cpu_count() or 1


def _trials(
    told: tape.Tape, points: list[int], base: list[Fact], folder: Path, seed: int
) -> Iterator[Callable[[], list[str]]]:
    """The disk plays on here from cut to cut; each fork finds it as it stands at its own."""
    disk = cutting.Disk(told)
    for count, point in enumerate(points):
        disk.play(point)
        yield partial(_cut, disk, base, folder / f"cut {count % 64}", f"{seed} {count}")


def _cut(disk: cutting.Disk, base: list[Fact], folder: Path, seed: str) -> list[str]:
    shutil.rmtree(folder, ignore_errors=True)
    disk.cut(random.Random(seed), folder)
    found = judging.judged(Place(folder), [*base, *map(orjson.loads, disk.facts)], remembering=True)
    shutil.rmtree(folder, ignore_errors=True)
    return found


def self_test(furnished: Place, folder: Path, *, seed: int, cuts: int = 24) -> list[Report]:
    """The rig must find what is known to be unsafe: losses where the database does not wait for the disk. A report
    with a finding if it does not."""
    reports = []
    for weak in ("NORMAL", "OFF"):
        (folder / weak).mkdir()
        told = run(furnished, folder / weak, cuts=cuts, seed=seed, rounds=1, synchronous=weak, most=cuts + 1)
        reports.append(Report(f"the rig itself, synchronous={weak}", told.tried, seconds=told.seconds))
        reports[-1].note = f"{told.failed} of {told.tried} cuts were found to lose something, as they must"
        if not told.failed:
            reports[-1].add("all", ["The rig finds no loss where there must be some."])
    return reports
