"""Taking an import back, against the import itself, in one run.

    python -m benchmarks.undo [28000] [--file customers.csv]

On SQLCipher in a throwaway home: the list comes in whole (child, journal, chain), then its deed is taken back in
transactions of at most 0.2 s of computing, then that undo is taken back, and all of it is verified. Ends with 1 where
taking it back takes more than 1.5 times the import, or a transaction computes for more than 0.2 s.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GOAL, LONGEST = 1.5, 0.2


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=28_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        print(json.dumps(measured(args.file)))
        return
    from benchmarks import generator

    with tempfile.TemporaryDirectory() as folder:
        file = args.file or generator.write_csv(Path(folder) / "customers.csv", args.count)
        home = Path(folder) / "home"
        env = {**os.environ, "REGULARS_HOME": str(home), "REGULARS_KEY_FILE": f"{folder}/keys.json",
               "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
               "PYTHONPATH": str(Path(__file__).parents[1])}  # fmt: skip
        env.pop("REGULARS_DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
        command = [sys.executable, "-m", "benchmarks.undo", "--inside", "--file", str(file)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    told = json.loads(done.stdout.splitlines()[-1])
    ratio = told["undo"] / told["import"]
    print(json.dumps(told, indent=1))
    print(f"undo / import: {ratio:.2f}   longest transaction {told['longest']:.3f} s")
    sys.exit(ratio > GOAL or told["longest"] > LONGEST)


def measured(file: Path) -> dict[str, Any]:
    """Seconds of each, and the longest transaction."""
    import django

    django.setup()
    from regulars.areas.intake import actions, queries
    from regulars.areas.journal.actions import LongDeed, undo
    from regulars.areas.journal.queries import verify
    from regulars.kernel.actor import Actor

    by, longest = Actor(kind="operator", name="benchmark", rights=frozenset({"*"})), [0.0]
    whole = LongDeed.transaction

    def clocked(self: LongDeed, **told: Any) -> Any:
        return _Clocked(whole(self, **told), longest)

    def seconds(work: Any) -> tuple[float, Any]:
        begun = time.perf_counter()
        answer = work()
        return time.perf_counter() - begun, answer

    with file.open("rb") as source:
        intake = actions.inspect(file=source, name=file.name, by=by, at=datetime.now(UTC))

    def bring() -> None:
        actions.run_to_end(actions.start_import(token=intake.token, by=by, at=datetime.now(UTC)))

    brought, _none = seconds(bring)
    done = queries.intake_for(by, intake.token)
    assert done.state == "done" and done.changeset, (done.state, done.error)
    changeset = done.changeset
    LongDeed.transaction = clocked  # type: ignore[method-assign]
    asked, _told = seconds(lambda: undo(changeset=changeset, by=by, at=datetime.now(UTC), dry_run=True, show=100))
    back, undone = seconds(lambda: undo(changeset=changeset, by=by, at=datetime.now(UTC)))
    there, many = max(longest), len(longest) - 1
    again, redone = seconds(lambda: undo(changeset=undone.changeset, by=by, at=datetime.now(UTC)))
    assert verify().ok
    assert 0 <= redone.restored - undone.removed <= 1, (undone, redone)  # the row of the house that names the file
    return {
        "customers": undone.removed, "import": brought, "dry_run": asked, "undo": back, "undo_of_the_undo": again,
        "longest": there, "transactions": many, "longest_of_the_undos_undo": max(longest),
    }  # fmt: skip


class _Clocked:
    """A transaction with a stopwatch that counts its computing, from the lock to the commit: others work beside it."""

    def __init__(self, within: Any, told: list[float]) -> None:
        self.within, self.told = within, told

    def __enter__(self) -> Any:
        self.begun = time.thread_time()
        return self.within.__enter__()

    def __exit__(self, *error: Any) -> Any:
        try:
            return self.within.__exit__(*error)
        finally:
            self.told.append(time.thread_time() - self.begun)


if __name__ == "__main__":
    main()
