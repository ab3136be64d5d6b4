"""How a file was understood: its mapping, what is still to be asked, what its cells are read against."""

import hashlib
from collections.abc import Mapping as AnyMapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.models import CustomField
from regulars.areas.house.queries import house
from regulars.areas.intake import readers
from regulars.areas.intake.models import Intake, SavedMapping
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound
from regulars.kernel.text import fold


def questions_of(intake: Intake) -> list[readers.Question]:
    """What must be answered before this file may come in."""
    return readers.questions(inspected_of(intake), mapping_of(intake), custom_types())


def mapping_of(intake: Intake, given: AnyMapping[str, Any] | None = None) -> readers.Mapping:
    """The mapping of an intake, or another given as JSON, checked against its headings."""
    headings = intake.inspected["columns"]
    return readers.Mapping.from_json(given if given is not None else intake.mapping, headings, words())


def inspected_of(intake: Intake) -> readers.Inspected:
    return readers.Inspected.from_json(intake.inspected)


def context_of(intake: Intake, day: date) -> readers.Context:
    """What cells are read against: the country named for this file, else the house's."""
    settings = house()
    own = {row.name: readers.Custom(row.type, tuple(row.choices)) for row in CustomField.objects.all()}
    return readers.Context(intake.options.get("country") or settings.country, settings.currency, day, own)


def words() -> dict[str, str]:
    return readers.words_of(registries.facts().values())


def custom_types() -> dict[str, str]:
    return dict(CustomField.objects.values_list("name", "type"))


def open_intake(by: Actor, token: str) -> Intake:
    """The intake of this token, for whoever may bring in files. Raises NotFound and NotAllowed."""
    may_import(by)
    intake = Intake.objects.filter(token=token).first()
    if intake is None:
        raise NotFound(_("There is no such file here."))
    return intake


def may_import(by: Actor) -> None:
    if not by.may("customers.import"):
        raise NotAllowed(_("You may not bring in lists."))


def shape_of(headings: Any) -> str:
    """Sixteen hex digits that files with the same headings share, in whatever order they stand."""
    text = "\x1f".join(sorted(fold(str(each)) for each in headings))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def saved_for(headings: Any) -> SavedMapping | None:
    return SavedMapping.objects.filter(shape=shape_of(headings)).order_by("-pk").first()
