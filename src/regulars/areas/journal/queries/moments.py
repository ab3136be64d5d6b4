"""Looking back: within `as_of` every journaled table is read as it stood after one link of the chain.

A statement that names such a table gets it by the same name from `WITH`: live rows that the link or an earlier one
wrote, and past rows that an earlier one wrote and a later one ended. So one compiler, one card, one export serve the
present and every moment before it, and nothing that reads can miss it by mistake. Tables of today (who may what) stay
as they are; nothing journaled is written meanwhile.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from regulars.areas.journal import models
from regulars.kernel import registries
from regulars.kernel.dialect import dialect, quoted
from regulars.kernel.errors import Refused
from regulars.kernel.prepared import Prepared
from regulars.kernel.tables import Table, table_of

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIMED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d", re.IGNORECASE)  # a day written otherwise would be taken for its begin
_WITH = re.compile(r"\s*WITH\s+(RECURSIVE\s+)?", re.IGNORECASE)
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|COPY|TRUNCATE)\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+|(?<=[.])\*|(?<=SELECT )\*")
_MANY = 50  # past rows for each link that may have ended some: then the links are gone through, not the rows


class Stood(NamedTuple):
    """What of a table stood at a moment: all or some of its live rows, some of its past ones."""

    all_live: bool
    some_live: bool
    ends: int
    """Links since then, at most, that ended past rows; 0: none of the past ones stood."""


AS_TODAY = Stood(True, True, 0)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the register: the last link made by then (0 before the first deed), and the instant asked for."""

    at: datetime
    link: int
    known: dict[str, Stood] = field(default_factory=dict, compare=False, repr=False)

    @property
    def empty(self) -> bool:
        """Whether it lies before the first deed."""
        return self.link == 0


def moment_named(text: str, *, now: datetime, zone: ZoneInfo) -> Moment:
    """The moment of `2026-03-03` (the end of that house day) or `2026-03-03T14:00` (in the zone unless one is written).

    Raises Refused for what is no time, and for one that is still to come. Today's date means now.
    """
    at = _instant(text.strip(), now, zone)
    if at > now:
        told = {"text": text.strip(), "now": now.astimezone(zone).strftime("%Y-%m-%dT%H:%M")}
        raise Refused(_("“%(text)s” is still to come; it is %(now)s. Choose a moment before.") % told, where="at")
    return moment_at(at)


def moment_at(at: datetime) -> Moment:
    """The moment of an instant (aware). Deeds take their time and clocks are put right, so links are gone through from
    the newest back; for an instant far back, once in each process, and afterwards those that came since."""
    links = models.Link.objects.order_by("-number")
    since, digest, last = _FAR.get(at, _NOWHERE)
    if since and not links.filter(number=since, digest=digest).exists():
        since, _digest, last = _NOWHERE
    last = links.filter(number__gt=since, at__lte=at).values_list("number", flat=True).first() or last
    for newest, its_digest in _NEWEST.rows():
        if newest - last > _LINKS:
            if len(_FAR) >= _KEPT:
                _FAR.clear()
            _FAR[at] = newest, bytes(its_digest), last
    return Moment(at, last)


_LINKS, _KEPT = 5_000, 200  # links back from which an instant is far; how many of these are remembered
_NOWHERE = 0, b"", 0
_FAR: dict[datetime, tuple[int, bytes, int]] = {}  # the newest link there was, and the last one by this instant


def head() -> bytes:
    """The digest of the last link: as long as it is the same, so is whatever comes of journaled tables alone. Empty
    before any deed."""
    return next((bytes(digest) for _number, digest in _NEWEST.rows()), b"")


_NEWEST = Prepared(lambda _none: models.Link.objects.order_by("-number").values_list("number", "digest"), most=1)


def mark_of(moment: Moment) -> tuple[bytes, int] | None:
    """What stands for all that is found at a moment: another mark, and it may be another answer. What cannot be taken
    back (to forget somebody, for one) may reach into the past, so the last such deed is part of it."""
    digest = models.Link.objects.filter(number=moment.link).values_list("digest", flat=True).first()
    if digest is None:
        return None
    final = [verb.name for verb in registries.verbs().values() if verb.undo == "never"]
    last = models.Changeset.objects.filter(verb__in=final).order_by("-number").values_list("number", flat=True).first()
    return bytes(digest) + b"%d" % moment.link, last or 0


