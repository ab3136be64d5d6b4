"""Questions about what was done: the house's deeds, one customer's history, what one deed changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import batched
from typing import Any

import orjson
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.chain.verifying import Verdict, verify
from regulars.kernel import jobs, registries
from regulars.kernel.errors import NotFound
from regulars.kernel.tables import Canonical, Table, moment, table_of

__all__ = [
    "PROOF", "Deed", "Difference", "Proof", "Verdict", "changes", "changeset", "differences", "history_of",
    "last_proof", "proof_at_work", "proofs", "verify",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that a deed changed. `label` is for people, `field` the fact's name; `sealed` values are masked.

    `column` is the model's own field where no fact stands in it.
    """

    number: int | None
    field: str
    label: str
    was: Any
    now: Any
    column: Any = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One changeset as it is read. `sentence` is without its subject: “edited card 10001”."""

    changeset: int
    at: datetime
    by: str
    by_kind: str
    through: str
    detail: str
    verb: str
    sentence: str
    customers: int
    undoes: int | None
    undone_by: int | None
    open: bool
    undoable: bool
    particulars: dict[str, Any] = field(default_factory=dict)
    fields: tuple[Difference, ...] = ()

    def as_json(self, *, with_fields: bool = False) -> dict[str, Any]:
        """The contract's shape of a change, with `fields` that of a history entry."""
        shape = {
            "changeset": self.changeset, "at": moment(self.at), "by": self.by, "through": self.through,
            "verb": self.verb, "sentence": self.sentence, "customers": self.customers, "undone_by": self.undone_by,
        }  # fmt: skip
        if with_fields:
            shape["fields"] = [{"field": each.field, "from": each.was, "to": each.now} for each in self.fields]
        return shape


