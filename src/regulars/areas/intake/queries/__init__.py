"""How a file stands: for the screen, the command and the API."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.queries import seen_among
from regulars.areas.intake import readers
from regulars.areas.intake.models import Intake, Original, SavedMapping
from regulars.areas.intake.queries.files import (
    context_of,
    earlier_for,
    inspected_of,
    is_of_purchases,
    left_out,
    mapping_of,
    may_import,
    open_intake,
    questions_of,
)
from regulars.areas.intake.queries.kept import nearly, passed_over
from regulars.areas.intake.queries.kept import notices as of_kept
from regulars.areas.intake.queries.rejected import ask_to_see_whole, on_trial, refused_csv, refused_rows, sees_whole
from regulars.areas.intake.queries.shops import shops
from regulars.areas.journal.queries import taken_back
from regulars.areas.matching.queries import in_words
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.wording import say

__all__ = [
    "alike", "ask_to_see_whole", "error_of", "intake_for", "latest", "left_out", "mappings", "nearly", "passed_over",
    "preview", "questions", "refused_csv", "refused_rows", "result", "seconds", "seconds_left", "sees_whole", "shops",
]  # fmt: skip
PURCHASES = (
    "purchases", "lines", "cancellations", "returns", "unmatched", "without_customer", "zero_prices",
    "negative_quantities", "customers_created", "customers_updated", "proposed",
    "reservations_fetched",
)  # fmt: skip
_MOST_REFUSED = 100_000
_SILENCE = 30  # seconds


def intake_for(by: Actor, token: str) -> Intake:
    """The intake of this token. Raises NotFound, NotAllowed."""
    return open_intake(by, token)


def latest(by: Actor, count: int = 20) -> list[Intake]:
    """The files handed over last, newest first."""
    may_import(by)
    return list(Intake.objects.order_by("-pk")[:count])


def result(intake: Intake) -> dict[str, Any]:
    """The contract's JSON of an import: of the trial where it has not come in, else of what was done."""
    trial = on_trial(intake)
    counts = (intake.trial or {}) if trial else intake.counts
    inspected, layout = inspected_of(intake), intake.inspected["layout"]
    asked = questions_of(intake) if trial else []
    refused = refused_rows(intake, trial=trial, most=_MOST_REFUSED)
    return {
        "id": intake.token,
        "state": intake.state,
        "changeset": None if trial else intake.changeset,
        "rows": intake.rows,
        "created": counts.get("created", 0),
        "updated": counts.get("updated", 0),
        "unchanged": counts.get("unchanged", 0),
        "rejected": [each.as_json() for each in refused],
        "blacked": _beside(intake, "blacked", trial=trial),
        "doubted": counts.get("doubted", 0),
        "doubts": _beside(intake, "doubted", trial=trial),
        "never_kept": [intake.inspected["columns"][index] for index in intake.inspected.get("hidden", ())],
        "left_out": left_out(intake),
        "organisations_created": counts.get("organisations", 0),
        "recognised": {by: counts.get(f"by_{by}", 0) for by in ("reference", "email", "phone")},
        "set_aside": [{"row": each.row, "value": each.value, "reason": each.reason} for each in inspected.aside],
        "notices": [
            *(each.reason for each in inspected.notices),
            *filter(None, [brought_before(intake)]),
            *of_kept(intake),
        ],
        "questions": [each.as_json() for each in asked],
        "encoding": layout.get("encoding") or None,
        "delimiter": layout.get("delimiter") or None,
        "sheet": layout.get("sheet") or None,
        "mapping": mapping_of(intake).as_json(),
        "seconds": seconds(intake),
        "error": error_of(intake) or None,
        **(_of_purchases(counts) if is_of_purchases(intake.options) else {}),
    }


def _beside(intake: Intake, what: str, *, trial: bool) -> list[dict[str, Any]]:
    return [each.as_json() for each in refused_rows(intake, trial=trial, most=_MOST_REFUSED, beside=what)]


def alike(intake: Intake, by: Actor) -> dict[str, Any] | None:
    """Of a trial: rows that look like somebody who is here already, and the first of them, where the actor may know of
    that one."""
    told = (intake.trial or {}).get("alike") if on_trial(intake) else None
    if told is None:
        return None
    seen = seen_among(by, {each["number"] for each in told["first"]})
    first = [
        {**each, "reasons": [why.as_json() for why in in_words(each["reasons"])]}
        for each in told["first"]
        if each["number"] in seen
    ]
    return {"rows": told["rows"], "first": first}


