"""A row of the builder as its inputs: which there are for a fact and an operator, and what they hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.brackets import DAYS as DAYS_OF
from regulars.areas.segments.language.brackets import windows as windows_offered
from regulars.areas.segments.language.building import LIST, SEGMENT, TEXT, TOP, Fields, Row, choices_of, operator_in
from regulars.areas.segments.language.sentence import window_said
from regulars.areas.segments.language.values_shown import DAYS
from regulars.kernel.registries import Asked, Fact, Ledger, Text

Options = list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `kind` is select, checks, text, number, date or area; `reshapes`: what is chosen changes the row."""

    kind: str
    name: str
    label: str
    values: tuple[str, ...] = ("",)
    options: tuple[tuple[str, str, bool], ...] = ()
    reshapes: bool = False
    listed: str = ""  # the id of a <datalist>
    several: bool = False
    hint: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


_OPERATORS: Mapping[str, Text] = {
    "=": gettext_lazy("is"),
    "!=": gettext_lazy("is known and is not"),
    "<": gettext_lazy("is below"),
    "<=": gettext_lazy("is at most"),
    ">": gettext_lazy("is above"),
    ">=": gettext_lazy("is at least"),
    "before": gettext_lazy("is before"),
    "after": gettext_lazy("is after"),
    "startswith": gettext_lazy("begins with"),
    "contains": gettext_lazy("contains"),
    "~": gettext_lazy("is like"),
    "between": gettext_lazy("is between"),
    "in": gettext_lazy("is one of"),
    "in window": gettext_lazy("lies in"),
    "is empty": gettext_lazy("is not known"),
    "is not empty": gettext_lazy("is known"),
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
}
_OF_DAYS: Mapping[str, Text] = {
    "<": gettext_lazy("is before"),
    "<=": gettext_lazy("is on or before"),
    ">": gettext_lazy("is after"),
    ">=": gettext_lazy("is on or after"),
}
_UNITS = (
    ("day", gettext_lazy("days")),
    ("week", gettext_lazy("weeks")),
    ("month", gettext_lazy("months")),
    ("quarter", gettext_lazy("quarters")),
    ("year", gettext_lazy("years")),
)
_ONE = (
    ("day", gettext_lazy("day")),
    ("week", gettext_lazy("week")),
    ("month", gettext_lazy("month")),
    ("quarter", gettext_lazy("quarter")),
    ("year", gettext_lazy("year")),
)
_SIDES = (
    ("last", gettext_lazy("the last")),
    ("next", gettext_lazy("the next")),
    ("this", gettext_lazy("the running")),
    ("last_one", gettext_lazy("the past calendar")),
    ("next_one", gettext_lazy("the coming calendar")),
    ("days", gettext_lazy("the days from … to …")),
)
_HOWS = (
    ("day", gettext_lazy("the day")),
    ("today", gettext_lazy("today")),
    ("ago", gettext_lazy("ago")),
    ("ahead", gettext_lazy("from now")),
)
_YEARLY, _WRITTEN = ("yearly", gettext_lazy("any year’s")), ("text", gettext_lazy("as written"))


