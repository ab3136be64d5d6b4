"""A mapping guessed from headings and content, each column with how sure and why."""

import re
from collections.abc import Mapping as AnyMapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from regulars.areas.intake.readers import looks
from regulars.areas.intake.readers.beneath import Beneath
from regulars.areas.intake.readers.exporters import OURS, Exporter, recognised
from regulars.areas.intake.readers.headings import (
    FOR_A_FIRM,
    ID_WORDS,
    NAME_WORDS,
    NAMING,
    TITLE_WORDS,
    Meaning,
    further_headings,
    meaning,
    plain,
    speaks,
)
from regulars.areas.intake.readers.layout import Inspected
from regulars.areas.intake.readers.mapping import DEFAULT_SOURCE, Column, Mapping
from regulars.areas.intake.readers.targets import GROUPS, MOST_SLOTS, Target, placed_at
from regulars.areas.intake.readers.wishes import wish_in
from regulars.kernel import genders, numbers
from regulars.kernel.errors import Refused
from regulars.kernel.names import split_name

_SURE, _LIKELY, _UNSURE = 0.99, 0.7, 0.4
_EXPECTED = {
    "emails.value": "email",
    "phones.value": "phone",
    "birth_date": "date",
    "addresses.country": "country",
    "gender": "gender",
    "bank_accounts.iban": "iban",
}
_UNNUMBERED = ("tags", "notes", "references")  # any number of columns may go there, none has a slot
_TOWNS = ("addresses.city", "addresses.postcode", "addresses.postcode_city")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENOUGH = 0.6  # of the filled cells of a column must look like what its heading or a guess says


@dataclass(frozen=True, slots=True)
class _Guess:
    """A column and what it seems to be: a path without slot, and what keeps its slot apart from others."""

    column: Column
    path: str
    apart: tuple[str, int] = ("", 0)


def guess(
    inspected: Inspected, *, today: date, headers: AnyMapping[str, tuple[str, ...]] | None = None, country: str = ""
) -> Mapping:
    """The mapping that the headings and the sample suggest.

    `headers` are the facts' own spellings, path → headings (`headers_of`); the business's own facts come in by them.
    `country` is the house's: without it a telephone is told by its + alone.
    """
    about = _About(inspected, today, country, further_headings(dict(headers or {})))
    exporter = recognised(inspected.columns) if inspected.layout.headed else None
    if exporter:
        columns = _as_exported(inspected, exporter, headers or {})
        if exporter.further:
            own = _by_headings(about)
            columns = [_beside(each, own[each.index]) if each.why == "unknown" else each for each in columns]
    else:
        columns = _by_headings(about)
    decided = tuple(_read_as_decided(each, inspected) for each in columns)
    return Mapping(exporter.source if exporter else DEFAULT_SOURCE, decided, exporter.name if exporter else "")


