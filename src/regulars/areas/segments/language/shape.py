"""The tree as JSON, for the API and the builder on screen. `from_json(to_json(tree)) == tree`.

    {}                                                        all customers
    {"and": [C, …]}  {"or": [C, …]}  {"not": C}
    {"fact": "city", "op": "=", "values": ["Berlin"]}         `op` as in the text; none for a yes-or-no fact alone
    {"fact": "spent", "arguments": [{"window": "last", "count": 30, "unit": "day"}], "op": ">", "values": [500]}
    {"segment": "Gold"}  {"list": "Test"}
    {"top": "10", "percent": true, "by": {"fact": "spent", "arguments": […]}}

Values: "a text", 500, {"word": "female"}, {"number": "01067"}, {"amount": "500", "currency": "EUR"},
{"date": "2026-01-31"}, {"date": "--03-07"}, {"moment": "2026-01-31T09:00:00"}, {"ago": 60, "unit": "day"},
{"ahead": 7, "unit": "day"}, {"duration": 30, "unit": "day"}, {"window": "last"|"next"|"this", "count": 30, "unit":
"day"}, {"from": "2026-01-01", "to": "2026-03-31"} (without "to": since then).
Argument: a value, or {"name": "type", "op": "=", "value": V}. true and false are read as the words yes and no.
"""

import re
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.language.grammar import (
    DEEPEST,
    day_of,
    moment_of,
    parse,
    sane,
    stretch_of,
    top_of,
    whole,
    yearless_of,
)
from regulars.areas.segments.language.text import moment_text, text_of

_NAME = re.compile(r"[^\W\d_]\w*([.-]\w+)*")
_DIGITS = re.compile(r"[+-]?\d+(\.\d+)?")


def to_json(tree: t.Tree) -> dict[str, Any]:
    """The tree in the shape above."""
    match tree:
        case t.Every():
            return {}
        case t.Not(part):
            return {"not": to_json(part)}
        case t.And(parts):
            return {"and": [to_json(part) for part in parts]}
        case t.Or(parts):
            return {"or": [to_json(part) for part in parts]}
        case t.Segment(name):
            return {"segment": name}
        case t.Listed(name):
            return {"list": name}
        case t.Top(size, percent, ask):
            return {"top": size, "percent": percent, "by": _ask(ask)}
        case t.Test(ask, "yes"):
            return _ask(ask)
        case t.Test(ask, operator, values):
            return {**_ask(ask), "op": operator, "values": [_value(value) for value in values]}


def _ask(ask: t.Ask) -> dict[str, Any]:
    if not ask.arguments:
        return {"fact": ask.name}
    return {"fact": ask.name, "arguments": [_argument(each) for each in ask.arguments]}


def _argument(argument: t.Argument) -> Any:
    if argument.name is None:
        return _value(argument.value)
    return {"name": argument.name, "op": argument.operator, "value": _value(argument.value)}


def _value(value: t.Value | t.Stretch) -> Any:
    match value:
        case t.Text(text):
            return text
        case t.Word(text):
            return {"word": text}
        case t.Number(digits):
            return int(digits) if str(int(value.value)) == digits else {"number": digits}
        case t.Money(digits, currency):
            return {"amount": digits, "currency": currency}
        case t.Day(day):
            return {"date": day.isoformat()}
        case t.Yearless(month, day_of_month):
            return {"date": f"--{month:02}-{day_of_month:02}"}
        case t.Moment(at):
            return {"moment": moment_text(at)}
        case t.Relative(count, unit):
            return {"ahead": count, "unit": unit} if count > 0 else {"ago": -count, "unit": unit}
        case t.Duration(count, unit):
            return {"duration": count, "unit": unit}
        case t.Days(first, last):
            return {"from": first.isoformat()} | ({"to": last.isoformat()} if last != t.NO_END else {})
        case t.Window(side, count, unit):
            return {"window": side} | ({} if count is None else {"count": count}) | {"unit": unit}


# --- reading ----------------------------------------------------------------------------------------------------------


def from_json(shape: Any) -> t.Tree:
    """The tree of a shape; its places point into `text_of(tree)`. Raises CriteriaError, `where` naming the path."""
    try:
        tree = sane(_read(shape, "$", 1))
        return parse(text_of(tree))
    except RecursionError:
        raise _wrong("$", _("These criteria are nested too deeply. Save a part of them as a segment.")) from None


def _read(shape: Any, path: str, depth: int) -> t.Tree:
    if depth > DEEPEST:
        raise _wrong(path, _("These criteria are nested too deeply. Save a part of them as a segment."))
    if not isinstance(shape, dict):
        raise _wrong(path, _("An object is expected here."))
    if not shape and path == "$":
        return t.Every()
    kind = next((key for key in ("and", "or", "not", "segment", "list", "top", "fact") if key in shape), None)
    if kind is None:
        raise _wrong(path, _("One of and, or, not, fact, segment, list or top is expected here."))
    return _READERS[kind](_only(shape, path, *_KEYS[kind]), path, depth)


