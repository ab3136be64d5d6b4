"""Criteria as a readable sentence: `women whose city is Berlin or whose postcode begins with 10`.

The sentence is made of whole translatable phrases, one per operator and its negation; labels come from the facts.
"""

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy, pgettext
from django.utils.translation import gettext as _

from regulars.areas.segments.language import names
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.meaning import Ground
from regulars.areas.segments.language.values_shown import DAYS
from regulars.kernel import saying
from regulars.kernel.registries import Asked, Fact, Ledger
from regulars.kernel.text import fold

Phrase = str | Promise

# operator: (asked for, asked not to be)
_PHRASES: dict[str, tuple[Phrase, Phrase]] = {
    "=": (gettext_lazy("whose %(fact)s is %(value)s"), gettext_lazy("whose %(fact)s is not %(value)s")),
    "!=": (
        gettext_lazy("whose %(fact)s is known and not %(value)s"),
        gettext_lazy("whose %(fact)s is unknown or %(value)s"),
    ),
    "<": (gettext_lazy("whose %(fact)s is below %(value)s"), gettext_lazy("whose %(fact)s is not below %(value)s")),
    "<=": (
        gettext_lazy("whose %(fact)s is at most %(value)s"),
        gettext_lazy("whose %(fact)s is not at most %(value)s"),
    ),
    ">": (gettext_lazy("whose %(fact)s is above %(value)s"), gettext_lazy("whose %(fact)s is not above %(value)s")),
    ">=": (
        gettext_lazy("whose %(fact)s is at least %(value)s"),
        gettext_lazy("whose %(fact)s is not at least %(value)s"),
    ),
    "before": (
        gettext_lazy("whose %(fact)s is before %(value)s"),
        gettext_lazy("whose %(fact)s is not before %(value)s"),
    ),
    "after": (gettext_lazy("whose %(fact)s is after %(value)s"), gettext_lazy("whose %(fact)s is not after %(value)s")),
    "startswith": (
        gettext_lazy("whose %(fact)s begins with %(value)s"),
        gettext_lazy("whose %(fact)s does not begin with %(value)s"),
    ),
    "contains": (
        gettext_lazy("whose %(fact)s contains %(value)s"),
        gettext_lazy("whose %(fact)s does not contain %(value)s"),
    ),
    "~": (gettext_lazy("whose %(fact)s is like %(value)s"), gettext_lazy("whose %(fact)s is not like %(value)s")),
    "between": (
        gettext_lazy("whose %(fact)s is between %(value)s and %(other)s"),
        gettext_lazy("whose %(fact)s is not between %(value)s and %(other)s"),
    ),
    "in": (gettext_lazy("whose %(fact)s is %(value)s"), gettext_lazy("whose %(fact)s is not %(value)s")),
    "in window": (gettext_lazy("whose %(fact)s is %(value)s"), gettext_lazy("whose %(fact)s is not %(value)s")),
    "in list": (
        gettext_lazy("whose %(fact)s is on the list %(value)s"),
        gettext_lazy("whose %(fact)s is not on the list %(value)s"),
    ),
    "is empty": (gettext_lazy("without %(fact)s"), gettext_lazy("with %(fact)s")),
    "is not empty": (gettext_lazy("with %(fact)s"), gettext_lazy("without %(fact)s")),
    "yes": (gettext_lazy("marked “%(fact)s”"), gettext_lazy("not marked “%(fact)s”")),
}
# Days are earlier or later, not less or more: 30 days ago or later is what `>= 30 days ago` means.
_OF_DAYS: dict[str, tuple[Phrase, Phrase]] = {
    "<": _PHRASES["before"],
    "<=": (
        gettext_lazy("whose %(fact)s is %(value)s or earlier"),
        gettext_lazy("whose %(fact)s is not %(value)s or earlier"),
    ),
    ">": _PHRASES["after"],
    ">=": (
        gettext_lazy("whose %(fact)s is %(value)s or later"),
        gettext_lazy("whose %(fact)s is not %(value)s or later"),
    ),
}
_EXISTING: dict[str, tuple[Phrase, Phrase]] = {
    "tag": (gettext_lazy("tagged %(value)s"), gettext_lazy("not tagged %(value)s")),
    "segment": (gettext_lazy("in the segment %(value)s"), gettext_lazy("not in the segment %(value)s")),
    "list": (gettext_lazy("on the list %(value)s"), gettext_lazy("not on the list %(value)s")),
    "share": (
        gettext_lazy("among the highest %(value)s%% by %(fact)s"),
        gettext_lazy("not among the highest %(value)s%% by %(fact)s"),
    ),
    "count": (
        gettext_lazy("among the %(value)s highest by %(fact)s"),
        gettext_lazy("not among the %(value)s highest by %(fact)s"),
    ),
    "given": (gettext_lazy("with %(fact)s"), gettext_lazy("without %(fact)s")),
}
_NOUNS: dict[tuple[str, str], Phrase] = {
    ("gender", "female"): gettext_lazy("women"),
    ("gender", "male"): gettext_lazy("men"),
    ("kind", "person"): gettext_lazy("people"),
    ("kind", "organisation"): gettext_lazy("organisations"),
}


