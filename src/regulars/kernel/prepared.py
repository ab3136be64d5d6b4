"""Questions that come with every request: put into SQL once for each connection, asked again with another value.

Django builds a query anew each time, which for a row found by its key costs several times what the database does. What
is kept is its text; what it finds is read each time, as it stands then.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

_TEXT: Final = "\ue000 the value \ue000"  # where the value goes in what is kept
_NUMBER: Final = -7_305_112_984_611_203_877
_KEPT: Final = "regulars_prepared"


class Prepared[Row]:
    """The rows of a queryset that is always the same but for one value, a text or a number: `build` makes it for one.
    At most so many of the rows where `most` says so.

    It must not depend on anything else: no moment, no language, no right.
    """

    def __init__(self, build: Callable[[Any], QuerySet[Any, Row]], most: int | None = None) -> None:
        self.build, self.most = build, most

    def rows(self, value: str | int = "") -> list[Row]:
        if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            return []  # more than any column holds
        mark = _NUMBER if isinstance(value, int) else _TEXT
        rows, compiler, sql, params = self._compiled(mark)
        told = tuple([value if each == mark else each for each in params])
        compiler.as_sql = lambda *_args, **_more: (sql, told)
        return list(rows._iterable_class(rows))

    def _compiled(self, mark: str | int) -> tuple[Any, Any, str, tuple[Any, ...]]:
        """The queryset, what puts it into SQL, and its SQL: of this thread's connection, and gone with it."""
        kept = connections[DEFAULT_DB_ALIAS].__dict__.setdefault(_KEPT, {})
        if (self, mark) not in kept:
            rows: Any = self.build(mark)[: self.most]
            compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, params = compiler.as_sql()
            turns = compiler.get_converters([each for each, *_more in compiler.select[: compiler.col_count]])
            compiler.get_converters = lambda _columns: turns
            rows.query.get_compiler = lambda *_args, **_more: compiler
            kept[self, mark] = rows, compiler, sql, params
        found: tuple[Any, Any, str, tuple[Any, ...]] = kept[self, mark]
        return found
