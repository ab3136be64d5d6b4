"""What un-merging asks, in words: each thing as the card says it, and the two cards by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regulars.areas.customers.card.showing import key_of
from regulars.areas.customers.queries import card_json
from regulars.areas.journal.queries.differences import named
from regulars.areas.journal.templatetags.deeds import lines_of
from regulars.areas.matching.actions.rows import name_of
from regulars.areas.matching.actions.unmerging import Question, Unmerged
from regulars.areas.matching.pages.side_by_side import row_in_words
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.tables import table_of
from regulars.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page."""

    key: str
    label: str
    text: str


def asked_in_words(by: Actor, looked: Unmerged, at_home: str) -> Iterator[Asked]:
    """The questions; an address in the country `at_home` does not name it."""
    card = card_json(by, looked.keep)
    for question in looked.asked:
        found = None if question.conflict else _on_card(question, card)
        if found is not None:
            name, row = found
            yield Asked(question.key, str(registries.groups()[name].label), row_in_words(name, row, at_home))
            continue
        lines = lines_of(named(question.told, by))
        label = lines[0].label if lines else question.label
        values = (f"{each.label}: {each.now}" if place else each.now for place, each in enumerate(lines))
        yield Asked(question.key, label, " · ".join(values))


def _on_card(question: Question, card: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The group of the card in which the row stands, and the row as the card has it."""
    model: Any = registries.model_named(question.place[0])
    row = model._default_manager.filter(pk=question.place[1]).first()
    name = name_of(table_of(model), row) if row is not None else ""
    items = card[name] if name in registries.groups() else ()
    for item in items if isinstance(items, list) else ():
        if (item["key"] if isinstance(item, Mapping) else fold(item) or item) == key_of(row):
            return name, item
    return None
