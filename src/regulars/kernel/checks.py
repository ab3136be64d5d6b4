"""What is looked at before it hurts. Each room declares its checks in `checks.py`; all are gathered in the registry.

A check is a question about the house or its machine with every answer it can give: each answer has its level, its
sentence and, where something is to be done, what. `regulars doctor`, the page *Health*, the API, the metrics and the
mail to the owner all read the same answers.

    good    nothing to do
    note    a choice, or what this program cannot know by itself: to be read once
    watch   will hurt if nobody does anything
    bad     hurts now, or a promise is broken
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.db import DatabaseError
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from regulars.kernel.errors import Refused
from regulars.kernel.stores import Text

log = logging.getLogger("regulars.health")
Level = Literal["good", "note", "watch", "bad"]
LEVELS: tuple[Level, ...] = ("good", "note", "watch", "bad")
GROUPS: Mapping[str, Text] = {
    "data": _("Database and disk"),
    "copies": _("Versions and proof"),
    "work": _("Background work and mail"),
    "keys": _("Keys and ways in"),
    "machine": _("The machine"),
}


class Size(int):
    """A number of bytes, told as kB, MB or GB."""


type Value = str | int | Size | datetime | timedelta


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer a check can give. `sentence` is a format over what is told; `todo` says what to do about it."""

    level: Level
    sentence: Text
    todo: Text = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check found: the name of one of its answers and what belongs into the sentence. Sizes, spans of time,
    instants and counts are told as such and put into words when they are read."""

    answer: str
    told: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One question. `find` answers it at an instant; None where there is nothing to ask (no certificate, no mail).

    `every` is for how many seconds an answer holds. `database` marks what can only be told while the database answers.
    `page` is the route that leads to where something can be done; what is `urgent` is told within the minute.
    """

    name: str
    title: Text
    group: str
    answers: Mapping[str, Answer]
    find: Callable[[datetime], Seen | None]
    every: float = 300
    database: bool = False
    page: str = ""
    urgent: bool = False
    room: str = ""  # filled in when gathered


# Answers that every check can give.
_ALWAYS: Mapping[str, Answer] = {
    "no database": Answer(
        "note", _("Cannot be told while the database does not answer."), _("See what is said of the database first.")
    ),
    "broke": Answer(
        "note",
        _("Could not be looked at (%(why)s)."),
        _("Run “regulars doctor” at the machine as the user that runs “regulars serve”."),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check said, and when. Its words are chosen when it is read."""

    check: Check
    seen: Seen
    at: datetime

    @property
    def answer(self) -> Answer:
        return self.check.answers.get(self.seen.answer) or _ALWAYS[self.seen.answer]

    @property
    def level(self) -> Level:
        return self.answer.level

    @property
    def sentence(self) -> str:
        return _filled(self.answer.sentence, self.seen.told)

    @property
    def todo(self) -> str:
        return _filled(self.answer.todo, self.seen.told)

    def as_json(self) -> dict[str, Any]:
        """For programs: words in the language at hand, values plain (bytes, seconds, UTC)."""
        return {
            "check": self.check.name,
            "group": self.check.group,
            "title": str(self.check.title),
            "level": self.level,
            "answer": self.seen.answer,
            "sentence": self.sentence,
            "todo": self.todo,
            "at": _iso(self.at),
            "values": {name: _plain(value) for name, value in self.seen.told.items()},
        }

    def kept(self) -> dict[str, Any]:
        """For `read_back`."""
        told = {name: [_kind(value), _plain(value)] for name, value in self.seen.told.items()}
        return {"check": self.check.name, "answer": self.seen.answer, "told": told, "at": self.at.isoformat()}


def look(
    known: Iterable[Check], at: datetime, *, database: bool = True, before: Mapping[str, Finding] | None = None
) -> list[Finding]:
    """Asks every check; what an earlier finding still answers is not asked again. Never raises."""
    return [finding for check in ordered(known) if (finding := _found(check, at, database, (before or {})))]


def ordered(known: Iterable[Check]) -> list[Check]:
    groups = list(GROUPS)
    return sorted(known, key=lambda check: groups.index(check.group))


def _found(check: Check, at: datetime, database: bool, before: Mapping[str, Finding]) -> Finding | None:
    old = before.get(check.name)
    if old is not None and timedelta() <= at - old.at < timedelta(seconds=check.every):
        return old
    if check.database and not database:
        return Finding(check, Seen("no database"), at)
    try:
        seen = check.find(at)
    except Exception as error:  # a check that breaks is one more thing to say, never the end of all others
        expected = isinstance(error, (Refused, DatabaseError, OSError))
        log.warning("The check %s broke: %s", check.name, type(error).__name__, exc_info=None if expected else error)
        why = str(error) if isinstance(error, Refused) else type(error).__name__
        return Finding(check, Seen("broke", {"why": why}), at)
    return Finding(check, seen, at) if seen else None


def read_back(kept: Iterable[Mapping[str, Any]], known: Mapping[str, Check]) -> Iterator[Finding]:
    """Findings from what `Finding.kept` gave; those that nobody asks for any more are left out."""
    for each in kept:
        check = known.get(each["check"])
        if check is not None and (each["answer"] in check.answers or each["answer"] in _ALWAYS):
            told = {name: _READING[kind](value) for name, (kind, value) in each["told"].items()}
            yield Finding(check, Seen(each["answer"], told), datetime.fromisoformat(each["at"]))


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level of all; good where nothing was asked."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="good")


# --- values -------------------------------------------------------------------------------------------------------


def _filled(text: Text, told: Mapping[str, Value]) -> str:
    return str(text) % {name: _said(value) for name, value in told.items()} if told else str(text)


def _said(value: Value) -> str:
    from regulars.kernel import saying  # which knows facts, whose registry knows checks

    if isinstance(value, Size):
        return saying.size(value)
    if isinstance(value, timedelta):
        return saying.duration(value)
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return formats.number_format(value, force_grouping=True) if isinstance(value, int) else value


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain(value: Value) -> str | int:
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if isinstance(value, datetime):
        return _iso(value)
    return int(value) if isinstance(value, int) else value


def _kind(value: Value) -> str:
    return next(name for name, kind in _KINDS.items() if isinstance(value, kind))


_KINDS: Mapping[str, type] = {"size": Size, "span": timedelta, "instant": datetime, "count": int, "text": str}
_READING: Mapping[str, Callable[[Any], Value]] = {
    "size": Size,
    "span": lambda seconds: timedelta(seconds=seconds),
    "instant": datetime.fromisoformat,
    "count": int,
    "text": str,
}