def _of_purchases(counts: dict[str, Any]) -> dict[str, int]:
    """What a list of purchases has beside the counts of its rows."""
    return {name: int(counts.get(name, 0)) for name in PURCHASES}


def questions(intake: Intake) -> list[dict[str, Any]]:
    """What must be answered before this file may come in; `index` is the column's, `asks` what the answer sets."""
    return [{**each.as_json(), "index": each.index} for each in questions_of(intake)]


def seconds(intake: Intake) -> float | None:
    """How long it took, or has taken so far."""
    end = intake.finished_at or intake.beat_at
    if intake.started_at is None or end is None:
        return None
    return round(max(0.0, (end - intake.started_at).total_seconds()), 2)


def error_of(intake: Intake) -> str:
    """Why it did not come in, in the reader's language; '' where it did or has not been tried."""
    return say(intake.error["template"], intake.error["told"]) if intake.error else ""


def preview(intake: Intake, day: Any, count: int = 20) -> list[readers.Row]:
    """The first rows as they will be. They are judged here: the sample is text already, and small."""
    judged = readers.compile_judge(mapping_of(intake), context_of(intake, day))
    return [judged(number, list(cells)) for number, cells in inspected_of(intake).sample[:count]]


def handled(intake: Intake) -> int:
    """How many rows are done."""
    return sum(int(intake.counts.get(name, 0)) for name in ("created", "updated", "unchanged", "refused"))


def seconds_left(intake: Intake, now: datetime) -> int | None:
    """About how long it will still take, at the pace since it was last taken up; None while nobody can tell.

    Nobody can within the first second, or when no row has moved for a while: then it does not go on at this pace.
    """
    since, done = intake.resumed_at, handled(intake) - intake.resumed_from
    if since is None or done <= 0 or not intake.rows or is_silent(intake, now):
        return None
    spent = (now - since).total_seconds()
    return max(0, round(spent / done * (intake.rows - handled(intake)))) if spent >= 1 else None


def is_silent(intake: Intake, now: datetime) -> bool:
    """Whether a file on its way in has not moved for half a minute: its process ended, or waits for something."""
    return intake.state == "running" and (intake.beat_at is None or (now - intake.beat_at).total_seconds() > _SILENCE)


def is_taken_back(intake: Intake) -> bool:
    """Whether the deed by which it came in was undone."""
    return bool(taken_back([intake.changeset] if intake.changeset else []))


def earlier(intake: Intake) -> Original | None:
    """A file with the same headings that came in lately, where its columns went elsewhere than these do."""
    found = earlier_for(intake)
    if found is None or intake.mapping.get("kept_as"):
        return None
    then, now = (_places(each) for each in (found.mapping, intake.mapping))
    return found if then != now else None


def brought_before(intake: Intake) -> str:
    """That this very list of purchases came in as one of another source, in words; '' where it did not. Numbers of one
    source say nothing of those of another: what is in it would come in once more."""
    if intake.state in ("done", "failed") or not is_of_purchases(intake.options):
        return ""
    same = Original.objects.filter(sha256=intake.sha256).exclude(source=intake.mapping.get("source", ""))
    row = same.order_by("-id").first()
    said = _("This very file came in before, as “%(name)s” of %(source)s. As a list of another source all of it would "
             "come in once more.")  # fmt: skip
    return said % {"name": row.name, "source": row.source or _("no source")} if row else ""


def _places(mapping: dict[str, Any]) -> Any:
    """What of a mapping counts: where each column goes and how it is read."""
    passing = ("confidence", "why", "index")
    columns = [{name: each[name] for name in each if name not in passing} for each in mapping["columns"]]
    return sorted(columns, key=lambda each: str(each["column"])), mapping.get("made", [])


def mapping_named(by: Actor, name: str) -> SavedMapping:
    """The kept mapping of this name. Raises NotFound."""
    may_import(by)
    row = SavedMapping.objects.filter(name=name).first()
    if row is None:
        raise NotFound(_("There is no mapping called %(name)s.") % {"name": name})
    return row


def mappings(by: Actor) -> list[SavedMapping]:
    may_import(by)
    return list(SavedMapping.objects.order_by("name"))
