"""How a file was understood: its mapping, what is still to be asked, what its cells are read against."""

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from datetime import date
from typing import Any

from django.conf import settings as django
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.areas.customers.card.cleaning import longest_of
from regulars.areas.customers.models import CustomField
from regulars.areas.house.queries import house
from regulars.areas.intake import readers
from regulars.areas.intake.models import Intake, Original, SavedMapping
from regulars.areas.intake.readers.orders.places import TYPES as PURCHASES
from regulars.areas.intake.readers.orders.places import is_of_purchase
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.text import fold

_LATELY = 200  # files among which is looked for the one that refused rows come from
_ALIKE = 50  # files among which one of the same headings is looked for


def questions_of(intake: Intake) -> list[readers.Question]:
    """What must be answered before this file may come in."""
    return readers.questions(inspected_of(intake), mapping_of(intake), types())


def mapping_of(intake: Intake, given: AnyMapping[str, Any] | None = None) -> readers.Mapping:
    """The mapping of an intake, or another given as JSON, checked against its headings."""
    headings = intake.inspected["columns"]
    return readers.Mapping.from_json(given if given is not None else intake.mapping, headings, words())


def inspected_of(intake: Intake) -> readers.Inspected:
    return readers.Inspected.from_json(intake.inspected)


def left_out(intake: Intake) -> list[str]:
    """The headings of columns in which something stands that goes nowhere; those that are never kept are not among
    them, nor the two that a download of refused rows begins with."""
    inspected, mapping = inspected_of(intake), mapping_of(intake)
    report = len(inspected.columns) - len(readers.of_the_list(inspected.columns))
    going = {index for each in mapping.used() for index in (each.of or (each.index,))} | {*inspected.hidden}
    rest = (each for each in mapping.columns[report:] if each.index not in going)
    return [each.column for each in rest if inspected.column(each.index)]


def context_of(intake: Intake, day: date) -> readers.Context:
    """What cells are read against: the country named for this file, else the house's."""
    settings = house()
    custom = {row.name: readers.Declared(row.type, tuple(row.choices)) for row in CustomField.objects.all()}
    own = {fact.name: _declared(fact) for fact in _own()}
    country, inspected = intake.options.get("country") or settings.country, intake.inspected
    columns = (tuple(inspected.get(name, ())) for name in ("hidden", "numbered", "numeric"))
    return readers.Context(country, settings.currency, day, custom, own, *columns)


def _own() -> Iterator[registries.Fact]:
    """The facts of the card's own row that a file may set."""
    for fact in registries.REGISTRY.facts.values():
        if fact.writable and isinstance(fact.source, registries.Column):
            yield fact


def _declared(fact: registries.Fact) -> readers.Declared:
    words = tuple(word for word, _label in fact.choices)
    return readers.Declared(fact.type, words, tuple(_spellings(fact)), longest_of(fact))


def _spellings(fact: registries.Fact) -> Iterator[tuple[str, str]]:
    """Each word's label in every language of the house, whichever the worker speaks."""
    for language, _name in django.LANGUAGES if fact.choices else ():
        with translation.override(language):
            yield from ((str(label), word) for word, label in fact.choices)


def is_of_purchases(options: AnyMapping[str, Any]) -> bool:
    """Whether a file's options say that its rows are purchases, and not customers."""
    return bool(options.get("as") == "purchases")


def words() -> dict[str, str]:
    return readers.words_of(registries.facts().values())


def types() -> dict[str, str]:
    """The type of each declared fact by its place: `shoe_size`, `custom.shoe_size`."""
    custom = {f"custom.{name}": kind for name, kind in CustomField.objects.values_list("name", "type")}
    return custom | PURCHASES | {fact.name: fact.type for fact in _own()}


def open_intake(by: Actor, token: str) -> Intake:
    """The intake of this token, for whoever may bring in files. Raises NotFound and NotAllowed."""
    may_import(by)
    intake = Intake.objects.filter(token=token).first()
    if intake is None:
        raise NotFound(_("There is no such file here."))
    return intake


def may_import(by: Actor) -> None:
    if by.own is not None:
        raise NotAllowed(
            _(
                "You see only your own customers, and a list is compared with all of them. Whoever sees all customers "
                "can bring it in."
            ),
            right="customers.import",
        )
    if not by.may("customers.import"):
        raise NotAllowed(_("You may not bring in lists."))


def shape_of(headings: Any) -> str:
    """Sixteen hex digits that files with the same headings share, in whatever order they stand; so do their refused
    rows, mended and brought in again."""
    text = "\x1f".join(sorted(fold(str(each)) for each in readers.of_the_list(headings)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def came_from(headings: Any) -> Intake | None:
    """The newest file with these headings, of which this one holds refused rows; None where it does not."""
    own = list(readers.of_the_list(headings))
    if len(own) == len(headings):
        return None
    return next((each for each in Intake.objects.order_by("-pk")[:_LATELY] if each.inspected["columns"] == own), None)


def fitting(mapping: AnyMapping[str, Any], intake: Intake) -> dict[str, Any]:
    """A mapping as far as it speaks of columns that this file has. Raises Refused where it speaks of none."""
    there = {fold(each) for each in intake.inspected["columns"]}

    def has(each: AnyMapping[str, Any]) -> bool:
        return fold(str(each["column"])) in there

    columns = [each for each in mapping["columns"] if has(each)]
    if not any(each["to"] != "ignore" for each in columns):
        raise Refused(_("This mapping is for other columns: the file has none of them."), where="mapping")
    made = [each for each in mapping.get("made", ()) if all(map(has, each.get("of", ())))]
    return {**mapping, "columns": columns, "made": made}


def earlier_for(intake: Intake) -> Original | None:
    """The last of the files that came in lately with the same headings."""
    shape = shape_of(intake.inspected["columns"])
    purchases = is_of_purchases(intake.options)
    for row in Original.objects.order_by("-id")[:_ALIKE]:
        if (
            says_purchases(row.mapping) == purchases
            and shape_of([each["column"] for each in row.mapping["columns"]]) == shape
        ):
            return row
    return None


def saved_for(headings: Any, *, purchases: bool = False) -> SavedMapping | None:
    """The mapping kept last for these headings: one of purchases, or one of customers."""
    kept = SavedMapping.objects.filter(shape=shape_of(headings)).order_by("-pk")
    return next((each for each in kept if says_purchases(each.mapping) == purchases), None)


def says_purchases(mapping: AnyMapping[str, Any]) -> bool:
    """Whether a mapping has a column that says something of a purchase."""
    return any(is_of_purchase(each["to"]) for each in mapping.get("columns", ()))
