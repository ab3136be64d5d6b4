"""The shapes of purchases and what is asked of them, and how figures and days are read."""

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Path
from pydantic import Field

from regulars.kernel import money
from regulars.kernel.api import Moment, Shape
from regulars.kernel.errors import Refused

Serial = Annotated[int, Path(ge=1, le=2**53 - 1, description="The purchase's `serial`.")]
Figure = Annotated[
    str | int | float, Field(description="Exact: a text such as `19.90`, or a number. At most four decimals.")
]
Kind = Literal["sale", "return", "refund", "donation"]
Reason = Literal["", "defect", "damaged", "wrong", "late", "unfit", "mind", "other"]
Channel = Literal["shop", "web", "phone", "post"]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
_LONGEST = 24  # characters of a figure


class LineShown(Shape):
    ordinal: int
    kind: Kind
    product: str | None
    text: str
    quantity: str = Field(description="Negative where it goes back.")
    price: str | None
    amount: str
    reason: str | None
    remark: str
    left: str = Field(description="How much of it may still be given back.")
    warranty_until: str | None = Field(description="The last day of its warranty.")
    returns: int | None = Field(description="Of what goes back: the `serial` of the purchase it was bought with.")


class PurchaseShown(Shape):
    serial: int
    source: str
    number: str
    customer: int | None
    place: str
    channel: str
    served_by: str
    territory: str
    at: str
    day: str = Field(description="The house's day.")
    currency: str
    rate: str = Field(description="What one unit was worth in the house's currency.")
    total: str
    promised: str | None
    sent: str | None
    delivered: str | None
    late_days: int | None
    damaged: bool
    note: str
    void: str | None = Field(description="Why it does not count any more.")
    lines: list[LineShown]


class ReturnedLine(Shape):
    ordinal: int = Field(ge=1, le=100_000)
    quantity: Figure = 1


class ReturnInput(Shape):
    """Lines that come back, money that is paid back, or both."""

    lines: Annotated[list[ReturnedLine], Field(max_length=2_000)] = []
    amount: Figure | None = Field(
        None,
        description="The money that goes back in all; left out, what was paid for the lines. What is more than that, "
        "or all of it without lines, is paid back for what is kept.",
    )
    reason: Reason = "other"
    remark: str = Field("", max_length=200)
    place: str = Field("", max_length=40)
    source: str = Field("", max_length=60)
    number: str = Field("", max_length=80, description="The number of the return's own receipt.")
    served_by: str = Field("", max_length=100)


class LinePatch(Shape):
    """A line as it is to be. With `ordinal` it is a line that stands, of which what is not named stays; without, a new
    one. A new quantity or price gives the amount anew, unless that is named, too."""

    ordinal: Annotated[int, Field(ge=1, le=100_000)] | None = None
    kind: Literal["sale", "refund", "donation"] | None = Field(None, description="Of a new line; left out, `sale`.")
    product: Annotated[str, Field(max_length=60)] | None = Field(None, description="A product's number; empty: none.")
    text: Annotated[str, Field(max_length=300)] | None = None
    quantity: Figure | None = None
    price: Figure | None = None
    amount: Figure | None = Field(None, description="As paid for the line; positive, whatever its kind.")
    remark: Annotated[str, Field(max_length=200)] | None = None
    warranty_until: Day | None = Field(None, description="The last day of its warranty.")


class PurchasePatch(Shape):
    """What is to be put right; what is not named stays. `customer` null: nobody knows who bought. `lines`, where they
    are named, are all of them: a line that stands and is not among them is struck."""

    customer: Annotated[int, Field(ge=1, le=2**53 - 1)] | None = None
    place: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    channel: Channel | None = None
    served_by: Annotated[str, Field(max_length=100)] | None = None
    at: Moment | None = None
    promised: Day | None = None
    sent: Day | None = None
    delivered: Day | None = None
    damaged: bool | None = None
    note: Annotated[str, Field(max_length=500)] | None = None
    lines: Annotated[list[LinePatch], Field(min_length=1, max_length=2_000)] | None = None


class WhyVoid(Shape):
    reason: str = Field(min_length=1, max_length=200)


def scaled(value: str | float, where: str) -> int:
    """A figure in 1/10,000, exactly as it was written. Raises Refused."""
    text = value if isinstance(value, str) else repr(value)
    try:
        if len(text) > _LONGEST:
            raise Refused(_("This number is too long."), where=where)
        return money.clean_decimal(text, mark=".")
    except Refused as refused:
        raise Refused(refused.message, where=where) from None


def day_of(text: str, where: str) -> date:
    """A day of the calendar. Raises Refused."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("There is no day %(day)s.") % {"day": text[:40]}, where=where) from None
