"""Invented customers, as rows of the list that a shop like this would bring in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from regulars.interfaces.demo import town, words, worlds

Row = dict[str, str]
NUMBERED_FROM: Final = 10_001  # the first of a house's customers
# Where each column goes (docs/guide/import.md, "A mapping of your own").
COLUMNS: Final = {
    "reference": "reference", "title": "title", "given": "given_name", "called": "called_name", "family": "family_name",
    "firm": "organisation", "employer": "works_at[1].organisation", "job": "works_at[1].job_title", "gender": "gender",
    "born": {"to": "birth_date", "order": "ymd"}, "language": "language", "address": "form_of_address",
    "email": "emails[1].value", "email2": {"to": "emails[2].value", "label": "work"}, "phone": "phones[1].value",
    "street": "addresses[1].street", "postcode": "addresses[1].postcode", "city": "addresses[1].city",
    "country": "addresses[1].country", "tags": {"to": "tag", "split": ","}, "note": "note",
    "household": "households[1].name", "role": "households[1].role", "source": "source", "reason": "reason_chosen",
    "territory": "territory", "representative": "representative", "occupation": "occupation", "children": "children",
    "prospect": "standing.prospect", "minor": "standing.minor", "deceased": "standing.deceased",
    "peace": "standing.do_not_contact", "no_email": "refusal.email", "no_post": "refusal.post",
    "no_phone": "refusal.phone", "genre": "custom.favourite_genre", "circle": "custom.reading_circle",
    "since": "custom.customer_since", "budget": "custom.gift_budget",
}  # fmt: skip
_MAILS = ("post.example", "mail.example.com", "letters.example.org", "inbox.example.net", "home.example")
_ASCII = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ë": "e", "á": "a", "ı": "i",
    "'": "", "’": "", " ": "-",
})  # fmt: skip
_WORLDS = (worlds.ENGLISH,) * 13 + (worlds.GERMAN,) * 3 + (worlds.DANISH,) * 2 + (worlds.AFRIKAANS, worlds.HINDI)


@dataclass(slots=True)
class _Name:
    """A name as it is written, and in Latin letters where it is written in others."""

    given: str
    family: str
    woman: bool
    latin: str = ""

    def mail(self) -> str:
        spelt = (self.latin or f"{self.given}.{self.family}").lower().translate(_ASCII)
        return spelt.encode("ascii", "ignore").decode()


@dataclass(slots=True)
class _Town:
    """What has been given out so far, so that nothing is given twice by chance."""

    rng: Random
    today: date
    many: bool  # so many that the frequent family names do not do
    phones: Iterator[str] = field(init=False)
    german: Iterator[str] = field(init=False)
    firms: list[tuple[str, str]] = field(default_factory=list)
    mails: set[str] = field(default_factory=set)
    place: int = 0

    def __post_init__(self) -> None:
        self.phones, self.german = town.phones(self.rng), town.german_phones(self.rng)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def number(self) -> str:
        self.place += 1
        return f"HL{self.place:05}"


def rows(count: int, *, today: date, seed: int = 1) -> Iterator[Row]:
    """`count` customers, organisations first. The same ones for the same count and day."""
    here = _Town(Random(seed), today, many=count > 2_000)  # noqa: S311  # invented people, no secret
    firms = max(1, count // 14)
    for place in range(firms):
        yield _organisation(here, place)
    left = count - firms
    while left > 0:
        for row in _household(here)[:left]:
            left -= 1
            yield row


def _organisation(here: _Town, place: int) -> Row:
    if place < len(town.INSTITUTIONS):
        name, kind = town.INSTITUTIONS[place]
    else:
        world = here.rng.choice(_WORLDS[:18])
        name, kind = (
            f"{_family(here, world)} {here.rng.choice(town.TRADES)} {place - len(town.INSTITUTIONS) + 1}",
            "trade",
        )
    here.firms.append((name, kind))
    tag = {"school": "school list", "reading circle": "reading circle"}.get(kind, "")
    row = {"firm": name, "tags": tag, "source": "shop", **_home(here, town.home_in_town(here.rng))}
    row["email"] = f"{_unique(here, 'books.' + _plain(name))}@{here.rng.choice(_MAILS)}"
    return {"reference": here.number(), "phone": next(here.phones, ""), **row}


def _plain(name: str) -> str:
    spelt = name.lower().translate(_ASCII).encode("ascii", "ignore").decode()
    return spelt.replace("&", "and")[:40].strip("-.")


def _household(here: _Town) -> list[Row]:
    roll = here.rng.random()
    kind = next(make for upto, make in _KINDS if roll < upto)
    world = here.rng.choice(_WORLDS)
    home = _home(here, _where(here, world))
    return kind(here, world, home)


def _where(here: _Town, world: worlds.World) -> town.Home:
    if world.language in town.ABROAD and here.chance(0.25):
        return town.home_abroad(world.language, here.rng)
    return town.home_in_town(here.rng)


def _home(here: _Town, home: town.Home) -> Row:
    code = town.REPRESENTATIVES.get(home.territory, "") if here.chance(0.8) else ""
    return {"street": home.street, "postcode": home.postcode, "city": home.city, "country": home.country,
            "territory": home.territory, "representative": code}  # fmt: skip


# --- who lives there --------------------------------------------------------------------------------------------------


def _alone(here: _Town, world: worlds.World, home: Row) -> list[Row]:
    return [_person(here, world, home, _name(here, world), phone=_phone(here, home))]


def _worker(here: _Town, world: worlds.World, home: Row) -> list[Row]:
    """Somebody who works at an organisation that is a customer, too."""
    firm, kind = here.firms[int(here.rng.random() ** 2 * len(here.firms))]
    home = home if home["country"] == "GB" else _home(here, town.home_in_town(here.rng))
    row = _person(here, world, home, _name(here, world), phone=_phone(here, home))
    row |= {"employer": firm, "job": here.rng.choice(town.JOBS[kind])}
    if here.chance(0.5):
        row["email2"] = f"{_unique(here, row['reference'].lower())}@office.example"
    return [row]


def _couple(here: _Town, world: worlds.World, home: Row) -> list[Row]:
    """Two with one telephone, and every other two with one e-mail address."""
    first = _name(here, world, woman=True)
    second = _name(here, world, woman=False, family=first)
    phone, lived = _phone(here, home), _named(home, first)
    one, two = (
        _person(here, world, home, each, phone=phone) | {"household": lived, "role": "partner"}
        for each in (first, second)
    )
    if one.get("email") and here.chance(0.5):
        two["email"] = one["email"]
    return [one, two]


def _family_of(here: _Town, world: worlds.World, home: Row) -> list[Row]:
    pair = _couple(here, world, home)
    for row in pair:
        row["children"] = "1"
    name = _name(here, world, like=pair[0])
    born = here.today - timedelta(days=here.rng.randint(2_200, 6_300))
    child = _person(here, world, home, name, phone="", born=born)
    child |= {"household": pair[0]["household"], "role": "child", "minor": "yes", "email": "", "title": "",
              "occupation": "", "prospect": "", "deceased": "", "genre": "Picture books"}  # fmt: skip
    return [*pair, child]


def _father_and_son(here: _Town, world: worlds.World, home: Row) -> list[Row]:
    """Two of one name at one address, told apart by their birthdays alone."""
    name = _name(here, world, woman=False)
    phone, lived = _phone(here, home), _named(home, name)
    older = _birth(here, 1945, 1962)
    younger = _birth(here, older.year + 24, older.year + 34)
    return [
        _person(here, world, home, name, phone=phone, born=born) | {"household": lived, "role": role}
        for born, role in ((older, "father"), (younger, "son"))
    ]


_Kind = Callable[[_Town, worlds.World, Row], list[Row]]
_KINDS: tuple[tuple[float, _Kind], ...] = (
    (0.50, _alone), (0.66, _worker), (0.88, _couple), (0.96, _family_of), (1.01, _father_and_son),
)  # fmt: skip


# --- one person -------------------------------------------------------------------------------------------------------


def _name(
    here: _Town, world: worlds.World, *, woman: bool | None = None, family: _Name | None = None, like: Row | None = None
) -> _Name:
    """A name of this world, with the family name of somebody else where one is given."""
    rng = here.rng
    she = here.chance(0.54) if woman is None else woman
    written = world is worlds.HINDI and (family.latin != "" if family else not (like or {}).get("given", "a").isascii())
    if world is worlds.HINDI and family is None and like is None:
        written = here.chance(0.5)
    if written:
        given, spelt = rng.choice(worlds.WRITTEN_WOMEN if she else worlds.WRITTEN_MEN)
        last, last_spelt = rng.choice(worlds.WRITTEN_FAMILY)
        if family or like:
            last = family.family if family else (like or {})["family"]
            last_spelt = dict(worlds.WRITTEN_FAMILY)[last]
        return _Name(given, last, she, f"{spelt}.{last_spelt}")
    names = world.women if she else world.men
    given = names[int(rng.random() ** 1.4 * len(names))]
    last = family.family if family else like["family"] if like else _family(here, world)
    return _Name(given, last, she)


def _family(here: _Town, world: worlds.World) -> str:
    rng = here.rng
    if here.chance(0.45 if here.many else 0.7):
        return world.family[int(rng.random() ** 1.6 * len(world.family))]
    return rng.choice(world.fronts) + rng.choice(world.ends)


def _person(here: _Town, world: worlds.World, home: Row, name: _Name, *, phone: str, born: date | None = None) -> Row:
    rng = here.rng
    row = {
        "reference": here.number(), "given": name.given, "family": name.family, "language": world.language,
        "gender": "" if here.chance(0.08) else "female" if name.woman else "male", "phone": phone, **home,
        "title": rng.choice(("Dr.", "Dr.", "Prof.")) if here.chance(0.05) else "",
        "called": words.CALLED.get(name.given, "") if here.chance(0.5) else "",
        "address": rng.choice(("formal", "familiar")) if here.chance(0.4) else "",
        "born": str(born or _birth(here, 1936, 2006)) if here.chance(0.8) or born else "",
        "source": rng.choice(words.SOURCES), "reason": rng.choice(words.REASONS) if here.chance(0.25) else "",
        "occupation": rng.choice(words.OCCUPATIONS) if here.chance(0.3) else "",
        "tags": ",".join(rng.sample(words.TAGS, rng.choice((0, 0, 1, 1, 2, 3)))),
        "note": rng.choice(words.NOTES) if here.chance(0.25) else "",
        "genre": rng.choice(words.GENRES) if here.chance(0.6) else "",
        "circle": "yes" if here.chance(0.1) else "",
        "since": str(here.today - timedelta(days=rng.randint(80, 6_000))) if here.chance(0.7) else "",
        "budget": f"{rng.choice((15, 20, 25, 40, 60))}.00 GBP" if here.chance(0.15) else "",
    }  # fmt: skip
    if here.chance(0.86):
        row["email"] = f"{_unique(here, name.mail())}@{rng.choice(_MAILS)}"
    return row | _standing(here)


def _birth(here: _Town, first: int, last: int) -> date:
    """Any day of these years; one in twenty has a birthday today or within the week."""
    if here.chance(0.05):
        soon = here.today + timedelta(days=here.rng.choice((0, 0, 1, 2, 3, 4, 5, 6)))
        return date(here.rng.randint(first, last), soon.month, min(soon.day, 28 if soon.month == 2 else 31))
    return date(first, 1, 1) + timedelta(days=here.rng.randint(0, (last - first + 1) * 365 - 1))


def _standing(here: _Town) -> Row:
    """What some want and some are: left in peace, no advertising, not yet a customer, deceased."""
    roll = here.rng.random()
    states = (
        (0.03, {"peace": "yes"}), (0.08, {"no_email": "yes"}), (0.10, {"no_post": "yes", "no_phone": "yes"}),
        (0.16, {"prospect": "yes"}), (0.18, {"deceased": "yes"}),
    )  # fmt: skip
    return next((dict(state) for upto, state in states if roll < upto), {})


def _phone(here: _Town, home: Row) -> str:
    """A number while there are any left that ring nowhere; who lives where none are kept free has none."""
    if home["country"] not in ("GB", "DE") or here.chance(0.12):
        return ""
    return next(here.german if home["country"] == "DE" else here.phones, "")


def _named(home: Row, name: _Name) -> str:
    """A household by its name and door: no other has the same."""
    return f"{name.family}, {home['street']}, {home['postcode']}"


def _unique(here: _Town, mail: str) -> str:
    made, more = mail, 1
    while made in here.mails:
        more += 1
        made = f"{mail}{more}" if more < 30 else f"{mail}{here.place}"
    here.mails.add(made)
    return made
