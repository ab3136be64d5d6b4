"""Text to tree. The grammar is `criteria.lark`; here are the hands that build the tree and the words for a slip."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lark import Lark, Token, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.visitors import Transformer_NonRecursive

from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError, either, nearest
from regulars.areas.segments.language.tree import Place, Tree
from regulars.kernel import saying

LONGEST = 20_000  # characters
MOST_TESTS = 200
DEEPEST = 60
MOST_COUNT = 100_000  # of days, weeks … in a window: more would leave the calendar

OPERATOR_WORDS = ("startswith", "contains", "between", "before", "after", "in", "is empty", "is not empty")
_MEANT_BY = {
    "like": "contains", "has": "contains", "includes": "contains", "begins": "startswith",
    "beginswith": "startswith", "starts": "startswith",
    "equals": "=", "eq": "=", "is": "=", "not": "!=", "since": ">=", "until": "<=", "within": "in", "under": "<",
    "over": ">", "than": ">", "resembles": "~", "similar": "~", "null": "is empty", "blank": "is empty",
}  # fmt: skip


@lru_cache(512)  # trees are frozen, and a list asks for the same one page after page
def parse(text: str) -> Tree:
    """The tree of a criterion. Raises CriteriaError with the place and the nearest word where it is not one."""
    if len(text) > LONGEST:
        raise CriteriaError(_("These criteria are longer than %(most)s characters.") % {"most": saying.count(LONGEST)})
    try:
        found = _Builder().transform(_parser().parse(text))
    except VisitError as error:
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise _slip(text, error) from None
    return sane(found)


def sane(tree: Tree) -> Tree:
    """The tree, if it is of a size that a database will answer; else CriteriaError."""
    if t.depth_of(tree) > DEEPEST:
        raise CriteriaError(_("These criteria are nested too deeply. Save a part of them as a segment."))
    if len(t.tests_in(tree)) > MOST_TESTS:
        raise CriteriaError(
            _("These are more than %(most)s conditions. Use “in (…)”.") % {"most": saying.count(MOST_TESTS)}
        )
    return tree


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "criteria.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def _placed(build: Callable[..., Any]) -> Callable[..., Any]:
    """A builder that is given its children and the place they cover."""

    @wraps(build)
    def with_place(self: Any, meta: Any, *children: Any) -> Any:
        place = Place(meta.start_pos, meta.end_pos - meta.start_pos, meta.line, meta.column)
        return build(self, place, *children)

    return with_place


@v_args(inline=True, meta=True)
class _Builder(Transformer_NonRecursive[Token, Any]):
    """Builds the tree from the leaves up, without recursion: ten thousand brackets are refused, not crashed on."""

    def start(self, meta: Any, tree: Tree | None) -> Tree:
        return tree or t.Every()

    def either(self, meta: Any, *parts: Any) -> Tree:
        return t.either(*(part for part in parts if not isinstance(part, Token)))

    def both(self, meta: Any, *parts: Any) -> Tree:
        return t.both(*(part for part in parts if not isinstance(part, Token)))

    def negation(self, meta: Any, _not: Token, part: Tree) -> Tree:
        return t.Not(part)

    def group(self, meta: Any, part: Tree) -> Tree:
        return part

    @_placed
    def yes(self, place: Place, ask: t.Ask) -> Tree:
        return t.Test(ask, "yes", (), place)

    @_placed
    def compare(self, place: Place, ask: t.Ask, operator: Token, value: t.Value) -> Tree:
        return t.Test(ask, operator.lower(), (value,), place)

    @_placed
    def between(self, place: Place, ask: t.Ask, _b: Token, low: t.Value, _a: Token, high: t.Value) -> Tree:
        return t.Test(ask, "between", (low, high), place)

    @_placed
    def among(self, place: Place, ask: t.Ask, _in: Token, *values: t.Value) -> Tree:
        return t.Test(ask, "in", values, place)

    @_placed
    def among_list(self, place: Place, ask: t.Ask, _in: Token, _list: Token, name: Token) -> Tree:
        return t.Test(ask, "in list", (t.Text(_unquoted(name), _place(name)),), place)

    @_placed
    def within(self, place: Place, ask: t.Ask, _in: Token, window: t.Stretch) -> Tree:
        return t.Test(ask, "in window", (window,), place)

    @_placed
    def empty(self, place: Place, ask: t.Ask, *_words: Token) -> Tree:
        return t.Test(ask, "is empty", (), place)

    @_placed
    def filled(self, place: Place, ask: t.Ask, *_words: Token) -> Tree:
        return t.Test(ask, "is not empty", (), place)

    @_placed
    def tagged(self, place: Place, tag: Token, value: Token) -> Tree:
        return t.Test(t.Ask("tag", (), _place(tag)), "=", (_text_or_word(value),), place)

    @_placed
    def segment(self, place: Place, _segment: Token, name: Token) -> Tree:
        return t.Segment(_unquoted(name), place)

    @_placed
    def in_segment(self, place: Place, _in: Token, _segment: Token, name: Token) -> Tree:
        return t.Segment(_unquoted(name), place)

    @_placed
    def on_list(self, place: Place, _in: Token, _list: Token, name: Token) -> Tree:
        return t.Listed(_unquoted(name), place)

    @_placed
    def top_share(self, place: Place, _top: Token, size: Token, _percent: Token, _by: Token, ask: t.Ask) -> Tree:
        return top_of(t.Top(_plain_digits(size), True, ask, place), _place(size))

    @_placed
    def top_count(self, place: Place, _top: Token, size: Token, _by: Token, ask: t.Ask) -> Tree:
        return top_of(t.Top(_plain_digits(size), False, ask, place), _place(size))

    @_placed
    def ask(self, place: Place, name: str, *arguments: t.Argument | t.Value | t.Stretch | None) -> t.Ask:
        given = [each if isinstance(each, t.Argument) else _bare(each) for each in arguments if each is not None]
        return t.Ask(name, tuple(given), place)

    def name(self, meta: Any, word: Token) -> str:
        return word.lower()

    @_placed
    def named(self, place: Place, name: Token, operator: Token, value: t.Value) -> t.Argument:
        return t.Argument(value, name.lower(), str(operator), place)

    @_placed
    def window_of(self, place: Place, side: Token, count: Token, unit: Token) -> t.Window:
        return t.Window(side.lower(), _whole(count), _unit(unit), place)

    @_placed
    def window_calendar(self, place: Place, side: Token, unit: Token) -> t.Window:
        return t.Window(side.lower(), None, _unit(unit), place)

    @_placed
    def window_days(self, place: Place, first: Token, _to: Token, last: Token) -> t.Days:
        return stretch_of(day_of(first, _place(first)), day_of(last, _place(last)), place)

    @_placed
    def window_since(self, place: Place, _since: Token, first: Token) -> t.Days:
        return stretch_of(day_of(first, _place(first)), t.NO_END, place)

    @_placed
    def quoted(self, place: Place, text: Token) -> t.Value:
        return t.Text(_unquoted(text), place)

    @_placed
    def word(self, place: Place, word: Token) -> t.Value:
        return t.Word(str(word), place)

    @_placed
    def number(self, place: Place, digits: Token) -> t.Value:
        return t.Number(str(digits), place)

    @_placed
    def money(self, place: Place, digits: Token, currency: Token) -> t.Value:
        return t.Money(str(digits), currency.upper(), place)

    @_placed
    def duration(self, place: Place, count: Token, unit: Token) -> t.Value:
        return t.Duration(_whole(count), _unit(unit), place)

    @_placed
    def ago(self, place: Place, count: Token, unit: Token, _ago: Token) -> t.Value:
        return t.Relative(-_whole(count), _unit(unit), place)

    @_placed
    def ahead(self, place: Place, count: Token, unit: Token, _from: Token, _now: Token) -> t.Value:
        return t.Relative(_whole(count), _unit(unit), place)

    @_placed
    def named_day(self, place: Place, word: Token) -> t.Value:
        return t.Relative({"today": 0, "yesterday": -1, "tomorrow": 1}[word.lower()], "day", place)

    @_placed
    def day(self, place: Place, text: Token) -> t.Value:
        return t.Day(day_of(text, place), place)

    @_placed
    def moment(self, place: Place, text: Token) -> t.Value:
        return t.Moment(moment_of(text, place), place)

    @_placed
    def yearless(self, place: Place, text: Token) -> t.Value:
        return yearless_of(text, place)


def day_of(text: str, place: Place = t.NOWHERE) -> date:
    """An ISO date, or CriteriaError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CriteriaError(_("There is no day %(day)s.") % {"day": text}, place) from None


