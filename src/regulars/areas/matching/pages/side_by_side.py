"""Cards side by side: each fact as the card says it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.areas.dossier.face.showing import address_lines, readable
from regulars.kernel import registries, saying
from regulars.kernel.phones import international

Card = Mapping[str, Any]
_OWN = (
    "title", "given_name", "middle_name", "family_name", "suffix", "called_name", "organisation_name", "birth_date",
    "gender", "language", "occupation", "territory",
)  # fmt: skip
_GROUPS = ("emails", "phones", "addresses", "works_at", "households", "tags", "references")


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of all the cards."""

    label: str
    numbers: tuple[int, ...]  # of the cards
    values: tuple[str, ...]

    @property
    def cells(self) -> Iterator[tuple[int, str]]:
        return zip(self.numbers, self.values, strict=True)

    @property
    def alike(self) -> bool:
        """Whether all say the same; what is masked says nothing."""
        first = self.values[0]
        return bool(first) and first != registries.MASK and all(each == first for each in self.values)


def lines_of(cards: Sequence[Card], at_home: str) -> Iterator[Line]:
    """The facts that one of the cards has at least; an address in the country `at_home` does not name it."""
    facts, groups = registries.REGISTRY.facts, registries.groups()
    numbers = tuple(int(card["number"]) for card in cards)
    for name in _OWN:
        values = tuple(_said(facts[name], card[name]) for card in cards)
        if any(values):
            yield Line(str(facts[name].label), numbers, values)
    for name in _GROUPS:
        values = tuple(
            "\n".join(filter(None, (row_in_words(name, row, at_home) for row in readable(name, card[name]))))
            for card in cards
        )
        if any(values):
            yield Line(str(groups[name].label), numbers, values)


def _said(fact: registries.Fact, value: Any) -> str:
    if value in (None, "", registries.MASK):
        return str(value or "")
    return saying.said(fact, value)


def row_in_words(group: str, row: Any, at_home: str) -> str:
    """A row of a group of the card on one line; an address in the country `at_home` does not name it."""
    if not isinstance(row, Mapping):
        return str(row)
    if group == "phones":
        return international(str(row["value"]))
    if group == "addresses":
        return ", ".join(address_lines(row, at_home))
    if "value" in row:
        return str(row["value"])
    parts = ("organisation", "job_title", "name", "role", "text")
    return ", ".join(str(row[part]) for part in parts if row.get(part))
