"""What is told of a purchase that is to be kept, and what is said back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

Named = tuple[str, str, int]  # (source, number, ordinal) of a line


class NewLine(NamedTuple):
    """One line, all figures positive: what goes back is turned by the deed. Amounts and quantities in 1/10,000."""

    product: str = ""  # the product's own number
    text: str = ""
    quantity: int = 10_000
    price: int | None = None  # None: the product's
    amount: int | None = None  # as paid; None: price × quantity
    kind: str = "sale"
    returns: Named | None = None
    reason: str = ""
    remark: str = ""
    type: str = ""  # of the product, where the house knows none yet
    warranty_until: date | None = None  # None: as long as the product's, from the day it was bought


@dataclass(slots=True)
class NewPurchase:
    """One document. Without a number it gets its serial, without a day the deed's."""

    lines: Sequence[NewLine]
    source: str = ""
    number: str = ""
    customer: int | None = None
    place: str = ""
    channel: str = "shop"
    served_by: str = ""
    territory: str = ""
    at: datetime | None = None
    currency: str = ""
    rate: int | None = None
    promised: date | None = None
    sent: date | None = None
    delivered: date | None = None
    damaged: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A purchase that was kept, and the deed that did it."""

    changeset: int | None
    serial: int
    source: str
    number: str


@dataclass(slots=True)
class Many:
    """What became of many purchases: by their place in what was given."""

    new: int = 0
    lines: int = 0
    known: list[int] = field(default_factory=list)
    serials: list[int | None] = field(default_factory=list)
    refused: dict[int, Any] = field(default_factory=dict)
    fetched: int = 0  # reservations
