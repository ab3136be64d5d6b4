"""Ask next: what a card lacks and what is worth a question while the customer is there, as one would put it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.areas.dossier.face.layout import part_named
from regulars.kernel.registries import Text

type _Card = Mapping[str, Any]
_MOST = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, and the part of the card that takes the answer; `part` is empty for what is allowed."""

    text: Text
    part: str
    icon: str

    @property
    def block(self) -> str:
        """The block of the card in which that part stands."""
        return part_named(self.part)[0].name if self.part else ""


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    lacks: Callable[[_Card], bool]
    facts: tuple[str, ...] = ()  # asked no more where she declined to say


def _none(*names: str) -> Callable[[_Card], bool]:
    return lambda card: not any(card.get(name) for name in names)


def _of_people(lacks: Callable[[_Card], bool]) -> Callable[[_Card], bool]:
    return lambda card: card["kind"] == "person" and lacks(card)


_QUESTIONS = (
    _Asked(Question(_("How can we reach you: a phone number, an e-mail address?"), "phones", "phone"),
           _none("phones", "emails")),
    _Asked(Question(_("How shall we write your name?"), "name", "user"),
           _of_people(_none("family_name", "given_name"))),
    _Asked(Question(_("Where shall we send what you order?"), "addresses", "map-pin"), _none("addresses")),
    _Asked(Question(_("Why did you come to us, of all shops?"), "origin", "circle-help"),
           _none("reason_chosen"), ("reason_chosen",)),
    _Asked(Question(_("How did you hear of us? Did somebody send you?"), "origin", "users"),
           _none("source", "referred_by"), ("source", "referred_by")),
    _Asked(Question(_("When is your birthday? The day alone is enough."), "about", "cake"),
           _of_people(_none("birth_date")), ("birth_date",)),
    _Asked(Question(_("In which language shall we write to you?"), "reach", "languages"), _none("language"),
           ("language",)),
)  # fmt: skip
_OFFERS = Question(_("May we write to you about offers and news?"), "", "mail")
_STILL_RIGHT = Question(_("Is all this still right: phone, e-mail, address?"), "reach", "history")


def questions(card: _Card, *, answered: bool, old: date) -> list[Question]:
    """At most three, the most useful first; none for whoever wants no contact, has died or is put away. `answered`:
    whether she ever said yes or no to being written to; `old`: the day before which a confirmation, or the last change,
    is too long ago."""
    if {"deceased", "do_not_contact", "archived"} & set(card["standings"]):
        return []
    return list(_worth_asking(card, answered, old))[:_MOST]


def _worth_asking(card: _Card, answered: bool, old: date) -> Iterator[Question]:
    for each in _QUESTIONS:
        if each.lacks(card) and not set(each.facts) & set(card["declined"]):
            yield each.question
        if each.question.part == "phones" and card.get("emails") and not answered:
            yield _OFFERS
    if max(str(card.get("confirmed") or ""), str(card["updated_at"])[:10]) < old.isoformat():
        yield _STILL_RIGHT
