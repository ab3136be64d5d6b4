"""In the background: a scan that was asked for, and the cards that are new since the last one."""

from typing import Any

from django.utils import timezone

from regulars.areas.matching import actions
from regulars.kernel import jobs


@jobs.job(attempts=3)
def scan(new: bool = False) -> dict[str, Any]:
    """How many cards were compared, and what was found."""
    work = actions.scan_new if new else actions.scan_all
    told = work(at=timezone.now(), told=lambda done, total: jobs.progress(done, total)).as_json()
    return {**told, "merged": len(actions.merge_surely(at=timezone.now()))}


@jobs.every(600, "duplicates")
def look_whether_cards_are_new() -> None:
    if actions.scan_is_due():
        jobs.enqueue(scan, key="duplicates", new=True)


@jobs.every(1_800, "pairs put off")
def look_what_was_put_off() -> None:
    actions.bring_back(at=timezone.now())
