"""In the background: proving the register, when asked and every night after the copy; taking a long deed back."""

import time
from datetime import datetime
from typing import Any

from regulars.areas.journal import actions, queries
from regulars.kernel import jobs
from regulars.kernel.actor import Actor

_DAY = 86_400


@jobs.job(attempts=2)
def prove(by: str) -> dict[str, Any]:
    """The verdict without words, kept as the job's result: each reads it in her own language. `by` is empty for the
    clock."""
    began = time.monotonic()
    verdict = queries.verify(progress=jobs.progress)
    return {"by": by, "seconds": round(time.monotonic() - began, 1), **verdict.kept()}


@jobs.job(attempts=20)
def take_back(changeset: int, by: dict[str, Any], at: str, how: dict[str, Any]) -> dict[str, Any]:
    """Goes on where it was cut off, as it was decided."""
    actor = Actor(**{**by, "rights": frozenset(by["rights"])})
    undone = actions.undo(
        changeset=changeset, by=actor, at=datetime.fromisoformat(at), **how, progress=jobs.progress
    )  # fmt: skip
    return {"changeset": undone.changeset, "restored": undone.restored, "removed": undone.removed}


@jobs.every(_DAY, "nightly proof", hour=3)
def ask_for_the_nightly_proof() -> None:
    jobs.enqueue(prove, key=queries.PROOF, by="")
