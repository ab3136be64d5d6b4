"""What cells are read against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Declared:
    """What the house declares of a fact: its type (`registries.FactType`), how long a text may be, a code's words.

    `spellings` are further ways to write a word, as (spelling, word): its labels in the languages of the house.
    """

    type: str
    choices: tuple[str, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()
    longest: int = LONGEST

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Declared":
        pairs = tuple((spelling, word) for spelling, word in given["spellings"])
        return cls(given["type"], tuple(given["choices"]), pairs, given["longest"])


@dataclass(frozen=True, slots=True)
class Context:
    """What cells are read against: the house's country and currency, today's house day, the facts as they are declared.

    `custom` are the business's own by name, `own` those of the card's own row; `hidden` and `numbered` are columns, as
    `blackout` knows them, `numeric` those that a workbook keeps as numbers. It goes into a child process as JSON.
    """

    country: str
    currency: str
    today: date
    custom: dict[str, Declared] = field(default_factory=dict)
    own: dict[str, Declared] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()
    numbered: tuple[int, ...] = ()
    numeric: tuple[int, ...] = ()

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Context":
        custom, own = (
            {name: Declared.from_json(each) for name, each in given[part].items()} for part in ("custom", "own")
        )
        columns = (tuple(given.get(name, ())) for name in ("hidden", "numbered", "numeric"))
        return cls(given["country"], given["currency"], date.fromisoformat(given["today"]), custom, own, *columns)

    def longest(self, name: str) -> int:
        """How many characters a fact of the card's own row may have."""
        return self.own[name].longest if name in self.own else LONGEST
