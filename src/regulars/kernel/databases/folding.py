"""`kernel.text.fold` as a function of PostgreSQL. (On SQLite each connection gets the Python function itself.)"""

from typing import Any

# Lower case by ICU, then what Python's casefold does beyond it; U+0345 folds to iota before the marks are dropped.
HOUSE_FOLD = r"""
CREATE OR REPLACE FUNCTION house_fold(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $fold$
SELECT btrim(regexp_replace(
    regexp_replace(
        normalize(
            replace(replace(replace(replace(replace(translate(
                lower(normalize(given, NFKD) COLLATE "und-x-icu"),
                'øđðłħı’ς' || U&'\0345', 'oddlhi''σι'),
            'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th'), U&'\0149', U&'\02BCn'),
        NFKD),
        U&'[\0300-\036F]', '', 'g'),
    U&'[\0009-\000D\001C-\0020\0085\00A0\1680\2000-\200A\2028\2029\202F\205F\3000]+', ' ', 'g'), ' ')
$fold$
"""


def create(apps: Any, editor: Any) -> None:
    """For a migration: makes the function where the database needs it."""
    if editor.connection.vendor == "postgresql":
        editor.execute(HOUSE_FOLD.replace("%", "%%"), None)


def drop(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION IF EXISTS house_fold(text)", None)
