"""A likeness of two cards, said once and asked in two languages: in SQL of a whole register, in Python of a few.

A column that is empty on either side fits nothing: two blanks are never equal. `&`, `|` and `~` join conditions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

Fits = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """`sql` speaks of the columns `NAME_l` and `NAME_r`; `fits` takes the features of both."""

    sql: str
    fits: Fits

    def __and__(self, other: "Condition") -> "Condition":
        one, two = self.fits, other.fits
        return Condition(_first(self.sql, other.sql), lambda left, right: one(left, right) and two(left, right))

    def __or__(self, other: "Condition") -> "Condition":
        one, two = self.fits, other.fits
        sql = f"(CASE WHEN {self.sql} THEN true ELSE {other.sql} END)"
        return Condition(sql, lambda left, right: one(left, right) or two(left, right))

    def __invert__(self) -> "Condition":
        inner = self.fits
        return Condition(f"(NOT {self.sql})", lambda left, right: not inner(left, right))


def _first(one: str, then: str) -> str:
    """SQL in which the second condition is not even asked where the first does not hold: AND would ask both."""
    return f"(CASE WHEN {one} THEN {then} ELSE false END)"


def filled(*columns: str) -> Condition:
    """None of these texts is empty on either side."""
    sql = " AND ".join(f"{each}_l <> '' AND {each}_r <> ''" for each in columns)
    return Condition(
        f"({sql})", lambda left, right: all(getattr(left, each) and getattr(right, each) for each in columns)
    )


def same(column: str, other: str = "") -> Condition:
    """The same text; with `other`, the left one's `column` and the right one's `other`."""
    other = other or column
    sql = f"({column}_l <> '' AND {column}_l = {other}_r)"
    return Condition(sql, lambda left, right: bool(one := getattr(left, column)) and one == getattr(right, other))


def equal(column: str, value: int) -> Condition:
    """Both have this number."""
    sql = f"({column}_l = {value} AND {column}_r = {value})"
    return Condition(sql, lambda left, right: getattr(left, column) == value == getattr(right, column))


def meet(column: str) -> Condition:
    """The two lists share something."""
    left, right = f"{column}_l", f"{column}_r"
    short = f"len({left}) < 2 AND len({right}) < 2"  # as most are; a comparison of lists is ten times dearer
    sql = f"(CASE WHEN {short} THEN coalesce({left}[1] = {right}[1], false) ELSE list_has_any({left}, {right}) END)"
    return Condition(sql, lambda left, right: not set(getattr(left, column)).isdisjoint(getattr(right, column)))


def covers(column: str, part: str) -> Condition:
    """All of one's list `part` (and there is some) stand in the other's `column`."""
    sql = (
        f"((len({part}_l) > 0 AND list_has_all({column}_r, {part}_l))"
        f" OR (len({part}_r) > 0 AND list_has_all({column}_l, {part}_r)))"
    )

    def fits(left: Any, right: Any) -> bool:
        here, there = getattr(left, part), getattr(right, part)
        return bool(here and set(here) <= set(getattr(right, column))) or bool(
            there and set(there) <= set(getattr(left, column))
        )

    return Condition(sql, fits)


def far(column: str, most: int) -> Condition:
    """Two numbers, neither of them 0, lie so far apart at least."""
    sql = f"({column}_l > 0 AND {column}_r > 0 AND abs({column}_l - {column}_r) >= {most})"

    def fits(left: Any, right: Any) -> bool:
        here, there = getattr(left, column), getattr(right, column)
        return bool(here and there) and abs(here - there) >= most

    return Condition(sql, fits)


def listed(column: str) -> Condition:
    """Neither list is empty."""
    sql = f"(len({column}_l) > 0 AND len({column}_r) > 0)"
    return Condition(sql, lambda left, right: bool(getattr(left, column) and getattr(right, column)))


def near(column: str, errors: int, longest: int, *, other: str = "") -> Condition:
    """So many typing errors at most lead from one to the other, both of this length at least."""
    two = other or column
    long = f"length({column}_l) >= {longest} AND length({two}_r) >= {longest}"
    about = f"{long} AND abs(length({column}_l) - length({two}_r)) <= {errors}"
    alike = f"jaro_similarity({column}_l, {two}_r) >= {_least_jaro(errors, longest)}"
    sql = _first(about, _first(alike, f"damerau_levenshtein({column}_l, {two}_r) <= {errors}"))

    def fits(left: Any, right: Any) -> bool:
        here, there = getattr(left, column), getattr(right, two)
        return min(len(here), len(there)) >= longest and _distance()(here, there, score_cutoff=errors) <= errors

    return Condition(sql, fits)


def _least_jaro(errors: int, longest: int) -> float:
    """A similarity below which no two texts of this length are so few errors apart: it is counted thirty times quicker
    than the errors are, and leaves few to be counted. Held by a property test."""
    return (0.7 if longest > 3 else 0.5) if errors == 1 else 0.55


def alike(column: str, least: float) -> Condition:
    """Jaro–Winkler similarity of at least this; neither is empty."""
    sql = _first(
        f"{column}_l <> '' AND {column}_r <> ''", f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"
    )

    def fits(left: Any, right: Any) -> bool:
        here, there = getattr(left, column), getattr(right, column)
        return bool(here and there) and _similarity()(here, there) >= least

    return Condition(sql, fits)


@cache
def _distance() -> Callable[..., int]:
    from rapidfuzz.distance import DamerauLevenshtein  # loaded where something is compared

    return DamerauLevenshtein.distance


@cache
def _similarity() -> Callable[..., float]:
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.similarity
