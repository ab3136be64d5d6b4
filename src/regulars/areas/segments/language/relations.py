"""Where rows are read from: the present now, another moment later, without a word changed in the compiler."""

from typing import Protocol

from django.db.models import Model

from regulars.kernel.dialect import Sql, quoted


class Relations(Protocol):
    """Gives each model a table expression with the model's own columns."""

    live: bool  # whether these are the tables themselves, with their indexes

    def of(self, model: type[Model]) -> Sql:
        """What stands after FROM, without an alias."""
        ...


class Present:
    """The tables as they stand."""

    live = True

    def of(self, model: type[Model]) -> Sql:
        return Sql(quoted(model._meta.db_table))
