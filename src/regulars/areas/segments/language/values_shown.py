"""The values of a condition as inputs can show them, and the values that inputs hold.

texts, numbers, amounts     v, v, …     and `currency` (empty: the house's)
choices                     v, v, …     words
days                        how0 day0 | n0 unit0 | month0 dom0 | v0, and the same with 1 for the end of `between`
a stretch of days           side (last, next, this, last_one, next_one), n0, unit0; side days,
                            day0, day1 (empty: no end)
"""

import re
from collections.abc import Sequence
from datetime import date

from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.grammar import day_of, parse, stretch_of
from regulars.areas.segments.language.shape import parse_word
from regulars.areas.segments.language.text import value_text
from regulars.kernel.registries import Asked, Fact
from regulars.kernel.text import fold

Fields = dict[str, list[str]]
Value = t.Value | t.Stretch
DAYS = ("date", "moment", "birthday")
_DIGITS = re.compile(r"[+-]?\d+(\.\d+)?")
_YES = ("yes", "true", "ja", "1")
_NO = ("no", "false", "nein", "nej", "nee", "0")


# --- values to inputs -------------------------------------------------------------------------------------------------


def fields(fact: Fact, operator: str, values: Sequence[Value]) -> Fields | None:
    """What the inputs hold for these values; None where they cannot."""
    if fact.type == "yesno":
        return _yesno(operator, values)
    told: Fields = {"op": [operator]}
    if not values:
        return told
    if operator == "in window":
        return told | _window(values[0]) if isinstance(values[0], t.Stretch) else None
    if fact.type in DAYS and operator != "in":
        for place, value in enumerate(values):
            told |= {f"{name}{place}": [held] for name, held in _day(value).items()}
        return told
    if fact.type == "money":
        return _money(told, values)
    if fact.choices:
        words = [_word(fact, value) for value in values]
        order = [word for word, _label in fact.choices]
        if None in words or len(set(words)) < len(words):
            return None
        return told | {"v": sorted((word for word in words if word), key=order.index)}
    texts = [_plain(value) for value in values]
    return None if None in texts else told | {"v": [text for text in texts if text is not None]}


def _yesno(operator: str, values: Sequence[Value]) -> Fields | None:
    if operator == "yes" or not values:
        return {"op": [operator]}
    said = fold(_plain(values[0]) or "")
    if said not in (*_YES, *_NO):
        return None
    return {"op": ["yes" if (said in _YES) == (operator == "=") else "no"]}


def _plain(value: Value) -> str | None:
    """A text or a number as it is typed."""
    match value:
        case t.Text(text) | t.Word(text):
            return text if text.strip() == text and text and "\n" not in text and "\r" not in text else None
        case t.Number(digits):
            return digits
        case t.Day():
            return value_text(value)
    return None


def _word(fact: Fact, value: Value) -> str | None:
    text = fold(_plain(value) or "")
    return next((word for word, label in fact.choices if text and text in (fold(word), fold(str(label)))), None)


def _money(told: Fields, values: Sequence[Value]) -> Fields | None:
    currencies = {value.currency if isinstance(value, t.Money) else "" for value in values}
    if len(currencies) > 1 or not all(isinstance(value, t.Money | t.Number) for value in values):
        return None
    return told | {
        "v": [value.digits for value in values if isinstance(value, t.Money | t.Number)],
        "currency": [*currencies],
    }


def _window(window: t.Stretch) -> Fields:
    if isinstance(window, t.Days):
        return {"side": ["days"], "day0": [window.first.isoformat()], "day1": [last_day(window)]}
    if window.count is None:
        side = window.side if window.side == "this" else f"{window.side}_one"
        return {"side": [side], "unit0": [window.unit]}
    return {"side": [window.side], "n0": [str(window.count)], "unit0": [window.unit]}


def _day(value: Value) -> dict[str, str]:
    match value:
        case t.Day(day):
            return {"how": "day", "day": day.isoformat()}
        case t.Relative(0, "day"):
            return {"how": "today"}
        case t.Relative(count, unit):
            return {"how": "ahead" if count > 0 else "ago", "n": str(abs(count)), "unit": unit}
        case t.Yearless(month, day_of_month):
            return {"how": "yearly", "month": str(month), "dom": str(day_of_month)}
    return {"how": "text", "v": value_text(value)}


