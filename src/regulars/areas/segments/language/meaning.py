"""What criteria ask, once held against the declared facts: every value in the form in which it is kept.

Two-valued: a relation with an unknown value does not hold, and `Neg` turns that round. Texts are folded, numbers exact
integers (decimals and money times 10,000), days dates, moments aware UTC, birthdays MMDD or ISO text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from regulars.kernel.actor import Actor
from regulars.kernel.registries import Fact

Relation = Literal[
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "among",
    "range",  # low to high, both in
    "span",  # from the first instant until before the second
    "outside",  # known, and not in that span
    "starts",
    "contains",
    "written",  # one of the values, as they are written
    "like",  # the tokens of the value, each within a typing error or two
    "yearly",  # birthdays: pairs of MMDD, both in
    "empty",
    "filled",
]


@dataclass(frozen=True, slots=True)
class All:
    """Everybody."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody: a window in which no such day lies."""


@dataclass(frozen=True, slots=True)
class Holds:
    """A fact stands in this relation to these values. Money is compared within one currency."""

    fact: Fact
    relation: Relation
    values: tuple[Any, ...] = ()
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A fact with parameters has a row with these columns: `consent(email, offers)`."""

    fact: Fact
    where: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a ledger comes to, on these days (all, where there are none) and with these parameters, stands in this
    relation to these values. `today` is the day that is asked on; `kept` is the column in which it is kept, where it
    is. Never a relation in which nothing at all stands to the values: that is said as `Neg` of another."""

    fact: Fact
    relation: Relation
    values: tuple[Any, ...] = ()
    days: tuple[date, date] | None = None
    given: tuple[tuple[str, Any], ...] = ()
    today: date = date.min
    kept: str = ""
    currency: str | None = None  # other than the house's
    also: tuple[tuple[Relation, Any], ...] = ()  # further relations, to one value each


@dataclass(frozen=True, slots=True)
class Highest:
    """The house's customers highest by a fact: ⌈share⌉ of those with more than nought, or so many; ties in."""

    fact: Fact
    size: Decimal
    percent: bool
    currency: str | None = None
    of: Measured | None = None


@dataclass(frozen=True, slots=True)
class Neg:
    part: "Meaning"


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple["Meaning", ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Meaning", ...]


Meaning = All | Nobody | Holds | Given | Measured | Highest | Neg | Both | Either


@dataclass(frozen=True, slots=True)
class Ground:
    """What a question stands on: who asks, the house's today, zone, country and currency, its facts, segments and
    lists."""

    by: Actor
    today: date
    zone: ZoneInfo
    facts: Mapping[str, Fact]
    country: str = ""
    currency: str = "EUR"
    segments: Mapping[str, str] = field(default_factory=dict)  # name to text
    lists: Mapping[str, int] = field(default_factory=dict)  # name to the list's row
    blind: Callable[[Fact, str], Any] | None = None  # the index under which a sealed value is found
    phone: Callable[[str, str], str] | None = None  # a number as typed, in this country, as it is kept
