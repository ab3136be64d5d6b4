"""Every row of a table in a form that is the same on both databases: to carry it over, and to hold both against each
other.

A table's *sum* is the sum of the SHA-256 of its rows, modulo 2^256, with their number. It does not depend on the order,
so either side is read once, as it lies, and nothing is sorted. It tells every difference of what is kept, down to
whether a text is empty or missing; it is no proof against somebody who chooses rows (the chain is).
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from django.apps import apps
from django.db import models

from regulars.kernel import crypto
from regulars.kernel.databases import bulk_insert, is_file

_AT_ONCE = 1_000
_MODULUS = 1 << 256
_DOUBTFUL = re.compile(r"\d[.eE]")  # a number that JSON may write in more than one way

Row = tuple[Any, ...]
Told = Callable[[int], None]  # how many rows more are done
Turn = Callable[[Any], Any]  # how a value that is there becomes another


@dataclass(slots=True)
class Sum:
    """The rows of one table, as one number."""

    rows: int = 0
    value: int = 0

    def add(self, plain: Sequence[Any]) -> None:
        self.rows += 1
        self.value = (self.value + int.from_bytes(crypto.sha256(orjson.dumps(plain)))) % _MODULUS


def digest(sums: Mapping[str, Sum]) -> str:
    """One digest for all tables, in hex."""
    lines = (f"{name} {each.rows} {each.value:064x}" for name, each in sorted(sums.items()))
    return crypto.sha256("\n".join(lines).encode()).hex()


class Carried:
    """One table of the house as it is carried: all its columns, read as the driver gives them quickest."""

    def __init__(self, model: type[models.Model]) -> None:
        meta = model._meta
        self.name: str = meta.db_table
        self.fields: list[models.Field[Any, Any]] = list(meta.concrete_fields)
        self.columns = [str(field.column) for field in self.fields]
        keys = getattr(meta.pk, "fields", None) or [meta.pk]
        self.key = [str(field.column) for field in keys]
        self.numbered = isinstance(meta.pk, models.AutoField | models.BigAutoField)
        self._plain = _turning(map(_plain, self.fields))

    def count(self, connection: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(self.name)}")
            return int(cursor.fetchone()[0])

    def read(self, connection: Any, *, in_order: bool = False) -> Iterator[Row]:
        """Every row, a thousand at a time; `in_order` by the key, as a file takes them quickest."""
        quote = connection.ops.quote_name
        chosen = ", ".join(_chosen(connection, field) for field in self.fields)
        order = f" ORDER BY {', '.join(map(quote, self.key))}" if in_order else ""
        sql = f"SELECT {chosen} FROM {quote(self.name)}{order}"
        with connection.cursor() if is_file(connection) else connection.chunked_cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from rows

    def plain(self, row: Row) -> list[Any]:
        """The row as both databases have it."""
        return _turned(row, self._plain)

    def sum(self, connection: Any, told: Told) -> Sum:
        """Reads the whole table."""
        found = Sum()
        for row in self.read(connection):
            found.add(self.plain(row))
            if found.rows % _AT_ONCE == 0:
                told(_AT_ONCE)
        told(found.rows % _AT_ONCE)
        return found

    def carry(self, source: Any, target: Any, told: Told) -> Sum:
        """Writes every row of the source into the target's empty table; the sum of what was read."""
        found = Sum()
        writers = _turning(_writer(source, target, field) for field in self.fields)

        def rows() -> Iterator[Sequence[Any]]:
            for row in self.read(source, in_order=is_file(target)):
                found.add(self.plain(row))
                if found.rows % _AT_ONCE == 0:
                    told(_AT_ONCE)
                yield _turned(row, writers) if writers else row

        bulk_insert(target, self.name, self.columns, rows())
        told(found.rows % _AT_ONCE)
        return found


def _turning(turns: Iterable[Turn | None]) -> list[tuple[int, Turn]]:
    return [(at, turn) for at, turn in enumerate(turns) if turn is not None]


def _turned(row: Row, turns: Sequence[tuple[int, Turn]]) -> list[Any]:
    values = list(row)
    for at, turn in turns:
        if values[at] is not None:
            values[at] = turn(values[at])
    return values


def tables() -> list[Carried]:
    """Every table of the house: live, past, of the chain, and those that no journal keeps."""
    found = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [Carried(model) for _name, model in sorted(found.items()) if model._meta.managed and not model._meta.proxy]


def continue_numbering(source: Any, target: Any, carried: Sequence[Carried]) -> None:
    """What the databases number themselves goes on where it stood. (The house's own counters are rows.)"""
    numbered = [table for table in carried if table.numbered]
    standing = {table.name: _last_number(source, table) for table in numbered}
    for table in numbered:
        if last := standing[table.name]:
            _go_on_after(target, table, last)


def _last_number(connection: Any, table: Carried) -> int:
    with connection.cursor() as cursor:
        if is_file(connection):
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
            found = cursor.fetchone()
            return int(found[0]) if found else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.key[0]])
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}")
        return int(cursor.fetchone()[0])


def _go_on_after(connection: Any, table: Carried, last: int) -> None:
    with connection.cursor() as cursor:
        if not is_file(connection):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table.name}"', table.key[0], last])
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])


def _chosen(connection: Any, field: "models.Field[Any, Any]") -> str:
    name: str = connection.ops.quote_name(field.column)
    if is_file(connection):
        if isinstance(field, models.DateField):  # a moment is one, too
            return f"CAST({name} AS text)"
        if isinstance(field, models.BooleanField):
            return f"CAST({name} AS integer)"
    return name


def _plain(field: "models.Field[Any, Any]") -> Turn | None:
    """How a value that is not empty becomes the same from both; None where it is."""
    if isinstance(field, models.BooleanField):
        return int
    if isinstance(field, models.JSONField):
        return _plain_json
    if isinstance(field, models.DateTimeField):
        return _plain_moment
    if isinstance(field, models.DateField):
        return str
    if isinstance(field, models.BinaryField):
        return _plain_bytes
    return None


def _plain_moment(value: Any) -> str:
    text = value if isinstance(value, str) else str(value.replace(tzinfo=None))
    return text if "." in text else f"{text}.000000"


def _plain_bytes(value: Any) -> str:
    return crypto.sha256(bytes(value)).hex()


def _plain_json(value: Any) -> str:
    told = orjson.loads(value)
    if _DOUBTFUL.search(value):
        told = _same_numbers(told)
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


def _same_numbers(told: Any) -> Any:
    """PostgreSQL writes 1e3 as 1000: a fraction that is none counts as a whole number."""
    if isinstance(told, dict):
        return {name: _same_numbers(each) for name, each in told.items()}
    if isinstance(told, list):
        return [_same_numbers(each) for each in told]
    return int(told) if isinstance(told, float) and told.is_integer() and abs(told) < 2**53 else told


def _writer(source: Any, target: Any, field: "models.Field[Any, Any]") -> Turn | None:
    """How a value the source's driver gave is given to the target's."""
    if is_file(source) == is_file(target):
        return None
    if is_file(source):
        return partial(_with, "+00") if isinstance(field, models.DateTimeField) else None
    if isinstance(field, models.DateTimeField):
        return _moment_of_file
    if isinstance(field, models.DateField):
        return str
    if isinstance(field, models.BinaryField):
        return bytes
    return _json_of_file if isinstance(field, models.JSONField) else None


def _with(ending: str, text: str) -> str:
    return text + ending


def _moment_of_file(value: Any) -> str:
    return str(value.replace(tzinfo=None))


def _json_of_file(value: Any) -> str:
    """As Django writes it into the file."""
    return json.dumps(json.loads(value))
