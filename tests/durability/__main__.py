"""`python3 run.py endurance`: power cuts, kills, rotten bits, full disks and a crowd, for as long as one likes.

Ends with 1 where anything was found. The seed is printed: the same one makes the same trials.
"""

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.durability import forks, homes, kills, untouched
from tests.durability.report import Report, table

TRIALS = ("cuts", "self-test", "kills", "outside", "flips", "faults", "crowd")


def main() -> int:
    args = _arguments()
    print(f"seed {args.seed}", file=sys.stderr, flush=True)
    with homes.workshop() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
        os.umask(0o077)
        place = homes.built(folder / "furnished", args.home)
        import django

        django.setup()
        forks.done(lambda: homes.furnish(place), 600)
        untouched.watch()
        homes.warm(place)
        reports = [each for name in args.only or TRIALS for each in _tried(name, place, folder, args)]
    if args.json:
        print(json.dumps([each.as_json() for each in reports]))
    else:
        print(table(reports))
    return int(any(each.findings for each in reports))


def _arguments() -> argparse.Namespace:
    given = argparse.ArgumentParser(prog="run.py endurance", description=__doc__)
    given.add_argument("--cuts", type=int, default=10_000, help="power cuts")
    given.add_argument("--kills", type=int, default=1_000, help="kills of each kind of process")
    given.add_argument("--flips", type=int, default=1_000, help="rotten bits")
    given.add_argument("--faults", type=int, default=0, help="faults of the disk of each kind (0: at every call)")
    given.add_argument("--minutes", type=float, default=10.0, help="how long a crowd works at once")
    given.add_argument("--seed", type=int, default=secrets.randbelow(1 << 31), help="makes the same trials again")
    given.add_argument("--only", choices=TRIALS, action="append", help="this kind of trial (may be said again)")
    given.add_argument("--kind", choices=kills.WORK, default="", help="kills of this kind of process alone")
    given.add_argument("--home", default="", help="a folder with an empty home of this version, to begin with a copy")
    given.add_argument("--json", action="store_true", help="one JSON value on standard output")
    return given.parse_args()


def _tried(name: str, place: homes.Place, folder: Path, args: argparse.Namespace) -> list[Report]:
    from tests.durability import crowd, cuts, faults, flips, outside, tape

    own = folder / name
    own.mkdir()
    on_file = not os.environ.get("REGULARS_DATABASE_URL")
    began = time.monotonic()
    trials: dict[str, Callable[[], list[Report]]] = {
        "cuts": lambda: [cuts.run(place, own, cuts=args.cuts, seed=args.seed)],
        "self-test": lambda: cuts.self_test(place, own, seed=args.seed),
        "kills": lambda: kills.run(place, own, kills=args.kills, seed=args.seed, only=args.kind),
        "outside": lambda: outside.run(place, own, count=args.kills, seed=args.seed),
        "flips": lambda: [flips.run(place, own, flips=args.flips, seed=args.seed)],
        "faults": lambda: faults.run(place, own, faults=args.faults, seed=args.seed),
        "crowd": lambda: [crowd.run(place, own, minutes=args.minutes, seed=args.seed)],
    }
    needs_strace, of_files = ("cuts", "self-test", "faults"), ("cuts", "self-test", "outside", "flips", "faults")
    why = tape.missing() if name in needs_strace else ""
    if name in of_files and not on_file:
        why = "PostgreSQL keeps its own files"
    reports = [Report(name, note=f"left out: {why}")] if why else trials[name]()
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return reports


if __name__ == "__main__":
    sys.exit(main())
