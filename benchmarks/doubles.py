# ruff: noqa: E501
"""Truth to match against: persons written twice as clerks write them, among people who only resemble each other.

Duplicates: short forms and spellings of German, Danish, Afrikaans and Hindi names, umlauts in one letter or two, typing
errors, names swapped, moved house, another surname, a contact point gone. Hard negatives, of whom none is to be called
likely: twins, father and son of one name, spouses with one e-mail, colleagues with one telephone, namesakes in one town.
"""

import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

from regulars.areas.matching.comparing.features import Card
from regulars.interfaces.demo import worlds

_SEED = 20_261_128
_WORLDS = (worlds.GERMAN, worlds.DANISH, worlds.AFRIKAANS, worlds.HINDI, worlds.ENGLISH)
_TOWNS = ("Berlin", "Hamburg", "København", "Aarhus", "Cape Town", "Pretoria", "Mumbai", "Jaipur", "Leeds", "Flensburg")
_STREETS = ("Hauptstraße", "Nørregade", "Kerkstraat", "MG Road", "Station Road", "Lindenweg", "Vestergade", "Park Lane")
_AGAIN = {
    "Maximilian": "Max", "Stefanie": "Steffi", "Stefan": "Stephan", "Katharina": "Kathrin", "Christina": "Tina",
    "Johanna": "Hanna", "Thomas": "Tom", "Andreas": "Andi", "Elisabeth": "Lisbeth", "Susanne": "Susi", "Jürgen": "Juergen",
    "Søren": "Soeren", "Jørgen": "Joergen", "Kirsten": "Kis", "Christian": "Kristian", "Hendrik": "Henk", "Sofie": "Sophie",
    "Jacobus": "Koos", "Johannes": "Hannes", "Willem": "Wimpie", "Pieter": "Piet", "Francois": "Frans", "Anna": "Ansie",
    "Sunita": "Suneeta", "Rajesh": "Raj", "Deepak": "Dipak", "Pooja": "Puja", "Vijay": "Bijay", "William": "Will",
    "Margaret": "Peggy", "Ronald": "Ron", "Thandi": "Thandiwe", "Peter": "Pete", "Michael": "Micha", "Hester": "Hettie",
}  # fmt: skip


@dataclass(slots=True)
class Truth:
    """Cards, whose card each is, and the pairs of strangers that resemble each other, by kind."""

    cards: list[Card] = field(default_factory=list)
    whose: list[str] = field(default_factory=list)
    strangers: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def put(self, card: Card, whose: object) -> int:
        card.number = len(self.cards) + 1
        self.cards.append(card)
        self.whose.append(str(whose))
        return card.number

    def pairs(self) -> set[tuple[int, int]]:
        groups: dict[str, list[int]] = {}
        for number, whose in enumerate(self.whose, 1):
            groups.setdefault(whose, []).append(number)
        return {(a, b) for each in groups.values() for place, a in enumerate(each) for b in each[place + 1 :]}


def truth(persons: int, *, seed: int = _SEED) -> Truth:
    """So many persons, a third of whom have a second card, and a tenth as many of each hard kind."""
    made, dice, serial = Truth(), random.Random(seed), count(1)
    for _each in range(persons):
        card, whose = _person(dice, next(serial)), next(serial)
        made.put(card, whose)
        if dice.random() < 0.33:
            made.put(_again(dice, card), whose)
    for kind, make in _STRANGERS.items():
        for _each in range(persons // 10):
            one = _person(dice, next(serial))
            two = make(dice, one, next(serial))
            pair = made.put(one, next(serial)), made.put(two, next(serial))
            made.strangers.setdefault(kind, []).append(pair)
    return made


def _person(dice: random.Random, serial: int) -> Card:
    world = dice.choice(_WORLDS)
    woman = dice.random() < 0.5
    given = _common(dice, world.women if woman else world.men)
    family = _common(dice, world.family) if dice.random() < 0.5 else dice.choice(world.fronts) + dice.choice(world.ends)
    card = Card(0, given=given, family=family, gender=("female" if woman else "male") if dice.random() < 0.5 else "")
    if dice.random() < 0.85:
        card.birth = f"{dice.randint(1935, 2005)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    if dice.random() < 0.8:
        card.emails = [f"{given[0].lower()}.{family.lower()}{serial}@example.com"]
    if dice.random() < 0.7:
        card.phones = [f"+4915{serial:08}"]
    if dice.random() < 0.9:
        card.addresses = [_home(dice)]
    if not (card.birth or card.addresses):
        card.addresses = [_home(dice)]
    return card


def _common(dice: random.Random, names: Sequence[str]) -> str:
    return names[min(int(dice.expovariate(4 / len(names))), len(names) - 1)]


def _home(dice: random.Random) -> tuple[str, str, str, str]:
    place = dice.randrange(len(_TOWNS))
    return f"{dice.choice(_STREETS)} {dice.randint(1, 150)}", "", f"{place}{dice.randint(1000, 1400)}", _TOWNS[place]


# --- the same person again --------------------------------------------------------------------------------------------


def _again(dice: random.Random, card: Card) -> Card:
    twin = deepcopy(card)
    for change in dice.sample(_CHANGES, dice.choice((1, 1, 2))):
        change(dice, twin)
    if len(twin.emails) + len(twin.phones) + bool(twin.birth) + len(twin.addresses) < 2:
        return deepcopy(card)
    return twin


def _short(dice: random.Random, card: Card) -> None:
    card.given = _AGAIN.get(card.given, card.given)


def _two_letters(dice: random.Random, card: Card) -> None:
    for one, two in (("ü", "ue"), ("ö", "oe"), ("ä", "ae"), ("ø", "oe"), ("å", "aa"), ("æ", "ae"), ("ß", "ss")):
        card.given, card.family = card.given.replace(one, two), card.family.replace(one, two)


def _slip(dice: random.Random, card: Card) -> None:
    name = card.family
    at = dice.randrange(1, max(2, len(name) - 1))
    card.family = dice.choice(
        (name[:at] + name[at + 1 :], name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :])
    )


