"""The tree of a criterion: what was written, before anybody asks what it means. Frozen; equal when they say the same.

Places are kept for error messages and do not count when two trees are compared. `And` and `Or` are flat: none holds
one of its own kind. The empty text is `Every`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text: offset and length in characters, line and column from 1."""

    offset: int
    length: int
    line: int
    column: int


NOWHERE = Place(0, 0, 1, 1)


# --- values -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    text: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word: a choice, yes or no, or a text of one word."""

    text: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was typed, so that the postcode 01067 keeps its nought."""

    digits: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def value(self) -> Decimal:
        return Decimal(self.digits)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency (ISO 4217)."""

    digits: str
    currency: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def value(self) -> Decimal:
        return Decimal(self.digits)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Yearless:
    """A day of any year, `--03-07`."""

    month: int
    day: int
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant; without an offset it is in the house's time zone."""

    at: datetime
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relative:
    """A day counted from today: `60 days ago` is -60 days, today is 0 days."""

    count: int
    unit: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: `30 days`."""

    count: int
    unit: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of whole house days: `last 30 days` (today and the 29 before), `next 7 days`; without a count the
    calendar's `this month`, `last year`, `next week`."""

    side: str
    count: int | None
    unit: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


NO_END = date(9999, 12, 30)  # the last day after which another begins


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch from one fixed house day to another, both in: `2026-01-01 to 2026-03-31`; until `NO_END`, one that has
    no end: `since 2026-01-01`."""

    first: date
    last: date
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Stretch = Window | Days
Value = Text | Word | Number | Money | Day | Yearless | Moment | Relative | Duration


# --- criteria ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a fact: a value, a window, or a named condition (`type = "Books"`)."""

    value: Value | Stretch
    name: str | None = None
    operator: str = "="
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact by its name, with arguments where it takes some."""

    name: str
    arguments: tuple[Argument, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Test:
    """One fact held against values. `operator` is one of `OPERATORS`; `yes` is a fact standing alone."""

    __test__ = False  # not one of pytest's

    ask: Ask
    operator: str
    values: tuple[Value | Stretch, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """The customers of a saved segment."""

    name: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """The customers on a fixed list."""

    name: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Top:
    """The customers highest by a fact: a share in per cent, or a number of them."""

    size: str
    percent: bool
    ask: Ask
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def value(self) -> Decimal:
        return Decimal(self.size)


@dataclass(frozen=True, slots=True)
class Every:
    """All customers: the empty criterion."""


@dataclass(frozen=True, slots=True)
class Not:
    part: "Tree"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Tree", ...]


Tree = Every | Not | And | Or | Test | Segment | Listed | Top

# Each operator with the number of values it takes; None: one or more.
OPERATORS: dict[str, int | None] = {
    "=": 1,
    "!=": 1,
    "<": 1,
    "<=": 1,
    ">": 1,
    ">=": 1,
    "before": 1,
    "after": 1,
    "startswith": 1,
    "contains": 1,
    "~": 1,
    "between": 2,
    "in": None,
    "in window": 1,
    "in list": 1,
    "is empty": 0,
    "is not empty": 0,
    "yes": 0,
}
UNITS = ("day", "week", "month", "quarter", "year")


def both(*parts: Tree) -> Tree:
    """`and`, flat."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat)


def either(*parts: Tree) -> Tree:
    """`or`, flat."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
    return flat[0] if len(flat) == 1 else Or(flat)


def tests_in(tree: Tree) -> list[Test | Segment | Listed | Top]:
    """The leaves, left to right."""
    found: list[Test | Segment | Listed | Top] = []
    stack: list[Tree] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, And | Or):
            stack.extend(reversed(node.parts))
        elif isinstance(node, Not):
            stack.append(node.part)
        elif not isinstance(node, Every):
            found.append(node)
    return found


def depth_of(tree: Tree) -> int:
    """How deep the tree is nested; walks without recursion, so that it can judge a hostile one."""
    deepest, stack = 0, [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(node, And | Or):
            stack.extend((part, depth + 1) for part in node.parts)
        elif isinstance(node, Not):
            stack.append((node.part, depth + 1))
    return deepest