def sentence_of(tree: t.Tree, ground: Ground) -> str:
    """The tree, checked before, as a sentence without a full stop. All customers: `all customers`."""
    if isinstance(tree, t.Every):
        return _("all customers")
    parts = tree.parts if isinstance(tree, t.And) else (tree,)
    noun, rest = _noun(parts)
    if not rest:
        return noun
    clauses = [_clause(part, ground, alone=len(rest) == 1) for part in rest]
    return _("%(who)s %(clauses)s") % {"who": noun, "clauses": _and(clauses)}


def _noun(parts: tuple[t.Tree, ...]) -> tuple[str, list[t.Tree]]:
    """Whom the sentence is about, and what is left to be said of them."""
    for place, part in enumerate(parts):
        if isinstance(part, t.Test) and part.operator == "=" and isinstance(part.values[0], t.Word | t.Text):
            noun = _NOUNS.get((part.ask.name, fold(part.values[0].text)))
            if noun is not None:
                return str(noun), [each for each in parts if each is not parts[place]]
    return _("customers"), list(parts)


def _clause(tree: t.Tree, ground: Ground, *, wanted: bool = True, alone: bool = False) -> str:
    """A clause; bracketed where `and` or `or` within it could be misread."""
    match tree:
        case t.Not(part):
            return _clause(part, ground, wanted=not wanted, alone=alone)
        case t.And(parts):
            return _group(_and([_clause(part, ground) for part in parts]), wanted, alone)
        case t.Or(parts):
            return _group(_or([_clause(part, ground) for part in parts]), wanted, alone)
        case t.Segment(name):
            return str(_EXISTING["segment"][not wanted]) % {"value": _quoted(name)}
        case t.Listed(name):
            return str(_EXISTING["list"][not wanted]) % {"value": _quoted(name)}
        case t.Top(size, percent, ask):
            values = {"value": size, "fact": _label(ask, ground)}
            return str(_EXISTING["share" if percent else "count"][not wanted]) % values
        case t.Test():
            return _test(tree, ground, wanted)
    return ""


def _group(clauses: str, wanted: bool, alone: bool) -> str:
    if not wanted:
        return _("but not those (%(clauses)s)") % {"clauses": clauses}
    return clauses if alone else f"({clauses})"


def _test(test: t.Test, ground: Ground, wanted: bool) -> str:
    fact = ground.facts[test.ask.name]
    if test.ask.arguments and fact.type == "yesno":
        return _given(test, ground, wanted)
    if test.ask.name == "tag" and test.operator == "=":
        return str(_EXISTING["tag"][not wanted]) % {"value": _value(fact, test.values[0], ground)}
    if fact.type == "yesno" and test.operator in ("=", "!="):
        said = (fold(_raw(test.values[0])) in ("yes", "true", "ja", "1")) == (test.operator == "=")
        return str(_PHRASES["yes"][said != wanted]) % {"fact": _plain_label(fact)}
    values = [_value(fact, value, ground, between=test.operator == "between") for value in test.values]
    words: dict[str, Any] = {"fact": _label(test.ask, ground, plain=test.operator == "yes")}
    if values:
        words["value"] = _or(values) if test.operator == "in" else values[0]
        words["other"] = values[-1]
    return str(_phrases(fact, test.operator)[not wanted]) % words


def _phrases(fact: Fact, operator: str) -> tuple[Phrase, Phrase]:
    return _OF_DAYS.get(operator, _PHRASES[operator]) if fact.type in DAYS else _PHRASES[operator]


