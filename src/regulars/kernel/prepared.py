"""Questions that come with every request: put into SQL once for each connection, asked again with another value.

Django builds a query anew each time, which for a row found by its key costs several times what the database does. What
is kept is its text; what it finds is read each time, as it stands then.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

MARK: Final = "\ue000 the value \ue000"  # where the value goes: `filter(digest=MARK)`
_KEPT: Final = "regulars_prepared"


class Prepared[Row]:
    """The rows of a queryset that is always the same but for one text. `build` makes it, with `MARK` for that text.

    It must not depend on anything else: no moment, no language, no right.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self.build = build

    def rows(self, value: str = "") -> list[Row]:
        rows, compiler, sql, params = self._compiled()
        told = tuple([value if each == MARK else each for each in params])
        compiler.as_sql = lambda *_args, **_more: (sql, told)
        return list(rows._iterable_class(rows))

    def _compiled(self) -> tuple[Any, Any, str, tuple[Any, ...]]:
        """The queryset, what puts it into SQL, and its SQL: of this thread's connection, and gone with it."""
        kept = connections[DEFAULT_DB_ALIAS].__dict__.setdefault(_KEPT, {})
        if self not in kept:
            rows: Any = self.build()
            compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, params = compiler.as_sql()
            rows.query.get_compiler = lambda *_args, **_more: compiler
            kept[self] = rows, compiler, sql, params
        found: tuple[Any, Any, str, tuple[Any, ...]] = kept[self]
        return found
