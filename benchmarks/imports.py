"""Bringing in a file, against hand-written loops over the same file into the same tables.

    python -m benchmarks.imports [100000] [--rounds 2] [--file customers.csv]

`product` is the whole import: a child reads, judges and normalises; rows, journal and chain are written in transactions
of at most 0.2 s. How long the next job takes to make the index of the search is told beside it. `tables` is
`csv.reader` and `executemany` into the product's own tables with all their indexes, keys in lower case, nothing judged,
one transaction. `flat` is the same file into one table with four indexes. All on SQLCipher with the same settings and
cache, each in a process and home of its own, in turn.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import generator

KINDS = ("tables", "product", "flat")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--only", choices=KINDS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = args.file or generator.write_csv(Path(folder) / "customers.csv", args.count)
        found: dict[str, list[dict[str, float]]] = {}
        for _round in range(args.rounds):
            for kind in [args.only] if args.only else KINDS:
                found.setdefault(kind, []).append(_measured(kind, file, args.count))
                print(kind, json.dumps(found[kind][-1]), flush=True)
    _report(found, args.count)


def _measured(kind: str, file: Path, count: int) -> dict[str, float]:
    """One kind in a fresh home."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "REGULARS_HOME": home, "REGULARS_KEY_FILE": f"{home}/../{Path(home).name}.json",
               "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
               "PYTHONPATH": str(Path(__file__).parents[1])}  # fmt: skip
        env.pop("REGULARS_DATABASE_URL", None) if kind != "product" else None
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # processes start as they do in a house
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
        command = [sys.executable, "-m", "benchmarks.imports_one", kind, str(file)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
        Path(env["REGULARS_KEY_FILE"]).unlink(missing_ok=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**told, "a_second": round(count / told["seconds"])}


def _report(found: dict[str, list[dict[str, float]]], count: int) -> None:
    best = {kind: min(runs, key=lambda run: run["seconds"]) for kind, runs in found.items()}
    for kind, run in best.items():
        print(
            f"{kind:8} {run['seconds']:8.2f} s  {run['a_second']:8.0f}/s  cpu {run['cpu']:7.2f} s  {run['mb']:6.0f} MB"
            + (f"; the search whole {run['filled']:.2f} s later" if kind == "product" else "")
        )
    if {"tables", "product"} <= best.keys():
        for against in ("tables", "flat"):
            if against in best:
                ratio = best["product"]["seconds"] / best[against]["seconds"]
                print(f"product / {against}: {ratio:.2f} of the time ({count} customers)")


def timed(work: Any) -> dict[str, float]:
    """Seconds, computing seconds and the most memory of this process and its largest child together."""
    begun, cpu = time.perf_counter(), _cpu()
    work()
    used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"seconds": time.perf_counter() - begun, "cpu": _cpu() - cpu, "mb": sum(used) / 1024}


def _cpu() -> float:
    return sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


if __name__ == "__main__":
    main()
