"""How deliveries go, and what comes back as faulty: by product, type of goods, place or channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Avg, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from regulars.areas.trade.models import CHANNELS, Line, Place, Product, ProductType, Purchase
from regulars.areas.trade.queries.purchases import seen
from regulars.kernel.actor import Actor
from regulars.kernel.dialect import Shielded, dialect
from regulars.kernel.money import plain

By = Literal["product", "type", "place", "channel"]
FAULTY = ("defect", "damaged")
_SCANNED = 3  # lines of other days for each of the days asked for, up to which all are read
_OF_LINES: Mapping[str, tuple[str, str]] = {  # the key on a line, on a purchase
    "product": ("product", ""),
    "type": ("product__type", ""),
    "place": ("purchase__place", "place"),
    "channel": ("purchase__channel", "channel"),
}


@dataclass(slots=True)
class Going:
    """One product, type, place or channel. `promised` deliveries on the days promised; of these `late` came after it,
    on average `days_late` too late, and `missing` have not come though it is over; `damaged` arrived so. `sold`, `back`
    and `faulty` are quantities in 1/10,000 of lines on these days: faulty is what came back as defective or damaged."""

    code: str
    name: str
    promised: int = 0
    late: int = 0
    days_late: float | None = None
    missing: int = 0
    damaged: int = 0
    sold: int = 0
    back: int = 0
    faulty: int = 0

    def as_json(self) -> dict[str, Any]:
        """As a program reads it: quantities as exact texts."""
        days = None if self.days_late is None else round(float(self.days_late), 1)
        return {
            "code": self.code, "name": self.name, "promised": self.promised, "late": self.late,
            "missing": self.missing, "damaged": self.damaged, "days_late": days, "sold": plain(self.sold),
            "back": plain(self.back), "faulty": plain(self.faulty),
        }  # fmt: skip

    @property
    def overdue(self) -> int:
        return self.late + self.missing

    @property
    def percent_late(self) -> float | None:
        return 100 * self.overdue / self.promised if self.promised else None

    @property
    def percent_faulty(self) -> float | None:
        return 100 * self.faulty / self.sold if self.sold else None


def days_of(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The first and the last day that are meant: left out, until today, and 90 days in all."""
    last = until or today
    return since or last - timedelta(days=89), last


def deliveries(by: Actor, *, each: By, since: date, until: date, today: date) -> list[Going]:
    """Each with a delivery promised for these days, or with something faulty that came back on them; those most often
    late first, then those most often faulty. Both days count. Raises NotAllowed."""
    line, purchase = _OF_LINES[each]
    mine = seen(by).order_by()
    due = mine.filter(void="", promised__gte=since, promised__lte=until)
    found: dict[Any, Going] = {}
    for key, *told in _due(due, purchase, today) if purchase else _due_of_lines(due, line, today):
        found.setdefault(key, Going("", "")).promised = told[0]
        found[key].late, found[key].missing, found[key].damaged, found[key].days_late = told[1:]
    rows = _lines(since, until).filter(kind__in=("sale", "return"))
    if by.own is not None:
        rows = rows.filter(purchase__in=mine.values("pk"))
    for key, sold, back, faulty in _goods(rows, line):
        if faulty or key in found:
            going = found.setdefault(key, Going("", ""))
            going.sold, going.back, going.faulty = sold, back, faulty
    found.pop(None, None)  # lines in words, products of no type
    for key, (code, name) in _names(each, found).items():
        found[key].code, found[key].name = code, name
    return sorted(found.values(), key=lambda going: (-going.overdue, -going.faulty, going.name, going.code))


def _due(due: QuerySet[Purchase], key: str, today: date) -> QuerySet[Any, Any]:
    return due.values_list(key).annotate(**_counted("", today))


def _due_of_lines(due: QuerySet[Purchase], key: str, today: date) -> QuerySet[Any, Any]:
    """A purchase counts once for each product in it."""
    each = Line.objects.filter(kind="sale", purchase__in=due.values("pk")).values_list(key)
    return each.annotate(**_counted("purchase__", today))


def _counted(of: str, today: date) -> dict[str, Any]:
    """The figures of `Going` about days, in their order, counted over purchases `of` the rows at hand."""
    came_late = Q(**{f"{of}late__gt": 0})
    not_come = Q(**{f"{of}delivered__isnull": True, f"{of}promised__lt": today})
    once: dict[str, Any] = {"distinct": bool(of)}
    return {
        "n_promised": Count(f"{of}pk", **once),
        "n_late": Count(f"{of}pk", filter=came_late, **once),
        "n_missing": Count(f"{of}pk", filter=not_come, **once),
        "n_damaged": Count(f"{of}pk", filter=Q(**{f"{of}damaged": True}), **once),
        "mean_late": Avg(f"{of}late", filter=came_late),
    }


def _lines(since: date, until: date) -> QuerySet[Line]:
    """The lines of these days. Where they are more than a quarter of all, to read all is less work than to look each up
    by its day."""
    there = Line.objects.filter(day__gte=since, day__lte=until)
    if dialect().plans:
        return there
    most = _SCANNED * there.count()
    for others in (Line.objects.filter(day__lt=since), Line.objects.filter(day__gt=until)):
        most -= others.values("day")[:most].count() if most else 0
    if not most:
        return there
    return Line.objects.alias(on=Shielded("day")).filter(on__gte=since, on__lte=until)


def _of_line(key: str) -> Any:
    """The key of a line, for a database that would else go by it instead of by the days: one that stands on its
    purchase is looked up there line by line."""
    of, _, own = key.partition("__")
    if of != "purchase" or dialect().plans:
        return Shielded(key)
    return Subquery(Purchase.objects.filter(pk=OuterRef("purchase")).order_by().values(own))


def _goods(rows: QuerySet[Line], key: str) -> QuerySet[Any, Any]:
    def quantity(sign: int, **those: Any) -> Any:
        return Coalesce(Sum(Case(When(**those, then=sign * F("quantity")), default=0)), 0)

    return rows.annotate(what=_of_line(key)).values_list("what").annotate(
        sold=quantity(1, kind="sale"), back=quantity(-1, kind="return"),
        faulty=quantity(-1, kind="return", reason__in=FAULTY),
    )  # fmt: skip


def _names(each: By, keys: Mapping[Any, Any]) -> dict[Any, tuple[str, str]]:
    """(code, name) of each."""
    if each == "channel":
        return {word: (word, str(label)) for word, label in CHANNELS if word in keys}
    if each == "type":
        return {row.pk: (row.name, row.name) for row in ProductType.objects.filter(pk__in=keys)}
    if each == "place":
        return {row.pk: (row.code, row.name) for row in Place.objects.filter(pk__in=keys)}
    return {row.pk: (row.number, row.name) for row in Product.objects.filter(pk__in=keys)}
