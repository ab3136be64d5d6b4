"""Columns that both databases must order and compare alike."""

from typing import Any

from django.db import models


class KeyField(models.TextField):  # type: ignore[type-arg]
    """A folded or sort key: text compared and ordered by its plain code points on both databases.

    PostgreSQL's own order depends on the machine's locale, so the column gets the collation "C" there; SQLite's
    order is binary already. Index it in `Meta.indexes`, not by `db_index` (that would make a second one for LIKE).
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", "")
        options.setdefault("blank", True)
        super().__init__(*args, **options)

    def db_parameters(self, connection: Any) -> Any:
        return {**super().db_parameters(connection), "collation": "C" if connection.vendor == "postgresql" else None}
