"""Where the values of a fact lie: its table, its column, the column of its folded key."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from regulars.kernel.dialect import Dialect, indexed
from regulars.kernel.registries import Column, Fact, Member, groups, model_named

CUSTOMER = "customers.Customer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact's values lie: a model, the column of the value, the column of its folded key."""

    model: type[Model]
    column: str
    folded: str | None
    where: tuple[tuple[str, Any], ...] = ()
    via: str | None = None
    of: type[Model] | None = None
    currency: str = "currency"  # the column with an amount's currency

    @property
    def field(self) -> Any:
        """The Django field of the value."""
        return field_of(self.of or self.model, self.column)

    @property
    def textual(self) -> bool:
        return bool(self.field.get_internal_type() in ("CharField", "TextField"))

    @property
    def indexed(self) -> bool:
        """Whether a few of its values are found without reading all rows."""
        known = indexed(field_of(self.of or self.model, self.folded or self.column))
        if self.via:
            return known and indexed(field_of(self.model, self.via))
        return known or any(indexed(field_of(self.model, column)) for column, _value in self.where)


@dataclass(frozen=True, slots=True)
class Key:
    """What is compared: its SQL, whether it is a column as it stands (an index may serve), and whether the column
    compares byte by byte of its own."""

    text: str
    column: bool
    bytewise: bool

    def ordered(self, dialect: Dialect) -> str:
        """The key so that texts sort by their code points."""
        return self.text if self.bytewise else dialect.bytewise(self.text)


def field_of(model: type[Model], column: str) -> Any:
    """The field by its name or its column's."""
    for field in model._meta.concrete_fields:
        if column in (field.name, field.attname, field.column):
            return field
    raise LookupError(f"{model._meta.label} has no column {column}.")


def customer_column(model: type[Model]) -> str:
    """The column of a room's table that names the customer."""
    return str(getattr(model, "journal_subject", None) or "customer_id")


def place_of(fact: Fact) -> Place:
    """Where a fact of the customer's row or of a group lies."""
    source = fact.source
    if isinstance(source, Column):
        return Place(model_named(CUSTOMER), source.column, source.folded, currency=source.currency)
    if isinstance(source, Member):
        group = groups()[source.group]
        of = model_named(source.of) if source.of else None
        where = (*group.where, *source.where)
        return Place(model_named(group.model), source.column, source.folded, where, source.via, of)
    raise TypeError(f"{fact.name} lies in no column.")
