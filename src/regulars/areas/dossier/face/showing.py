"""How values stand on the card when it is read: in words, with what one can do with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.customers.card.digests import tells_nothing
from regulars.areas.customers.models import HOWS, STANDINGS
from regulars.areas.dossier.face.layout import Block, Part, own_value
from regulars.kernel import postal, saying
from regulars.kernel.registries import Fact, Text
from regulars.kernel.text import fold

TONES = {
    "deceased": "bad",
    "do_not_contact": "bad",
    "secret_address": "warn",
    "minor": "info",
    "prospect": "info",
    "archived": "",
}
_SILENT = ("deceased", "do_not_contact")
_NAME_PARTS = ("title", "given_name", "middle_name", "family_name", "suffix", "organisation_name", "kind")
NOBODY = gettext_lazy("Without a name")
_ROWS = {
    "emails",
    "phones",
    "addresses",
    "social",
    "notes",
    "tags",
    "works_at",
    "households",
    "relations",
    "references",
    "sealed",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What values are put into words against: the house's country, which addresses at home leave out, and the names
    of customers whose number stands on the card."""

    at_home: str = ""
    names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact as a line: its label, its text, whether it hides something that may be asked for."""

    name: str
    label: Text
    text: str
    masked: bool = False
    declined: bool = False
    how: str = ""
    link: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a group, ready for its template."""

    key: str
    values: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    pairs: tuple[tuple[Text, str], ...] = ()
    how: str = ""

    @property
    def span(self) -> str:
        """The days between which the row holds."""
        begin, end = (self.values.get(each) or self.values.get(f"valid_{each}") for each in ("from", "to"))
        return saying.span(begin, end)

    @property
    def hidden(self) -> str:
        """A sealed value as far as it is shown."""
        masked = next((str(self.values[name]) for name in ("value", "iban", "number") if self.values.get(name)), "")
        return saying.sealed(masked)