def _instant(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            if day == now.astimezone(zone).date():
                return now
            return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone) - timedelta(microseconds=1)
        if not _TIMED.match(text):
            raise ValueError
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        message = _("“%(text)s” is no time. Write 2026-11-24 for the end of that day, or 2026-11-24T09:30.")
        raise Refused(message % {"text": text[:60]}, where="at") from None
    return at


# --- looking back -----------------------------------------------------------------------------------------------------

_HERE: ContextVar[Moment | None] = ContextVar("moment looked back to", default=None)


def looking_back() -> Moment | None:
    """The moment that is looked back to; None in the present."""
    return _HERE.get()


@contextmanager
def as_of(moment: Moment | None) -> Iterator[None]:
    """Within it journaled tables are read as they stood then; with None as they stand."""
    if moment is None and _HERE.get() is None:
        yield
        return
    before = _HERE.set(moment)
    try:
        with registries.steady():
            if _shadow in connection.execute_wrappers:
                yield
            else:
                with connection.execute_wrapper(_shadow):
                    yield
    finally:
        _HERE.reset(before)


def drawn(moment: Moment | None, parts: Iterable[Any]) -> Iterator[Any]:
    """The parts of something long, each drawn while looking back, and the present between them."""
    steps = iter(parts)
    while True:
        with as_of(moment):
            try:
                part = next(steps)
            except StopIteration:
                return
        yield part


def refuse_in_the_past() -> None:
    """Raises Refused where one looks back: what was is not changed."""
    if _HERE.get() is not None:
        raise Refused(_("The register is shown as it stood; nothing can be changed there. Go back to today first."))


def is_as_it_was(model: type[Model]) -> bool:
    """Whether a table holds today just what it held at the moment that is looked back to."""
    moment = _HERE.get()
    if moment is None or not travels(model):
        return True
    return _stood(table_of(model), moment) == AS_TODAY


