"""In the background: a scan that was asked for, and the cards that are new since the last one."""

from typing import Any

from django.utils import timezone

from regulars.areas.matching.actions import bring_back, merge_surely, scanning
from regulars.kernel import jobs


@jobs.job(attempts=3)
def scan(new: bool = False) -> dict[str, Any]:
    """How many cards were compared, and what was found."""
    work = scanning.scan_new if new else scanning.scan_all
    told = work(at=timezone.now(), told=lambda done, total: jobs.progress(done, total)).as_json()
    return {**told, "merged": len(merge_surely(at=timezone.now()))}


@jobs.every(600, "duplicates")
def look_whether_cards_are_new() -> None:
    if scanning.is_due():
        jobs.enqueue(scan, key="duplicates", new=True)


@jobs.every(1_800, "pairs put off")
def look_what_was_put_off() -> None:
    bring_back(at=timezone.now())
