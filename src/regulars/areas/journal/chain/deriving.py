"""What stands in a row beside what the journal states: columns worked out from others, and when a card last changed.

Searches, lists and sorting read these. Whoever alters them hides a customer without touching what the journal says of
her; so `verify` works them out again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from types import FunctionType
from typing import Any

from django.db.models import Max

from regulars.areas.journal import models
from regulars.kernel.tables import Canonical, Table, moment, raw_moment, table_of

_AT_ONCE = 2_000


class Derived:
    """The derived columns of one table, worked out anew row by row on one bare thing that only knows how to derive."""

    def __init__(self, table: Table) -> None:
        self.bare: Any = _bare(table) if table.derived else None
        self.columns = table.derived

    def of(self, canonical: Canonical) -> Sequence[Any]:
        """The derived columns that follow from a canonical form."""
        bare = self.bare
        if bare is None:
            return ()
        held = bare.__dict__ = canonical.copy()
        bare.derive()
        return [held[name] for name in self.columns]

    def wrong(self, canonical: Canonical, found: Sequence[Any]) -> Sequence[str]:
        """Which of the derived columns, as they were found, do not follow from the canonical form."""
        told = self.of(canonical)
        pairs = zip(self.columns, found, told, strict=True)
        return [name for name, held, value in pairs if held != value and not self.bare.may_hold(name, held)]


def _bare(table: Table) -> Any:
    """What derives like the model, has its columns' defaults, and costs nothing to fill: a million are derived."""
    own: dict[str, Any] = {each.attname: each.get_default() for each in table.fields}
    for kind in reversed(table.model.__mro__):
        if issubclass(kind, models.Journaled):
            own |= {name: each for name, each in vars(kind).items() if isinstance(each, FunctionType | property | str)}
    return type(table.model.__name__, (), {name: each for name, each in own.items() if not name.startswith("__")})()


@dataclass(slots=True)
class Stamps:
    """Which link touched a card last, for cards of which something else than the own row changed."""

    cards: tuple[Table, ...] = field(default_factory=lambda: tuple(filter(_stamped, _tables())))
    last: dict[int, int] = field(default_factory=dict)
    known: tuple[Any, str] = (None, "")  # a moment as the driver gives it, and as a payload has it: the same

    def take_in(self, link: int, stated: dict[str, Any]) -> None:
        """A payload about a card that does not state the card's own row."""
        if "new" in stated or "set" in stated or "gone" in stated:
            self.last[stated["customer"]] = link

    def wrong_of_own(self, link: int, at: str, version: int, updated: Any) -> Sequence[str]:
        """Of a live card's version and moment as found: whether it says it is older than the link that wrote it, or of
        another moment."""
        if version < link:
            return ("version",)
        if version > link or self.known == (updated, at):
            return ()
        if raw_moment(updated) != at:
            return ("updated_at",)
        self.known = (updated, at)
        return ()

    def wrong(self) -> Iterator[tuple[str, int, int, str]]:
        """(table, number, link, column) of each card that does not know of its last change, or knows of one to come."""
        for table in self.cards:
            for part in batched(sorted(self.last), _AT_ONCE):
                yield from self._behind(table, part)
            yield from _ahead(table)

    def _behind(self, table: Table, numbers: Sequence[int]) -> Iterator[tuple[str, int, int, str]]:
        rows = table.pick((table.pk, "link", *table.stamps), table.pk, numbers)
        links = models.Link.objects.filter(number__in={self.last[row[0]] for row in rows})
        at = dict(links.values_list("number", "at"))
        for number, link, version, updated in rows:
            touched = self.last[number]
            if version < touched:
                yield table.label, number, touched, "version"
            elif version == touched > link and raw_moment(updated) != moment(at[touched]):
                yield table.label, number, touched, "updated_at"


def _ahead(table: Table) -> Iterator[tuple[str, int, int, str]]:
    """Cards first, then the counter: what is written meanwhile is not taken for a falsification."""
    newest = table.model._default_manager.aggregate(newest=Max("version"))["newest"] or 0
    following = models.Counter.objects.filter(name="link").values_list("next", flat=True).first() or 1
    if newest >= following:
        cards = table.model._default_manager.filter(version__gte=following).values_list("pk", flat=True)
        yield from ((table.label, pk, newest, "version") for pk in cards[:100])


def _tables() -> Iterator[Table]:
    return map(table_of, models.journaled_models())


def _stamped(table: Table) -> bool:
    return table.stamped
