"""What a journaled table looks like to SQL and to a payload. Statements are built here from the model, nowhere else.

A *canonical* row is a dict of its journaled columns: texts, integers, true, ISO dates and UTC instants, hex for bytes;
empty values are left out, so that a column added later changes no frozen payload. It is equal on both databases.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

import orjson
from django.db import connection, models
from django.utils.translation import gettext as _

from regulars.kernel.databases import among
from regulars.kernel.errors import Refused

Canonical = dict[str, Any]


class Table:
    """One journaled model: its columns in order, its statements, and how its rows become canonical."""

    def __init__(self, model: type[models.Model]) -> None:
        meta = model._meta
        assert meta.pk is not None
        self.model = model
        self.label = meta.label_lower
        self.name = meta.db_table
        self.past = f"{meta.db_table}_past"
        self.fields = list(meta.concrete_fields)
        self.columns: list[str] = [str(field.column) for field in self.fields]
        self.pk = str(meta.pk.column)
        self.pk_attname = meta.pk.attname
        self.subject: str | None = getattr(model, "journal_subject", None)
        self.stamped: bool = getattr(model, "journal_stamped", False)
        self.derived: tuple[str, ...] = tuple(getattr(model, "journal_derived", ()))
        left_out = {self.pk, "link", self.subject, *self.derived}
        self.stamps: tuple[str, ...] = ("version", "updated_at") if self.stamped else ()
        left_out.update(self.stamps)
        self.kept = [(field, str(field.column)) for field in self.fields if field.column not in left_out]
        self._limits = [(field.attname, field.max_length) for field in self.fields if field.max_length]
        # A yes/no that may be unknown keeps its no; elsewhere no is the empty value.
        self._no_counts = {
            column for field, column in self.kept if isinstance(field, models.BooleanField) and field.null
        }
        self._places = [(column, self.columns.index(column)) for _field, column in self.kept]
        self._readers = [(column, read) for field, column in self.kept if (read := _raw_reader(field)) is not None]

    @property
    def may_be_nobodys(self) -> bool:
        """Whether rows may be of the house: of a table of the house, or one whose customer may be unknown."""
        return self.subject is None or any(each.null for each in self.fields if each.column == self.subject)

    @property
    def is_card(self) -> bool:
        """Whether the rows are the customers themselves."""
        return self.subject == self.pk

    def canonical(self, instance: models.Model) -> Canonical:
        """The canonical form of an instance as it is to be written."""
        row: Canonical = {}
        for field, column in self.kept:
            value = _canonical_value(getattr(instance, field.attname))
            if value is False:
                if column in self._no_counts:
                    row[column] = False
            elif value is not None and value != "" and value != [] and value != {}:
                row[column] = value
        return row

    def canonical_raw(self, values: Sequence[Any]) -> Canonical:
        """The canonical form of a row as the database driver gave it, in the order of `columns`."""
        return self.canonical_of((column, values[place]) for column, place in self._places)

    def canonical_of(self, pairs: Iterable[tuple[str, Any]]) -> Canonical:
        """The canonical form of columns with their values as the database driver gave them."""
        row = {name: value for name, value in pairs if value is not None and value != ""}
        for name, reader in self._readers:
            if name in row:
                value = row[name] = reader(row[name])
                if value is False:
                    if name not in self._no_counts:
                        del row[name]
                elif value == [] or value == {} or value == "":
                    del row[name]
        return row

    def refuse_overlong(self, instance: models.Model) -> None:
        """Raises Refused for a text that its column does not hold: SQLite would keep it, PostgreSQL would not."""
        for name, longest in self._limits:
            value = getattr(instance, name)
            if isinstance(value, str) and len(value) > longest:
                from regulars.kernel.saying import count  # seldom wanted, long to load

                told = {"where": name, "longest": count(longest)}
                raise Refused(_("%(where)s takes at most %(longest)s characters.") % told, where=name)

    def prepared(self, instance: models.Model) -> tuple[Any, ...]:
        """The instance's values, database-ready, in the order of `columns`."""
        return tuple(field.get_db_prep_save(getattr(instance, field.attname), connection) for field in self.fields)

    # --- statements ---------------------------------------------------------------------------------------------

    def select(self, where: str, *, past: bool = False) -> str:
        columns = ", ".join(_quoted(self.columns + (["until"] if past else [])))
        return f"SELECT {columns} FROM {_q(self.past if past else self.name)} WHERE {where}"

    def pick(self, columns: Sequence[str], by: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The columns of the live rows whose column `by` has one of these values, however many; in no order."""
        if not values:
            return []
        condition, parameters = among(connection, _q(by), values)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(_quoted(columns))} FROM {_q(self.name)} WHERE {condition}", parameters)
            return list(cursor.fetchall())

    def copy_to_past(self, where: str) -> str:
        """Copies live rows to the twin; the first parameter is the link that ends them."""
        columns = ", ".join(_quoted(self.columns))
        return (
            f"INSERT INTO {_q(self.past)} ({columns}, {_q('until')}) "
            f"SELECT {columns}, CAST(%s AS bigint) FROM {_q(self.name)} WHERE {where}"
        )

    def restore_from_past(self, where: str) -> str:
        """Copies rows of the twin back to life; the first parameter is the link that does so."""
        columns = ", ".join(_quoted(self.columns))
        chosen = ", ".join("CAST(%s AS bigint)" if c == "link" else f"p.{_q(c)}" for c in self.columns)
        return f"INSERT INTO {_q(self.name)} ({columns}) SELECT {chosen} FROM {_q(self.past)} p WHERE {where}"

    def delete(self, where: str) -> str:
        return f"DELETE FROM {_q(self.name)} WHERE {where}"

    def update(self, columns: Iterable[str]) -> str:
        assignments = ", ".join(f"{_q(column)} = %s" for column in columns)
        return f"UPDATE {_q(self.name)} SET {assignments} WHERE {_q(self.pk)} = %s"

    def pk_in(self, count: int) -> str:
        return f"{_q(self.pk)} IN ({', '.join(['%s'] * count)})"


@cache
def table_of(model: type[models.Model]) -> Table:
    return Table(model)


class Kept:
    """Rows as a proof reads them: `columns` one by one, of all other journaled columns only whether they are empty.

    A row is: its link, its id, whether the others are empty, the derived columns, `columns`; where it is a live card,
    its version and its moment stand at the end.
    """

    def __init__(self, table: Table, columns: Collection[str]) -> None:
        self.table = table
        named = [(field, name) for field, name in table.kept if name in columns or _empty(field) is None]
        self._names = [name for _field, name in named]
        self._others = [str(_empty(field)) for field, name in table.kept if name not in self._names]
        self._columns = [_raw_column(field) for field, _name in named]
        self._blanks = [_blank(field) for field, _name in named]
        self._makers = [(name, maker) for field, name in named if (maker := _raw_maker(field)) is not None]
        self._start = 3 + len(table.derived)
        self._end = self._start + len(named)
        self.derived = slice(3, self._start)
        self.stamps = slice(self._end, None)

    def select(self, where: str, *, past: bool) -> str:
        table = self.table
        stamps = [_raw_column(each) for each in table.fields if each.column in table.stamps and not past]
        others = " AND ".join(self._others) or "1 = 1"
        chosen = [_q("link"), _q(table.pk), f"({others})", *_quoted(table.derived), *self._columns, *stamps]
        return f"SELECT {', '.join(chosen)} FROM {_q(table.past if past else table.name)} WHERE {where}"

    def usual(self, link: int, pk: int, derived: Sequence[Any], stated: Canonical) -> tuple[Any, ...]:
        """How a row with this content usually looks without its stamps. One that looks otherwise may still be equal."""
        if self._makers:
            stated = {**stated, **{name: maker(stated[name]) for name, maker in self._makers if name in stated}}
        return (link, pk, True, *derived, *map(stated.get, self._names, self._blanks))

    def canonical(self, values: Sequence[Any]) -> Canonical:
        """The canonical form of a selected row whose other columns are empty."""
        return self.table.canonical_of(zip(self._names, values[self._start : self._end], strict=True))


def _blank(field: "models.Field[Any, Any]") -> Any:
    """What stands in a column of which nothing is stated, as a driver gives it."""
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return json.dumps(field.get_default())
    return False if isinstance(field, models.BooleanField) else ""


def _raw_maker(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """What makes of a stated value one as a driver mostly gives it; None where they are the same."""
    if isinstance(field, models.JSONField):
        return json.dumps
    return kept_moment if isinstance(field, models.DateTimeField) else None


@lru_cache(1000)
def kept_moment(moment: str) -> Any:
    """A payload's instant as a driver gives it from a column."""
    if connection.vendor != "sqlite":
        return datetime.fromisoformat(moment)
    return f"{moment[:10]} {moment[11:26]}".removesuffix(".000000")


def _empty(field: "models.Field[Any, Any]") -> str | None:
    """The condition that a column is empty; None for one that is always there."""
    name = _q(str(field.column))
    if isinstance(field, models.CharField | models.TextField):
        return f"({name} = '' OR {name} IS NULL)" if field.null else f"{name} = ''"
    if field.null:
        return f"{name} IS NULL"
    if isinstance(field, models.JSONField):
        return f"CAST({name} AS text) IN ('{{}}', '[]')"
    return f"NOT {name}" if isinstance(field, models.BooleanField) else None


def filled(tables: Iterable[Table], subject: int) -> set[str]:
    """The labels of the tables that have any row of this customer, in one statement."""
    asked = [
        f"SELECT '{t.label}' WHERE EXISTS (SELECT 1 FROM {_q(t.name)} WHERE {_q(t.subject or '')} = %s)" for t in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked), [subject] * len(asked))
        return {label for (label,) in cursor.fetchall()}


