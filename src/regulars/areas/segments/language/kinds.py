"""How each type of fact is asked: its operators, and how a written value becomes the kept one."""

from collections.abc import Callable
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.segments.language import calendar, names
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError, either, nearest
from regulars.areas.segments.language.meaning import Both, Either, Ground, Holds, Meaning, Neg, Nobody, Relation
from regulars.areas.segments.language.text import value_text
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Column, Fact, Several, model_named
from regulars.kernel.text import fold

_EQUAL = ("=", "!=", "in")
_EMPTY = ("is empty", "is not empty")
_ORDER = ("<", "<=", ">", ">=", "between")
_DAYS = ("before", "after", "in window")
_TEXT = (*_EQUAL, *_ORDER, "startswith", "contains", "~", *_EMPTY)

OPERATORS: dict[str, tuple[str, ...]] = {
    "text": _TEXT,
    "email": _TEXT,
    "phone": (*_EQUAL, "startswith", "contains", *_EMPTY),
    "code": (*_EQUAL, *_EMPTY),
    "number": (*_EQUAL, *_ORDER, *_EMPTY),
    "decimal": (*_EQUAL, *_ORDER, *_EMPTY),
    "money": (*_EQUAL, *_ORDER, *_EMPTY),
    "date": (*_EQUAL, *_ORDER, *_DAYS, *_EMPTY),
    "birthday": (*_EQUAL, *_ORDER, *_DAYS, *_EMPTY),
    "moment": (*_EQUAL, *_ORDER, *_DAYS, *_EMPTY),
    "yesno": ("yes", "=", "!=", *_EMPTY),
    "country": (*_EQUAL, *_EMPTY),
    "language": (*_EQUAL, *_EMPTY),
    "customer": (*_EQUAL, *_EMPTY),
    "sealed": ("=", *_EMPTY),
}
_RELATIONS: dict[str, Relation] = {
    "=": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "before": "lt",
    "after": "gt",
    "startswith": "starts",
    "contains": "contains",
    "~": "like",
    "is empty": "empty",
    "is not empty": "filled",
}
_SCALE = 10_000
_WIDEST = 2**63
YES = ("yes", "true", "ja", "1")
NO = ("no", "false", "nein", "nej", "nee", "0")

TAKES = {
    "text": gettext_lazy("a text"),
    "email": gettext_lazy("a text"),
    "code": gettext_lazy("a word"),
    "phone": gettext_lazy("a phone number in quotes"),
    "number": gettext_lazy("a whole number"),
    "decimal": gettext_lazy("a number"),
    "money": gettext_lazy("an amount"),
    "date": gettext_lazy("a date (2026-01-31)"),
    "birthday": gettext_lazy("a date (1980-03-07 or --03-07)"),
    "moment": gettext_lazy("a date (2026-01-31)"),
    "yesno": gettext_lazy("yes or no"),
    "country": gettext_lazy("a country"),
    "language": gettext_lazy("a language"),
    "customer": gettext_lazy("a customer's number"),
    "sealed": gettext_lazy("a text"),
}


def operators_of(fact: Fact) -> tuple[str, ...]:
    """The operators a fact understands, as written; `yes` is the fact standing alone."""
    if isinstance(fact.source, Several):
        return (*_EQUAL, "startswith", "contains", "~", *_EMPTY)
    if fact.type == "code" and not fact.choices:
        return _TEXT
    if yearless(fact):
        return ("=", "!=", "in", "between", "in window", *_EMPTY)
    return OPERATORS[fact.type]


def yearless(fact: Fact) -> bool:
    """Whether a birthday is kept as MMDD alone."""
    if fact.type != "birthday" or not isinstance(fact.source, Column):
        return False
    field = model_named("customers.Customer")._meta.get_field(fact.source.column)
    return bool(field.get_internal_type() != "CharField")