def _given(test: t.Test, ground: Ground, wanted: bool) -> str:
    if test.operator in ("=", "!="):
        wanted = wanted == ((fold(_raw(test.values[0])) in ("yes", "true", "ja", "1")) == (test.operator == "="))
    return str(_EXISTING["given"][not wanted]) % {"fact": _label(test.ask, ground)}


def _label(ask: t.Ask, ground: Ground, *, plain: bool = False) -> str:
    fact = ground.facts[ask.name]
    label = _plain_label(fact) if plain else in_sentence(_plain_label(fact))
    if not ask.arguments:
        return label
    words = _words_of(fact)
    return f"{label} ({', '.join(_argument(each, words) for each in ask.arguments)})"


def _words_of(fact: Fact) -> dict[str, Phrase]:
    if isinstance(fact.source, Ledger):
        return {word: label for each in fact.source.parameters for word, label in each.words}
    return dict(fact.source.words) if isinstance(fact.source, Asked) else {}


def _plain_label(fact: Fact) -> str:
    return str(fact.label)


def in_sentence(label: str) -> str:
    """A label within a sentence: small, but for an abbreviation, and but for languages that write nouns large."""
    if (get_language() or "en").startswith("de") or label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


def _argument(argument: t.Argument, words: dict[str, Phrase]) -> str:
    said = window_said(argument.value) if isinstance(argument.value, t.Stretch) else _raw(argument.value)
    said = in_sentence(str(words[said])) if said in words else said
    return f"{argument.name} {argument.operator} {said}" if argument.name else said


def _raw(value: t.Value | t.Stretch) -> str:
    from regulars.areas.segments.language.text import value_text

    return value.text if isinstance(value, t.Text | t.Word) else value_text(value)


def _value(fact: Fact, value: t.Value | t.Stretch, ground: Ground, *, between: bool = False) -> str:
    match value:
        case t.Text(text) | t.Word(text):
            return _word(fact, text)
        case t.Number():
            counted = fact.type in ("number", "decimal") and fact.name != "number"
            return number_format(value.value, force_grouping=True) if counted else value.digits
        case t.Money(digits, currency):
            return f"{digits} {currency}"
        case t.Day(day):
            return _day(date_format(day), between)
        case t.Yearless(month, day_of_month):
            return _day(date_format(date(2000, month, day_of_month), "MONTH_DAY_FORMAT"), between)
        case t.Moment(at):
            return _day(date_format(localtime(at, ground.zone) if at.tzinfo else at, "DATETIME_FORMAT"), between)
        case t.Relative(count, unit):
            return _relative(count, unit)
        case t.Duration(count, unit):
            return _counted(count, unit)
        case t.Window() | t.Days():
            return window_said(value)


def _day(day: str, between: bool) -> str:
    """A day as it stands in a clause: languages with cases and articles say it otherwise after `between`."""
    if between:
        return pgettext("a day in a sentence: between …", "%(day)s") % {"day": day}
    return pgettext("a day in a sentence: is …, before …", "%(day)s") % {"day": day}


def _word(fact: Fact, text: str) -> str:
    for word, label in (*fact.choices, *fact.words):
        if fold(text) in (fold(word), fold(str(label))):
            return in_sentence(str(label))
    language = get_language() or "en"
    if fact.type == "country" and (code := names.countries().get(fold(text))):
        return names.country_name(code, language)
    if fact.type == "language" and (code := names.languages().get(fold(text))):
        return names.language_name(code, language)
    return _quoted(text)


def _quoted(text: str) -> str:
    return _("“%s”") % text


