"""What the two cards hold, table by table, as each room's holdings say: rows go to the card that stays; one that says
the same as a row there fills its gaps and goes; of two answers to one question the stricter counts.

Nothing is named here: what is the same, what can be the only one, what points at a customer stands in the tables.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from regulars.areas.customers.models import Customer, CustomValue
from regulars.areas.customers.models.sealed import place_of
from regulars.areas.journal.actions import Link
from regulars.areas.journal.actions.undo.pointing import Pointer, pointers_to, together
from regulars.areas.journal.actions.undo.unique import Once, once
from regulars.areas.journal.models import Journaled
from regulars.areas.matching.actions import choosing
from regulars.kernel import personkeys, registries
from regulars.kernel.registries import Holding
from regulars.kernel.tables import Table, filled, table_of

Key = tuple[Any, ...]


def held_tables() -> Iterator[tuple[Holding, Table]]:
    """Every journaled table with rows about a customer, apart from the card itself."""
    for holding in registries.holdings().values():
        model = registries.model_named(holding.model)
        if issubclass(model, Journaled) and not table_of(model).is_card:
            yield holding, table_of(model)


def name_of(table: Table, row: Any) -> str:
    """What a row is called in an answer: the group of the card that it stands in (`emails`), else its table."""
    for group in registries.groups().values():
        if group.model.lower() == table.label and all(getattr(row, name) == value for name, value in group.where):
            return group.name
    return table.label


def identity(table: Table, row: Any) -> Key | None:
    """What makes it the same as a row of another card; None in a table whose rows are all different."""
    for rule in once(table):
        if table.subject in rule.columns and not rule.only:
            return tuple(getattr(row, column) for column in rule.columns if column != table.subject)
    return None


def only_ones(table: Table) -> list[Once]:
    """The rules of which one row of a card can be the only one: the primary e-mail address."""
    return [rule for rule in once(table) if rule.only and table.subject in rule.columns]


class Carrying:
    """Brings the rows of one card onto another within a deed. `moved` counts them by what they are called."""

    def __init__(self, link: Link, keep: Customer, absorb: Customer, take: choosing.Take) -> None:
        self.link, self.keep, self.absorb = link, keep.number, absorb.number
        self.primaries = choosing.primaries(take)
        self.custom = dict(choosing.of_custom(take))
        self.moved: Counter[str] = Counter()

    def carry(self) -> None:
        held = list(held_tables())
        theirs, ours = (filled([table for _holding, table in held], number) for number in (self.absorb, self.keep))
        for holding, table in held:
            if table.label in theirs or (holding.while_both and table.label in ours):
                self._rows(holding, table)
        for pointer in pointers_to(table_of(Customer)):
            if pointer.column != Customer.journal_joined:
                self._pointing(pointer)

    def _of(self, table: Table, *numbers: int) -> list[Any]:
        return list(table.model._default_manager.filter(**{f"{table.subject}__in": numbers}).order_by("pk"))

    # --- rows of the two cards ----------------------------------------------------------------------------------------

    def _rows(self, holding: Holding, table: Table) -> None:
        rows = self._of(table, self.keep, self.absorb)
        ours, theirs = ([row for row in rows if _whose(table, row) == each] for each in (self.keep, self.absorb))
        theirs = self._without_the_other(table, theirs)
        if holding.while_both:
            theirs, ours = self._while_both(holding, theirs, ours)
        standing = {key: row for row in ours if (key := identity(table, row)) is not None}
        moving = []
        for row in theirs:
            alike = standing.get(identity(table, row) or ())
            if alike is None:
                moving.append(row)
            else:
                self.link.remove(row)
                self._join(holding, table, row, alike)
        self._move(table, moving, ours)

    def _without_the_other(self, table: Table, rows: list[Any]) -> list[Any]:
        """That one is related to the other, or works at it, says nothing of one person: it goes."""
        columns = [pointer.column for pointer in pointers_to(table_of(Customer)) if pointer.table is table]
        gone = [row for row in rows if any(getattr(row, column) == self.keep for column in columns)]
        self.link.remove(*gone)
        return [row for row in rows if row not in gone]

    def _while_both(self, holding: Holding, theirs: list[Any], ours: list[Any]) -> tuple[list[Any], list[Any]]:
        """Leaves out, and takes away, what holds only where both cards have it."""
        for column, values in holding.while_both.items():
            both = {getattr(row, column) for row in theirs} & {getattr(row, column) for row in ours}
            gone = [r for r in (*theirs, *ours) if (v := getattr(r, column)) in values and v not in both]
            self.link.remove(*gone)
            theirs, ours = ([row for row in rows if row not in gone] for rows in (theirs, ours))
        return theirs, ours

    def _move(self, table: Table, rows: Sequence[Any], ours: Sequence[Any]) -> None:
        yielding = list(self._yielding(table, rows, ours))
        plain = [row for row in rows if row.pk not in {each.pk for each, _only in yielding}]
        for part, values in ((plain, {}), *(([row], {only: False}) for row, only in yielding)):
            if part:
                self.link.move(part, to=self.keep, **values)
        self.moved.update(name_of(table, row) for row in rows)

    def _yielding(self, table: Table, rows: Sequence[Any], ours: Sequence[Any]) -> Iterator[tuple[Any, str]]:
        """Rows that were the only one on their card and are not on the other, each with the column that says so."""
        for rule in only_ones(table):
            others = [column for column in rule.columns if column != table.subject]
            there = {tuple(getattr(row, c) for c in others): row for row in ours if getattr(row, rule.only)}
            for row in rows:
                standing = there.get(tuple(getattr(row, column) for column in others))
                if standing is None or not getattr(row, rule.only):
                    continue
                if self.primaries.intersection(getattr(row, column) for column in others):
                    self.link.change(standing, **{rule.only: False})
                else:
                    yield row, rule.only

    # --- two rows that say the same -----------------------------------------------------------------------------------

    def _join(self, holding: Holding, table: Table, row: Any, standing: Any) -> None:
        """The standing row gets what the other has and it lacks; of two values the one that counts."""
        fixed = {*table.derived, *(column for rule in once(table) for column in (*rule.columns, rule.only))}
        columns = [column for _field, column in table.kept if column not in fixed]
        wins = self._wins(holding, table, row, standing)
        values: dict[str, Any] = {}
        for group in together(table, columns):
            told, there = (any(_filled(getattr(each, c)) for c in group) for each in (row, standing))
            if told and (wins or not there) and fixed.isdisjoint(group):
                values |= {column: getattr(row, column) for column in group}
        if values.get("sealed") is not None:
            text = personkeys.open_value(row.customer_id, place_of(row), bytes(row.sealed))
            values["sealed"] = personkeys.seal_value(standing.customer_id, place_of(standing), text)
        if self._is_taken_primary(table, row, standing):
            self._unseat(table, standing)
            values["primary"] = True
        self.link.change(standing, **values)

    def _wins(self, holding: Holding, table: Table, row: Any, standing: Any) -> bool:
        """Whether a value of the row counts before one of the standing row. Of two ways to write the same address the
        card that is kept has its own; of two values of a fact of the house's own the later counts."""
        if holding.stricter is not None:
            return holding.stricter(row, standing)
        if table.model is not CustomValue:
            return False
        side = self.custom.get(row.field_id)
        return side == "absorb" if side else bool(row.link > standing.link)

    def _is_taken_primary(self, table: Table, row: Any, standing: Any) -> bool:
        return any(
            getattr(row, rule.only) and not getattr(standing, rule.only)
            and self.primaries.intersection(getattr(row, column) for column in rule.columns)
            for rule in only_ones(table)
        )  # fmt: skip

    def _unseat(self, table: Table, standing: Any) -> None:
        manager: Any = table.model._default_manager
        others = manager.filter(customer=self.keep, kind=standing.kind, primary=True)
        self.link.change_many(list(others.exclude(pk=standing.pk)), primary=False)

    # --- rows of others -----------------------------------------------------------------------------------------------

    def _pointing(self, pointer: Pointer) -> None:
        """Who named the one card names the other from now on."""
        table = pointer.table
        found = [pk for pk, _at, _whose, _link in pointer.rows([self.absorb])]
        rows: list[Any] = list(table.model._default_manager.in_bulk(found).values()) if found else []
        if table.is_card:
            rows = [row for row in rows if row.pk not in (self.keep, self.absorb)]
            self.link.rewrite([(row, {pointer.column: self.keep}) for row in rows])
            return
        holding = registries.holdings()[table.model._meta.label]
        for row in rows:
            if _whose(table, row) == self.keep:
                self.link.remove(row)
                continue
            setattr(row, pointer.column, self.keep)
            key = identity(table, row)
            setattr(row, pointer.column, self.absorb)
            alike = self._alike(table, row, key)
            if alike is None:
                self.link.change(row, **{pointer.column: self.keep})
            else:
                self.link.remove(row)
                self._join(holding, table, row, alike)

    def _alike(self, table: Table, row: Any, key: Key | None) -> Any:
        if key is None:
            return None
        beside = self._of(table, _whose(table, row))
        return next((each for each in beside if each.pk != row.pk and identity(table, each) == key), None)


def _whose(table: Table, row: Any) -> int:
    number: int = getattr(row, table.subject or "")
    return number


def _filled(value: Any) -> bool:
    return value is not None and value not in ("", [], {})
