"""One cell to one value of a purchase, each different text of a column once. What must not be kept stays outside.

A number of a payment card, or a password after its word, is blacked out of a text and refuses the row elsewhere. A
trade item number (EAN, GTIN) that happens to pass the check of card numbers is none.
"""

from datetime import datetime, tzinfo
from typing import Any

from stdnum import ean

from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.cells.texts import Cleaner, remembered, text_of
from regulars.areas.intake.readers.mapping import Column
from regulars.areas.intake.readers.targets import SALES
from regulars.kernel import forbidden, money
from regulars.kernel.dates import clean_date, clean_moment
from regulars.kernel.text import fold
from regulars.kernel.wording import refusal

TEXTS = ("line.name", "line.reason")
_FIGURES = ("line.quantity", "line.unit_price", "line.amount", "purchase.total")
_MEMORY = 50_000
_CHANNELS = {
    "web": "web", "online": "web", "online store": "web", "shop": "shop", "pos": "shop", "store": "shop",
    "till": "shop", "laden": "shop", "kasse": "shop", "filiale": "shop", "butik": "shop", "winkel": "shop",
    "phone": "phone", "telefon": "phone", "telephone": "phone", "foon": "phone", "shopify_draft_order": "phone",
    "post": "post", "mail": "post", "brief": "post", "pos ": "shop",
}  # fmt: skip


def cleaner(to: str, column: Column, context: Context, zone: tzinfo) -> Cleaner:
    """The cleaner of a column's cells for its place."""
    if to == "purchase.at":
        return remembered(_moment(column, context, zone), _MEMORY)
    if to == "line.warranty_until":
        return remembered(_day(column, context), _MEMORY)
    if to in _FIGURES:
        mark: Any = column.mark or None
        return remembered(lambda text: money.clean_money(text, "", mark=mark)[0] if text.strip() else None)
    if to == "purchase.rate":
        own: Any = column.mark or None
        return remembered(lambda text: money.clean_rate(text, mark=own) if text.strip() else None)
    if to == "purchase.channel":
        return remembered(lambda text: _CHANNELS.get(fold(text.strip()), "web"))
    group, _dot, key = to.partition(".")
    clean = _number if to in ("purchase.number", "line.returns") else text_of(SALES[group][key])
    return remembered(_safely(to, clean, column.index in context.numbered))


def _safely(to: str, clean: Cleaner, numbered: bool) -> Cleaner:
    def read(text: str) -> Any:
        if forbidden.suspect(text) and (kinds := [kind for _start, _end, kind in forbidden.found_in(text)]):
            plainly = numbered or (to == "line.code" and ean.is_valid(text.strip()))
            if to in TEXTS:
                text = forbidden.blacked(text)
            elif not plainly or forbidden.PASSWORD in kinds:
                raise refusal(forbidden.TOLD[kinds[0]])
        return clean(text)

    return read


_NUMBER_TEXT = text_of(SALES["purchase"]["number"])


def _number(text: str) -> str | None:
    """`536365.0` is 536365, `'1001` is 1001; anything else stays."""
    kept = text.strip()
    if kept.isascii() and kept.isalnum() and len(kept) <= SALES["purchase"]["number"]:
        return kept
    return kept[:-2] if kept[:-2].isdigit() and kept.endswith(".0") else _NUMBER_TEXT(kept.removeprefix("'"))


def _moment(column: Column, context: Context, zone: tzinfo) -> Cleaner:
    order: Any = column.order or None

    def read(text: str) -> datetime | None:
        if column.serial:
            day = clean_date(text, today=context.today, order=order, serial=True)
            return datetime(day.year, day.month, day.day, 12, tzinfo=zone) if day else None
        return clean_moment(text, today=context.today, zone=zone, order=order)

    return read


def _day(column: Column, context: Context) -> Cleaner:
    """A day as ISO 8601 has it."""
    order: Any = column.order or None

    def read(text: str) -> str | None:
        day = clean_date(text, today=context.today, order=order, serial=bool(column.serial))
        return day.isoformat() if day else None

    return read


def rounded(product: int) -> int:
    """A product of two numbers in 1/10,000 in that scale again, half away from nought where it is longer than that."""
    return divided(product, money.SCALE)


def divided(number: int, by: int) -> int:
    """A whole number divided, half away from nought."""
    whole, rest = divmod(abs(number), abs(by))
    whole += rest * 2 >= abs(by)
    return whole if (number < 0) == (by < 0) else -whole
