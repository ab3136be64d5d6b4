"""The programs whose exports we know by their headings (`exporters.toml`)."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

OURS = "regulars"


@dataclass(frozen=True, slots=True)
class Exporter:
    """One program's export: `source` is the system whose customer ids it holds, `split` parts the values of a cell.

    `order` and `mark` say how it writes days and decimals, where that is known. `further` says that columns which are
    none of the program's are the business's own and go by their headings. `purchases` are the places of the columns
    that say what was bought, where it is an export of orders.
    """

    name: str
    source: str
    needs: tuple[frozenset[str], ...]
    columns: dict[str, str]
    patterns: tuple[tuple[str, str], ...] = ()
    split: str = ""
    order: str = ""
    mark: str = ""
    further: bool = False
    purchases: dict[str, str] = field(default_factory=dict)

    def wrote(self, headings: frozenset[str]) -> bool:
        return any(needed <= headings for needed in self.needs)

    def spec(self, heading: str) -> str:
        """Where this column goes (`path@label`, `note!Word`), '' for a column it does not know."""
        if heading in self.columns:
            return self.columns[heading]
        for pattern, spec in self.patterns:
            match = re.fullmatch(pattern, heading)
            if match:
                return match.expand(spec)
        return ""


def recognised(headings: Sequence[str]) -> Exporter | None:
    """The program that wrote these headings, None for an unknown one."""
    there = frozenset(heading.strip() for heading in headings)
    return next((each for each in exporters() if each.wrote(there)), None)


@cache
def exporters() -> tuple[Exporter, ...]:
    known = tomllib.loads(Path(__file__).with_name("exporters.toml").read_text(encoding="utf-8"))
    return tuple(_exporter(each) for each in known["exporter"])


def _exporter(given: dict[str, Any]) -> Exporter:
    patterns = tuple(given.get("patterns", {}).items())
    needs = tuple(frozenset(each) for each in given["needs"])
    told = {name: given.get(name, "") for name in ("split", "order", "mark")}
    more = {"further": given.get("further", False), "purchases": given.get("purchases", {})}
    return Exporter(given["name"], given["source"], needs, given["columns"], patterns, **told, **more)
