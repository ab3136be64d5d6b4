"""What of a customer comes back out of a copy, becomes what it was, or goes.

What was done around her since stands: a card that was merged is named by the one it went into, what names somebody who
is not here any more comes without that name or not at all, nobody comes to stand below herself, and of what can stand
only once the one that stands is kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import keeper_of
from regulars.areas.journal.actions import Link
from regulars.areas.journal.actions.undo.pointing import Pointer, pointers_from, pointers_to, together
from regulars.areas.journal.actions.undo.unique import Once, once
from regulars.areas.journal.actions.undo.wholes import part_of
from regulars.areas.journal.actions.undo.writing import put_anew
from regulars.areas.journal.models import Journaled
from regulars.kernel import registries
from regulars.kernel.registries import Column, Holding
from regulars.kernel.tables import Table, table_of

Rows = Mapping[type[Journaled], Mapping[int, Journaled]]
Name = tuple[str, int]


@dataclass(slots=True)
class Coming:
    """A row that comes back, or that stands and becomes what it was in `values`."""

    row: Journaled
    was: Journaled
    stands: bool
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        return table_of(type(self.row))

    @property
    def name(self) -> Name:
        return self.table.label, self.row.pk

    @property
    def told(self) -> dict[str, str]:
        return _told(self.row)

    def brings(self, column: str) -> bool:
        return not self.stands or column in self.values or (column in self.table.derived and bool(self.values))

    def value(self, column: str) -> Any:
        derived = column in self.table.derived and bool(self.values)
        return self.values.get(column, getattr(self.was if derived else self.row, column))

    def set(self, column: str, value: Any) -> None:
        """Lets it have another value than in the copy."""
        self.values[column] = value
        if self.stands and getattr(self.row, column) == value:
            del self.values[column]

    def as_it_will_be(self) -> Journaled:
        row = copy(self.row)
        for name, value in self.values.items():
            setattr(row, name, value)
        row._state.adding, row._state.db = True, None
        return row


class Plan:
    """What is to be written of one customer, so that it fits what stands."""

    def __init__(self, number: int, then: Rows, now: Rows, *, fact: str) -> None:
        self.number, self.now = number, now
        self.coming: dict[Name, Coming] = {}
        self.going: dict[Name, Journaled] = {}
        self.left: list[str] = []
        self.stayed: set[Name] = set()
        for model, rows in then.items():
            self._compare(table_of(model), rows, now.get(model, {}), fact)
        self._leave_what_moved()
        self._leave_what_was_answered()
        while self._names_nobody() or self._closes_a_circle() or self._stands_twice() or self._is_named():
            pass

    def _compare(self, table: Table, rows: Mapping[int, Journaled], here: Mapping[int, Journaled], fact: str) -> None:
        for pk, row in rows.items():
            if pk not in here:
                self._comes(Coming(row, row, stands=False))
            elif values := _differing(table, row, here[pk], fact):
                self._comes(Coming(here[pk], row, stands=True, values=values))
        self.going.update(((table.label, pk), row) for pk, row in here.items() if pk not in rows)

    def _comes(self, row: Coming) -> None:
        self.coming[row.name] = row

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many rows come, change and go."""
        changing = sum(each.stands for each in self.coming.values())
        return len(self.coming) - changing, changing, len(self.going)

    def write(self, link: Link) -> None:
        """Goes before comes: of what only one may have (a first address, a tag) there are never two."""
        link.remove(*self.going.values())
        changing = defaultdict[Table, list[Journaled]](list)
        for each in self.coming.values():
            if each.stands:
                changing[each.table].append(each.as_it_will_be())
        for table, rows in changing.items():
            put_anew(link, table, rows)
        for each in self.coming.values():
            if not each.stands:
                link.add(each.as_it_will_be())

    # --- what cannot be -----------------------------------------------------------------------------------------------

    def _leave(self, row: Coming, why: str, column: str = "", *, without: bool = False) -> None:
        """Leaves out one value, where the row stands or can be `without` it; else the row."""
        self.left.append(why % row.told)
        if column and row.stands:
            for each in together(row.table, [column])[0]:
                row.values.pop(each, None)
        elif column and without:
            row.set(column, None)
        if not (column and (without or row.stands)) or (row.stands and not row.values):
            del self.coming[row.name]

    def _leave_what_moved(self) -> None:
        """Rows that a merge or its undo brought from one card to another stand where they stand: what came from another
        card is not taken away, and what went to one does not come twice."""
        for row in [each for each in self.coming.values() if not each.stands]:
            if type(row.row)._default_manager.filter(pk=row.row.pk).exists():
                self._leave(row, _("%(what)s: it stands on another card now."))
        for name, going in list(self.going.items()):
            table = table_of(type(going))
            past = table.model.past._default_manager.filter(**{table.pk_attname: going.pk})  # type: ignore[attr-defined]
            if past.exclude(**{str(table.subject): self.number}).exists():
                self._stays(name, _("%(what)s: it came from another card since, and stays."))

    def _leave_what_was_answered(self) -> None:
        """To a question that was put to her (may we write?) her last word counts: no copy takes it back for her."""
        why = _("%(what)s: the answer given since stays.")
        for row in list(self.coming.values()):
            stricter = _holding(row.row).stricter
            if stricter and (row.stands or ((last := _last_version(row)) and stricter(last, row.was))):
                self._leave(row, why)
        for name in [name for name, going in self.going.items() if _holding(going).stricter]:
            self._stays(name, why)

    def _stays(self, name: Name, why: str) -> None:
        going = self.going.pop(name)
        self.stayed.add(name)
        self.left.append(why % _told(going))

    def _names_nobody(self) -> bool:
        """What was merged since is named by the card it went into; what is not here cannot be named."""
        found = False
        for row, pointer, named in list(self._naming()):
            if row.name not in self.coming:
                continue
            if pointer.target.is_card and (keeper := keeper_of(named)) != named:
                row.set(pointer.column, named := keeper)
            if row.stands and not row.values:
                del self.coming[row.name]
                continue
            if not row.brings(pointer.column):
                continue
            if not row.table.is_card and pointer.target.is_card and named == self.number:
                why = _("%(what)s: what it points to was merged into this card.")
            elif not self._will_stand(row, pointer, named):
                why = _("%(what)s: what it points to is not here any more.")
            else:
                continue
            self._leave(row, why, pointer.column, without=pointer.may_be_empty)
            found = True
        return found

    def _naming(self) -> Iterator[tuple[Coming, Pointer, int]]:
        for row in self.coming.values():
            for pointer in pointers_from(row.table):
                owned = pointer.column == row.table.subject
                if row.brings(pointer.column) and not owned and (named := row.value(pointer.column)) is not None:
                    yield row, pointer, int(named)

    def _will_stand(self, row: Coming, pointer: Pointer, pk: int) -> bool:
        rows = pointer.target.model._default_manager.filter(pk=pk)
        if pointer == part_of(row.table):  # a part is whose its whole is
            rows = rows.filter(**{str(pointer.target.subject): self.number})
        return (pointer.target.label, pk) in self.coming or rows.exists()

    def _closes_a_circle(self) -> bool:
        for row, pointer, named in list(self._naming()):
            if pointer.column in row.row.journal_tree and self._leads_to(row.row.pk, named, pointer):
                why = _("%(what)s: with it, somebody would stand below herself.")
                self._leave(row, why, pointer.column, without=pointer.may_be_empty)
                return True
        return False

    def _leads_to(self, pk: int, named: int | None, pointer: Pointer) -> bool:
        seen: set[int] = set()
        rows: Any = pointer.table.model._default_manager
        while named is not None and named not in seen and named != pk:
            seen.add(named)
            named = rows.filter(pk=named).values_list(pointer.column, flat=True).first()
        return named == pk

    # --- what stands only once ----------------------------------------------------------------------------------------

    def _stands_twice(self) -> bool:
        for row in list(self.coming.values()):
            for rule in once(row.table):
                if any(map(row.brings, (*rule.columns, rule.only))) and self._has_like(row, rule):
                    self._yields(row, rule)
                    return True
        return False

    def _has_like(self, row: Coming, rule: Once) -> bool:
        """Whether another stands, and stays as it is, that is like this one."""
        alike = {column: row.value(column) for column in rule.columns}
        if None in alike.values() or (rule.only and not row.value(rule.only)):
            return False
        others = type(row.row)._default_manager.filter(**alike, **({rule.only: True} if rule.only else {}))
        names = {(row.table.label, pk) for pk in others.exclude(pk=row.row.pk).values_list("pk", flat=True)}
        return any(name not in self.going and not self._gives_way(name, rule) for name in names)

    def _gives_way(self, name: Name, rule: Once) -> bool:
        """Whether one that stands becomes another in what the rule is about."""
        row = self.coming.get(name)
        return row is not None and any(map(row.brings, (*rule.columns, rule.only)))

    def _yields(self, row: Coming, rule: Once) -> None:
        if not rule.only:
            self._leave(row, _("%(what)s: the same stands here already."))
        elif row.stands:
            self._leave(row, _("%(what)s: another one has become the first since, and stays it."), rule.only)
        else:
            row.set(rule.only, False)
            self.left.append(_("%(what)s: another one has become the first since, and stays it.") % row.told)

    # --- what others name ---------------------------------------------------------------------------------------------

    def _is_named(self) -> bool:
        """What came later and is named by what stays does not go."""
        for name, going in list(self.going.items()):
            table = table_of(type(going))
            part = part_of(table)
            of_what_stays = part is not None and (part.target.label, getattr(going, part.column)) in self.stayed
            named_by = ((pointer, pk) for pointer in pointers_to(table) for pk, *_rest in pointer.rows([going.pk]))
            if of_what_stays or any(self._still_names(pointer, pk) for pointer, pk in named_by):
                self._stays(name, _("%(what)s: something that stays points to it."))
                return True
        return False

    def _still_names(self, pointer: Pointer, pk: int) -> bool:
        name = (pointer.table.label, pk)
        row = self.coming.get(name)
        return name not in self.going and not (row is not None and row.brings(pointer.column))


