"""Facts that are worked out: from rows with a day, `spent(last 30 days)`, or from other criteria, `gold`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from regulars.kernel.stores import Text

Aggregate = Literal[
    "sum",  # of the measure; nought where there is no row
    "count",  # of different values of the measure; nought where there is no row
    "first",  # the first day
    "last",  # the last day
    "any",  # whether there is a row
    "average",  # the sum of the measure by the count of `each`; unknown where there is none
    "pace",  # the days from the first to the last, by one less than the count of `each`; unknown below two
    "most",  # the text of `each` that has the highest sum of the measure
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be said in brackets, `type = "Books"`: compared with a column of the ledger's row, or of a row that it
    points to: `through` are the keys and the models (`app.Model`) on the way there. A `folded` column holds folded
    texts; of a code `words` are the permitted ones with their labels. `within` is the key by which such a row stands in
    another: who names that one means this one, too."""

    name: str
    column: str
    through: tuple[tuple[str, str], ...] = ()
    folded: bool = False
    words: tuple[tuple[str, Text], ...] = ()
    label: Text = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a ledger, one row for each customer (`key` is her number), so that it need not be worked out.

    `columns` pairs a window, `(30, "day")` for the last 30 days, or None for all time, with the column of the value.
    `each` is the column of the count that an average or a pace goes by. What is of a window is right on the days from
    the column `day` until before the column `until`.
    """

    model: str
    columns: tuple[tuple[tuple[int, str] | None, str], ...]
    each: str = ""
    ends: tuple[str, str] = ("", "")  # the columns of the first and the last day, of a pace
    key: str = "number"


@dataclass(frozen=True, slots=True)
class KeptBy:
    """What is kept for each value of one parameter, for all time: `model` has the customer's number in `key`, the row
    that the parameter's way leads to in `by`, and the sum of the measure in `measure`."""

    model: str
    parameter: str
    by: str
    measure: str
    key: str = "number"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The fact is an aggregate over rows of the model, each of one customer and one day, that have these values
    (`where`; a tuple means one of them). Windows and `parameters` in brackets narrow the rows.

    `measure` is a column; of an amount it is in the house's currency, and `paid` names the columns of the amount in the
    currency it was paid in, and of that currency. `turned`, what is negative counts. `each` is a column whose different
    values are counted, of the rows alone that have one of the words of `counted` in its column, where that is said; of
    `most`, `each` is by what texts are compared, and `told` as they are shown. `missed` are two columns of
    days: those rows alone count in which the second day is after the first, or is not known though the first is over.
    `left` are the key by which a later row takes one back, and the column of the quantity (that of a row taking back is
    negative): of which nothing is left, that row does not count.
    """

    model: str
    aggregate: Aggregate
    measure: str = ""
    each: str = ""
    counted: tuple[str, tuple[str, ...]] = ("", ())
    told: str = ""
    day: str = "day"
    where: tuple[tuple[str, Any], ...] = ()
    parameters: tuple[Parameter, ...] = ()
    windows: bool = True
    turned: bool = False
    missed: tuple[str, str] = ("", "")
    left: tuple[str, str] = ("", "")
    paid: tuple[str, str] = ("", "")
    kept: Kept | None = None
    kept_by: KeptBy | None = None

    @property
    def of_nothing(self) -> int | None:
        """What it is of a customer without rows: nought, or unknown."""
        return 0 if self.aggregate in ("sum", "count") else None


@dataclass(frozen=True, slots=True)
class Defined:
    """A yes-or-no fact that is a name for criteria: they are asked for when it is read, for settings stand in them."""

    criteria: Callable[[], str]
