"""Proving the register in the background: when somebody asks, and every night after the copy."""

import time
from typing import Any

from regulars.areas.journal import queries
from regulars.kernel import jobs

_DAY = 86_400


@jobs.job(attempts=2)
def prove(by: str) -> dict[str, Any]:
    """The verdict without words, kept as the job's result: each reads it in her own language. `by` is empty for the
    clock."""
    began = time.monotonic()
    verdict = queries.verify(progress=jobs.progress)
    return {"by": by, "seconds": round(time.monotonic() - began, 1), **verdict.kept()}


@jobs.every(_DAY, "nightly proof", hour=3)
def ask_for_the_nightly_proof() -> None:
    jobs.enqueue(prove, key=queries.PROOF, by="")
