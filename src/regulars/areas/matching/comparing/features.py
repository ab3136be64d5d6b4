"""What can be compared of a card: folded, in plain spelling, as flat texts, lists and small numbers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2

from regulars.areas.matching.comparing.firms import firm_words
from regulars.areas.matching.comparing.nicknames import groups_of, is_name
from regulars.areas.matching.comparing.sounds import skeleton, sound
from regulars.kernel.spelling import plainest, words

# How often a name or a town comes: the word and how many cards there are; answers how many have it.
Counts = Callable[[str], int]
_FEW = 1_000  # cards below which a register says little about how frequent a name is
_KNOWN = 4  # times that a word is written before it is taken for a name and not for a slip
COMMONEST, RAREST = 5, 12


@dataclass(slots=True)
class Card:
    """A card as it is read from the tables, before anything is made of it. Contact points are folded keys."""

    number: int
    person: bool = True
    given: str = ""
    middle: str = ""
    family: str = ""
    called: str = ""
    suffix: str = ""
    organisation: str = ""
    birth: str = ""
    gender: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    identities: list[str] = field(default_factory=list)  # `kind country blind`
    addresses: list[tuple[str, str, str, str]] = field(default_factory=list)  # street, street2, postcode, city


@dataclass(slots=True)
class Keyed:
    """Of the features those that keys are made of. None needs the register."""

    person: int
    given: str
    names: list[str]
    family: str
    firm_words: list[str]
    birth: str
    birth_year: str
    birth_month: str
    birth_day: str
    emails: list[str]
    mailboxes: list[str]
    phones: list[str]
    identities: list[str]
    homes: list[str]
    streets: list[str]
    postcodes: list[str]
    towns: list[str]


@dataclass(slots=True)
class Features:
    """The columns of the comparison, in the order in which the engine takes them. A text that is not there is ''."""

    number: int
    person: int
    given: str
    givens: list[str]
    names: list[str]
    groups: list[str]
    given_sound: str
    initial: str
    spelled_out: int
    given_known: int
    given_rare: int
    family: str
    family_words: list[str]
    family_sound: str
    family_rare: int
    suffix: str
    gender: str
    firm: str
    firm_words: list[str]
    firm_rare: int
    birth: str
    birth_turned: str
    birth_year: str
    birth_month: str
    birth_day: str
    year: int
    month: int
    emails: list[str]
    mailbox: str
    mailbox_figures: str
    mailboxes: list[str]
    phones: list[str]
    identities: list[str]
    identity_kinds: list[str]
    homes: list[str]
    streets: list[str]
    street: str
    house_numbers: list[str]
    places: list[str]
    postcodes: list[str]
    towns: list[str]
    town: str
    town_rare: int


class Maker:
    """Makes features of cards, with what the register says about how frequent names are."""

    def __init__(self, size: int, names: Counts, towns: Counts) -> None:
        self.size, self.names, self.towns = size, names, towns

    def rarity(self, count: int, commonest: int = COMMONEST) -> int:
        """How many bits it tells that two share something that so many have: 5 for Müller, 12 for who is alone."""
        return round(min(RAREST, max(commonest, log2((self.size + _FEW) / (count + 2)))))

    def known(self, word: str) -> bool:
        return is_name(word) or self.names(word) >= max(_KNOWN, self.size // 20_000)

    def features(self, card: Card) -> Features:
        given, family, firm = _plain(card.given), _plain(card.family), firm_words(card.organisation)
        told = keyed(card)
        first = given[0] if given else ""
        callings = [*given[: len(given) == 1], *_plain(card.called)]
        groups = list(dict.fromkeys(each for name in callings if len(name) > 1 for each in groups_of(name)))
        town = plain_text(card.addresses[0][3]) if card.addresses else ""
        emails, streets, year = told.emails, told.streets, told.birth_year
        return Features(
            number=card.number,
            person=told.person,
            given=told.given,
            givens=[name for name in given if len(name) > 1],
            names=told.names,
            groups=groups,
            given_sound=sound(told.given),
            initial=first[:1],
            spelled_out=int(len(first) > 1),
            given_known=int(bool(first) and self.known(first)),
            given_rare=self.rarity(self.names(first)) if first else COMMONEST,
            family=told.family,
            family_words=[word for word in family if len(word) > 2],
            family_sound=sound(told.family),
            family_rare=self.rarity(self.names(family[-1])) if family else COMMONEST,
            suffix=_suffix(card.suffix),
            gender=card.gender if card.gender in ("female", "male") else "",
            firm="" if card.person else "".join(firm),
            firm_words=told.firm_words,
            firm_rare=self.rarity(min(map(self.names, firm), default=0)),
            birth=told.birth,
            birth_turned=f"{year}-{told.birth_day}-{told.birth_month}" if year else "",
            birth_year=year,
            birth_month=told.birth_month,
            birth_day=told.birth_day,
            year=int(year or 0),
            month=int(told.birth_month or 0),
            emails=emails,
            mailbox=emails[0] if emails else "",
            mailbox_figures=_figures(emails[0]) if emails else "",
            mailboxes=told.mailboxes,
            phones=card.phones,
            identities=card.identities,
            identity_kinds=[each.rpartition(" ")[0] for each in card.identities],
            homes=told.homes,
            streets=streets,
            street=streets[0] if streets else "",
            house_numbers=list(dict.fromkeys(each.rpartition(" ")[2] for each in told.homes)),
            places=[plain_text(each[2] + each[3]) for each in card.addresses if each[2] and each[3]],
            postcodes=told.postcodes,
            towns=told.towns,
            town=town,
            town_rare=min(6, self.rarity(self.towns(town), 0)) if town else 0,
        )


def keyed(card: Card) -> Keyed:
    """What the keys of a card are made of."""
    given = _plain(card.given)
    streets, homes = _streets(card.addresses)
    year, month, day = _date(card.birth)
    emails = [each for each in card.emails if not card.person or each.partition("@")[0] not in _SHARED_BOXES]
    boxes = [each.partition("@")[0] for each in emails]
    names = dict.fromkeys([*given, *_plain(card.middle), *_plain(card.called)])
    return Keyed(
        person=int(card.person),
        given="".join(given),
        names=[name for name in names if len(name) > 1],
        family="".join(_plain(card.family)),
        firm_words=[] if card.person else [word for word in firm_words(card.organisation) if len(word) > 3],
        birth=f"{year}-{month}-{day}" if year else "",
        birth_year=year,
        birth_month=month,
        birth_day=day,
        emails=emails,
        mailboxes=[box for box in boxes if len(box) > 4 and box not in _SHARED_BOXES],
        phones=card.phones,
        identities=card.identities,
        homes=homes,
        streets=streets,
        postcodes=_texts(each[2] for each in card.addresses),
        towns=_texts(each[3] for each in card.addresses),
    )


def has_street(card: Card) -> bool:
    """Whether a street is told of it."""
    return bool(_streets(card.addresses)[0])


_SHARED_BOXES = frozenset(
    "info kontakt contact office mail hello support admin sales post service verwaltung".split()  # noqa: SIM905
)
_SENIOR = {"jr": "2", "junior": "2", "jun": "2", "sr": "1", "senior": "1", "sen": "1", "i": "1", "ii": "2", "iii": "3"}
_STREET = {
    "strasse": "str", "straat": "str", "street": "str", "st": "str", "avenue": "ave", "road": "rd", "drive": "dr",
    "lane": "ln", "place": "pl", "court": "ct", "crescent": "cres", "circuit": "cct", "platz": "pl", "weg": "weg",
}  # fmt: skip


def _plain(text: str) -> list[str]:
    return list(_plain_words(text)) if text else []


@lru_cache(100_000)
def _plain_words(text: str) -> tuple[str, ...]:
    return tuple(plainest(word) for word in words(text))


@lru_cache(100_000)
def plain_text(text: str) -> str:
    """The words of a text in plain spelling, run together."""
    return "".join(_plain_words(text))


def _texts(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for each in found if (text := plain_text(each))))


def _figures(email: str) -> str:
    """The figures of an e-mail address; `-` for none."""
    return "".join(filter(str.isdigit, email)) or "-"


def _suffix(text: str) -> str:
    return next((_SENIOR[word] for word in _plain(text) if word in _SENIOR), "")


def _date(birth: str) -> tuple[str, str, str]:
    """Year, month and day; the year is empty where it is not known (`--03-07`)."""
    return ("" if birth.startswith("--") else birth[:4], birth[-5:-3], birth[-2:]) if birth else ("", "", "")


def _streets(addresses: Sequence[tuple[str, str, str, str]]) -> tuple[list[str], list[str]]:
    """Streets without their numbers, and homes: the street with its number."""
    streets: dict[str, None] = {}
    homes: dict[str, None] = {}
    for one, two, _postcode, _city in addresses:
        number = ""
        for line in (one, two):
            street, numbers = _street(line)
            number = number or numbers
            if len(street) > 3:
                streets[street] = None
                if number:
                    homes[f"{street} {number}"] = None
    return list(streets), list(homes)


@lru_cache(100_000)
def _street(line: str) -> tuple[str, str]:
    numbers, kept = [], []
    for word in _plain_words(line):
        if word[:1].isdigit():
            numbers.append(word)
        else:
            kept.append(_STREET.get(word, word))
    street = "".join(kept)
    for long, short in (("strasse", "str"), ("straat", "str")):
        if street.endswith(long):
            street = street.removesuffix(long) + short
    return street, "".join(numbers)


def skeletons(features: Keyed | Features) -> tuple[str, str]:
    """Given and family name without vowels, for who is compared with whom."""
    return skeleton(features.names[0] if features.names else features.given), skeleton(features.family)