def _parts(kind: str, shape: dict[str, Any], path: str, depth: int) -> tuple[t.Tree, ...]:
    parts = shape[kind]
    if not isinstance(parts, list) or not parts:
        raise _wrong(f"{path}.{kind}", _("A list of criteria is expected here."))
    return tuple(_read(part, f"{path}.{kind}[{place}]", depth + 1) for place, part in enumerate(parts))


def _read_and(shape: dict[str, Any], path: str, depth: int) -> t.Tree:
    return t.both(*_parts("and", shape, path, depth))


def _read_or(shape: dict[str, Any], path: str, depth: int) -> t.Tree:
    return t.either(*_parts("or", shape, path, depth))


def _read_not(shape: dict[str, Any], path: str, depth: int) -> t.Tree:
    return t.Not(_read(shape["not"], f"{path}.not", depth + 1))


def _read_segment(shape: dict[str, Any], path: str, depth: int) -> t.Tree:
    return t.Segment(_string(shape["segment"], f"{path}.segment"))


def _read_list(shape: dict[str, Any], path: str, depth: int) -> t.Tree:
    return t.Listed(_string(shape["list"], f"{path}.list"))


def _read_top(shape: dict[str, Any], path: str, depth: int) -> t.Tree:
    by = _only(shape.get("by"), f"{path}.by", "fact", "arguments")
    size = _digits(shape["top"], f"{path}.top")
    percent = _is(shape.get("percent", False), bool, f"{path}.percent", _("true or false is expected here."))
    return top_of(t.Top(size, percent, _read_ask(by, f"{path}.by")), t.NOWHERE)


def _read_test(shape: dict[str, Any], path: str, depth: int) -> t.Tree:
    operator = shape.get("op", "yes")
    if not isinstance(operator, str) or operator not in t.OPERATORS:
        raise _wrong(f"{path}.op", _("There is no operator %(op)s.") % {"op": operator}, _near(operator, t.OPERATORS))
    values = shape.get("values", [shape["value"]] if "value" in shape else [])
    wanted = t.OPERATORS[operator]
    if not isinstance(values, list) or (len(values) != wanted if wanted is not None else not values):
        message = _("%(op)s takes %(count)s values.") % {"op": operator, "count": "1…" if wanted is None else wanted}
        raise _wrong(f"{path}.values", message)
    read = tuple(_read_value(value, f"{path}.values[{place}]") for place, value in enumerate(values))
    if any(isinstance(value, t.Stretch) != (operator == "in window") for value in read):
        raise _wrong(f"{path}.values", _("A window stands with “in window” and nowhere else."))
    return t.Test(_read_ask(shape, path), operator, read)


def _read_ask(shape: dict[str, Any], path: str) -> t.Ask:
    name = _string(shape.get("fact"), f"{path}.fact")
    if not _NAME.fullmatch(name):
        raise _wrong(f"{path}.fact", _("There is no fact %(name)s.") % {"name": name[:40]})
    arguments = _is(shape.get("arguments", []), list, f"{path}.arguments", _("A list is expected here."))
    read = (_read_argument(each, f"{path}.arguments[{place}]") for place, each in enumerate(arguments))
    return t.Ask(name.lower(), tuple(read))


def _read_argument(shape: Any, path: str) -> t.Argument:
    if not isinstance(shape, dict) or "name" not in shape:
        return t.Argument(_read_value(shape, path))
    _only(shape, path, "name", "op", "value")
    name, operator = _string(shape["name"], f"{path}.name"), shape.get("op", "=")
    if not _NAME.fullmatch(name) or operator not in {"=", "!=", "<", "<=", ">", ">="}:
        raise _wrong(path, _("A name, a comparison and a value are expected here."))
    value = _read_value(shape.get("value"), f"{path}.value")
    if isinstance(value, t.Stretch):
        raise _wrong(f"{path}.value", _("A window takes no name."))
    return t.Argument(value, name.lower(), operator)


def _read_value(shape: Any, path: str) -> t.Value | t.Stretch:
    if isinstance(shape, bool):
        return t.Word("yes" if shape else "no")
    if isinstance(shape, str):
        return t.Text(shape)
    if isinstance(shape, int | float):
        return t.Number(_digits(shape, path))
    if isinstance(shape, dict):
        for key, reader in _VALUES.items():
            if key in shape:
                return reader(shape, path)
    raise _wrong(path, _("A value is expected here."))


def _read_word(shape: dict[str, Any], path: str) -> t.Value:
    word = _string(_only(shape, path, "word")["word"], f"{path}.word")
    # A word that would be read as a keyword stands in quotes; the two mean the same.
    return t.Word(word) if parse_word(word) else t.Text(word)


def parse_word(word: str) -> bool:
    """Whether a word may stand bare as a value."""
    try:
        tree = parse(f"x = {word}")
    except CriteriaError:
        return False
    return isinstance(tree, t.Test) and tree.values == (t.Word(word),)


