"""The shapes of what is said over HTTP of lists that come in."""

from typing import Annotated, Any, Literal

from pydantic import Field

from regulars.areas.customers.card.shapes import Alike
from regulars.kernel.api import Instant, Shape

Holds = Literal["customers", "purchases"]
Existing = Literal["", "update", "fill", "add", "skip"]
How = Literal["", "told", "observed", "worked_out", "third_party"]
Repair = Literal["", "yes", "no"]
Feet = Literal["", "in", "out"]
Order = Literal["", "dmy", "mdy", "ymd"]
_SHORT = Annotated[str, Field(max_length=100)]


class Tallied(Shape):
    """What a list of purchases came to, beside the counts of its rows; null where the rows are customers."""

    purchases: int | None = Field(None, description="Documents that sell.")
    lines: int | None = None
    cancellations: int | None = Field(None, description="Documents that give back.")
    returns: int | None = Field(None, description="Lines that give back.")
    unmatched: int | None = Field(None, description="Of the returns, those that fit nothing bought before.")
    without_customer: int | None = Field(None, description="Rows without a customer.")
    zero_prices: int | None = Field(None, description="Rows with the price nought.")
    negative_quantities: int | None = Field(None, description="Rows of a quantity below nought.")
    customers_created: int | None = None
    customers_updated: int | None = None
    proposed: int | None = Field(None, description="What orders say otherwise, proposed on cards.")
    reservations_fetched: int | None = Field(None, description="Reservations that were fetched with what was bought.")


class RejectedRow(Shape):
    row: int | None = Field(description="As it stands in the file, from 1.")
    column: str
    value: str
    reason: str


class AsideRow(Shape):
    """A row that is no data, such as a title above the headings or a total under the table. It does not come in."""

    row: int = Field(description="As it stands in the file, from 1.")
    value: str = Field(description="The row in one line.")
    reason: str


class QuestionShown(Shape):
    """What only a person can say."""

    column: str
    index: int = Field(description="The column's place, from 0.")
    asks: str = Field(description="What the answer sets: order, serial, mark; or repair, of the whole file.")
    question: str
    choices: list[str]


class AlikeRow(Alike):
    """A row that would make a new card, and the customer whom it is likely of."""

    row: int


class AlikeRows(Shape):
    rows: int = Field(description="How many such rows there are.")
    first: list[AlikeRow] = Field(description="The first of them.")


class ImportListed(Shape):
    id: str
    name: str
    state: Literal["waiting", "trying", "running", "stopped", "done", "failed"]
    rows: int
    changeset: int | None
    at: Instant = Field(description="When it was handed over.")


class ImportShown(Tallied):
    """How a file stands. Until it comes in the counts are those of the dry run, nought where there was none."""

    id: str
    name: str
    state: Literal["waiting", "trying", "running", "stopped", "done", "failed"]
    tried: bool = Field(description="Whether there was a dry run.")
    changeset: int | None = Field(description="The deed by which the whole import can be taken back.")
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: list[RejectedRow]
    blacked: list[RejectedRow] = Field(description="Where card numbers and passwords were blacked out of notes.")
    doubted: int = Field(description="How many cells look wrong in rows that come in all the same.")
    doubts: list[RejectedRow] = Field(description="Those cells, with what is doubted.")
    never_kept: list[str] = Field(description="Columns of passwords or card numbers: they never come in.")
    left_out: list[str] = Field(description="Columns in which something stands that goes nowhere.")
    organisations_created: int
    recognised: dict[Literal["reference", "email", "phone"], int] = Field(
        description="By what those were recognised who are known."
    )
    alike: AlikeRows | None = Field(description="Of a dry run: who may be here already though nothing recognises them.")
    set_aside: list[AsideRow] = Field(description="Rows that are no data. They do not count among `rows`.")
    notices: list[str] = Field(description="What else is left out, and why.")
    questions: list[QuestionShown] = Field(description="Answer these before it may come in.")
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    mapping: dict[str, Any] = Field(description="Which column goes where, and how sure that is.")
    seconds: float | None
    done: int = Field(description="Rows that are in.")
    seconds_left: int | None
    error: str | None = Field(description="Why it did not come in.")


class Answered(Shape):
    index: int = Field(ge=0, le=20_000)
    asks: Literal["order", "serial", "mark", "repair"]
    choice: str = Field(max_length=20)


class ImportPatch(Shape):
    """What is to be understood otherwise. A new sheet, encoding, delimiter, `repair` or `feet` has it read anew."""

    mapping: dict[str, Any] | None = Field(
        None,
        description='`{"columns": {"E-Mail": "email", "Kunde": {"to": "reference"}}}`, or as it was shown. A list of '
        "places has one column go to each; `made` joins columns, `fixed` holds for every row, `values` of a column "
        "translates its words.",
    )
    answers: list[Answered] = Field([], max_length=500)
    holds: Holds | None = Field(None, description="What the rows are.")
    country: _SHORT | None = Field(None, description="Of phones and addresses without one.")
    existing: Existing | None = Field(None, description="Cards there are already: update, fill, add or skip.")
    source: _SHORT | None = Field(None, description="The system whose customer ids these are.")
    how: How | None = Field(None, description="How we have these people: `third_party` are to be told in a month.")
    prospects: Literal["", "yes"] | None = Field(None, description="Whether those who are new are not customers yet.")
    sheet: _SHORT | None = None
    encoding: _SHORT | None = None
    delimiter: Annotated[str, Field(max_length=5)] | None = None
    repair: Repair | None = Field(None, description="Whether garbled text (`MÃ¼ller`) is mended.")
    feet: Feet | None = Field(None, description="`in` brings in rows that look like totals or notes under the table.")


class PreviewRow(Shape):
    row: int
    card: dict[str, Any] | None = Field(description="The card as it will be.")
    problem: RejectedRow | None
    doubts: list[RejectedRow] = Field(description="What looks wrong and is kept all the same.")


class MappingShown(Shape):
    name: str = Field(description="The source of the references too.")
    mapping: dict[str, Any]


class MappingName(Shape):
    name: str = Field(min_length=1, max_length=100)
