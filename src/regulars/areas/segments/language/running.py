"""A question put to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from regulars.areas.segments.language.errors import CriteriaError
from regulars.kernel.dialect import Sql

# what SQLite and PostgreSQL say of a question that is more than they take at once
_TOO_MUCH = ("Expression tree is too large", "too many terms", "too many SQL variables", "overflow", "stack depth")


@contextmanager
def answers(statement: Sql) -> Iterator[Any]:
    """The cursor with its rows. Raises CriteriaError where the question is more than the database takes at once."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement.text, statement.params)
        except OperationalError as problem:
            if not any(words in str(problem) for words in _TOO_MUCH):
                raise
            message = _("These criteria are more than the database takes at once. Ask for less, or with “in (…)”.")
            raise CriteriaError(message) from problem
        yield cursor
