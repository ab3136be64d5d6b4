"""Facts that are worked out from a ledger: `spent(last 30 days) > 500`, `bought(type = "Books", this year)`.

What stands in brackets is a window, and parameters by name or by what they are. Where there is nothing to work out from
a sum is nought; a comparison that nought fulfils is turned round, so that it is always asked of rows that are there.
"""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.segments.language import calendar, kinds
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.days import window_in
from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.language.meaning import (
    All,
    Both,
    Either,
    Ground,
    Holds,
    Meaning,
    Measured,
    Neg,
    Nobody,
    Relation,
)
from regulars.areas.segments.language.values import written
from regulars.kernel.registries import Fact, Ledger, Parameter, Present
from regulars.kernel.text import fold

_OTHER_WAY: dict[str, Relation] = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}


def measured(fact: Fact, source: Ledger, test: t.Test, ground: Ground) -> Meaning:
    """What a test of such a fact asks. Raises CriteriaError where brackets, operator or value do not fit."""
    base = _base(fact, source, test.ask, ground)
    if base is None:
        base = Measured(fact, "eq", days=(ground.today, ground.today), given=(("", None),))  # of no day at all
    if fact.type == "yesno":
        asked = kinds.reading(replace(fact, source=Present("")), test, ground)
        assert isinstance(asked, Holds)
        there = replace(base, relation="filled")
        return there if asked.values[0] is (asked.relation == "eq") else Neg(there)
    return _each(kinds.reading(fact, test, ground), base, source, ground)


def highest(fact: Fact, source: Ledger, ask: t.Ask, ground: Ground) -> Measured:
    """What customers are to be highest by. Raises CriteriaError."""
    base = _base(fact, source, ask, ground)
    if base is None or source.aggregate not in ("sum", "count"):
        raise CriteriaError(_("“%(name)s” is nothing to be highest by.") % {"name": fact.name}, ask.place)
    return replace(base, relation="gt", values=(0,))


def _each(asked: Meaning, base: Measured, source: Ledger, ground: Ground) -> Meaning:
    """The relations of a plain fact, each as one of what the ledger comes to."""
    match asked:
        case Holds():
            return _one(asked, base, source, ground)
        case Neg(part):
            return Neg(_each(part, base, source, ground))
        case Both(parts) | Either(parts):
            return type(asked)(tuple(_each(part, base, source, ground) for part in parts))
    return asked


def _one(asked: Holds, base: Measured, source: Ledger, ground: Ground) -> Meaning:
    if asked.currency and asked.currency != ground.currency:
        if not source.paid[0]:
            raise CriteriaError(_("“%(name)s” is asked in the house's currency alone.") % {"name": asked.fact.name})
        base = replace(base, currency=asked.currency, kept="")
    zero = source.of_nothing
    match asked.relation:
        case "filled":
            return All() if zero is not None else replace(base, relation="filled")
        case "empty":
            return Nobody() if zero is not None else Neg(replace(base, relation="filled"))
        case "among":
            return Either(tuple(_compared(base, "eq", value, zero) for value in asked.values))
        case "range":
            low, high = asked.values
            return Both((_compared(base, "ge", low, zero), _compared(base, "le", high, zero)))
        case relation:
            return _compared(base, relation, asked.values[0], zero)


def _compared(base: Measured, relation: Relation, value: Any, zero: int | None) -> Meaning:
    if zero is not None and _holds(zero, relation, value):
        return Neg(replace(base, relation=_OTHER_WAY[relation], values=(value,)))
    return replace(base, relation=relation, values=(value,))


def _holds(left: int, relation: str, right: Any) -> bool:
    return bool(
        {
            "eq": left == right, "ne": left != right, "lt": left < right, "le": left <= right, "gt": left > right,
            "ge": left >= right,
        }[relation]
    )  # fmt: skip


# --- what stands in brackets ------------------------------------------------------------------------------------------


def _base(fact: Fact, source: Ledger, ask: t.Ask, ground: Ground) -> Measured | None:
    """Days, parameters and where it is kept; None for a window in which no day lies."""
    days = None
    given: dict[str, Any] = {}
    for argument in ask.arguments:
        if isinstance(argument.value, t.Stretch):
            if not source.windows or days is not None:
                raise CriteriaError(_("“%(fact)s” takes no window here.") % {"fact": fact.name}, argument.place)
            days = window_in(argument.value, ground)
        else:
            parameter, value = _parameter(fact, source, argument, given)
            given[parameter.name] = value
    if days is not None and days[0] > days[1]:
        return None
    kept = _kept(source, days, given, ground)
    return Measured(fact, "filled", (), days, tuple(sorted(given.items())), ground.today, kept)


def _kept(source: Ledger, days: Any, given: dict[str, Any], ground: Ground) -> str:
    if source.kept is None or given:
        return ""
    for window, column in source.kept.columns:
        if window is None and days is None:
            return column
        if window is not None and days is not None:
            count, unit = window
            if days == calendar.window(t.Window("last", count, unit), ground.today):
                return column
    return ""


def _parameter(fact: Fact, source: Ledger, argument: t.Argument, given: dict[str, Any]) -> tuple[Parameter, Any]:
    names = [each.name for each in source.parameters]
    if argument.name and argument.name not in names:
        message = _("“%(fact)s” knows no “%(name)s”.") % {"fact": fact.name, "name": argument.name}
        raise CriteriaError(message, argument.place, nearest=nearest(argument.name, names) or names)
    if not names or source.aggregate == "most":
        raise CriteriaError(_("“%(fact)s” takes a window here, nothing else.") % {"fact": fact.name}, argument.place)
    if argument.operator != "=":
        raise CriteriaError(_("“%(fact)s” takes “=” here, nothing else.") % {"fact": fact.name}, argument.place)
    text = written(fact, argument.value)
    for each in source.parameters:
        if each.name in given or (argument.name and argument.name != each.name):
            continue
        words = {fold(said): word for word, label in each.words for said in (word, str(label))}
        if each.words and fold(text) not in words:
            if argument.name:
                known = [word for word, _label in each.words]
                message = _("“%(fact)s” does not know “%(word)s”.") % {"fact": fact.name, "word": text[:60]}
                raise CriteriaError(message, argument.place, nearest=nearest(text, known) or known[:3])
            continue
        if argument.name or each.words or all(not other.words for other in source.parameters):
            return each, words.get(fold(text), fold(text) if each.folded else text)
    message = _(
        "“%(word)s” is no stretch of days. Write one as in “last 30 days”, “last year” or “2026-01-01 to 2026-03-31”, "
        "none at all for all time; or say what it is: %(names)s."
    ) % {"word": text[:60], "names": f"{names[0]} = …"}
    raise CriteriaError(message, argument.place, nearest=[f'{name} = "{text[:40]}"' for name in names[:2]])