def headers_of(facts: AnyMapping[str, str], spellings: AnyMapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Path → spellings from fact → path (`words_of`) and fact → spellings."""
    return {path: spellings[name] for name, path in facts.items() if spellings.get(name)}


def _as_exported(inspected: Inspected, exporter: Exporter, facts: AnyMapping[str, Any]) -> list[Column]:
    """Our own export calls the facts of the card's own row by their names, whichever the rooms have declared."""
    columns = []
    taken: set[str] = set()
    for index, heading in enumerate(inspected.columns):
        spec = exporter.spec(heading.strip())
        if not spec and exporter.name == OURS and heading in facts:
            spec = heading
        path, _mark, note = spec.partition("!")
        path, _at, label = path.partition("@")
        if path and path in taken and not path.startswith(("note", "tags", "reference", "refusal", "claim")):
            path = ""
        taken.add(path)
        network = "" if not path.startswith("social") else _network(heading)
        columns.append(
            Column(
                index=index,
                column=heading,
                to=str(placed_at(path)) if path else "ignore",
                label=note or ("" if path in ("reference", "note") else label),
                source=label if path == "reference" else "",
                kind=label if path == "note" else "",
                network=network,
                split=exporter.split,
                order=exporter.order,
                mark=exporter.mark,
                confidence=_SURE,
                why="exporter" if spec else "unknown",
            )
        )
    return columns


_OWN = frozenset(("ignore", "salutation", "birth_date", "gender", "language", "organisation", "occupation"))
_BESIDE = 20  # slots that no program's own columns reach


def _beside(unknown: Column, guessed: Column) -> Column:
    """A column of the business's own in a known export: by its heading, in a slot of its own."""
    place = placed_at(guessed.to)
    if (not place.group and place.key not in _OWN) or place.slot + _BESIDE > MOST_SLOTS:
        return unknown  # the program says itself who it is
    moved = replace(place, slot=place.slot + _BESIDE) if place.group in GROUPS else place
    return replace(guessed, to=str(moved))


def _network(heading: str) -> str:
    found = meaning(heading)
    return found.network if found and found.network else "web"


@dataclass(frozen=True, slots=True)
class _About:
    """What a guess is made from."""

    inspected: Inspected
    today: date
    country: str
    further: AnyMapping[str, str]

    def beneath(self, index: int) -> Beneath:
        return Beneath(self.inspected.columns[index], self.inspected.column(index), self.country, self.today)


def _by_headings(about: _About) -> list[Column]:
    guesses = [_guess(about, index) for index in range(len(about.inspected.columns))]
    guesses = [_named(each, guesses) for each in guesses]
    guesses = [_numbered(each, guesses) for each in guesses]
    guesses = [_state(each, guesses, about) for each in guesses]
    guesses = [_whole(each, guesses, about) for each in guesses]
    return _with_slots(guesses)


def _guess(about: _About, index: int) -> _Guess:
    heading, today, headed = about.inspected.columns[index], about.today, about.inspected.layout.headed
    beneath = about.beneath(index)
    cells = list(beneath.cells)
    plain_column = Column(index=index, column=heading)
    said = (_said(heading, cells, about.further) or wish_in(heading, cells, today)) if headed else None
    if said is None:
        return _by_content(plain_column, beneath, headed=headed)
    if denied := beneath.denies(said):
        return _by_meaning(plain_column, denied)
    column = replace(
        plain_column,
        label=said.label,
        confidence=said.sure,
        kind=said.kind,
        country=said.country,
        network=said.network,
        why="heading" if said.sure > 0.8 else "like heading",
    )
    if said.kind and cells and not _checked(cells, said):
        column = replace(column, kind=numbers.OTHER, country="", confidence=_LIKELY)
    look = _EXPECTED.get(said.path)
    if look and cells:
        fits = looks.share(look, cells, today) >= _ENOUGH
        column = replace(
            column,
            confidence=min(0.98, said.sure + 0.03) if fits else _UNSURE,
            why="heading and content" if fits else "heading",
        )
    return _Guess(column, said.path, (said.label, said.number))


def _said(heading: str, cells: list[str], further: AnyMapping[str, str]) -> Meaning | None:
    """What the heading says, where one word says several things weighed by the content."""
    words = plain(heading)
    if words in NAME_WORDS:
        coded = all(map(str.isdecimal, cells)) if words in NAMING else sum(map(_is_code, cells)) * 2 > len(cells)
        return Meaning("reference" if cells and coded else "name", sure=0.85)
    if words in TITLE_WORDS:
        said = "salutation" if _forms_of_address(cells) else "title" if _titles(cells) else "works_at.job_title"
        return Meaning(said, sure=0.75)
    if words in _IN_TWO:
        return Meaning(_IN_TWO[words], sure=0.6)
    if words in ID_WORDS:
        return Meaning("id", sure=0.8) if len(set(cells)) == len(cells) else None
    return meaning(heading, further)


def _is_code(cell: str) -> bool:
    """Whether this is a number or a code (`4711`, `K-17 B`) and no name with a number in it (`Person 1`)."""
    blank = len(cell.split()) > 1
    return any(ch.isdigit() for ch in cell) and not (blank and _WORD.search(cell))


def _checked(cells: list[str], said: Meaning) -> bool:
    """Whether the numbers of a column are mostly of the kind that its heading says."""
    right = 0
    for cell in cells:
        with suppress(Refused):
            numbers.clean_identity(cell.strip().removeprefix("'"), kind=said.kind, country=said.country)
            right += 1
    return right * 2 > len(cells) or (said.kind == "vat" and not said.country)


def _forms_of_address(cells: list[str]) -> bool:
    """Whether most of these say a gender: Frau, Mnr, Mrs."""
    return sum(bool(genders.gender_of_title(cell)) for cell in cells) * 2 > len(cells)


def _titles(cells: list[str]) -> bool:
    """Whether most of these are words that stand before a name: Dr., Prof., Frau."""
    titled = sum(bool(split_name(f"{cell} Anna Meier").title) and len(cell) < 20 for cell in cells)
    return not cells or titled * 2 > len(cells)


def _by_meaning(column: Column, found: Meaning) -> _Guess:
    """A column that goes by what stands beneath its heading."""
    return _Guess(
        replace(column, label=found.label, confidence=found.sure, why="content"), found.path, (found.label, 0)
    )


def _by_content(column: Column, beneath: Beneath, *, headed: bool) -> _Guess:
    cells, today = beneath.cells, beneath.today
    if not cells:
        return _Guess(replace(column, why="empty"), "")
    if headed and speaks(column.column, "others"):
        return _Guess(column, "")
    for path, look, sure in (
        ("emails.value", "email", 0.9),
        ("bank_accounts.iban", "iban", 0.8),
        ("social.handle", "url", 0.5),
    ):
        if looks.share(look, cells, today) >= 0.8:
            return _Guess(replace(column, confidence=sure, why="content"), path)
    if headed:  # an unknown heading over numbers, days or words: nearly anything may be meant
        told = beneath.tells()
        return _by_meaning(column, told) if told else _Guess(column, "")
    for path, look, sure in (
        ("birth_date", "date", 0.5),
        ("addresses.postcode", "postcode", 0.4),
        ("phones.value", "phone", 0.6),
        ("gender", "gender", 0.5),
        ("addresses.country", "country", 0.6),
        ("full_name", "name", 0.4),
    ):
        if looks.share(look, cells, today) >= 0.8:
            return _Guess(replace(column, confidence=sure, why="content"), path)
    return _Guess(column, "")


def _state(guess: _Guess, all_of: list[_Guess], about: _About) -> _Guess:
    """A `Status` beside an e-mail address, of words as programs that send mail write them, says who gets any."""
    if guess.path or not about.inspected.layout.headed or all(each.path != "emails.value" for each in all_of):
        return guess
    if not about.beneath(guess.column.index).is_state_of_subscription():
        return guess
    return _by_meaning(guess.column, Meaning("claim.email", sure=_LIKELY))


def _numbered(guess: _Guess, all_of: list[_Guess]) -> _Guess:
    """`Street 2` is the street of the second address where a town or postcode has that number too."""
    number = plain(guess.column.column)[-1:]
    if guess.path not in ("addresses.street", "addresses.street2") or not number.isdecimal():
        return guess
    apart = (guess.column.label, int(number))
    if not any(each.apart == apart and each.path in _TOWNS for each in all_of):
        return guess
    return replace(guess, path="addresses.street", apart=apart)


def _whole(guess: _Guess, all_of: list[_Guess], about: _About) -> _Guess:
    """An `Address` with postcode and town in it, a `Town` with the postcode, where no other column has these."""
    beneath, others = about.beneath(guess.column.index), {each.path for each in all_of}
    if guess.path == "addresses.street" and others.isdisjoint(_TOWNS) and beneath.are_whole_addresses():
        return replace(guess, path="addresses.whole")
    if guess.path == "addresses.city" and others.isdisjoint(_TOWNS[1:]) and beneath.are_towns_behind_postcodes():
        return replace(guess, path="addresses.postcode_city")
    return guess


def _named(guess: _Guess, all_of: list[_Guess]) -> _Guess:
    """`Name` is the family name beside a given name, the given name beside a family name, else the whole name.

    A bare `ID` is the customer's only where no other column is.
    """
    paths = [each.path for each in all_of]
    given, family = "given_name" in paths, "family_name" in paths
    if guess.path in ("name 1", "name 2"):
        both = not given and not family and {"name 1", "name 2"} <= set(paths)
        return _renamed(
            guess, _TWO_NAMES.get(guess.path, "") if both else "full_name" if guess.path == "name 1" else ""
        )
    if guess.path == "addresses.suburb":
        second = "" if "addresses.street2" in paths else "addresses.street2"
        return _renamed(guess, second if "addresses.city" in paths else "addresses.city")
    if guess.path == "name":
        path = "" if given and family else "family_name" if given else "given_name" if family else "full_name"
        if path == "full_name" and "full_name" in paths:
            firms = any(plain(each.column.column) in FOR_A_FIRM for each in all_of)
            path = "organisation" if firms and "organisation" not in paths else ""
        return _renamed(guess, path)
    if guess.path == "full_name" and plain(guess.column.column) == "account name" and paths.count("full_name") > 1:
        return _renamed(guess, "" if "organisation" in paths else "organisation")
    if guess.path == "full_name" and given and family:
        return _renamed(guess, "")
    if guess.path == "id":
        return _renamed(guess, "" if "reference" in paths else "reference")
    return guess


# What programs of trade call `Name 1` and `Name 2`: the family name, or the firm, and the given name.
_IN_TWO = {f"{word}{blank}{number}": f"name {number}" for word in ("name", "navn", "naam") for blank in ("", " ")
           for number in (1, 2)}  # fmt: skip
_TWO_NAMES = {"name 1": "family_name", "name 2": "given_name"}


def _renamed(guess: _Guess, path: str) -> _Guess:
    column = guess.column if path else replace(guess.column, confidence=0.0, why="unknown")
    return replace(guess, path=path, column=column)


def _with_slots(guesses: list[_Guess]) -> list[Column]:
    """Paths with slots: parts of one label belong together, a second column for the same part begins a new slot."""
    slots: dict[str, dict[tuple[str, int, int], int]] = {}
    taken: set[str] = set()
    columns = []
    for each in guesses:
        group, _dot, key = each.path.partition(".")
        if group in GROUPS and key and group not in _UNNUMBERED:
            path = _free(group, key, each.apart, slots.setdefault(group, {}), taken)
        else:
            path = str(placed_at(each.path)) if each.path else ""
        many = path.startswith(("note", "tag", "refusal", "claim", "standing"))
        if not path or (path in taken and not many):
            why = "empty" if each.column.why == "empty" else "unknown"
            columns.append(replace(each.column, to="ignore", confidence=0.0, why=why))
            continue
        taken.add(path)
        columns.append(replace(each.column, to=str(placed_at(path)), label=_label(each, path)))
    return columns


def _free(group: str, key: str, apart: tuple[str, int], seen: dict[tuple[str, int, int], int], taken: set[str]) -> str:
    """The path in the first slot of these that has no such part yet; '' where a card has no more slots."""
    for again in range(MOST_SLOTS):
        slot = seen.setdefault((*apart, again), len(seen) + 1)
        path = str(Target(group, key, slot))
        if path not in taken:
            return path if slot <= MOST_SLOTS else ""
    return ""


def _label(guess: _Guess, path: str) -> str:
    if path.startswith(("emails", "phones", "addresses")):
        return guess.column.label
    plain_note = plain(guess.column.column) in (
        "note",
        "notes",
        "notizen",
        "noter",
        "notas",
        "notiz",
        "bemerkung",
        "bemerkungen",
        "bemerk",
        "bemærkning",
        "bemærkninger",
        "anmerkung",
        "kommentar",
        "opmerking",
        "opmerkings",
        "comments",
    )
    return guess.column.column[:60] if path == "note" and not plain_note else ""


def _read_as_decided(column: Column, inspected: Inspected) -> Column:
    """What the whole column decided about its dates and decimals, written into the mapping."""
    doubt = inspected.doubts.get(column.index)
    return replace(column, order=doubt.order, mark=doubt.mark) if doubt else column
