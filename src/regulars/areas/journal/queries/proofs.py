"""When the register was proved, and with what result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.kernel import jobs
from regulars.kernel.registries import Problem

PROOF = "regulars.areas.journal.jobs.prove"  # the job; of its results those of the last month are kept

TAKE_BACK = "regulars.areas.journal.jobs.take_back"  # the job that takes a long deed back

_PROOFS = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof that came to its end. `by` is empty where the clock asked for it; `error` says why none is given."""

    at: datetime
    by: str
    ok: bool
    changes: int
    seconds: float
    problems: Sequence[Problem]
    error: str = ""


def proofs() -> list[Proof]:
    """The proofs of the last weeks, newest first."""
    return [_proof(job) for job in jobs.latest(PROOF, _PROOFS) if job.over]


def last_proof() -> Proof | None:
    """The newest verdict."""
    return next((proof for proof in proofs() if not proof.error), None)


def proof_at_work() -> jobs.JobView | None:
    return next((job for job in jobs.latest(PROOF, 1) if not job.over), None)


def taking_back(changeset: int) -> jobs.JobView | None:
    """The job that is taking this deed back, if one is."""
    key = taking_back_key(changeset)
    return next((job for job in jobs.latest(TAKE_BACK, _PROOFS) if not job.over and job.key == key), None)


def taking_back_key(changeset: int) -> str:
    """What the job that takes this deed back is called: there is one at a time."""
    return f"undo {changeset}"


def _proof(job: jobs.JobView) -> Proof:
    at = job.finished_at or job.made_at
    if job.state != "done":
        return Proof(at, "", False, 0, 0.0, (), error=job.error)
    told = job.result
    problems = [_problem(each) for each in told["problems"]]
    return Proof(at, told["by"], told["ok"], told["changes"], told["seconds"], problems)


def _problem(kept: dict[str, Any]) -> Problem:
    """A problem as it was kept; one of an earlier release was kept in words."""
    told = dict(kept)
    if "message" in told:
        told["template"] = told.pop("message")
    return Problem(**told)