_COUNTED = {
    "day": ngettext_lazy("%(count)s day", "%(count)s days", "count"),
    "week": ngettext_lazy("%(count)s week", "%(count)s weeks", "count"),
    "month": ngettext_lazy("%(count)s month", "%(count)s months", "count"),
    "quarter": ngettext_lazy("%(count)s quarter", "%(count)s quarters", "count"),
    "year": ngettext_lazy("%(count)s year", "%(count)s years", "count"),
}
_AGO = {
    "day": ngettext_lazy("%(count)s day ago", "%(count)s days ago", "count"),
    "week": ngettext_lazy("%(count)s week ago", "%(count)s weeks ago", "count"),
    "month": ngettext_lazy("%(count)s month ago", "%(count)s months ago", "count"),
    "quarter": ngettext_lazy("%(count)s quarter ago", "%(count)s quarters ago", "count"),
    "year": ngettext_lazy("%(count)s year ago", "%(count)s years ago", "count"),
}
_AHEAD = {
    "day": ngettext_lazy("%(count)s day from now", "%(count)s days from now", "count"),
    "week": ngettext_lazy("%(count)s week from now", "%(count)s weeks from now", "count"),
    "month": ngettext_lazy("%(count)s month from now", "%(count)s months from now", "count"),
    "quarter": ngettext_lazy("%(count)s quarter from now", "%(count)s quarters from now", "count"),
    "year": ngettext_lazy("%(count)s year from now", "%(count)s years from now", "count"),
}
_LAST = {
    "day": ngettext_lazy("in the last day", "in the last %(count)s days", "count"),
    "week": ngettext_lazy("in the last week", "in the last %(count)s weeks", "count"),
    "month": ngettext_lazy("in the last month", "in the last %(count)s months", "count"),
    "quarter": ngettext_lazy("in the last quarter", "in the last %(count)s quarters", "count"),
    "year": ngettext_lazy("in the last year", "in the last %(count)s years", "count"),
}
_NEXT = {
    "day": ngettext_lazy("in the next day", "in the next %(count)s days", "count"),
    "week": ngettext_lazy("in the next week", "in the next %(count)s weeks", "count"),
    "month": ngettext_lazy("in the next month", "in the next %(count)s months", "count"),
    "quarter": ngettext_lazy("in the next quarter", "in the next %(count)s quarters", "count"),
    "year": ngettext_lazy("in the next year", "in the next %(count)s years", "count"),
}
_CALENDAR: dict[tuple[str, str], Phrase] = {
    ("last", "day"): gettext_lazy("yesterday"),
    ("last", "week"): gettext_lazy("in the last calendar week"),
    ("last", "month"): gettext_lazy("in the last calendar month"),
    ("last", "quarter"): gettext_lazy("in the last calendar quarter"),
    ("last", "year"): gettext_lazy("in the last calendar year"),
    ("this", "day"): gettext_lazy("today"),
    ("this", "week"): gettext_lazy("this week"),
    ("this", "month"): gettext_lazy("this month"),
    ("this", "quarter"): gettext_lazy("this quarter"),
    ("this", "year"): gettext_lazy("this year"),
    ("next", "day"): gettext_lazy("tomorrow"),
    ("next", "week"): gettext_lazy("in the next calendar week"),
    ("next", "month"): gettext_lazy("in the next calendar month"),
    ("next", "quarter"): gettext_lazy("in the next calendar quarter"),
    ("next", "year"): gettext_lazy("in the next calendar year"),
}


class _Count(int):
    """A count that chooses its plural as a number and stands in the sentence with the reader's grouping."""

    def __str__(self) -> str:
        return saying.count(int(self))


def _said(phrase: Any, count: int) -> str:
    return str(phrase % {"count": _Count(count)})


def _counted(count: int, unit: str) -> str:
    return _said(_COUNTED[unit], count)


def _relative(count: int, unit: str) -> str:
    if unit == "day" and count in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[count]
    return _said((_AHEAD if count > 0 else _AGO)[unit], abs(count))


def window_said(window: t.Stretch) -> str:
    """A window in words: `in the last 30 days`."""
    if isinstance(window, t.Days) and window.last == t.NO_END:
        return pgettext("a stretch of days", "since %(day)s") % {"day": date_format(window.first)}
    if isinstance(window, t.Days):
        days = {"first": date_format(window.first), "last": date_format(window.last)}
        return pgettext("a stretch of days", "between %(first)s and %(last)s") % days
    if window.count is None:
        return str(_CALENDAR[window.side, window.unit])
    return _said((_LAST if window.side == "last" else _NEXT)[window.unit], window.count)


def _and(clauses: list[str]) -> str:
    if len(clauses) < 2:
        return "".join(clauses)
    return _("%(first)s and %(last)s") % {"first": ", ".join(clauses[:-1]), "last": clauses[-1]}


def _or(clauses: list[str]) -> str:
    if len(clauses) < 2:
        return "".join(clauses)
    return _("%(first)s or %(last)s") % {"first": ", ".join(clauses[:-1]), "last": clauses[-1]}
