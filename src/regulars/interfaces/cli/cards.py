"""One card, and what was done to it, to be read in a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.interfaces.cli.tables import in_a_cell
from regulars.kernel import registries

_QUIET = {"key", "primary", "how", "sha256", "size", "content_type"}
_LEFT_OUT = {
    "number",
    "name",
    "version",
    "hows",
    "kind",
    "state",
    "standings",
    "standing_reasons",
    "declined",
    "custom",
}


def show_card(card: Mapping[str, Any]) -> None:
    """The card, fact by fact; what is empty is left out."""
    marks = [each for each in (card["state"], *card["standings"]) if each not in ("active",)]
    print(f"{card['number']}  {card['name']}" + (f"  [{', '.join(dict.fromkeys(marks))}]" if marks else ""))
    for label, text in _lines(card):
        print(f"  {label + ':':<26} {text}")


def _lines(card: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    facts, groups = registries.facts(), registries.groups()
    for name, value in card.items():
        if name in _LEFT_OUT or value in (None, "", [], {}):
            continue
        if name in groups:
            for row in value:
                yield str(groups[name].label), _row(row)
        else:
            yield str(facts[name].label) if name in facts else name, in_a_cell(value)
    for name, value in card["custom"].items():
        yield str(facts[f"custom.{name}"].label), in_a_cell(value)


def _row(row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    said = [
        in_a_cell(value) for name, value in row.items() if name not in _QUIET | {"label"} and value not in (None, "")
    ]
    more = [str(row["label"])] if row.get("label") else []
    more += [_("primary")] if row.get("primary") else []
    return ", ".join(said) + (f" ({', '.join(more)})" if more else "")


def show_deed(deed: Any) -> None:
    """One deed in a line, its values below."""
    undone = _(", taken back by %(deed)s") % {"deed": deed.undone_by} if deed.undone_by else ""
    print(f"{deed.changeset:>7}  {local(deed.at)}  {deed.by}: {deed.sentence}{undone}  ({deed.through})")
    for line in told(deed.fields):
        print(f"         {line}")


def told(differences: Iterable[Any]) -> Iterator[str]:
    """What differs, as pages say it."""
    from regulars.areas.journal.templatetags.deeds import lines_of

    for each in lines_of(differences):
        yield f"{each.label}: {in_a_cell(each.was) or '–'} → {in_a_cell(each.now) or '–'}"


def local(at: datetime) -> str:
    """An instant in the house's time."""
    from regulars.areas.house.queries import zone

    return at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
