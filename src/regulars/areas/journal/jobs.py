"""Proving the register in the background: when somebody asks, and every night after the copy."""

import time
from typing import Any

from django.conf import settings
from django.utils.translation import override

from regulars.areas.journal import queries
from regulars.kernel import jobs

_DAY = 86_400


@jobs.job(attempts=2)
def prove(by: str, language: str) -> dict[str, Any]:
    """The verdict, in the language of who asked; it is kept as the job's result. `by` is empty for the clock."""
    began = time.monotonic()
    with override(language):
        verdict = queries.verify(progress=jobs.progress)
        return {"by": by, "seconds": round(time.monotonic() - began, 1), **verdict.as_json()}


@jobs.every(_DAY, "nightly proof", hour=3)
def ask_for_the_nightly_proof() -> None:
    jobs.enqueue(prove, key=queries.PROOF, by="", language=settings.LANGUAGE_CODE)
