"""A mapping for a list of purchases, guessed: what the purchase's own headings say, the rest as a list of customers."""

import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from regulars.areas.intake.readers import guessing
from regulars.areas.intake.readers.exporters import recognised
from regulars.areas.intake.readers.headings import plain
from regulars.areas.intake.readers.layout import Inspected
from regulars.areas.intake.readers.mapping import Column, Mapping

_SURE = 0.95
_NOT_THE_BUYERS = ("notes", "note", "tag", "tags", "source", "territory", "title", "standing", "claim", "refusal")


def guess(
    inspected: Inspected, *, today: date, headers: AnyMapping[str, tuple[str, ...]] | None = None, country: str = ""
) -> Mapping:
    """The mapping that the headings suggest where the rows are purchases, or the lines of them."""
    buyers = guessing.guess(inspected, today=today, headers=headers, country=country)
    exporter = recognised(inspected.columns) if inspected.layout.headed else None
    if exporter is not None and exporter.purchases:
        known, why = {plain(each): to for each, to in exporter.purchases.items()}, "exporter"
    else:
        known, why = _known(), "heading"
    taken: set[str] = set()
    columns = tuple(_column(each, known, why, taken, inspected) for each in buyers.columns)
    return replace(buyers, columns=columns)


def meant(heading: str) -> str:
    """The place in a purchase that a heading names, '' for none."""
    words = plain(heading)
    return _known().get(words) or _known().get(words.replace(" ", ""), "")


def _column(column: Column, known: AnyMapping[str, str], why: str, taken: set[str], inspected: Inspected) -> Column:
    words = plain(column.column)
    to = known.get(words) or known.get(words.replace(" ", ""), "")
    if words in _EITHER and "line.name" not in taken and _are_words(inspected.column(column.index)):
        to = "line.name"
    if to and to not in taken:
        taken.add(to)
        doubt = inspected.doubts.get(column.index)
        found = Column(index=column.index, column=column.column, to=to, confidence=_SURE, why=why)
        return replace(found, order=doubt.order, mark=doubt.mark) if doubt else found
    if column.why != "exporter" and column.to.partition("[")[0].partition(".")[0] in _NOT_THE_BUYERS:
        return Column(index=column.index, column=column.column)
    return column


_EITHER = ("artikel", "article")  # a number in some programs, a name in others


def _are_words(cells: list[str]) -> bool:
    return sum(not any(ch.isdigit() for ch in cell) for cell in cells) * 2 >= len(cells) > 0


@cache
def _known() -> dict[str, str]:
    told = tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))
    known: dict[str, str] = {}
    for path, spellings in told["phrases"].items():
        for each in spellings.split(" | "):
            known.setdefault(plain(each), path)
            known.setdefault(plain(each).replace(" ", ""), path)
    return known