class _Told(dict[str, Any]):
    """Particulars for a sentence; one that an old deed lacks reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(row: models.Changeset) -> str:
    """What was done, in the language of who reads it. An unknown verb reads as itself."""
    verb = registries.verbs().get(row.verb)
    return str(verb.sentence) % _Told(row.particulars | _labels(row.particulars)) if verb else row.verb


def listed(sentence: str) -> str:
    """The sentence where nobody stands before it: without the `has` that some languages begin it with."""
    # Translators: the auxiliary that sentences of deeds begin with ("hat Karte 10001 bearbeitet"), with its space.
    return sentence.removeprefix(pgettext("begins a deed, left out where deeds are listed", "has "))


def _labels(particulars: dict[str, Any]) -> dict[str, str]:
    """Facts and marks by their label: “looked at Birth date”, not “looked at birth_date”."""
    named = [name for name in ("fact", "standing") if name in particulars]
    facts = registries.facts() if named else {}
    return {name: str(facts[particulars[name]].label) for name in named if particulars[name] in facts}


def _deed(row: models.Changeset, fields: Sequence[Difference] = ()) -> Deed:
    verb = registries.verbs().get(row.verb)
    return Deed(
        changeset=row.number,
        at=row.at,
        by=row.by_name,
        by_kind=row.by_kind,
        through=row.through,
        detail=row.detail,
        verb=row.verb,
        sentence=sentence(row),
        customers=row.customers,
        undoes=row.undoes_id,
        undone_by=row.undone_by_id,
        open=row.state == "open",
        undoable=bool(verb and verb.undo == "rows" and not row.undone_by_id),
        particulars=row.particulars,
        fields=tuple(fields),
    )


def changes(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: str = "",
    verb: str = "",
    customer: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Deed]:
    """The house's deeds, newest first, at most `limit`; `before` a changeset's number gives the next page."""
    rows: QuerySet[models.Changeset] = models.Changeset.objects.order_by("-number")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if by:
        rows = rows.filter(by_name=by)
    if verb:
        rows = rows.filter(Q(verb=verb) | Q(verb__startswith=f"{verb}."))
    if customer is not None:
        rows = rows.filter(links__number__in=links_of(customer)).distinct()
    if before is not None:
        rows = rows.filter(number__lt=before)
    return [_deed(row) for row in rows[:limit]]


def changeset(number: int) -> Deed:
    """One deed. Raises NotFound."""
    row = models.Changeset.objects.filter(pk=number).first()
    if row is None:
        raise NotFound(_("There is no deed %(number)s.") % {"number": number})
    return _deed(row)


def changeset_of(link: int) -> int | None:
    """The deed that a link belongs to."""
    return models.Link.objects.filter(pk=link).values_list("changeset_id", flat=True).first()


def links_of(customer: int) -> set[int]:
    """The links that did anything to this customer: those her live and past rows name. One statement for all tables."""
    parts = []
    for table in _tables():
        if table.subject is not None:
            parts.append(f"SELECT link, link FROM {table.name} WHERE {table.subject} = %s")
            parts.append(f"SELECT link, until FROM {table.past} WHERE {table.subject} = %s")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [customer] * len(parts))
        return {each for pair in cursor.fetchall() for each in pair}


def history_of(customer: int, *, before: int | None = None, limit: int = 50) -> list[Deed]:
    """What was done to one customer, newest first, each deed with the values it changed."""
    known = links_of(customer)
    rows = models.Changeset.objects.filter(links__number__in=known).distinct().order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    deeds = list(rows[:limit])
    links = models.Link.objects.filter(changeset_id__in=[row.number for row in deeds], number__in=known)
    told = list(_stated(links, b'{"customer":%d,' % customer))
    were = _versions_ended((each.link, label, pk) for each in told for label, pk in each.ended())
    fields: dict[int, list[Difference]] = defaultdict(list)
    for each in told:
        fields[each.changeset] += _differences(each, were)
    return [_deed(row, fields[row.number]) for row in deeds]


def differences(changeset: int, *, limit: int = 200) -> list[Difference]:
    """What one deed changed, value by value, in as many customers as make `limit` values."""
    found: list[Difference] = []
    for each in _stated(models.Link.objects.filter(changeset_id=changeset), b'{"customer":'):
        found += _differences(each, _versions_ended((each.link, label, pk) for label, pk in each.ended()))
        if len(found) >= limit:
            break
    return found[:limit]


@dataclass(frozen=True, slots=True)
class _Stated:
    """What one link did to one customer, as its payload says."""

    changeset: int
    link: int
    payload: dict[str, Any]

    def ended(self) -> Iterator[tuple[str, int]]:
        """(table, row) of each version that it ended."""
        yield from ((label, pk) for label, pk, _row in self.payload.get("set", ()))
        yield from ((label, pk) for label, pk in self.payload.get("gone", ()))


def _stated(links: QuerySet[models.Link], mark: bytes) -> Iterator[_Stated]:
    """The payloads that begin so; blocks are long, so only a few are held at a time."""
    found = links.order_by("number").values_list("changeset_id", "number", "block")
    for changeset, number, block in found.iterator(chunk_size=5):
        for payload in blocks.payloads(bytes(block)):
            if payload.startswith(mark):
                yield _Stated(changeset, number, orjson.loads(payload))


_Versions = dict[tuple[int, str, int], Canonical]  # by the link that ended it, its table and its row


def _differences(stated: _Stated, were: _Versions) -> Iterator[Difference]:
    number = stated.payload["customer"]
    for label, _pk, row in stated.payload.get("new", ()):
        yield from _rows_differ(number, label, {}, row)
    for label, pk, row in stated.payload.get("set", ()):
        yield from _rows_differ(number, label, were.get((stated.link, label, pk), {}), row)
    for label, pk in stated.payload.get("gone", ()):
        yield from _rows_differ(number, label, were.get((stated.link, label, pk), {}), {})


def _versions_ended(rows: Iterable[tuple[int, str, int]]) -> _Versions:
    """The versions of these rows that these links ended, from the twins: one statement a table for up to 500."""
    per: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for link, label, pk in rows:
        per[label].append((link, pk))
    found: _Versions = {}
    for table in _tables():
        for part in batched(per.get(table.label, ()), 500):
            links, pks = sorted({link for link, _pk in part}), sorted({pk for _link, pk in part})
            # Found by row: one link of an import has ended thousands, one row has had few versions.
            where = f"{table.pk_in(len(pks))} AND until + 0 IN ({', '.join(['%s'] * len(links))})"
            with connection.cursor() as cursor:
                cursor.execute(table.select(where, past=True), [*pks, *links])
                for row in cursor.fetchall():
                    found[(row[-1], table.label, row[table.columns.index(table.pk)])] = table.canonical_raw(row)
    return found


@cache
def _tables() -> list[Table]:
    return [table_of(model) for model in models.journaled_models()]


# --- from columns to facts --------------------------------------------------------------------------------------------

_HIDDEN = {"sealed", "blind", "primary", "hows", "field_id", "kind_of"}


def _rows_differ(number: int | None, label: str, was: Canonical, now: Canonical) -> Iterator[Difference]:
    whole = now or was
    for column in [*was, *(name for name in now if name not in was)]:
        if column in _HIDDEN or was.get(column) == now.get(column):
            continue
        named = _fact_of(label, column, whole)
        if named is None:
            continue
        name, text = named
        before, after = (registries.veiled(name, row.get(column)) for row in (was, now))
        own = None if label.startswith("customers.") else _column(label, column)
        yield Difference(number, name, text, before, after, own)


def _fact_of(label: str, column: str, row: Canonical) -> tuple[str, str] | None:
    """(name, label) of the fact that stands in this column; None for a column that says nothing to a person."""
    if column == "masked":
        column = "blind"
    for fact in registries.facts().values():
        source = fact.source
        if isinstance(source, registries.Column) and label == "customers.customer" and source.column == column:
            return fact.name, str(fact.label)
        if isinstance(source, registries.Member):
            group = registries.groups()[source.group]
            fixed = {**dict(group.where), **dict(source.where)}
            same_table = group.model.lower() == label and all(row.get(k) == v for k, v in fixed.items())
            stands_in = source.via or ("text" if source.column == "key" else source.column)
            if same_table and stands_in == column:
                return fact.name, str(fact.label)
        if isinstance(source, registries.Present) and source.model.lower() == label:
            if column == "kind" and all(row.get(k) == v for k, v in source.where):
                return fact.name, str(fact.label)
            continue
    if label.startswith("customers."):
        return None
    own = _column(label, column)
    return column, str(own.verbose_name) if own is not None else column.replace("_", " ")


def _column(label: str, column: str) -> Any:
    """The model's own field; None for one that a frozen payload tells of and that is no more."""
    try:
        return apps.get_model(label)._meta.get_field(column)
    except (LookupError, FieldDoesNotExist):
        return None


# --- when the register was proved ------------------------------------------------------------------------------------

PROOF = "regulars.areas.journal.jobs.prove"  # the job; of its results those of the last month are kept
_PROOFS = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof that came to its end. `by` is empty where the clock asked for it; `error` says why there is no verdict.

    A problem is `{"kind", "where", "changeset", "message"}`.
    """

    at: datetime
    by: str
    ok: bool
    changes: int
    seconds: float
    problems: Sequence[dict[str, Any]]
    error: str = ""


def proofs() -> list[Proof]:
    """The proofs of the last weeks, newest first."""
    return [_proof(job) for job in jobs.latest(PROOF, _PROOFS) if job.over]


def last_proof() -> Proof | None:
    """The newest verdict."""
    return next((proof for proof in proofs() if not proof.error), None)


def proof_at_work() -> jobs.JobView | None:
    return next((job for job in jobs.latest(PROOF, 1) if not job.over), None)


def _proof(job: jobs.JobView) -> Proof:
    at = job.finished_at or job.made_at
    if job.state != "done":
        return Proof(at, "", False, 0, 0.0, (), error=job.error)
    told = job.result
    return Proof(at, told["by"], told["ok"], told["changes"], told["seconds"], told["problems"])