def _read_number(shape: dict[str, Any], path: str) -> t.Value:
    return t.Number(_digits(_only(shape, path, "number")["number"], f"{path}.number"))


def _read_money(shape: dict[str, Any], path: str) -> t.Value:
    currency = _string(_only(shape, path, "amount", "currency").get("currency"), f"{path}.currency")
    if not re.fullmatch("[A-Za-z]{3}", currency) or currency.lower() in {"day", "and"}:
        raise _wrong(f"{path}.currency", _("A currency of three letters is expected here."))
    return t.Money(_digits(shape["amount"], f"{path}.amount"), currency.upper())


def _read_date(shape: dict[str, Any], path: str) -> t.Value:
    text = _string(_only(shape, path, "date")["date"], f"{path}.date")
    if re.fullmatch(r"--\d\d-\d\d", text):
        return yearless_of(text)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise _wrong(f"{path}.date", _("There is no day %(day)s.") % {"day": text[:40]})
    return t.Day(day_of(text))


def _read_moment(shape: dict[str, Any], path: str) -> t.Value:
    return t.Moment(moment_of(_string(_only(shape, path, "moment")["moment"], f"{path}.moment")))


def _counted(shape: dict[str, Any], path: str, key: str) -> tuple[int, str]:
    _only(shape, path, key, "unit")
    return _count(shape[key], f"{path}.{key}"), _unit(shape, path)


def _read_ago(shape: dict[str, Any], path: str) -> t.Value:
    count, unit = _counted(shape, path, "ago")
    return t.Relative(-count, unit)


def _read_ahead(shape: dict[str, Any], path: str) -> t.Value:
    return t.Relative(*_counted(shape, path, "ahead"))


def _read_duration(shape: dict[str, Any], path: str) -> t.Value:
    return t.Duration(*_counted(shape, path, "duration"))


def _read_window(shape: dict[str, Any], path: str) -> t.Window:
    _only(shape, path, "window", "count", "unit")
    side, count = shape["window"], shape.get("count")
    if side not in {"last", "next", "this"} or (side == "this" and count is not None):
        raise _wrong(f"{path}.window", _("last, next or this is expected here."))
    return t.Window(side, None if count is None else _count(count, f"{path}.count"), _unit(shape, path))


def _read_days(shape: dict[str, Any], path: str) -> t.Days:
    _only(shape, path, "from", "to")
    first = day_of(_string(shape.get("from"), f"{path}.from"))
    return stretch_of(first, day_of(_string(shape["to"], f"{path}.to")) if "to" in shape else t.NO_END)


def _unit(shape: dict[str, Any], path: str) -> str:
    unit = shape.get("unit")
    if unit not in t.UNITS:
        raise _wrong(f"{path}.unit", _("day, week, month, quarter or year is expected here."))
    return str(unit)


def _count(count: Any, path: str) -> int:
    if not isinstance(count, int) or isinstance(count, bool):
        raise _wrong(path, _("A whole number is expected here."))
    return whole(count)


def _digits(number: Any, path: str) -> str:
    digits = str(number)
    if isinstance(number, bool) or not _DIGITS.fullmatch(digits):
        raise _wrong(path, _("A number is expected here."))
    return digits


def _string(value: Any, path: str) -> str:
    return _is(value, str, path, _("A text is expected here."))


def _is[T](value: Any, kind: type[T], path: str, message: str) -> T:
    if not isinstance(value, kind):
        raise _wrong(path, message)
    return value


def _only(shape: Any, path: str, *keys: str) -> dict[str, Any]:
    if not isinstance(shape, dict):
        raise _wrong(path, _("An object is expected here."))
    for key in shape:
        if key not in keys:
            raise _wrong(f"{path}.{key}"[:80], _("This key is not known here."), _near(key, keys))
    return shape


def _near(word: Any, names: Any) -> list[str]:
    return nearest(str(word)[:60], names)


def _wrong(path: str, message: str, near: list[str] | None = None) -> CriteriaError:
    error = CriteriaError(message, nearest=near or [])
    error.where = path
    return error


_KEYS = {
    "and": ("and",),
    "or": ("or",),
    "not": ("not",),
    "segment": ("segment",),
    "list": ("list",),
    "top": ("top", "percent", "by"),
    "fact": ("fact", "arguments", "op", "value", "values"),
}
_READERS = {
    "and": _read_and,
    "or": _read_or,
    "not": _read_not,
    "segment": _read_segment,
    "list": _read_list,
    "top": _read_top,
    "fact": _read_test,
}
_VALUES = {
    "word": _read_word,
    "number": _read_number,
    "amount": _read_money,
    "date": _read_date,
    "moment": _read_moment,
    "ago": _read_ago,
    "ahead": _read_ahead,
    "duration": _read_duration,
    "window": _read_window,
    "from": _read_days,
}