def parameters(fact: Fact, source: Asked, ask: t.Ask) -> Fields | None:
    """The words in a fact's brackets, by parameter; None where they are not its own, or in another order."""
    if len(ask.arguments) != len(source.parameters):
        return None
    told: Fields = {}
    for argument, (name, _column, words) in zip(ask.arguments, source.parameters, strict=True):
        text = argument.value.text if isinstance(argument.value, t.Text | t.Word) else ""
        found = next((word for word in words if fold(word) == fold(text)), text if not words else None)
        if not found or argument.operator != "=" or argument.name not in (None, name):
            return None
        told[f"a.{name}"] = [found]
    return told


# --- inputs to values -------------------------------------------------------------------------------------------------


def values(fact: Fact, operator: str, held: Fields) -> tuple[Value, ...] | None:
    """The values in the inputs of a row; None while one is missing. Raises CriteriaError for what is none."""
    wanted = t.OPERATORS[operator]
    if wanted == 0:
        return ()
    if operator == "in window":
        window = _stretch(held)
        return None if window is None else (window,)
    if fact.type in DAYS and operator != "in":
        days = [_day_in(held, place) for place in range(wanted or 1)]
        return None if None in days else tuple(day for day in days if day is not None)
    typed = [text.strip() for text in held.get("v", ())]
    if wanted is not None:
        typed = typed[:wanted]
    typed = [text for text in typed if text]
    if not typed or (wanted is not None and len(typed) < wanted):
        return None
    currency = (held.get("currency") or [""])[0].strip().upper()
    return tuple(_typed(fact, text, currency) for text in typed)


def _typed(fact: Fact, text: str, currency: str) -> t.Value:
    if fact.type in ("number", "customer", "decimal", "money"):
        digits = text.replace(" ", "")
        if fact.type in ("decimal", "money") and "." not in digits:
            digits = digits.replace(",", ".")
        if not _DIGITS.fullmatch(digits):
            return t.Text(text)  # the checker says what is expected instead
        return t.Money(digits, currency) if currency and fact.type == "money" else t.Number(digits)
    if fact.type in DAYS:
        return _parsed(text)
    if fact.choices or fact.type in ("country", "language"):
        return t.Word(text) if parse_word(text) else t.Text(text)
    return t.Text(text)


def _stretch(held: Fields) -> t.Stretch | None:
    if _one(held, "side") == "days":
        return stretch_between(_one(held, "day0"), _one(held, "day1"))
    side, unit = _one(held, "side") or "last", _one(held, "unit0") or "day"
    if unit not in t.UNITS or side not in ("last", "next", "this", "last_one", "next_one"):
        return None
    if side in ("last", "next"):
        count = _one(held, "n0")
        return t.Window(side, int(count), unit) if _is_count(count) else None
    return t.Window(side.removesuffix("_one"), None, unit)


def stretch_between(first: str, last: str) -> t.Days | None:
    """The days of two inputs, without an end where the second is empty; None while the first is. Raises
    CriteriaError."""
    return stretch_of(day_of(first), day_of(last) if last else t.NO_END) if first else None


def last_day(days: t.Days) -> str:
    """What the second of the two inputs holds."""
    return "" if days.last == t.NO_END else days.last.isoformat()


def _day_in(held: Fields, place: int) -> t.Value | None:
    n, unit = _one(held, f"n{place}"), _one(held, f"unit{place}") or "day"
    match _one(held, f"how{place}") or "day":
        case "today":
            return t.Relative(0, "day")
        case "ago" | "ahead" as way if _is_count(n) and unit in t.UNITS:
            return t.Relative(int(n) * (1 if way == "ahead" else -1), unit)
        case "yearly":
            month, day = _one(held, f"month{place}") or "1", _one(held, f"dom{place}")
            if not (_is_count(day) and _is_count(month)):
                return None
            return _parsed(f"--{int(month):02}-{int(day):02}")
        case "text":
            text = _one(held, f"v{place}")
            return _parsed(text) if text else None
        case "day":
            text = _one(held, f"day{place}")
            try:
                return t.Day(date.fromisoformat(text)) if text else None
            except ValueError:
                return _parsed(text)
    return None


def _parsed(text: str) -> t.Value:
    """A value as it is written in criteria. Raises CriteriaError."""
    tree = parse(f"x = {text}")
    if not isinstance(tree, t.Test) or tree.operator != "=" or isinstance(tree.values[0], t.Stretch):
        raise CriteriaError(text)
    return tree.values[0]


def _one(held: Fields, name: str) -> str:
    return (held.get(name) or [""])[0].strip()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
