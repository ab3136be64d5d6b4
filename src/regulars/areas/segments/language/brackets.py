"""What stands in the brackets of a ledger's fact, as inputs can show it: a window, and a text for each parameter.

window      a.window    the window as it is written, empty for all time; `days`: from the day a.from to
                        a.to, without an end where that is empty
parameters  a.NAME      the text, empty for any
"""

from functools import cache

from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.grammar import parse
from regulars.areas.segments.language.shape import parse_word
from regulars.areas.segments.language.text import quoted, value_text
from regulars.areas.segments.language.values_shown import last_day, stretch_between
from regulars.kernel.registries import Fact, Ledger

Fields = dict[str, list[str]]
WINDOWS = (
    "last 7 days", "last 30 days", "last 90 days", "last 12 months", "this month", "this year", "last month",
    "last year",
)  # fmt: skip
DAYS = "days"  # in the place of a window: two days of their own


def fields(source: Ledger, ask: t.Ask) -> Fields | None:
    """What the inputs hold; None where they cannot."""
    told: Fields = {}
    open_names = [each for each in source.parameters if source.aggregate != "most"]
    for argument in ask.arguments:
        value = argument.value
        if isinstance(value, t.Days):
            told |= {"a.window": [DAYS], "a.from": [value.first.isoformat()], "a.to": [last_day(value)]}
            continue
        if isinstance(value, t.Window):
            told["a.window"] = [value_text(value)]
            continue
        if not isinstance(value, t.Text | t.Word) or argument.operator != "=":
            return None
        fits = [each.name for each in open_names if argument.name in (None, each.name)]
        worded = [each.name for each in open_names if value.text in dict(each.words)]
        name = argument.name or next(iter(worded if worded else fits), "")
        if name not in fits:
            return None
        told[f"a.{name}"] = [value.text]
    return told


def ask(fact: Fact, source: Ledger, held: Fields) -> t.Ask | None:
    """The fact with what the inputs hold in its brackets; None while a day is missing. Raises CriteriaError for a
    window that is none."""
    parts = [text for text in held.get("a.window", ()) if text and source.windows]
    if parts == [DAYS]:
        days = stretch_between(*((held.get(name) or [""])[0].strip() for name in ("a.from", "a.to")))
        if days is None:
            return None
        parts = [value_text(days)]
    for each in source.parameters if source.aggregate != "most" else ():
        for text in held.get(f"a.{each.name}", ()):
            if text.strip():
                parts.append(f"{each.name} = {text if parse_word(text) else quoted(text)}")
    if not parts:
        return t.Ask(fact.name)
    tree = parse(f"{fact.name}({', '.join(parts)})")
    return tree.ask if isinstance(tree, t.Test) else t.Ask(fact.name)


def window_of(text: str) -> t.Stretch:
    """A window as it is written."""
    tree = parse(f"x in {text}")
    assert isinstance(tree, t.Test) and isinstance(tree.values[0], t.Stretch)
    return tree.values[0]


@cache
def windows() -> dict[str, t.Stretch]:
    """Those that are offered, as they are written. The grammar is built for whoever asks, not at each start."""
    return {text: window_of(text) for text in WINDOWS}
