"""Steps are taken in half of Django's time, and come to the same tables."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, migrations, models
from django.db.migrations.state import ProjectState

from regulars.kernel.databases import elsewhere, migrating
from regulars.kernel.databases.sqlcipher.base import DatabaseWrapper

STEPS = [
    migrations.CreateModel("Shelf", [("id", models.AutoField(primary_key=True)), ("place", models.TextField())]),
    migrations.CreateModel(
        "Book",
        [
            ("id", models.AutoField(primary_key=True)),
            ("shelf", models.ForeignKey("library.Shelf", models.CASCADE)),
            ("title", models.TextField()),
            ("year", models.IntegerField()),
        ],
    ),
    migrations.AddIndex("shelf", models.Index(fields=["place"], name="shelf_by_place")),
    migrations.AddIndex("book", models.Index(fields=["title", "year"], name="book_by_title")),
    migrations.AddConstraint("book", models.UniqueConstraint(fields=["shelf", "title"], name="book_once")),
    migrations.AddConstraint("book", models.CheckConstraint(condition=models.Q(year__gt=0), name="book_year")),
    migrations.RemoveIndex("book", "book_by_title"),
    migrations.AddIndex("book", models.Index(fields=["year"], name="book_by_year")),
    migrations.AlterField("book", "title", models.CharField(max_length=100)),  # makes the table anew, with all on it
    migrations.RemoveConstraint("book", "book_year"),
    migrations.AddField("shelf", "high", models.BooleanField(default=False)),
]


def tables(file: Path, way: Callable[[], AbstractContextManager[None]]) -> list[tuple[Any, ...]]:
    """What stands in a new file after all steps."""
    step = type("Migration", (migrations.Migration,), {"operations": STEPS})("0001_all", "library")
    settings = connections.configure_settings({"default": elsewhere.on_file(file)})
    with closing(DatabaseWrapper(settings["default"])) as connection:
        state = ProjectState()
        assert state.apps
        with way(), connection.schema_editor() as editor:
            step.apply(state, editor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
            return list(cursor.fetchall())


@pytest.mark.django_db
def test_the_same_tables_stand_there_as_by_djangos_own_way(tmp_path: Path) -> None:
    by_django = tables(tmp_path / "django.db", nullcontext)
    assert tables(tmp_path / "ours.db", migrating.forwards) == by_django
    assert {name for _type, name, _sql in by_django} >= {"shelf_by_place", "book_by_year", "library_book"}


def test_an_index_makes_no_model_anew_and_the_way_back_is_djangos() -> None:
    state = ProjectState()
    for step in STEPS[:2]:
        step.state_forwards("library", state)
    shelf, book = (state.apps.get_model("library", name) for name in ("shelf", "book"))
    with migrating.forwards():
        for step in STEPS[2:8]:
            step.state_forwards("library", state)
    assert state.apps.get_model("library", "shelf") is shelf and state.apps.get_model("library", "book") is book
    assert [each.name for each in shelf._meta.indexes] == ["shelf_by_place"]
    assert [each.name for each in book._meta.indexes] == ["book_by_year"]
    assert [each.name for each in book._meta.total_unique_constraints] == ["book_once"]
    STEPS[9].state_forwards("library", state)
    assert state.apps.get_model("library", "book") is not book