def _holding(row: Journaled) -> Holding:
    return registries.holdings()[row._meta.label]


def _told(row: Journaled) -> dict[str, str]:
    return {"what": str(_holding(row).label)}


def _last_version(row: Coming) -> Any:
    """What a row was that is gone now; None where it never was."""
    past: Any = row.table.model.past  # type: ignore[attr-defined]
    return past._default_manager.filter(**{row.table.pk_attname: row.row.pk}).order_by("until").last()


def _differing(table: Table, then: Journaled, now: Journaled, fact: str) -> dict[str, Any]:
    names = _columns_of(fact) if fact and isinstance(now, Customer) else _own_columns(then)
    before, after = table.canonical(now), {name: getattr(then, name) for name in names}
    was = table.canonical(then)
    return {name: value for name, value in after.items() if before.get(name, None) != was.get(name, None)}


def _own_columns(row: Journaled) -> Iterator[str]:
    """What a deed writes: neither the link and version, which it gives, nor what follows from other columns."""
    given = {"link", "version", "updated_at", *row.journal_derived}
    for each in row._meta.local_concrete_fields:
        if not each.primary_key and each.attname not in given and each.name not in given:
            yield each.attname


def _columns_of(fact: str) -> list[str]:
    source = registries.facts()[fact].source
    assert isinstance(source, Column)
    return [source.column, *([source.currency] if source.currency else [])]
