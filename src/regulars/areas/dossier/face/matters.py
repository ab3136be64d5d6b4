"""What matters now about a customer, over her facts: a birthday, what she asked to be remembered, what is due."""

from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from regulars.kernel import saying

_AHEAD, _BEHIND = 7, 2  # days
_REMEMBERED = 2


@dataclass(frozen=True, slots=True)
class Matter:
    """One line: its icon, its tone (good, warn, bad, info or nothing), what it says."""

    icon: str
    tone: str
    text: str


def matters(card: Mapping[str, Any], birth_day: int | None, today: date) -> list[Matter]:
    """What whoever opens the card should see first; nothing to do for somebody who has died or wants no contact.

    `birth_day` is month and day: 307 for 7 March."""
    silent = {"deceased", "do_not_contact"} & set(card["standings"])
    return [*(() if silent else _to_do(card, birth_day, today)), *_to_know(card)]


def _to_do(card: Mapping[str, Any], birth_day: int | None, today: date) -> Iterator[Matter]:
    if birth_day and (birthday := birthday_near(birth_day, today)):
        yield Matter("cake", "good", _birthday(birthday, today))
    if card.get("tell_by") and not card.get("told_on"):
        due = date.fromisoformat(str(card["tell_by"])[:10])
        said = _("To be told by %(day)s where we have the data from.") % {"day": saying.day(due)}
        yield Matter("mail", "bad" if due < today else "warn", said)
    if not any(card.get(each) for each in ("phones", "emails", "addresses")):
        yield Matter("circle-help", "warn", _("No phone, no e-mail, no address: ask how to reach this customer."))


def _to_know(card: Mapping[str, Any]) -> Iterator[Matter]:
    asked = [note for note in card.get("notes", ()) if note.get("kind") == "remember"]
    for note in asked[:_REMEMBERED]:
        yield Matter("bookmark", "info", _("Asked us to remember: %(text)s") % {"text": note["text"]})
    if "minor" in card["standings"]:
        yield Matter("info", "info", _("A minor: a guardian acts for this customer."))
    if "secret_address" in card["standings"]:
        yield Matter("lock", "warn", _("The address is secret: tell it to nobody."))


def birthday_near(birth_day: int, today: date) -> date | None:
    """The birthday from two days ago to a week ahead; one of 29 February falls on the 28th where the year has none
    (decision 10)."""
    month, day = divmod(birth_day, 100)
    for year in (today.year - 1, today.year, today.year + 1):
        kept = 28 if (month, day) == (2, 29) and not isleap(year) else day
        found = date(year, month, kept)
        if today - timedelta(_BEHIND) <= found <= today + timedelta(_AHEAD):
            return found
    return None


def _birthday(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead == 0:
        return _("Birthday today")
    if ahead == 1:
        return _("Birthday tomorrow")
    if ahead > 1:
        return _("Birthday on %(weekday)s") % {"weekday": formats.date_format(day, "l")}
    return _("Birthday yesterday") if ahead == -1 else _("Birthday the day before yesterday")
