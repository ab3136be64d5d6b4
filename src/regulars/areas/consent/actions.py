"""Noting what a customer answered. The newest word counts, but what a file says never undoes a no."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from regulars.areas.consent.models import CHANNELS, PURPOSES, Answer
from regulars.areas.customers.queries import card_for
from regulars.areas.house.queries import today
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused

Pair = tuple[str, str]
_CHANNELS, _PURPOSES = dict(CHANNELS), dict(PURPOSES)


def pairs(channels: Iterable[str], purposes: Iterable[str]) -> list[Pair]:
    """Every channel with every purpose; `all` or none stands for each of them. Raises Refused for an unknown word."""
    chosen_channels = _words(channels, _CHANNELS, "channel")
    chosen_purposes = _words(purposes, _PURPOSES, "purpose")
    return [(channel, purpose) for channel in chosen_channels for purpose in chosen_purposes]


def refuse(
    *, number: int, channels: Sequence[str], purposes: Sequence[str], by: Actor, at: datetime, heard: str = ""
) -> int | None:
    """Notes a no (or takes back a yes). Returns the changeset, None where that was known."""
    return _answer("refused", number, pairs(channels, purposes), by=by, at=at, heard=heard)


def give(
    *,
    number: int,
    channels: Sequence[str],
    purposes: Sequence[str],
    by: Actor,
    at: datetime,
    heard: str,
    wording: str = "",
) -> int | None:
    """Notes a yes that the customer gave herself. It must be said how it was heard: unproved it allows nothing."""
    if not heard.strip():
        raise Refused(_("Say how you heard this yes: on paper, at the counter, by phone."), where="heard")
    return _answer("given", number, pairs(channels, purposes), by=by, at=at, heard=heard, wording=wording)


def correct(*, number: int, channels: Sequence[str], purposes: Sequence[str], by: Actor, at: datetime) -> int | None:
    """Takes an answer off the card that was never given: a slip of the pen."""
    chosen = pairs(channels, purposes)
    particulars = {"number": number, "what": told(chosen)}
    with deed(verb="consent.corrected", by=by, at=at, particulars=particulars) as link:
        card = card_for(by, number)
        link.remove(*[row for row in Answer.objects.filter(customer=card) if (row.channel, row.purpose) in chosen])
    return link.changeset


def told(chosen: Iterable[Pair]) -> str:
    """The pairs in words that stay the same in every language: `email offers, post offers`."""
    return ", ".join(f"{channel} {purpose}" for channel, purpose in chosen)


def _answer(
    answer: str, number: int, chosen: Sequence[Pair], *, by: Actor, at: datetime, heard: str, wording: str = ""
) -> int | None:
    particulars = {"number": number, "what": told(chosen)}
    with deed(verb=f"consent.{answer}", by=by, at=at, particulars=particulars) as link:
        card = card_for(by, number)
        standing = {(row.channel, row.purpose): row for row in Answer.objects.filter(customer=card)}
        values = _values(answer, today(at), heard, wording, by)
        fresh = []
        for channel, purpose in chosen:
            row = standing.get((channel, purpose))
            if row is None:
                fresh.append(Answer(customer=card, channel=channel, purpose=purpose, **values))
            elif row.answer != answer:
                link.change(row, **values, intake="", row=None)
        link.add(*fresh)
    return link.changeset


def _values(answer: str, day: date, heard: str, wording: str, by: Actor) -> dict[str, object]:
    return {"answer": answer, "day": day, "heard": heard.strip()[:200], "wording": wording.strip(), "by": by.name[:200]}


def _words(given: Iterable[str], known: Mapping[str, object], where: str) -> list[str]:
    words = [word for word in given if word]
    for word in words:
        if word not in known and word != "all":
            raise Refused(_("Choose one of: %(words)s.") % {"words": ", ".join([*known, "all"])}, where=where)
    return list(known) if not words or "all" in words else [word for word in known if word in words]