def stretch_of(first: date, last: date, place: Place = t.NOWHERE) -> t.Days:
    """The days from one to another, or CriteriaError where they run backwards."""
    if first > last:
        message = _("%(last)s comes before %(first)s: write the earlier day first.")
        raise CriteriaError(message % {"first": first.isoformat(), "last": last.isoformat()}, place)
    return t.Days(first, last, place)


def moment_of(text: str, place: Place = t.NOWHERE) -> datetime:
    """An ISO instant, or CriteriaError."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise CriteriaError(_("There is no moment %(moment)s.") % {"moment": text}, place) from None


def yearless_of(text: str, place: Place = t.NOWHERE) -> t.Yearless:
    """A day of any year, `--03-07`, or CriteriaError."""
    day = day_of(f"2000{text[1:]}", place)
    return t.Yearless(day.month, day.day, place)


def top_of(top: t.Top, place: Place) -> t.Top:
    """The same, if its size is one: above nought, at most 100 per cent, whole unless a share."""
    if top.value <= 0 or (top.percent and top.value > 100) or (not top.percent and top.value % 1):
        raise CriteriaError(_("“top” takes a share up to 100% or a whole number above nought."), place)
    return top


def whole(count: int, place: Place = t.NOWHERE) -> int:
    """The count, if it is one from nought to the calendar's reach."""
    if not 0 <= count <= MOST_COUNT:
        message = _("A number of days from 0 to %(most)s is expected here.") % {"most": saying.count(MOST_COUNT)}
        raise CriteriaError(message, place)
    return count


