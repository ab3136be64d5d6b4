"""One row of a list of purchases becomes a line, or is refused with the reason. Amounts are exact, never floats.

What rows share is read once: each different cell of a column, and the head of a purchase for all its lines.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.cells.texts import Cleaner, remembered
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.orders.places import is_of_purchase
from regulars.areas.intake.readers.orders.values import cleaner, divided, rounded
from regulars.kernel import money
from regulars.kernel.dates import read_date
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

NO_DAY = _("This row says no day. Write when it was bought.")
NO_QUANTITY = _("The quantity is nought: nothing was bought.")
NO_PRICE = _("This row does not say for how much. Write the price of one, or the amount.")
NOTHING_BOUGHT = _("This row says neither what was bought nor for how much.")
NEVER_BOUGHT = _("This order was “{status}”: it never became a purchase.")
_CANCELLATION = re.compile(r"[Cc]\d")
_TIME = re.compile(r"\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
_NOT_BOUGHT = frozenset(
    fold(word)
    for word in (
        "cancelled", "canceled", "voided", "void", "failed", "draft", "trash", "refunded", "expired",
        "pending payment", "storniert", "fehlgeschlagen", "erstattet", "annulleret", "refunderet", "gekanselleer",
        "terugbetaal", "wc-cancelled", "wc-failed", "wc-refunded", "रद्द",
    )
)  # fmt: skip
_HEAD = ("number", "at", "time", "place", "channel", "served_by", "currency", "rate", "status")
_LINE = ("code", "name", "type", "quantity", "unit_price", "amount", "reason", "returns", "warranty_until")


@dataclass(frozen=True, slots=True)
class Head:
    """What all lines of a purchase say alike. `at` is UTC; a day without a time is the house's noon."""

    number: str
    at: datetime
    place: str
    channel: str
    served_by: str
    currency: str
    rate: int | None
    is_cancellation: bool


Line = list[Any]  # code, name, type, quantity, price, amount, reason, returns, warranty (a day); figures in 1/10,000
Read = Callable[[Cells], tuple[Head, Line]]


class Reading:
    """Reads the rows of one file. `of` raises Refused; `fault` says of which column that speaks."""

    def __init__(self, mapping: Mapping, context: Context, zone: tzinfo) -> None:
        self.columns = {each.to: each for each in mapping.used() if is_of_purchase(each.to)}
        self.cleaners = {to: cleaner(to, each, context, zone) for to, each in self.columns.items()}
        self.context, self.zone = context, zone
        self.head_at = [(self.columns[to].index if (to := f"purchase.{key}") in self.columns else -1) for key in _HEAD]
        self.shown = tuple(index for index in self.head_at if index >= 0)
        self._head_cells: tuple[str, ...] | None = None
        self._head: Head | None = None
        self._line = [self._reader(f"line.{key}") for key in _LINE]
        self._total = self._reader("purchase.total")
        self._is_priced = any(to in self.columns for to in ("line.unit_price", "line.amount"))
        self._is_no_purchase = remembered(lambda text: fold(text.strip()) in _NOT_BOUGHT)
        self._whole_day = remembered(self._is_whole_day)

    def of(self, cells: Cells) -> tuple[Head, Line]:
        """The head and the line of this row. Raises Refused."""
        own = tuple([cells[index] for index in self.shown])
        if own != self._head_cells:
            self._head_cells = None
            self._head = self._read_head(cells)
            self._head_cells = own
        assert self._head is not None
        code, name, kind, quantity, price, amount, reason, returns, warranty = [
            clean(cells[index]) if index >= 0 and cells[index] else None for index, clean in self._line
        ]
        if quantity is None:
            quantity = money.SCALE
        elif not quantity:
            raise refusal(NO_QUANTITY, where="line.quantity")
        if amount is None:
            if price is None:
                index, clean = self._total
                total = clean(cells[index]) if index >= 0 and cells[index] else None
                if total is None and self._is_priced:
                    raise refusal(NO_PRICE)
                amount = total or 0
                price = divided(amount * money.SCALE, quantity)
            else:
                amount = rounded(quantity * price)
        elif price is None:
            price = divided(amount * money.SCALE, quantity)
        if not code and not name and not amount:
            raise refusal(NOTHING_BOUGHT)
        texts = [each or "" for each in (reason, returns, warranty)]
        return self._head, [code or "", name or "", kind or "", quantity, price, amount, *texts]

    def fault(self, cells: Cells, refused: Refused) -> int | None:
        """The column of which a refusal speaks; None where it is of the row as a whole."""
        if refused.where in self.columns:
            return self.columns[refused.where].index
        for to, column in self.columns.items():
            try:
                if cells[column.index]:
                    self.cleaners[to](cells[column.index])
            except Refused:
                return column.index
        return None

    def never_bought(self, cells: Cells) -> bool:
        """Whether the row is of an order that was cancelled before it became a purchase."""
        column = self.columns.get("purchase.status")
        text = cells[column.index] if column is not None and column.index < len(cells) else ""
        return bool(text) and self._is_no_purchase(text)

    def _reader(self, to: str) -> tuple[int, Cleaner]:
        return (self.columns[to].index, self.cleaners[to]) if to in self.columns else (-1, str)

    def _take(self, to: str, cells: Cells, default: Any = "") -> Any:
        index, clean = self._reader(to)
        value = clean(cells[index]) if index >= 0 and cells[index] else None
        return default if value is None else value

    def _read_head(self, cells: Cells) -> Head:
        status = self._take("purchase.status", cells)
        if status and self._is_no_purchase(status):
            raise refusal(NEVER_BOUGHT, where="purchase.status", status=short(status))
        at = self._take("purchase.at", cells, None)
        if at is None:
            raise refusal(NO_DAY, where="purchase.at")
        number = self._take("purchase.number", cells)
        return Head(
            number,
            self._timed(at, cells),
            self._take("purchase.place", cells),
            self._take("purchase.channel", cells),
            self._take("purchase.served_by", cells),
            self._take("purchase.currency", cells, self.context.currency).upper(),
            self._take("purchase.rate", cells, None),
            _CANCELLATION.match(number) is not None,
        )

    def _timed(self, at: datetime, cells: Cells) -> datetime:
        """The instant, with the time of the column beside it; a day alone is meant for its noon."""
        text = cells[self.columns["purchase.at"].index]
        column = self.columns.get("purchase.time")
        clock = _clock(cells[column.index]) if column is not None else None
        if clock is None and not self._whole_day(text):
            return at
        hour, minute, second = clock or (12, 0, 0)
        return at.astimezone(self.zone).replace(hour=hour, minute=minute, second=second).astimezone(UTC)

    def _is_whole_day(self, text: str) -> bool:
        if self.columns["purchase.at"].serial:
            return True
        reading = read_date(text, self.context.today)
        return reading is not None and ":" not in text and reading.time == (0, 0, 0)


def _clock(text: str) -> tuple[int, int, int] | None:
    match = _TIME.match(text)
    if match is None:
        return None
    hour, minute, second = (int(each or 0) for each in match.groups())
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
