"""Finding texts by any part of them, by an index of three letters each; and by whole words of their first line.

On SQLite these are two FTS5 tables beside the texts; what is taken out of them is gone from the file at once
(`secure-delete`). Whoever writes texts says so: `take_out` before a text changes, `put_in` after it was written; a text
that is deleted is taken out by itself. Many are one statement, since every statement writes a part of the index of its
own: a trigger, which is one for each row, costs four times as much.

On PostgreSQL it is one GIN index of `pg_trgm` where the server has that extension, and nobody need say anything; where
not, the same questions are answered by reading the texts (docs/decisions/0027).
"""

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, transaction

from regulars.kernel.databases import among, is_file

Only = tuple[str, Sequence[Any]] | None
SHORTEST = 3  # letters that a part must have to be found quickly


def create(connection: Any, table: str, key: str, column: str) -> None:
    """Makes the index over what stands in the table; one that is there is made anew."""
    drop(connection, table)
    if is_file(connection):
        for statement in (*_ON_FILE, *_PUT_IN):
            _execute(connection, _told(statement, table, key, column))
    elif _has_extension(connection):
        _execute(connection, f"CREATE INDEX {table}_trigram ON {table} USING gin ({column} gin_trgm_ops)")


def empty(connection: Any, table: str, key: str, column: str) -> None:
    """On a file an index in which nothing is yet: with most of the rows going, that is quicker than taking each out."""
    if is_file(connection):
        drop(connection, table)
        for statement in _ON_FILE:
            _execute(connection, _told(statement, table, key, column))


def drop(connection: Any, table: str) -> None:
    if not is_file(connection):
        _execute(connection, f"DROP INDEX IF EXISTS {table}_trigram")
        return
    _execute(connection, f"DROP TRIGGER IF EXISTS {table}_taken")
    for index in ("trigram", "words"):
        _execute(connection, f"DROP TABLE IF EXISTS {table}_{index}")


def rest(connection: Any, table: str) -> None:
    """Takes the index of PostgreSQL away while a long list comes in: made in one go afterwards (`stand`) it costs a
    quarter. Meanwhile the texts are read. On a file texts wait outside the index instead (`can_rest`)."""
    if not is_file(connection):
        drop(connection, table)


def stand(connection: Any, table: str, column: str) -> None:
    """Makes the index of PostgreSQL where it lacks; whoever writes meanwhile does not wait."""
    if is_file(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [f"{table}_trigram"])
        if cursor.fetchone() == (True,):
            return
    if not _has_extension(connection):
        return
    drop(connection, table)  # one that was being made when its maker was killed is there and of no use
    beside = "" if connection.in_atomic_block else "CONCURRENTLY"
    _execute(connection, f"CREATE INDEX {beside} {table}_trigram ON {table} USING gin ({column} gin_trgm_ops)")


def put_in(connection: Any, table: str, key: str, column: str, keys: Sequence[int]) -> None:
    """Takes in the texts of these rows, which are not in it yet."""
    if keys and is_file(connection):
        condition, values = among(connection, key, keys)
        for statement in _PUT_IN:
            _execute(connection, f"{_told(statement, table, key, column)} WHERE {condition}", values)


def take_out(connection: Any, table: str, key: str, column: str, keys: Sequence[int]) -> None:
    """Takes out the texts of these rows as they stand, before they change; one that is not in it is left alone."""
    if keys and is_file(connection):
        condition, values = among(connection, key, keys)
        for statement in _TAKE_OUT:
            held = f"{key} IN (SELECT id FROM {table}_words_docsize)"
            _execute(connection, f"{_told(statement, table, key, column)} WHERE {condition} AND {held}", values)


def can_rest(connection: Any) -> bool:
    """Whether texts may wait for it: PostgreSQL takes in by itself whatever is written."""
    return is_file(connection)


def held(connection: Any, table: str, keys: Sequence[int]) -> set[int]:
    """Those of these rows whose texts are in it."""
    if not is_file(connection):
        return {*keys}
    condition, values = among(connection, "id", keys)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}_words_docsize WHERE {condition}", values)
        return {key for (key,) in cursor.fetchall()}