def reading(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """What a test of this fact asks. Raises CriteriaError where operator or value do not fit its type."""
    known = operators_of(fact)
    if test.operator not in known:
        raise _no_such_operator(fact, test, known)
    if isinstance(fact.source, Several):
        return _several_test(fact, fact.source, test, ground)
    if test.operator in _EMPTY:
        return Holds(fact, _RELATIONS[test.operator])
    return _READINGS[fact.type](fact, test, ground)


def _no_such_operator(fact: Fact, test: t.Test, known: tuple[str, ...]) -> CriteriaError:
    if test.operator == "yes":
        shown = either([each.replace(" window", "") for each in known[:4]])
        message = _("“%(fact)s” needs an operator, such as %(known)s.") % {"fact": fact.name, "known": shown}
        return CriteriaError(message, test.place, expected=known)
    shown = either([each.replace("in window", "in last 30 days") for each in known if each != "yes"])
    values = {"fact": fact.name, "operator": test.operator.replace(" window", ""), "known": shown}
    return CriteriaError(_("“%(fact)s” cannot be asked with “%(operator)s”, but with %(known)s.") % values, test.place)


def _misfit(fact: Fact, value: t.Value | t.Window) -> CriteriaError:
    values = {"fact": fact.name, "wanted": TAKES[fact.type], "found": value_text(value)[:60]}
    return CriteriaError(_("“%(fact)s” is compared with %(wanted)s, not with %(found)s.") % values, value.place)


# --- simple types: one reader of values, the relations as written ---------------------------------------------------


def _simple(read: Callable[[Fact, t.Value | t.Window, Ground], Any]) -> Callable[[Fact, t.Test, Ground], Meaning]:
    def meaning(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
        values = tuple(read(fact, value, ground) for value in test.values)
        return compared(fact, test.operator, values)

    return meaning


def compared(fact: Fact, operator: str, values: tuple[Any, ...], currency: str | None = None) -> Holds:
    """The relation of an operator to values already read."""
    if operator == "in":
        return Holds(fact, "among", tuple(dict.fromkeys(values)), currency)
    if operator == "between":
        return Holds(fact, "range", values, currency)
    return Holds(fact, _RELATIONS[operator], values, currency)


def written(fact: Fact, value: t.Value | t.Window) -> str:
    """A value as the text it was written as. Dates and numbers may be texts, `today` may not."""
    if isinstance(value, t.Text | t.Word):
        return value.text
    if isinstance(value, t.Number):
        return value.digits
    if isinstance(value, t.Day):
        return value.day.isoformat()
    raise _misfit(fact, value)


def _text(fact: Fact, value: t.Value | t.Window, ground: Ground) -> str:
    folded = fold(written(fact, value))
    if not folded:
        message = _("There is nothing in these quotes to compare with. “%(fact)s is empty” asks for nothing.")
        raise CriteriaError(message % {"fact": fact.name}, value.place)
    return folded


def _several_test(fact: Fact, source: Several, test: t.Test, ground: Ground) -> Meaning:
    """Any of the parts; words are looked for in each (`contains`, `~`), or run on from the first to the second."""
    parts = [ground.facts[name] for name in source.facts if name in ground.facts]
    texts = [_text(fact, value, ground) for value in test.values]
    match test.operator:
        case "is empty":
            return Both(tuple(Holds(part, "empty") for part in parts))
        case "is not empty":
            return Either(tuple(Holds(part, "filled") for part in parts))
        case "~" | "contains":
            relation = _RELATIONS[test.operator]
            words = texts[0].split()
            return Both(tuple(Either(tuple(Holds(part, relation, (word,)) for part in parts)) for word in words))
        case "!=":
            known = Either(tuple(Holds(part, "filled") for part in parts))
            return Both((known, Neg(_run_on(parts, texts[0], "eq"))))
        case operator:
            relation = "starts" if operator == "startswith" else "eq"
            return Either(tuple(_run_on(parts, text, relation) for text in texts))


def _run_on(parts: list[Fact], text: str, relation: Relation) -> Meaning:
    """The text in one part, or begun in one of the first two and ended in the other."""
    words = text.split()
    found: list[Meaning] = [Holds(part, relation, (text,)) for part in parts]
    for first, second in (parts[:2], parts[1::-1]) if len(parts) > 1 else ():
        for place in range(1, len(words)):
            begun = Holds(first, "eq", (" ".join(words[:place]),))
            found.append(Both((begun, Holds(second, relation, (" ".join(words[place:]),)))))
    return Either(tuple(found))


def _code(fact: Fact, value: t.Value | t.Window, ground: Ground) -> str:
    if not fact.choices:
        return _text(fact, value, ground)
    text = written(fact, value)
    words = {fold(str(label)): word for word, label in fact.choices} | {fold(word): word for word, _l in fact.choices}
    if fold(text) in words:
        return words[fold(text)]
    message = _("“%(fact)s” has no choice “%(word)s”.") % {"fact": fact.name, "word": text[:60]}
    known = [word for word, _label in fact.choices]
    near = nearest(text, known) or list(dict.fromkeys(words[fold(each)] for each in nearest(text, words))) or known[:4]
    raise CriteriaError(message, value.place, nearest=near)


def _looked_up(fact: Fact, value: t.Value | t.Window, known: Any, message: str) -> str:
    text = written(fact, value)
    found = known.get(fold(text))
    if found is None:
        near = nearest(text, [name for name in known if len(name) > 3], 2)
        raise CriteriaError(message % {"name": text[:60]}, value.place, nearest=[name.title() for name in near])
    return str(found)


def _country(fact: Fact, value: t.Value | t.Window, ground: Ground) -> str:
    return _looked_up(fact, value, names.countries(), _("There is no country “%(name)s”."))


def _phone_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    read = _phone if test.operator in _EQUAL else _part_of_phone
    return compared(fact, test.operator, tuple(read(fact, value, ground, test.operator) for value in test.values))


def _phone(fact: Fact, value: t.Value | t.Window, ground: Ground, operator: str) -> str:
    assert ground.phone is not None
    try:
        return fold(ground.phone(written(fact, value), ground.country))
    except Refused as refusal:
        raise CriteriaError(refusal.message, value.place) from refusal


def _part_of_phone(fact: Fact, value: t.Value | t.Window, ground: Ground, operator: str) -> str:
    """Digits as typed; a beginning without a country is one of the house's country: `030` is `+4930`."""
    from phonenumbers import country_code_for_region

    typed = written(fact, value).strip()
    digits = "".join(ch for ch in typed if ch.isdigit())
    if not digits:
        raise _misfit(fact, value)
    if operator == "contains":
        return digits
    if typed.startswith("+") or digits.startswith("00"):
        return f"+{digits.removeprefix('00')}"
    return f"+{country_code_for_region(ground.country) or ''}{digits.removeprefix('0')}"


def _number(fact: Fact, value: t.Value | t.Window, ground: Ground) -> int:
    if not isinstance(value, t.Number) or value.value % 1:
        raise _misfit(fact, value)
    return _fitting(value.value, value)


def _decimal(fact: Fact, value: t.Value | t.Window, ground: Ground) -> int:
    if not isinstance(value, t.Number | t.Money):
        raise _misfit(fact, value)
    scaled = value.value * _SCALE
    if scaled % 1:
        raise CriteriaError(_("At most four digits after the point are kept."), value.place)
    return _fitting(scaled, value)


def _fitting(number: Decimal, value: t.Value) -> int:
    if not -_WIDEST < number < _WIDEST:
        raise CriteriaError(_("This number is too large."), value.place)
    return int(number)


def _money_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    currencies = {value.currency for value in test.values if isinstance(value, t.Money)}
    if len(currencies) > 1:
        raise CriteriaError(_("One comparison takes one currency."), test.place)
    values = tuple(_decimal(fact, value, ground) for value in test.values)
    return compared(fact, test.operator, values, (currencies or {ground.currency}).pop())


def _yesno_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    return compared(fact, "!=" if test.operator == "!=" else "=", (_yes(fact, test),))


def _yes(fact: Fact, test: t.Test) -> bool:
    if not test.values:
        return True
    word = fold(written(fact, test.values[0]))
    if word in (*YES, fold(_("yes"))):
        return True
    if word in (*NO, fold(_("no"))):
        return False
    raise _misfit(fact, test.values[0])


def _language_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """`language = de` holds for de-AT too: whoever asks for German speakers means Austrians."""
    found = (_looked_up(fact, v, names.languages(), _("There is no language “%(name)s”.")) for v in test.values)
    chosen = tuple(
        Either((Holds(fact, "eq", (tag,)), Holds(fact, "starts", (f"{tag}-",)))) for tag in dict.fromkeys(found)
    )
    if test.operator == "!=":
        return Both((Holds(fact, "filled"), Neg(chosen[0])))
    return Either(chosen)


def _sealed_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    assert ground.blind is not None
    text = written(fact, test.values[0])
    if not fold(text):
        raise _misfit(fact, test.values[0])
    return Holds(fact, "eq", (ground.blind(fact, text),))


# --- days -------------------------------------------------------------------------------------------------------------


def day_in(fact: Fact, value: t.Value | t.Window, ground: Ground) -> date:
    """The house day that a value names."""
    if isinstance(value, t.Day):
        return value.day
    if isinstance(value, t.Relative):
        return _within_calendar(lambda: calendar.relative(value, ground.today), value)
    raise _misfit(fact, value)


def window_in(value: t.Value | t.Window, ground: Ground) -> tuple[date, date]:
    """The first and last day of a window."""
    assert isinstance(value, t.Window)
    return _within_calendar(lambda: calendar.window(value, ground.today), value)


def _within_calendar[T](found: Callable[[], T], value: t.Value | t.Window) -> T:
    try:
        return found()
    except (OverflowError, ValueError):
        raise CriteriaError(_("This day lies beyond the calendar."), value.place) from None


def _date_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    if test.operator == "in window":
        return _ranged(fact, window_in(test.values[0], ground))
    return compared(fact, test.operator, tuple(day_in(fact, value, ground) for value in test.values))


def _ranged(fact: Fact, days: tuple[date, date]) -> Meaning:
    return Holds(fact, "range", days) if days[0] <= days[1] else Nobody()


def _moment_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    spans = [_span(fact, value, ground) for value in test.values]
    (start, end), operator = spans[0], test.operator
    match operator:
        case "in":
            return Either(tuple(Holds(fact, "span", span) for span in dict.fromkeys(spans)))
        case "between":
            return Holds(fact, "span", (start, spans[1][1]))
        case "=" | "in window":
            return Holds(fact, "span", (start, end))
        case "!=":
            return Holds(fact, "outside", (start, end))
        case "<" | "before":
            return Holds(fact, "lt", (start,))
        case "<=":
            return Holds(fact, "lt", (end,))
        case ">=":
            return Holds(fact, "ge", (start,))
        case _:
            return Holds(fact, "ge", (end,))


def _span(fact: Fact, value: t.Value | t.Window, ground: Ground) -> tuple[Any, Any]:
    """The first instant of what the value names, and the first after it. A moment named is one microsecond long."""
    if isinstance(value, t.Moment):
        at = value.at if value.at.tzinfo else value.at.replace(tzinfo=ground.zone)
        start = _within_calendar(lambda: at.astimezone(UTC), value)
        return start, start + calendar.SHORTEST
    first, last = window_in(value, ground) if isinstance(value, t.Window) else (day_in(fact, value, ground),) * 2
    return _within_calendar(lambda: (calendar.start_of(first, ground.zone), calendar.end_of(last, ground.zone)), value)


def _birthday_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    if test.operator == "in window":
        return _yearly(fact, window_in(test.values[0], ground))
    if test.operator in ("=", "!=", "in"):
        met = Either(tuple(_birthday(fact, value, ground) for value in test.values))
        return Both((Holds(fact, "filled"), Neg(met))) if test.operator == "!=" else met
    if test.operator == "between" and isinstance(test.values[0], t.Yearless) and isinstance(test.values[1], t.Yearless):
        low, high = (value.month * 100 + value.day for value in test.values if isinstance(value, t.Yearless))
        return Holds(fact, "yearly", ((low, high),) if low <= high else ((low, 1231), (101, high)))
    if yearless(fact):
        raise _misfit(fact, test.values[0])
    return compared(fact, test.operator, tuple(day_in(fact, value, ground).isoformat() for value in test.values))


def _birthday(fact: Fact, value: t.Value | t.Window, ground: Ground) -> Meaning:
    """A day with its year is that very day; without one, or counted from today, it is the day they celebrate."""
    if isinstance(value, t.Yearless):
        return Holds(fact, "yearly", ((value.month * 100 + value.day,) * 2,))
    day = day_in(fact, value, ground)
    if isinstance(value, t.Relative):
        return _yearly(fact, (day, day))
    if yearless(fact):
        raise _misfit(fact, value)
    return Holds(fact, "eq", (day.isoformat(),))


def _yearly(fact: Fact, days: tuple[date, date]) -> Meaning:
    return Holds(fact, "yearly", tuple(calendar.yearly(*days))) if days[0] <= days[1] else Nobody()


_READINGS: dict[str, Callable[[Fact, t.Test, Ground], Meaning]] = {
    "text": _simple(_text),
    "email": _simple(_text),
    "code": _simple(_code),
    "phone": _phone_test,
    "number": _simple(_number),
    "customer": _simple(_number),
    "decimal": _simple(_decimal),
    "money": _money_test,
    "date": _date_test,
    "moment": _moment_test,
    "birthday": _birthday_test,
    "yesno": _yesno_test,
    "country": _simple(_country),
    "language": _language_test,
    "sealed": _sealed_test,
}