def _bare(value: t.Value | t.Stretch) -> t.Argument:
    return t.Argument(value, None, "=", value.place)


def _place(token: Token) -> Place:
    start = token.start_pos or 0
    return Place(start, len(token), token.line or 1, token.column or 1)


def _whole(token: Token) -> int:
    if not token.isdigit() or len(token) > 9:
        raise CriteriaError(_("A whole number is expected here."), _place(token))
    return whole(int(token), _place(token))


def _unit(token: Token) -> str:
    return token.lower().removesuffix("s")


def _plain_digits(token: Token) -> str:
    return str(token).lstrip("+")


def _text_or_word(token: Token) -> t.Value:
    if token.type == "WORD":
        return t.Word(str(token), _place(token))
    return t.Text(_unquoted(token), _place(token))


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)


# --- slips ------------------------------------------------------------------------------------------------------------

_SHOWN = {
    "COMPARE": "“=”",
    "RESEMBLES": "“~”",
    "LPAR": "“(”",
    "RPAR": "“)”",
    "COMMA": "“,”",
    "PERCENT": "“%”",
    "IS": "“is empty”",
}


def _terminals() -> dict[str, str]:
    """What a person calls each kind of word."""
    return {
        "WORD": _("a fact or a word"),
        "STRING": _("a text in quotes"),
        "NUMBER": _("a number"),
        "DAY": _("a date (2026-01-31)"),
        "UNIT": _("days, weeks, months or years"),
        "$END": _("the end"),
        **_SHOWN,
    }


_SILENT = {"MOMENT", "YEARLESS", "CURRENCY", "YESTERDAY", "TOMORROW", "TODAY"}


def _slip(text: str, error: UnexpectedInput) -> CriteriaError:
    if isinstance(error, UnexpectedCharacters):
        return _odd_character(text, error)
    assert isinstance(error, UnexpectedToken)
    token, accepts = error.token, set(error.accepts or error.expected)
    place = _place(token) if token.type != "$END" else _end(text)
    expected = _expected(accepts)
    near = _near_operators(str(token)) if "STARTSWITH" in accepts else []
    if token.type == "WORD" and not near:
        joining = [each.lower() for each in accepts if each in {"AND", "OR", "NOT", "IN"}]
        near = nearest(str(token), joining, 1, 0.8)
    return CriteriaError(_message(text, token, expected, place), place, nearest=near, expected=expected)


def _near_operators(word: str) -> list[str]:
    meant = _MEANT_BY.get(word.lower())
    return [meant] if meant else nearest(word, OPERATOR_WORDS, 1)


def _message(text: str, token: Token, expected: list[str], place: Place) -> str:
    if token.type == "$END":
        return _("The criteria end too early: %(expected)s is expected.") % {"expected": either(expected)}
    taken = re.search(r"([\w.]+)\s+in\s+$", text[: place.offset], re.IGNORECASE)
    if taken and token.type in {"WORD", "STRING"}:
        several, one = f"{taken[1]} in ({token}, …)"[:80], f"{taken[1]} = {token}"[:80]
        return _("After “in” several stand in brackets: %(several)s. For one write %(one)s.") % {
            "several": several,
            "one": one,
        }
    message = _("“%(found)s” cannot stand here: %(expected)s is expected.") % {
        "found": str(token)[:40],
        "expected": either(expected),
    }
    if token.type in {"WORD", "NUMBER"} and len(expected) > 1 and re.search(r"[\w.]\s+$", text[: place.offset]):
        message += " " + _("A text of several words stands in quotes.")
    return message


def _expected(accepts: set[str]) -> list[str]:
    shown = _terminals()
    if "STARTSWITH" in accepts:
        return [_("an operator such as =, >, in, contains or “is empty”")]
    order = [*shown, *sorted(accepts)]
    kept = [name for name in dict.fromkeys(order) if name in accepts and name not in _SILENT]
    return [shown.get(name, f"“{name.lower()}”") for name in kept]


def _odd_character(text: str, error: UnexpectedCharacters) -> CriteriaError:
    offset = error.pos_in_stream or 0
    found = text[offset]
    place = Place(offset, 1, error.line, error.column)
    if found in "\"'“„":
        message = _("The text that begins here has no closing quote.")
        return CriteriaError(message, Place(offset, len(text) - offset, error.line, error.column))
    stretch = re.match(r"[^\s(),]+", text[offset:])
    whole_word = stretch.group() if stretch else found
    if found.isdigit() or found in "+-":
        message = _("“%(found)s” is neither a number nor a date. Put a text in quotes.") % {"found": whole_word[:40]}
        return CriteriaError(message, Place(offset, len(whole_word), error.line, error.column))
    return CriteriaError(_("The sign “%(sign)s” has no meaning here.") % {"sign": found}, place)


def _end(text: str) -> Place:
    lines = text.split("\n")
    return Place(len(text), 0, len(lines), len(lines[-1]) + 1)
