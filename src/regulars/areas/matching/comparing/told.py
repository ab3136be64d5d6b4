"""The same columns and comparisons as the engine takes them."""

from dataclasses import fields
from operator import attrgetter
from typing import Any, get_origin, get_type_hints

from regulars.areas.matching.comparing import bounds
from regulars.areas.matching.comparing.features import Features
from regulars.areas.matching.comparing.model import MATTERS, Degree, Matter
from regulars.areas.matching.engine import Comparison, Level

_KINDS = {str: "VARCHAR", int: "INTEGER"}
_EVEN = 0.5  # of m and u only the ratio counts; the larger one is this


def _kind(name: str, hint: Any) -> str:
    if name == "number":
        return "BIGINT"
    return "VARCHAR[]" if get_origin(hint) is list else _KINDS[hint]


_NAMES = [each.name for each in fields(Features)]
_HINTS = get_type_hints(Features)
COLUMNS: list[tuple[str, str]] = [*((name, _kind(name, _HINTS[name])) for name in _NAMES), *bounds.COLUMNS]
_own = attrgetter(*_NAMES)


def row_of(features: Features) -> tuple[Any, ...]:
    """A card in the order of the columns."""
    return (*_own(features), *bounds.row_of(features))


def _level(degree: Degree) -> Level:
    m, u = _EVEN * min(1.0, 2.0**degree.weight), _EVEN * min(1.0, 2.0**-degree.weight)
    return Level(degree.code, degree.when.sql if degree.when else "", m, u)


def _comparison(matter: Matter) -> Comparison:
    return Comparison(matter.name, tuple(map(_level, matter.degrees)))


COMPARISONS = [_comparison(matter) for matter in MATTERS]
