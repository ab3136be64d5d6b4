"""What the screen shows of a list of purchases: the places of its columns, its first lines, what became of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.house.queries import house
from regulars.areas.intake.models import Intake
from regulars.areas.intake.queries.files import context_of, inspected_of, mapping_of
from regulars.areas.intake.readers import Context, Mapping, Problem
from regulars.areas.intake.readers.judging import compile_reasons
from regulars.areas.intake.readers.orders.buyers import of_buyers
from regulars.areas.intake.readers.orders.guessing import meant
from regulars.areas.intake.readers.orders.reading import Reading
from regulars.kernel import saying
from regulars.kernel.errors import Refused

EXISTING = (
    ("", gettext_lazy("The card wins: an order fills gaps; what it says otherwise is proposed on the card")),
    ("update", gettext_lazy("Your list wins: what it says takes the place of what the card says")),
    ("skip", gettext_lazy("Leave the card as it is")),
)
_ENOUGH = 3  # headings of a purchase among which one says how many, or for how much
_SHOWN = 20
_PLACES: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (gettext_lazy("The purchase"), (
        ("purchase.number", gettext_lazy("Invoice or order number")),
        ("purchase.at", gettext_lazy("When it was bought")),
        ("purchase.time", gettext_lazy("Time of day")),
        ("purchase.place", gettext_lazy("Branch or till")),
        ("purchase.channel", gettext_lazy("Channel")),
        ("purchase.served_by", gettext_lazy("Served by")),
        ("purchase.currency", gettext_lazy("Currency")),
        ("purchase.rate", gettext_lazy("Exchange rate")),
        ("purchase.status", gettext_lazy("State of the order")),
        ("purchase.total", gettext_lazy("Sum of the purchase")),
    )),
    (gettext_lazy("Its line"), (
        ("line.code", gettext_lazy("Product number")),
        ("line.name", gettext_lazy("Product name")),
        ("line.type", gettext_lazy("Product type")),
        ("line.quantity", gettext_lazy("Quantity")),
        ("line.unit_price", gettext_lazy("Unit price")),
        ("line.amount", gettext_lazy("Amount of the line")),
        ("line.reason", gettext_lazy("Why it came back")),
        ("line.returns", gettext_lazy("Number of the purchase it gives back")),
        ("line.warranty_until", gettext_lazy("Last day of warranty")),
    )),
)  # fmt: skip
_DONE = {
    "customers_created": gettext_lazy("Customers made"),
    "customers_updated": gettext_lazy("Customers brought up to date"),
    "proposed": gettext_lazy("Proposed for cards"),
    "reservations_fetched": gettext_lazy("Reservations fetched"),
}
_READ = {
    "purchases": gettext_lazy("Purchases"),
    "returns": gettext_lazy("Lines given back"),
    "unmatched": gettext_lazy("Of these, matched to nothing bought before"),
    "without_customer": gettext_lazy("Rows without a customer"),
    "zero_prices": gettext_lazy("Rows with the price nought"),
    "negative_quantities": gettext_lazy("Rows of a quantity below nought"),
}


def places() -> list[tuple[str, list[tuple[str, Any]]]]:
    """What a column may say of a purchase, group by group."""
    return [(str(name), [(path, str(label)) for path, label in some]) for name, some in _PLACES]


def like_purchases(headings: Sequence[str]) -> bool:
    """Whether these headings speak of what was bought."""
    found = {meant(each) for each in headings} - {""}
    figures = {"line.quantity", "line.unit_price", "line.amount", "purchase.total"}
    return len(found) >= _ENOUGH and bool(found & figures)


def lines_of(intake: Intake, day: date) -> Iterator[dict[str, Any]]:
    """The first rows as they will be: number, day and goods of each, or why not."""
    rules, inspected = house(), inspected_of(intake)
    mapping, context = mapping_of(intake), context_of(intake, day)
    reading = Reading(mapping, context, ZoneInfo(rules.time_zone))
    doubts = _doubts_of_buyers(mapping, context)
    for number, cells in inspected.sample[:_SHOWN]:
        told: dict[str, Any] = {"number": number, "problem": "", "column": "", "name": "", "words": [], "answers": []}
        told["doubts"] = doubts(number, list(cells))
        cells = [*cells, *[""] * (len(mapping.columns) - len(cells))]
        try:
            head, line = reading.of(cells)
        except Refused as refused:
            at = reading.fault(cells, refused)
            yield {**told, "problem": str(refused), "column": mapping.columns[at].column if at is not None else ""}
            continue
        code, name, _kind, quantity, price, amount, *_rest = line
        each, whole = saying.amount((price, head.currency), exact=True), saying.amount((amount, head.currency))
        figures = f"{saying.decimal(quantity)} × {each} = {whole}"
        back = [_("given back")] if quantity < 0 else []
        words = [saying.day(rules.day(head.at)), name or code or _("Sum of the receipt"), figures, *back]
        yield {**told, "name": head.number, "words": words}


def _doubts_of_buyers(mapping: Mapping, context: Context) -> Callable[[int, list[str]], Sequence[Problem]]:
    """What looks wrong in what a row says of its buyer."""
    own = of_buyers(mapping)
    if not own.used():
        return lambda _number, _cells: ()
    judge = compile_reasons(own, context)
    return lambda number, cells: judge(number, cells)[1].doubts


def done_of(result: dict[str, Any]) -> list[tuple[str, int]]:
    """What the list does to cards, each count that is not nought with its label."""
    return [(str(label), result[name]) for name, label in _DONE.items() if result.get(name)]


def read_of(result: dict[str, Any]) -> list[tuple[str, int]]:
    """What stands in the list, whether it is new or not, each count that is not nought with its label."""
    return [(str(label), result[name]) for name, label in _READ.items() if result.get(name)]