def moment(at: datetime) -> str:
    """An instant in a payload: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def _canonical_value(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def _raw_reader(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.JSONField):
        return _raw_json
    if isinstance(field, models.DateTimeField):
        return raw_moment
    if isinstance(field, models.DateField):
        return lambda value: value if isinstance(value, str) else value.isoformat()
    if isinstance(field, models.BinaryField):
        return lambda value: bytes(value).hex()
    return None


def _raw_json(value: Any) -> Any:
    if value == "{}" or value == "[]":
        return ""
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def raw_moment(value: Any) -> str:
    """A moment as a driver gives it; SQLite's text (`2026-11-23 09:30:00.5`, UTC) is only rearranged."""
    if isinstance(value, str):
        whole = value if len(value) == 26 else f"{value if '.' in value else value + '.'}000000"[:26]
        return f"{whole[:10]}T{whole[11:]}Z"
    return moment(value if value.tzinfo else value.replace(tzinfo=UTC))


def _raw_column(field: "models.Field[Any, Any]") -> str:
    """The column to select. What SQLite keeps as text or number comes as such, without a detour over Python's types."""
    name = _q(str(field.column))
    if connection.vendor == "sqlite":
        if isinstance(field, models.DateField):  # a moment is one, too
            return f"CAST({name} AS text)"
        if isinstance(field, models.BooleanField):
            return f"CAST({name} AS integer)"
    return name


def _q(name: str) -> str:
    return connection.ops.quote_name(name)


def _quoted(names: Iterable[str]) -> list[str]:
    return [_q(name) for name in names]