def _shadow(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    moment = _HERE.get()
    if moment is not None and isinstance(sql, str):
        sql = _shadowed(sql, moment)
    return execute(sql, params, many, context)


def _shadowed(sql: str, moment: Moment) -> str:
    tables, pattern = _named()
    named = dict.fromkeys(pattern.findall(sql))
    if not named:
        return sql
    if _WRITES.match(sql):
        refuse_in_the_past()
    words = set(_WORDS.findall(sql))
    token = _HERE.set(None)  # what is asked here is asked of the tables themselves
    try:
        parts = [part for name in named if (part := _part(tables[name], moment, words, alone=len(named) == 1))]
    finally:
        _HERE.reset(token)
    if not parts:
        return sql
    told = ", ".join(parts)
    if (begun := _WITH.match(sql)) is not None:
        return f"WITH {begun.group(1) or ''}{told}, {sql[begun.end() :]}"
    return f"WITH {told} {sql}"


def travels(model: type[Model]) -> bool:
    """Whether a journaled table is read as it stood, where one looks back."""
    return model in _travelling()


@cache
def _travelling() -> frozenset[type[models.Journaled]]:
    return frozenset(model for model in models.journaled_models() if not model.journal_of_today)


@cache
def _named() -> tuple[dict[str, Table], re.Pattern[str]]:
    tables = {table.name: table for table in map(table_of, _travelling())}
    return tables, re.compile(rf"\b({'|'.join(sorted(tables, key=len, reverse=True))})\b")


# --- one table --------------------------------------------------------------------------------------------------------


def _stood(table: Table, moment: Moment) -> Stood:
    """Looks at the ends of three indexes; asked once a moment, for what is looked at is short."""
    if table.label not in moment.known:
        live, past = quoted(table.name), quoted(table.past)
        ends = f"(SELECT max(link) FROM {live}), (SELECT min(link) FROM {live}), (SELECT max(until) FROM {past})"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {ends}")
            newest, oldest, ended = (each or 0 for each in cursor.fetchone())
        all_live = newest <= moment.link
        stood = Stood(all_live, all_live or oldest <= moment.link, max(0, ended - moment.link))
        moment.known[table.label] = stood
    return moment.known[table.label]


def _part(table: Table, moment: Moment, words: set[str], *, alone: bool) -> str:
    """`"table" AS NOT MATERIALIZED (SELECT …)` with the columns that a statement of these words may name; nothing for
    a table that stands as it stood. Without a column too many, an index alone answers more often."""
    stood, stamped = _stood(table, moment), table.stamped and not words.isdisjoint(table.stamps)
    if stood == AS_TODAY and not (stamped and _touched(table, moment)):
        return ""
    chosen = [name for name in table.columns if name in words or "*" in words]
    columns = ", ".join(_column(table, name, moment.link, stamped) for name in chosen) or "1 AS one"
    real, past = dialect().real(quoted(table.name)), dialect().real(quoted(table.past))
    written = f"t.{quoted('link')} <= {moment.link}"
    parts = []
    if stood.some_live or not stood.ends:
        parts.append(f"SELECT {columns} FROM {real} t" + ("" if stood.all_live else f" WHERE {written}"))
    if stood.ends:
        by_ends = alone and not dialect().plans and words.isdisjoint(_sought(table)) and _in_bulk(table, stood.ends)
        parts.append(f"SELECT {columns} FROM {past} t WHERE {_stood_then(moment.link, by_ends=by_ends)}")
    return f"{quoted(table.name)} AS NOT MATERIALIZED ({' UNION ALL '.join(parts)})"


def _stood_then(link: int, *, by_ends: bool) -> str:
    """What holds of a past row that stood. Usually SQLite goes by the other columns or by `until`, and sees `link`,
    shielded, in the same index. A statement that no other column leads reads of all that ended since what had begun by
    then: link for link, where bulk deeds made few of them."""
    if by_ends:
        later = f"(SELECT number FROM {quoted('journal_link')} WHERE number > {link})"
        return f"t.{quoted('until')} IN {later} AND t.{quoted('link')} <= {link}"
    return f"{dialect().shield('t.' + quoted('link'))} <= {link} AND t.{quoted('until')} > {link}"


def _in_bulk(table: Table, ends: int) -> bool:
    """Whether so many links have ended many rows each, as bulk deeds do."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(rowid) FROM {quoted(table.past)}")
        return bool((cursor.fetchone()[0] or 0) >= _MANY * ends)


@cache
def _sought(table: Table) -> frozenset[str]:
    """The columns by which past rows are found quicker than by when they stood."""
    led = {index.fields[0] for index in table.model.past._meta.indexes}  # type: ignore[attr-defined]
    return frozenset({table.pk, *led} - {"until"})


def _touched(table: Table, moment: Moment) -> bool:
    """Whether any card was changed in another of its tables since."""
    return any(_stood(each, moment) != AS_TODAY for each in _of_cards(table))


def _of_cards(table: Table) -> Sequence[Table]:
    """The tables whose rows belong to the rows of this one."""
    return [each for each in map(table_of, models.journaled_models()) if each.subject and not each.is_card]


def _column(table: Table, name: str, link: int, stamped: bool) -> str:
    """A column; of a card's stamps what they said then: they are not kept in versions of their own."""
    column = f"t.{quoted(name)}"
    if not stamped or name not in table.stamps:
        return column
    last = _last_touch(table, link)
    if name != "version":
        last = f"(SELECT l.{quoted('at')} FROM {quoted('journal_link')} l WHERE l.number = {last})"
    return f"CASE WHEN t.{quoted('version')} <= {link} THEN {column} ELSE {last} END AS {quoted(name)}"


def _last_touch(table: Table, link: int) -> str:
    """The last link until then that wrote or ended any row of card `t`."""
    parts = [f"SELECT t.{quoted('link')} AS touched"]
    real = dialect().real
    for each in _of_cards(table):
        hers = f"x.{quoted(each.subject or '')} = t.{quoted(table.pk)}"
        for name, column in ((each.name, "link"), (each.past, "link"), (each.past, "until")):
            touched = f"x.{quoted(column)}"
            parts.append(f"SELECT {touched} FROM {real(quoted(name))} x WHERE {hers} AND {touched} <= {link}")
    return f"(SELECT max(touched) FROM ({' UNION ALL '.join(parts)}) u)"
