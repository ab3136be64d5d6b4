"""Having a deed taken back in the background, where it is long: it goes on by itself, also after a kill."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from regulars.areas.journal.actions.undo.conflicts import Choice
from regulars.areas.journal.actions.undo.taking_back import undo
from regulars.areas.journal.queries.proofs import TAKE_BACK, taking_back_key
from regulars.kernel import jobs
from regulars.kernel.actor import Actor


def take_back_later(
    *,
    changeset: int,
    by: Actor,
    at: datetime,
    later: Choice = "keep",
    decisions: Mapping[str, Choice] | None = None,
    seen: int | None = None,
) -> jobs.JobView:
    """The job that takes it back, or the one that is at it already. What cannot be taken back is refused at once."""
    undo(changeset=changeset, by=by, at=at, dry_run=True, look=False)
    told = {**asdict(replace(by, rights=frozenset())), "rights": sorted(by.rights)}
    how: dict[str, Any] = {"later": later, "decisions": dict(decisions or {}), "seen": seen}
    key = taking_back_key(changeset)
    return jobs.enqueue(jobs.named(TAKE_BACK), key=key, changeset=changeset, by=told, at=at.isoformat(), how=how)