def lacking(connection: Any, table: str, key: str, after: int, most: int) -> list[int]:
    """Keys of some rows whose texts are not in it, in order, above this one."""
    if not is_file(connection):
        return []
    sql = (
        f"SELECT t.{key} FROM {table} t LEFT JOIN {table}_words_docsize d ON d.id = t.{key} "
        f"WHERE t.{key} > %s AND d.id IS NULL ORDER BY t.{key} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [after, most])
        return [row[0] for row in cursor.fetchall()]


def with_words(
    connection: Any,
    table: str,
    key: str,
    column: str,
    wanted: Sequence[Sequence[str]],
    most: int,
    *,
    begun: bool,
    only: Only = None,
) -> list[tuple[int, str]]:
    """Key and text of some rows whose first line has one word at least of each group of `wanted`.

    With `begun` the words of the last group are beginnings. On PostgreSQL other lines count too. `only` is a further
    condition on the row `t` with its values.
    """
    if not is_file(connection):
        ends = [" "] * (len(wanted) - 1) + ["" if begun else " "]
        parts = [[f" {word}{end}" for word in words] for words, end in zip(wanted, ends, strict=True)]
        return holding(connection, table, key, column, parts, most, only)
    told = [" OR ".join(_quoted(word) + "*" * (begun and words is wanted[-1]) for word in words) for words in wanted]
    return _matching(connection, table, key, column, "words", " AND ".join(f"({each})" for each in told), most, only)


def holding(
    connection: Any,
    table: str,
    key: str,
    column: str,
    wanted: Sequence[Sequence[str]],
    most: int,
    only: Only = None,
) -> list[tuple[int, str]]:
    """Key and text of some rows whose text has one part at least of each group of `wanted`.

    A part has three letters at least. Highest keys come first on SQLite. On SQLite a text that has all the threes of a
    part, but scattered, comes along too: whoever asks looks at the text.
    """
    if is_file(connection):
        told = " AND ".join(f"({' OR '.join(map(_threes, parts))})" for parts in wanted)
        return _matching(connection, table, key, column, "trigram", told, most, only)
    each = [" OR ".join([f"{column} LIKE %s"] * len(parts)) for parts in wanted]
    text, values = _and(only)
    sql = f"SELECT {key}, {column} FROM {table} t WHERE ({') AND ('.join(each)}){text} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(f"%{_escaped(part)}%" for parts in wanted for part in parts), *values, most])
        return list(cursor.fetchall())


def _matching(
    connection: Any, table: str, key: str, column: str, index: str, told: str, most: int, only: Only
) -> list[tuple[int, str]]:
    text, values = _and(only)
    sql = (
        f"SELECT t.{key}, t.{column} FROM {table}_{index} f JOIN {table} t ON t.{key} = f.rowid "
        f"WHERE {table}_{index} MATCH %s{text} ORDER BY f.rowid DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [told, *values, most])
        return list(cursor.fetchall())


def _and(only: Only) -> tuple[str, Sequence[Any]]:
    return (f" AND {only[0]}", only[1]) if only else ("", ())


def _threes(part: str) -> str:
    """All threes of a short part; of a longer one as many as cover it: more cost more time than they spare rows."""
    last = len(part) - SHORTEST
    step = SHORTEST if last > SHORTEST else 1
    threes = dict.fromkeys(part[at : at + SHORTEST] for at in (*range(0, last, step), last))
    return f"({' AND '.join(map(_quoted, threes))})"


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""'))


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _has_extension(connection: Any) -> bool:
    """`pg_trgm` is there, or this user may put it there (since PostgreSQL 13 the owner of a database may)."""
    try:
        with transaction.atomic(using=connection.alias):
            _execute(connection, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return False
    return True


def _execute(connection: Any, statement: str, values: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _told(statement: str, table: str, key: str, column: str) -> str:
    return statement.format(t=table, k=key, c=column)


_FIRST = "substr({c}, 1, instr({c}, char(10)) - 1)"
_OLD_FIRST = "substr(old.{c}, 1, instr(old.{c}, char(10)) - 1)"
# Everything but blanks is part of a word: the texts come in words.
_ON_FILE = (
    "CREATE VIRTUAL TABLE {t}_trigram USING fts5("
    "{c}, content='{t}', content_rowid='{k}', tokenize='trigram case_sensitive 1', detail=none)",
    "CREATE VIRTUAL TABLE {t}_words USING fts5({c}, content='', detail=none, prefix='1 2 3', "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'\")",
    "INSERT INTO {t}_trigram({t}_trigram, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO {t}_words({t}_words, rank) VALUES ('secure-delete', 1)",
    "CREATE TRIGGER {t}_taken AFTER DELETE ON {t} "
    "WHEN EXISTS (SELECT 1 FROM {t}_words_docsize WHERE id = old.{k}) BEGIN "
    "INSERT INTO {t}_trigram({t}_trigram, rowid, {c}) VALUES ('delete', old.{k}, old.{c}); "
    f"INSERT INTO {{t}}_words({{t}}_words, rowid, {{c}}) VALUES ('delete', old.{{k}}, {_OLD_FIRST}); END",
)
_PUT_IN = (
    "INSERT INTO {t}_trigram(rowid, {c}) SELECT {k}, {c} FROM {t}",
    f"INSERT INTO {{t}}_words(rowid, {{c}}) SELECT {{k}}, {_FIRST} FROM {{t}}",
)
_TAKE_OUT = (
    "INSERT INTO {t}_trigram({t}_trigram, rowid, {c}) SELECT 'delete', {k}, {c} FROM {t}",
    f"INSERT INTO {{t}}_words({{t}}_words, rowid, {{c}}) SELECT 'delete', {{k}}, {_FIRST} FROM {{t}}",
)