@dataclass(frozen=True, slots=True)
class ShownPart:
    part: Part
    facts: tuple[Shown, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def filled(self) -> bool:
        return bool(self.facts or self.rows)

    @property
    def template(self) -> str:
        """The named part of `dossier/rows.html` in which rows of this group read."""
        name = "sealed" if self.part.secret else self.part.group
        return f"dossier/rows.html#{name if name in _ROWS else 'any'}"


@dataclass(frozen=True, slots=True)
class ShownBlock:
    block: Block
    parts: tuple[ShownPart, ...]

    @property
    def filled(self) -> bool:
        return any(each.filled for each in self.parts)


def shown_block(block: Block, card: Mapping[str, Any], ground: Ground) -> ShownBlock:
    """The block as it is read."""
    return ShownBlock(block, tuple(_part(part, card, ground) for part in block.parts))


def _part(part: Part, card: Mapping[str, Any], ground: Ground) -> ShownPart:
    if part.group is None:
        return ShownPart(part, facts=tuple(filter(None, (_fact(fact, card, ground) for fact in part.facts))))
    rows = readable(part.group, card.get(part.group, ()))
    return ShownPart(part, rows=tuple(_row(part, each, ground.at_home) for each in rows))


def _fact(fact: Fact, card: Mapping[str, Any], ground: Ground) -> Shown | None:
    """The fact as a line; None where there is nothing to show."""
    value = own_value(card, fact)
    declined = fact.name in card["declined"]
    if value in (None, "") and not declined:
        return None
    masked = fact.protection != "open" and value not in (None, "")
    link = int(value) if fact.type == "customer" and value else None
    text = saying.said(fact, value) if masked else ground.names.get(link or 0) or saying.said(fact, value)
    return Shown(
        fact.name, fact.label, text, masked, declined and not value, how_said(card["hows"].get(fact.name)), link
    )


def _row(part: Part, item: Any, at_home: str) -> Row:
    values = item if isinstance(item, Mapping) else {"tag": item}
    said = {fact.key: saying.said(fact, values.get(fact.key)) for fact in part.facts}
    lines = address_lines(values, at_home) if part.group == "addresses" else ()
    key = str(values.get("key") or fold(values.get("tag", "")) or values.get("tag", ""))
    pairs = tuple((fact.label, said[fact.key]) for fact in part.facts if said[fact.key])
    return Row(key, values, lines, said, pairs, how_said(values.get("how")))


def readable(group: str, rows: Iterable[Any]) -> list[Any]:
    """The rows of a group of the card that say something to people."""
    return [each for each in rows if group != "references" or not tells_nothing(each)]


def how_said(word: str | None) -> str:
    return str(dict(HOWS).get(word or "", ""))


def address_lines(address: Mapping[str, Any], at_home: str = "") -> tuple[str, ...]:
    """The address as its country writes it."""
    parts = {name: str(address.get(name) or "") for name in _ADDRESS}
    lines = postal.address_lines(parts, at_home=at_home)
    if lines and parts["country"] not in ("", at_home):
        lines[-1] = saying.country(parts["country"])
    return tuple(_as_typed(line, parts.values()) for line in lines)


def _as_typed(line: str, parts: Iterable[str]) -> str:
    """The capitals that a letter wants (`8000 AARHUS C`) are for the post, not for the eye."""
    for part in parts:
        if part and part.upper() != part:
            line = line.replace(part.upper(), part)
    return line


_ADDRESS = ("street", "street2", "city", "region", "postcode", "country")


# --- the head of the card ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Badge:
    word: str
    label: Text
    since: str
    tone: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Who this is: the name, how she is greeted, the states of the card."""

    number: int
    name: str
    named: bool
    organisation: bool
    greeting: str
    called: str
    spoken: str
    formal: str
    badges: tuple[Badge, ...]
    silent: bool
    prospect: bool = False

    @property
    def signed(self) -> str:
        """What the initials are taken from: nothing where there is no name."""
        return self.name if self.named or self.called else ""


def head(card: Mapping[str, Any], part: Part, greeting: str) -> Head:
    facts = {fact.name: fact for fact in part.facts}
    badges = tuple(
        Badge(word, label, saying.day(card["standings"][word]), TONES[word], card["standing_reasons"].get(word, ""))
        for word, label in STANDINGS
        if word in card["standings"]
    )
    named = any(card.get(name) for name in _NAME_PARTS[:-1])
    return Head(
        number=card["number"],
        name=card["name"] if named else (card.get("called_name") or str(NOBODY)),
        named=named,
        organisation=card["kind"] == "organisation",
        greeting=greeting,
        called=card.get("called_name") or "",
        spoken=card.get("name_spoken") or "",
        formal=saying.said(facts["form_of_address"], card.get("form_of_address")) if "form_of_address" in facts else "",
        badges=badges,
        silent=any(word in card["standings"] for word in _SILENT),
        prospect="prospect" in card["standings"],
    )


_OF_PEOPLE = ("works_at", "households")


def still_to_add(blocks: Sequence[ShownBlock], card: Mapping[str, Any]) -> list[Part]:
    """The parts that hold nothing yet; an organisation has no household and works nowhere."""
    empty = [each.part for block in blocks for each in block.parts if not each.filled and block.block.column != "head"]
    if card["kind"] == "person":
        return empty
    fit = (part for part in empty if part.name not in _OF_PEOPLE)
    return [part if part.group else replace(part, add=part.label) for part in fit]  # it has no birth date


def clash(facts: Mapping[str, Fact], newer: Mapping[str, Any], group_label: Text) -> dict[str, str]:
    """One value that somebody else has changed meanwhile, in words; hidden facts stay hidden."""
    told = {"by": newer["by"], "at": saying.moment(newer["at"]), "was": "", "now": ""}
    fact = facts.get(newer["field"])
    if fact is None:
        return {**told, "label": str(group_label)}
    hidden = fact.protection != "open"
    was, now = (saying.HIDDEN if hidden and each else saying.said(fact, each) for each in (newer["was"], newer["now"]))
    return {**told, "label": str(fact.label), "was": was, "now": now or _("nothing")}


# What a mark means to whoever sets it.
MEANINGS: Mapping[str, Text] = {
    "deceased": gettext_lazy("Nothing is sent any more, no call, no letter. The card and its history stay."),
    "do_not_contact": gettext_lazy("No call, no mail, no letter, whatever was allowed before."),
    "minor": gettext_lazy("A guardian acts for this customer."),
    "prospect": gettext_lazy("Kept apart: in no list or count of customers, unless it asks for prospects."),
    "secret_address": gettext_lazy("The address is told to nobody and stands on no list that leaves the house."),
}
