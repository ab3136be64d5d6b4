"""Rotten bits: one bit of one file is turned. It must be found when the home is opened, by `verify` or by `versions
--check`; or what is told must be exactly what was told before (a bit in a part of the log that is used no more)."""

import hashlib
import random
import shutil
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from tests.durability import forks, judging, remembered, scenarios
from tests.durability.cuts import cores, seated
from tests.durability.homes import Fact, Place, sit_down, stand_up
from tests.durability.report import Report

KINDS = {
    "database": "home/regulars.db", "log of the database": "home/regulars.db-wal", "versions": "home/versions/*.db",
    "originals": "home/originals/*", "files of cards": "home/files/*/*", "keys of customers": "home/keys.db*",
    "signed heads": "keys/keys.heads", "ledger": "keys/keys.forgotten", "key file": "keys/keys.json",
}  # fmt: skip


def run(furnished: Place, folder: Path, *, flips: int, seed: int) -> Report:
    """So many bits, spread over all kinds of files."""
    report, began = Report("rotten bits"), time.monotonic()
    place = furnished.copied(folder / "whole")
    forks.done(partial(_worked_at, place, seed))
    facts = place.facts()
    told = forks.done(partial(_told, place.copied(folder / "told"), facts))
    if told[0]:
        raise RuntimeError(f"The home is not whole before anything was turned: {told[0]}")
    draw = random.Random(f"{seed} flips")
    chosen = [_drawn(place, kind, draw) for kind in (list(KINDS) * (flips // len(KINDS) + 1))[:flips]]
    trials = [
        partial(_trial, place, folder / f"flip {at % 16}", facts, *each, told[1]) for at, each in enumerate(chosen)
    ]
    found = harmless = 0
    for (file, bit), result in zip(chosen, forks.each(trials, at_once=cores()), strict=True):
        report.tried += 1
        found, harmless = found + (result == "found"), harmless + (result == "harmless")
        if result not in ("found", "harmless"):
            report.add(f"bit {bit} of {file}", [f"{_kind(file)}: {result}"])
    report.note = f"{found} found, {harmless} turned nothing that is used"
    report.seconds = time.monotonic() - began
    return report


def _worked_at(place: Place, seed: int) -> None:
    """Some of everything, ending as after a kill: the log of the database lies there, with the newest link signed."""
    from django.utils import timezone

    from regulars.areas.journal.actions import sign_heads

    seated(place)
    hand = scenarios.Hand(place, (seed, "flips"))
    with judging.quick_reading():
        for each in scenarios.ALL:
            each.do(hand.doing(each.name))
        scenarios.edit(hand.doing("edits"))
    sign_heads(at=timezone.now())


def _drawn(place: Place, kind: str, draw: random.Random) -> tuple[str, int]:
    files = sorted(each for each in place.root.glob(KINDS[kind]) if each.stat().st_size and each.suffix != ".json")
    files = [each for each in files if not each.name.endswith("-shm")] or [place.keys]
    file = draw.choice(files)
    return str(file.relative_to(place.root)), draw.randrange(file.stat().st_size * 8)


def _kind(file: str) -> str:
    return next((kind for kind, pattern in KINDS.items() if Path(file).match(pattern)), file)


def _trial(place: Place, folder: Path, facts: list[Fact], file: str, bit: int, before: Any) -> str:
    copy = place.copied(folder)
    content = bytearray((copy.root / file).read_bytes())
    content[bit // 8] ^= 1 << (bit % 8)
    (copy.root / file).write_bytes(content)
    try:
        problems, told = _told(copy, facts)
    finally:
        shutil.rmtree(copy.root, ignore_errors=True)
    if problems:
        return "found"
    return "harmless" if told == before else "not found, and something else is told"


def _told(place: Place, facts: list[Fact]) -> tuple[list[str], Any]:
    """(what is first said to be wrong, a digest of everything that is told): of whoever opens this home now."""
    from django.db import DatabaseError

    from regulars.kernel import crypto
    from regulars.kernel.errors import Refused

    sit_down(place)
    try:
        stand_up()
        with remembered.proofs(place):  # of a version whose bytes are the same
            problems = list(islice(_problems(), 1))  # one is enough to be found
        return problems, None if problems else _digest(facts)
    except (DatabaseError, Refused, OSError, crypto.Tampered) as error:
        return [f"{type(error).__name__}: {error}"], None


def _problems() -> Iterator[str]:
    from regulars.areas.journal.queries import verify
    from regulars.areas.safekeeping import queries

    yield from (f"{each.kind} {each.where}" for each in verify().problems)
    for version in queries.versions():
        yield from queries.problems_of(version)


def _digest(facts: list[Fact]) -> str:
    from regulars.areas.journal.chain import heads, ledger
    from regulars.areas.safekeeping import queries
    from tests.rig.dump import dump

    told = [dump(), heads.read(), ledger.entries(), [each.name for each in queries.versions()]]
    return hashlib.sha256(repr([*told, list(scenarios.findings(facts))]).encode()).hexdigest()
