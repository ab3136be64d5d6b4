"""Kept mappings beside a file whose headings are not quite those they were kept for."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from regulars.areas.intake import readers
from regulars.areas.intake.models import Intake, SavedMapping
from regulars.areas.intake.queries.files import is_of_purchases, says_purchases
from regulars.kernel.text import fold

_MOST = 0.6  # of the columns that a kept mapping places
_SOME = 2


def notices(intake: Intake) -> Iterator[str]:
    """What somebody should know of kept mappings before this file comes in."""
    if intake.state in ("done", "failed"):
        return
    kept_as = intake.mapping.get("kept_as", "")
    if missing := passed_over(intake):
        said = _("“%(name)s” places columns that this file has not: %(columns)s. Were they renamed?")
        yield said % {"name": kept_as, "columns": ", ".join(missing)}
    if near := nearly(intake):
        said = _("Most of these columns are kept as “%(name)s”, which knows the customer numbers of this list, too.")
        yield said % {"name": near}


def passed_over(intake: Intake) -> list[str]:
    """The headings that the kept mapping of this file places somewhere, and the file has not."""
    kept = SavedMapping.objects.filter(name=intake.mapping.get("kept_as", "")).first()
    there = _there(intake)
    return [heading for heading in _placed(kept) if fold(heading) not in there] if kept else []


def nearly(intake: Intake) -> str:
    """The name of the kept mapping that places most of this file's columns, where it goes by none yet; '' for none."""
    mapping, columns = intake.mapping, intake.inspected["columns"]
    if mapping.get("kept_as") or mapping.get("exporter") or len(readers.of_the_list(columns)) < len(columns):
        return ""
    there, purchases = _there(intake), is_of_purchases(intake.options)
    best, name = _MOST, ""
    for kept in SavedMapping.objects.order_by("pk"):
        placed = _placed(kept)
        shared = sum(fold(each) in there for each in placed)
        if says_purchases(kept.mapping) == purchases and shared >= _SOME and shared / len(placed) >= best:
            best, name = shared / len(placed), kept.name
    return name


def _placed(kept: SavedMapping) -> list[str]:
    """The headings that a kept mapping places somewhere, be it within a made column."""
    columns = kept.mapping["columns"]
    of = {fold(str(each["column"])) for made in kept.mapping.get("made", ()) for each in made.get("of", ())}
    return [each["column"] for each in columns if each["to"] != "ignore" or fold(each["column"]) in of]


def _there(intake: Intake) -> set[str]:
    return {fold(str(each)) for each in intake.inspected["columns"]}
