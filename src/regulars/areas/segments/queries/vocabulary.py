"""What can be asked: every fact with its operators, choices and an example. Screen, API and guide read it from here."""

from dataclasses import dataclass
from typing import Any

from regulars.areas.segments.language.brackets import WINDOWS
from regulars.areas.segments.language.check import UNMASK
from regulars.areas.segments.language.operators import operators_of
from regulars.areas.segments.language.text import quoted
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Asked, Fact, Ledger, Member


@dataclass(frozen=True, slots=True)
class Word:
    """One fact as a word of the language. `many`: any of several values counts. `choices` pair the word with its label
    in the reader's language; `parameters` pair each parameter with its words."""

    name: str
    label: str
    room: str
    group: str | None
    group_label: str
    type: str
    operators: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, tuple[str, ...]], ...]
    example: str
    help: str
    many: bool
    listed: bool
    protection: str

    def as_json(self) -> dict[str, Any]:
        return {each: getattr(self, each) for each in self.__dataclass_fields__}


def vocabulary(by: Actor) -> list[Word]:
    """Every fact this person may ask for, in the order in which the rooms declare them."""
    sealed = by.may(UNMASK)
    return [_word(fact) for fact in registries.facts().values() if sealed or fact.protection != "sealed"]


def _word(fact: Fact) -> Word:
    group = registries.groups().get(fact.group or "")
    return Word(
        name=fact.name,
        label=str(fact.label),
        room=fact.room,
        group=fact.group,
        group_label=str(group.label) if group else "",
        type=fact.type,
        operators=operators_of(fact),
        choices=tuple((word, str(label)) for word, label in fact.choices),
        parameters=_parameters(fact),
        example=example_of(fact),
        help=str(fact.help),
        many=isinstance(fact.source, Member) and fact.source.group != "custom",
        listed=fact.listed,
        protection=fact.protection,
    )


def _parameters(fact: Fact) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each parameter with its words; a window is one of its own."""
    if isinstance(fact.source, Asked):
        return tuple((name, words) for name, _column, words in fact.source.parameters)
    if not isinstance(fact.source, Ledger) or fact.source.aggregate == "most":
        return ()
    windows: tuple[tuple[str, tuple[str, ...]], ...] = (("window", WINDOWS),) if fact.source.windows else ()
    return (*windows, *((each.name, tuple(word for word, _label in each.words)) for each in fact.source.parameters))


def example_of(fact: Fact) -> str:
    """A criterion with this fact, ready to be tried."""
    if isinstance(fact.source, Asked):
        return f"{fact.name}({', '.join(words[0] if words else name for name, _c, words in fact.source.parameters)})"
    if isinstance(fact.source, Ledger):
        return _example_of_ledger(fact, fact.source)
    if fact.choices:
        word = fact.choices[0][0]
        return f"{fact.name} = {word if word.isidentifier() else quoted(word)}"
    return _EXAMPLES.get(fact.name) or f"{fact.name}{_BY_TYPE[fact.type]}"


def _example_of_ledger(fact: Fact, source: Ledger) -> str:
    if fact.type == "text":
        return f'{fact.name} = "Books"'
    if fact.type == "yesno":
        first = source.parameters[0]
        return f"{fact.name}({first.name} = {first.words[0][0] if first.words else '"Books"'}, this year)"
    window = "(last 30 days)" if source.windows and fact.type != "date" else ""
    return f"{fact.name}{window}{_BY_TYPE[fact.type]}"


_EXAMPLES = {
    "number": "number = 10001",
    "name": 'name ~ "jonson"',
    "city": 'city = "Berlin"',
    "postcode": 'postcode startswith "10"',
    "email": 'email contains "@example.com"',
    "birthday": "birthday in next 7 days",
    "birth_date": "birth_date before 18 years ago",
    "tag": 'tag "staff"',
    "children": "children >= 2",
}
_BY_TYPE = {
    "text": ' contains "a"',
    "code": ' = "a"',
    "number": " > 0",
    "decimal": " > 1.5",
    "money": " > 500",
    "date": " in last 30 days",
    "birthday": " in next 7 days",
    "moment": " in last 30 days",
    "yesno": "",
    "email": ' contains "@example.com"',
    "phone": ' startswith "+49"',
    "country": " = DE",
    "language": " = de",
    "customer": " = 10001",
    "sealed": ' = "12345678"',
}