def _swapped(dice: random.Random, card: Card) -> None:
    card.given, card.family = card.family, card.given


def _moved(dice: random.Random, card: Card) -> None:
    card.addresses = [_home(dice)]


def _married(dice: random.Random, card: Card) -> None:
    if card.birth and (card.emails or card.phones):
        card.family = _common(dice, dice.choice(_WORLDS).family)


def _without(dice: random.Random, card: Card) -> None:
    dice.choice((card.emails, card.phones, card.addresses)).clear()


def _date_slip(dice: random.Random, card: Card) -> None:
    if card.birth:
        year, month, day = card.birth.split("-")
        card.birth = f"{year}-{day}-{month}" if int(day) < 13 else f"{year}-{month}-{(int(day) % 28) + 1:02}"


_CHANGES: tuple[Callable[[random.Random, Card], None], ...] = (
    _short, _short, _two_letters, _slip, _swapped, _moved, _married, _without, _date_slip,
)  # fmt: skip

# --- strangers who resemble -------------------------------------------------------------------------------------------


def _another_given(dice: random.Random, card: Card) -> str:
    world = dice.choice(_WORLDS)
    return dice.choice([name for name in world.women + world.men if name[:2] != card.given[:2]])


def _settled(dice: random.Random, card: Card, serial: int) -> None:
    """Everything is known of her, so that everything can be shared."""
    card.birth = card.birth or f"{dice.randint(1945, 1995)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    card.emails = card.emails or [f"familie{serial}@example.com"]
    card.phones = card.phones or [f"+4530{serial:08}"]
    card.addresses = card.addresses or [_home(dice)]


def _twin(dice: random.Random, card: Card, serial: int) -> Card:
    _settled(dice, card, serial)
    other = deepcopy(card)
    other.given, other.gender = _another_given(dice, card), ""
    return other


def _son(dice: random.Random, card: Card, serial: int) -> Card:
    _settled(dice, card, serial)
    other = deepcopy(card)
    other.birth = f"{int(card.birth[:4]) + dice.randint(20, 40)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    return other


def _spouse(dice: random.Random, card: Card, serial: int) -> Card:
    other = _twin(dice, card, serial)
    other.birth = dice.choice(("", f"{int(card.birth[:4]) + dice.randint(-6, 6)}-{dice.randint(1, 12):02}-11"))
    return other


def _colleague(dice: random.Random, card: Card, serial: int) -> Card:
    other = _person(dice, serial)
    other.given = _another_given(dice, card)
    card.phones = other.phones = [f"+4540{serial:08}"]
    card.emails = other.emails = [f"info@firma{serial}.example.com"]
    card.addresses = other.addresses = [_home(dice)]
    return other


def _namesake(dice: random.Random, card: Card, serial: int) -> Card:
    world = dice.choice(_WORLDS)
    card.given, card.family = _common(dice, world.men), _common(dice, world.family)
    _settled(dice, card, serial)
    other = deepcopy(card)
    other.birth = f"{dice.randint(1935, 2005)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    other.emails, other.phones = [f"n{serial}@example.com"], [f"+4550{serial:08}"]
    _street, _two, _postcode, town = card.addresses[0]
    other.addresses = [(f"{dice.choice(_STREETS)} {dice.randint(200, 300)}", "", f"9{dice.randint(1000, 9999)}", town)]
    return other


_STRANGERS: dict[str, Callable[[random.Random, Card, int], Card]] = {
    "twins": _twin,
    "father and son": _son,
    "spouses": _spouse,
    "colleagues": _colleague,
    "namesakes in one town": _namesake,
}
