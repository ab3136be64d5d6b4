"""What was done: the house's deeds, one deed, one customer's history."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.areas.journal import models
from regulars.areas.journal.queries.differences import (
    Difference,
    differences_of,
    named,
    stated,
    tables,
    versions_ended,
)
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.tables import moment

_NONE: Mapping[int, Sequence[Difference]] = MappingProxyType({})
_AT_FIRST = 5  # links of a deed that are read where its first values are enough; those of an import have long blocks


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
    links: int  # transactions, those of others in between included
    card: int | None = None  # the one card that it was done to, and that stands
    particulars: dict[str, Any] = field(default_factory=dict)
    fields: tuple[Difference, ...] = ()
    more: bool = False  # whether it changed more than these, of which only the first were asked for

    def as_json(self, *, with_fields: bool = False) -> dict[str, Any]:
        """The contract's shape of a change, with `fields` that of a history entry."""
        shape = {
            "changeset": self.changeset, "at": moment(self.at), "by": self.by, "through": self.through,
            "verb": self.verb, "sentence": self.sentence, "customers": self.customers, "undone_by": self.undone_by,
        }  # fmt: skip
        if with_fields:
            shape["fields"] = [each.as_json() for each in self.fields]
        return shape


class _Told(dict[str, Any]):
    """Particulars for a sentence; one that an old deed lacks reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(row: models.Changeset, undone: models.Changeset | None = None) -> str:
    """What was done, in the language of who reads it; `undone` is what it took back. An unknown verb stays as it is."""
    if undone is not None:
        told = {"sentence": sentence(row), "what": listed(sentence(undone))}
        return _("%(sentence)s: %(what)s") % told
    verb = registries.verbs().get(row.verb)
    if verb is None:
        return row.verb
    said = {name: say(row.particulars[name]) for name, say in verb.said.items() if name in row.particulars}
    alone = verb.one and any(row.particulars.get(name) == 1 for name in verb.said)
    text = verb.one if alone else verb.sentence
    done = str(text) % _Told(row.particulars | _labels(row.particulars) | said)
    return done.strip()  # what was done may have no name (a one-time code)


def listed(sentence: str) -> str:
    """The sentence where nobody stands before it: without the `has` that some languages begin it with."""
    # Translators: the auxiliary that sentences of deeds begin with ("hat Karte 10001 bearbeitet"), with its space.
    return sentence.removeprefix(pgettext("begins a deed, left out where deeds are listed", "has "))


def _labels(particulars: dict[str, Any]) -> dict[str, str]:
    """Facts and marks by their label: “looked at Birth date”, not “looked at birth_date”."""
    named = [name for name in ("fact", "standing") if name in particulars]
    facts = registries.facts() if named else {}
    return {name: str(facts[particulars[name]].label) for name in named if particulars[name] in facts}


def _deeds(rows: Iterable[models.Changeset], fields: Mapping[int, Sequence[Difference]] = _NONE) -> list[Deed]:
    """These deeds; those that take another back say which. One question more where there are such."""
    rows = list(rows)
    undone = models.Changeset.objects.in_bulk([row.undoes_id for row in rows if row.undoes_id is not None])
    return [_deed(row, undone.get(row.undoes_id), fields.get(row.number, ())) for row in rows]


def taken_back(changesets: Collection[int]) -> set[int]:
    """Those of these deeds that were taken back."""
    known = models.Changeset.objects.filter(pk__in=changesets, undone_by__isnull=False) if changesets else ()
    return {each.pk for each in known}


def _deed(row: models.Changeset, undone: models.Changeset | None, fields: Sequence[Difference]) -> Deed:
    verb = registries.verbs().get(row.verb)
    return Deed(
        changeset=row.number,
        at=row.at,
        by=row.by_name,
        by_kind=row.by_kind,
        through=row.through,
        detail=row.detail,
        verb=row.verb,
        sentence=sentence(row, undone),
        customers=row.customers,
        undoes=row.undoes_id,
        undone_by=row.undone_by_id,
        open=row.state == "open",
        undoable=bool(verb and verb.undo == "rows" and not row.undone_by_id and not _once_only(undone)),
        links=(row.last_link or 0) - (row.first_link or 0) + 1,
        card=_card_of(undone or row),
        particulars=row.particulars,
        fields=tuple(fields),
    )


def _once_only(undone: models.Changeset | None) -> bool:
    """Whether that this deed was taken back cannot itself be taken back."""
    verb = registries.verbs().get(undone.verb) if undone is not None else None
    return bool(verb and verb.anew)


def _card_of(row: models.Changeset) -> int | None:
    number = row.particulars.get("number")
    return number if isinstance(number, int) else None


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
    return _deeds(rows[:limit])


def newest_deed() -> int:
    """The number of the newest deed; 0 before any."""
    return models.Changeset.objects.order_by("-number").values_list("number", flat=True).first() or 0


def changeset(number: int) -> Deed:
    """One deed. Raises NotFound."""
    row = models.Changeset.objects.filter(pk=number).first()
    if row is None:
        raise NotFound(_("There is no deed %(number)s.") % {"number": number})
    return _deeds([row])[0]


def customers_of(number: int) -> set[int]:
    """The customers whose cards a deed touched or looked at, as its payloads say."""
    links = models.Link.objects.filter(changeset_id=number)
    found = {each.payload["customer"] for each in stated(links, b'{"customer":')}
    return found - {None}


def changeset_of(link: int) -> int | None:
    """The deed that a link belongs to."""
    return models.Link.objects.filter(pk=link).values_list("changeset_id", flat=True).first()


def links_of(customer: int) -> set[int]:
    """The links that did anything to this customer: those her live and past rows name. One statement for all tables."""
    if customer >> 63:  # more than a database can count to
        return set()
    parts = []
    for table in tables():
        if table.subject is not None:
            parts.append(f"SELECT link, link FROM {table.name} WHERE {table.subject} = %s")
            parts.append(f"SELECT link, until FROM {table.past} WHERE {table.subject} = %s")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [customer] * len(parts))
        return {each for pair in cursor.fetchall() for each in pair}


def beside(changeset: int, customer: int) -> tuple[int | None, int | None]:
    """The deeds before and after this one that did anything to the customer."""
    rows = models.Changeset.objects.filter(links__number__in=links_of(customer)).values_list("number", flat=True)
    earlier = rows.filter(number__lt=changeset).order_by("-number").first()
    return earlier, rows.filter(number__gt=changeset).order_by("number").first()


@registries.steady(anew=False)
def history_of(
    customer: int,
    *,
    by: Actor,
    before: int | None = None,
    upto: int | None = None,
    limit: int = 50,
    most: int | None = None,
) -> list[Deed]:
    """What was done to one customer, newest first, each deed with the values it changed; `upto` a link: only what had
    been done by then. With `most`, the first so many values of each deed: an import has brought in thousands."""
    rows, links = _deeds_on(customer, before, upto, limit)
    read = [link for some in links.values() for link in (some if most is None else some[:_AT_FIRST])]
    told = list(stated(models.Link.objects.filter(number__in=read), b'{"customer":%d,' % customer))
    were = versions_ended((each.link, label, pk) for each in told for label, pk in each.ended())
    found: dict[int, list[Difference]] = {row.number: [] for row in rows}
    for each in told:
        some = found[each.changeset]
        some += islice(differences_of(each, were), None if most is None else most + 1 - len(some))
    first = {number: some[:most] for number, some in found.items()}
    words = iter(named([each for some in first.values() for each in some], by))
    deeds = _deeds(rows, {number: list(islice(words, len(some))) for number, some in first.items()})
    if most is None:
        return deeds
    cut = {number for number in found if len(links[number]) > _AT_FIRST or len(found[number]) > most}
    return [replace(deed, more=deed.changeset in cut) for deed in deeds]


def _deeds_on(
    customer: int, before: int | None, upto: int | None, limit: int
) -> tuple[list[models.Changeset], dict[int, list[int]]]:
    """The newest deeds that did anything to this customer, and the links by which each did, in their order."""
    known = [link for link in links_of(customer) if upto is None or link <= upto]
    rows = models.Link.objects.filter(number__in=known).order_by("-changeset", "number").select_related("changeset")
    if before is not None:
        rows = rows.filter(changeset__lt=before)
    deeds: list[models.Changeset] = []
    links: dict[int, list[int]] = defaultdict(list)
    for row in rows.only("number", "changeset"):
        if row.changeset_id not in links:
            if len(deeds) == limit:
                break
            deeds.append(row.changeset)
        links[row.changeset_id].append(row.number)
    return deeds, links
