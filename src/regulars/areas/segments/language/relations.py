"""Where rows are read from: the present, or another moment, without a word changed in the compiler."""

from typing import Protocol

from django.db.models import Model

from regulars.areas.journal.queries import looking_back
from regulars.kernel.dialect import Sql, quoted


class Relations(Protocol):
    """Gives each model a table expression with the model's own columns."""

    live: bool  # whether these are the tables themselves: all that is known of their sizes holds

    def of(self, model: type[Model]) -> Sql:
        """What stands after FROM, without an alias."""
        ...


class Present:
    """The tables as they stand."""

    live = True

    def of(self, model: type[Model]) -> Sql:
        return Sql(quoted(model._meta.db_table))


class Past(Present):
    """The tables as they stood at the moment that is looked back to (`journal.queries.as_of` puts them in place)."""

    live = False


def here() -> Relations:
    """The relations of the present, or of the moment that is looked back to."""
    return Present() if looking_back() is None else Past()
