"""Versions around deeds over many rows, by the hour, and what happens where one cannot be made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from regulars.areas.customers.actions import add_customer
from regulars.areas.intake.tests.lists import brought
from regulars.areas.journal.actions import undo
from regulars.areas.safekeeping import actions, jobs, queries
from regulars.areas.safekeeping.keeping import arrangement, slips
from regulars.kernel import jobs as queue
from regulars.kernel import milestones, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copying
from regulars.kernel.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("proved_here")]
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    monkeypatch.setattr(milestones, "MANY", 1)
    return tmp_path


def _whys() -> list[str]:
    return [each.why for each in reversed(queries.versions())]


def _added(name: str) -> int:
    return add_customer(by=OLGA, at=AT, card={"given_name": name})


def test_before_a_deed_over_many_one_is_made_at_once_and_after_it_soon() -> None:
    _added("Anna")
    milestones.milestone("import", many=2)
    assert _whys() == ["before-import"]
    _added("Bo")
    milestones.milestone("import", many=2, over=True)
    assert _whys() == ["before-import"]
    jobs.keep.call("after-import")
    assert _whys() == ["before-import", "after-import"]


def test_a_small_deed_gets_none_and_where_nothing_changed_there_is_none_either() -> None:
    _added("Anna")
    milestones.milestone("import", many=1)
    assert _whys() == []
    milestones.milestone("import", many=2)
    milestones.milestone("many", many=2)
    jobs.keep.call("hourly")
    assert _whys() == ["before-import"]


def test_a_list_that_comes_in_has_one_before_and_one_after_and_so_has_taking_it_back() -> None:
    _added("Anna")
    came = brought("Vorname,Nachname,E-Mail", *(f"Bo{n},Berg,bo{n}@example.org" for n in range(160)))
    assert _whys() == ["before-import"]
    queue.run_due()
    assert _whys() == ["before-import", "after-import"]
    undo(changeset=came["changeset"], by=OLGA, at=timezone.now())
    queue.run_due()
    assert _whys() == ["before-import", "after-import", "after-undo"]  # before it nothing had changed since


def test_what_goes_wrong_stops_nobody_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _added("Anna")
    with monkeypatch.context() as full:
        full.setattr(copying, "size", lambda connection: 10**18)
        milestones.milestone("import", many=2)
        assert _whys() == [] and "are free" in queries.trouble()
        assert queries.standing(AT).state == "warn"
        with pytest.raises(Refused):
            jobs.copy_the_house.call()
    milestones.milestone("import", many=2)
    assert _whys() == ["before-import"] and queries.trouble() == ""


def test_from_95_percent_on_none_is_made_but_before_an_upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrangement, "room", lambda: (100, 95))
    with pytest.raises(Refused, match="full"):
        actions.make_version(at=AT, why="backup", by=OLGA)
    assert queries.standing(AT).state == "bad"
    assert actions.make_version(at=AT, why="upgrade").good
    monkeypatch.setattr(arrangement, "room", lambda: (100, 80))
    assert queries.standing(AT).state == "warn"


def test_it_is_late_after_26_hours_without_a_proved_one() -> None:
    assert queries.standing(AT).late is False
    _added("Anna")
    assert queries.standing(AT + timedelta(hours=27)).late
    made = actions.make_version(at=AT + timedelta(hours=27), why="nightly", proved_here=True)
    assert queries.standing(AT + timedelta(hours=27)).late
    actions.prove_version(name=made.name, clock=lambda: AT + timedelta(hours=27))
    standing = queries.standing(AT + timedelta(hours=28))
    assert not standing.late and standing.newest and standing.newest.name == made.name
    assert queries.standing(AT + timedelta(hours=54)).late


def test_what_the_budget_leaves_no_room_for_goes_hourly_ones_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "copy", lambda connection, target, look: target.write_bytes(b"x" * 100) and None)
    for hour in range(6):
        made = actions.make_version(
            at=AT + timedelta(hours=hour), why="hourly" if hour else "nightly", proved_here=True
        )
        slips.amend(made, proof={"at": "2026-11-24T01:00:00+00:00", "ok": True, "kind": "whole"})
    monkeypatch.setattr(arrangement, "room", lambda: (1_000, 1))
    assert len(actions.prune_home(at=AT + timedelta(hours=6))) == 3
    assert len(queries.versions()) == 3


def test_on_a_full_disk_old_ones_still_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (400, 399, 0):
        made = actions.make_version(at=timezone.now() - timedelta(days=days), why="nightly", proved_here=True)
        slips.amend(made, proof={"at": "2026-11-24T01:00:00+00:00", "ok": True, "kind": "whole"})
    monkeypatch.setattr(arrangement, "room", lambda: (10**12, 10**12))
    assert jobs.keep.call("hourly") is None
    assert len(queries.versions()) == 2
