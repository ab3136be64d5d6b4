"""An upgrade keeps a copy, takes its steps where nobody works, checks itself, and goes back by itself."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from regulars.areas.access.models import User
from regulars.areas.safekeeping import queries
from regulars.interfaces.server import upgrade
from regulars.kernel import places
from regulars.kernel.databases import migrating, swapping
from regulars.kernel.errors import Refused
from regulars.kernel.models import Chore
from tests.rig.forgetting import clean_home

pytestmark = pytest.mark.django_db(transaction=True)
ON_FILE = not os.environ.get("REGULARS_DATABASE_URL")
_STEP = ("kernel", "0002_mark")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    with clean_home():
        yield


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], Any]], None]]:
    """`step(does)`: one step is due, and taking it does this."""

    def due(does: Callable[[], Any]) -> None:
        def taken(_connection: Any) -> None:
            does()
            MigrationRecorder(connection).record_applied(*_STEP)

        monkeypatch.setattr(migrating, "bring_up", taken)
        MigrationRecorder(connection).record_unapplied(*_STEP)

    yield due
    MigrationRecorder(connection).record_applied(*_STEP)


def chores() -> list[str]:
    return list(Chore.objects.order_by("name").values_list("name", flat=True))


def make(name: str) -> None:
    from django.utils import timezone

    Chore.objects.create(name=name, due=timezone.now())


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_step_that_comes_about_with_a_copy_before_it(step: Any) -> None:
    make("before")
    step(lambda: make("by the step"))
    assert upgrade.bring_up_to_date() is True
    assert chores() == ["before", "by the step"] and queries.versions()[0].why == "upgrade"


def fails_half_way() -> None:
    make("half")
    raise RuntimeError("the disk of the step is full")


def breaks_the_check() -> None:
    make("half")
    sql(f"DROP TABLE {User.past._meta.db_table}")


@pytest.mark.parametrize("does", [fails_half_way, breaks_the_check])
def test_a_step_that_fails_leaves_everything_as_it_was(step: Any, does: Callable[[], None]) -> None:
    make("before")
    step(does)
    with pytest.raises(Refused, match="as it was"):
        upgrade.bring_up_to_date()
    assert chores() == ["before"] and User.past._default_manager.count() == 0
    assert migrating.is_due(connection), "the program before it still opens it"


@pytest.mark.skipif(not ON_FILE, reason="PostgreSQL takes all steps in one transaction")
@pytest.mark.parametrize("killed_at", [0, 3, 5, 6, 8])
def test_killed_while_it_is_put_in_place_it_is_finished(step: Any, killed_at: int, monkeypatch: Any) -> None:
    make("before")
    step(lambda: make("by the step"))
    real = swapping.steps

    def some(swap: swapping.Swap, said: swapping.Said) -> Iterator[Callable[[], None]]:
        for place, each in enumerate(real(swap, said)):
            if place == killed_at:
                raise KeyboardInterrupt
            yield each

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(swapping, "steps", some)
        upgrade.bring_up_to_date()
    upgrade.finish_what_was_begun()
    assert chores() == ["before", "by the step"] and not migrating.is_due(connection)