class Inputs:
    """The inputs of the rows of one form."""

    def __init__(self, facts: Mapping[str, Fact], segments: Sequence[str], lists: Sequence[str]) -> None:
        self.facts, self.segments, self.lists = facts, segments, lists

    def of(self, row: Row, path: str) -> list[Input]:
        """What follows the fact: operator and values."""
        fields, prefix = row.fields, f"q{path}:"
        match _one(fields, "fact"):
            case "@segment":
                return [_select(f"{prefix}v", _("Segment"), [("", "…"), *_same(self.segments)], _one(fields, "v"))]
            case "@list":
                return [_select(f"{prefix}v", _("List"), [("", "…"), *_same(self.lists)], _one(fields, "v"))]
            case "@text":
                return [Input("area", f"{prefix}v", _("Criteria"), (_one(fields, "v"),))]
            case "@top":
                return list(self._top(fields, prefix))
            case name if name in self.facts:
                return list(self._fact(self.facts[name], fields, prefix))
        return []

    def _top(self, fields: Fields, prefix: str) -> Iterator[Input]:
        shares = [("share", "%"), ("number", _("customers"))]
        numeric = [(f.name, str(f.label)) for f in self.facts.values() if f.type in ("number", "decimal", "money")]
        yield Input("number", f"{prefix}n0", _("How many"), (_one(fields, "n0") or "10",))
        yield _select(f"{prefix}share", _("Share or number"), shares, _one(fields, "share"))
        yield _select(f"{prefix}by", pgettext("a list by product, by place", "By"), numeric, _one(fields, "by"))

    def _fact(self, fact: Fact, fields: Fields, prefix: str) -> Iterator[Input]:
        if isinstance(fact.source, Asked):
            words = dict(fact.source.words)
            for name, _column, known in fact.source.parameters:
                options = [(word, str(words.get(word, word))) for word in known]
                yield _select(f"{prefix}a.{name}", name, options, _one(fields, f"a.{name}"))
        if isinstance(fact.source, Ledger):
            yield from _brackets(fact.source, fields, prefix)
        operator = operator_in(fact, fields)
        known_operators = dict.fromkeys([*choices_of(fact), operator])
        told = [
            (each, str((_OF_DAYS if fact.type in DAYS else {}).get(each) or _OPERATORS[each]))
            for each in known_operators
        ]
        yield _select(f"{prefix}op", _("Operator"), told, operator, reshapes=True)
        yield from self._values(fact, operator, fields, prefix)

    def _values(self, fact: Fact, operator: str, fields: Fields, prefix: str) -> Iterator[Input]:
        wanted = t.OPERATORS.get(operator, 0)
        if wanted == 0:
            return
        if operator == "in window":
            yield from _stretch(fields, prefix)
        elif fact.type in DAYS and operator != "in":
            for place in range(wanted or 1):
                yield from _day(fact, fields, prefix, place)
        elif fact.choices and wanted is None:
            chosen = fields.get("v", [])
            ticks = tuple((word, str(label), word in chosen) for word, label in fact.choices)
            yield Input("checks", f"{prefix}v", str(fact.label), (), ticks)
        elif fact.choices:
            options = [("", "…"), *((word, str(label)) for word, label in fact.choices)]
            for place in range(wanted or 1):
                yield _select(f"{prefix}v", str(fact.label), options, _nth(fields, "v", place))
        else:
            yield from self._typed(fact, fields, prefix, wanted)

    def _typed(self, fact: Fact, fields: Fields, prefix: str, wanted: int | None) -> Iterator[Input]:
        held = [*fields.get("v", ()), *[""] * (wanted or 1)]
        shown = tuple(held[:wanted] if wanted else held[: max(1, len(fields.get("v", ())))])
        kind = "number" if fact.type in ("number", "customer") else "text"
        listed = {"country": "countries", "language": "languages"}.get(fact.type, "")
        yield Input(kind, f"{prefix}v", str(fact.label), shown, listed=listed, several=wanted is None)
        if fact.type == "money":
            yield Input("text", f"{prefix}currency", _("Currency"), (_one(fields, "currency"),))


def _brackets(source: Ledger, fields: Fields, prefix: str) -> Iterator[Input]:
    if source.windows:
        windows = [("", _("ever")), *((text, window_said(window)) for text, window in windows_offered().items())]
        windows.append((DAYS_OF, _("from one day to another")))
        chosen = _one(fields, "a.window")
        yield _select(f"{prefix}a.window", _("When"), windows, chosen, reshapes=True)
        if chosen == DAYS_OF:
            yield from _two_days(fields, f"{prefix}a.", "a.", "from", "to")
    for each in source.parameters if source.aggregate != "most" else ():
        chosen, label = _one(fields, f"a.{each.name}"), str(each.label)
        if each.words:
            options = [("", _("%(what)s: any") % {"what": label}), *((word, str(said)) for word, said in each.words)]
            yield _select(f"{prefix}a.{each.name}", label, options, chosen)
        else:
            yield Input("text", f"{prefix}a.{each.name}", label, (chosen,), hint=label)


