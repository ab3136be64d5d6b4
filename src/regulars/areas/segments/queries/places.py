"""A column of a file that leaves the house."""

from dataclasses import dataclass
from typing import Any

from regulars.kernel.registries import Fact, Member, Present


@dataclass(frozen=True, slots=True)
class Place:
    """One column: the fact, and which of several values, from 1.

    `within` keeps to the rows of one source or kind, `told` stands in the heading: `reference [google] 2`.
    """

    fact: Fact
    slot: int = 1
    within: tuple[str, str] | None = None
    told: str = ""

    @property
    def heading(self) -> str:
        told = f" [{self.told}]" if self.told else ""
        return f"{self.fact.name}{told}" + (f" {self.slot}" if self.slot > 1 else "")

    def value(self, card: dict[str, Any]) -> Any:
        """The value on a card of the contract's JSON."""
        source = self.fact.source
        if isinstance(source, Present):
            return "yes" if self.fact.name in card["standings"] else None
        if not isinstance(source, Member):  # also the name, which is made of several columns
            return card.get(self.fact.name)
        if source.group == "custom":
            return card["custom"].get(self.fact.key)
        rows = card[source.group]
        if self.within:
            rows = [row for row in rows if (row[self.within[0]] or "") == self.within[1]]
        if self.slot > len(rows):
            return None
        row = rows[self.slot - 1]
        return row.get(self.fact.key) if isinstance(row, dict) else row