def _day(fact: Fact, fields: Fields, prefix: str, place: int) -> Iterator[Input]:
    how = _one(fields, f"how{place}") or "day"
    hows = [*_HOWS, *([_YEARLY] if fact.type == "birthday" else []), *([_WRITTEN] if how == "text" else [])]
    yield _select(f"{prefix}how{place}", _("Which day"), hows, how, reshapes=True)
    match how:
        case "day":
            yield Input("date", f"{prefix}day{place}", _("Day"), (_one(fields, f"day{place}"),))
        case "ago" | "ahead":
            yield Input("number", f"{prefix}n{place}", _("How many"), (_one(fields, f"n{place}") or "30",))
            yield _select(f"{prefix}unit{place}", _("Unit"), _UNITS, _one(fields, f"unit{place}"))
        case "yearly":
            months = [(str(month), date_format(date(2000, month, 1), "E")) for month in range(1, 13)]
            yield Input("number", f"{prefix}dom{place}", _("Day"), (_one(fields, f"dom{place}") or "1",))
            yield _select(f"{prefix}month{place}", _("Month"), months, _one(fields, f"month{place}"))
        case "text":
            yield Input("text", f"{prefix}v{place}", _("Day"), (_one(fields, f"v{place}"),))


def _stretch(fields: Fields, prefix: str) -> Iterator[Input]:
    side = _one(fields, "side") or "last"
    yield _select(f"{prefix}side", _("Which time"), _SIDES, side, reshapes=True)
    if side == "days":
        yield from _two_days(fields, prefix, "", "day0", "day1")
        return
    if side in ("last", "next"):
        yield Input("number", f"{prefix}n0", _("How many"), (_one(fields, "n0") or "30",))
    yield _select(f"{prefix}unit0", _("Unit"), _UNITS if side in ("last", "next") else _ONE, _one(fields, "unit0"))


def _two_days(fields: Fields, prefix: str, held: str, first: str, last: str) -> Iterator[Input]:
    yield Input("date", f"{prefix}{first}", _("First day"), (_one(fields, f"{held}{first}"),))
    yield Input("date", f"{prefix}{last}", _("Last day"), (_one(fields, f"{held}{last}"),))


def fact_options(sections: Mapping[str, Sequence[tuple[str, str]]], chosen: str) -> list[tuple[str, Options]]:
    """The facts by room, and what else can be asked, with the chosen one marked."""
    saved = [(SEGMENT, _("In a segment")), (LIST, _("On a list")), (TOP, _("Among the highest")), (TEXT, _("As text"))]
    every = [*sections.items(), (_("Saved and more"), saved)]
    found = [(section, [(name, label, name == chosen) for name, label in facts]) for section, facts in every]
    known = {name for _section, options in found for name, _label, _on in options}
    return found if chosen in known or not chosen else [("", [(chosen, chosen, True)]), *found]


def _select(
    name: str, label: str, options: Sequence[tuple[str, Text]], chosen: str, *, reshapes: bool = False
) -> Input:
    known = [(value, str(said), value == chosen) for value, said in options]
    if chosen and not any(on for _value, _said, on in known):
        known.append((chosen, chosen, True))
    return Input("select", name, label, (chosen,), tuple(known), reshapes)


def _same(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _one(fields: Fields, name: str) -> str:
    return _nth(fields, name, 0)


def _nth(fields: Fields, name: str, place: int) -> str:
    held = fields.get(name, ())
    return held[place] if place < len(held) else ""
