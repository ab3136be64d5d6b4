"""An import whose process is killed goes on where it was: nothing twice, nothing missing, one changeset."""

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from regulars.areas.customers.models import Customer, Reference
from regulars.areas.customers.tests.people import dump
from regulars.areas.intake import actions, queries
from regulars.areas.intake.actions import running
from regulars.areas.intake.actions.running import Import
from regulars.areas.intake.models import Intake
from regulars.areas.intake.readers import child
from regulars.areas.intake.tests.lists import NOON, OLGA, csv_of, handed_over, in_this_process
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset, Link
from regulars.areas.journal.queries import verify
from regulars.kernel.errors import Refused
from regulars.kernel.jobs import run_due
from tests.rig import warm

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 600
LONG = 8_000  # from here on search keys rest while a list comes in


def lines(count: int = ROWS) -> bytes:
    """Every seventh row is bad, every eleventh repeats the customer of the row before, some work somewhere."""
    rows = ["Customer ID,First name,Last name,E-mail,Company"]
    for number in range(count):
        same = number - 1 if number % 11 == 10 else number
        email = "bad" if number % 7 == 3 else f"a{same}@x.org"
        rows.append(
            f"{same},Anna{same},Berg{number},{email},Firm {same % 50}" if same % 3 else f"{same},Anna{same},,{email},"
        )
    return csv_of(*rows)


class Cut(Exception):
    """The process ends here."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Chunks of fifty rows, a transaction for each: a short list crosses the limits that a long one would."""
    with in_this_process():
        monkeypatch.setattr(child, "CHUNK", 50)
        monkeypatch.setattr(running, "_AIM", 0)
        yield


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("after", [1, 2, 3])
def test_cut_off_between_any_two_transactions_it_goes_on(after: int) -> None:
    whole = _whole()
    token = handed_over(lines())
    started = actions.start_import(token=token, by=OLGA, at=NOON)
    with pytest.MonkeyPatch.context() as patched, pytest.raises(Cut):
        _cut_after(after, patched)
        Import(Intake.objects.get(token=token), by=OLGA, at=NOON, told=lambda *_: None, clock=timezone.now).run()
    assert 0 < Intake.objects.get(token=token).position < ROWS or after == 1
    assert actions.start_import(token=token, by=OLGA, at=NOON).resumed
    actions.run_to_end(started)
    told = queries.result(queries.intake_for(OLGA, token))
    assert told["state"] == "done"
    assert {name: told[name] for name in ("created", "updated", "unchanged", "organisations_created")} == whole[0]
    assert len(told["rejected"]) == whole[1]
    assert Customer.objects.count() == whole[2]
    assert Changeset.objects.filter(undone_by__isnull=True, undoes__isnull=True).count() == 1
    assert verify().ok


def _whole() -> tuple[dict[str, int], int, int]:
    """What becomes of it when nothing happens; taken back again."""
    token = handed_over(lines(), "first.csv")
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    told = queries.result(queries.intake_for(OLGA, token))
    assert told["rows"] == told["created"] + told["updated"] + told["unchanged"] + len(told["rejected"])
    found = {name: told[name] for name in ("created", "updated", "unchanged", "organisations_created")}
    count = Customer.objects.count()
    undo(changeset=told["changeset"], by=OLGA, at=NOON)
    return found, len(told["rejected"]), count


def _cut_after(transactions: int, monkeypatch: Any) -> None:
    real, count = Import._transaction, [0]

    def cut(self: Import, *args: Any) -> None:
        if count[0] == transactions:
            raise Cut
        count[0] += 1
        real(self, *args)

    monkeypatch.setattr(Import, "_transaction", cut)


@pytest.mark.usefixtures("small")
def test_an_import_of_many_transactions_is_taken_back_whole() -> None:
    before = dump()
    token = handed_over(lines(ROWS))
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    changeset = queries.intake_for(OLGA, token).changeset
    assert changeset and Link.objects.filter(changeset=changeset).count() > 2
    undo(changeset=changeset, by=OLGA, at=NOON)
    after = dump()
    assert after == before
    assert verify().ok


@pytest.mark.usefixtures("small")
def test_a_file_that_breaks_half_way_keeps_what_came_and_can_be_taken_back(monkeypatch: Any) -> None:
    token = handed_over(lines(ROWS))
    started = actions.start_import(token=token, by=OLGA, at=NOON)
    real, count = Import.piece, [0]

    def breaks(self: Import, *args: Any) -> Any:
        count[0] += 1
        if count[0] > 4:
            raise Refused("The file is damaged.")
        return real(self, *args)

    monkeypatch.setattr(Import, "piece", breaks)
    actions.run_to_end(started)
    intake = queries.intake_for(OLGA, token)
    assert (intake.state, queries.error_of(intake)) == ("failed", "The file is damaged.")
    if intake.changeset:
        assert Changeset.objects.get(pk=intake.changeset).state == "done"
        undo(changeset=intake.changeset, by=OLGA, at=NOON)
    assert not Customer.objects.exists()


# --- a real process, really killed ----------------------------------------------------------------------------------

_CHILD = """
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = "{name}"
from regulars.areas.intake.actions import running
from regulars.kernel.jobs import run_here
running._LONG = {long}
run_here("{ticket}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_in_the_middle_another_worker_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_LONG", LONG)
    token = handed_over(lines(LONG))
    started = actions.start_import(token=token, by=OLGA, at=NOON)
    script = _CHILD.format(name=connection.settings_dict["NAME"], ticket=started.ticket, long=LONG)
    process = warm.Running(["-c", script], os.environ)
    try:
        until = time.monotonic() + 180
        while Intake.objects.get(token=token).position < 2_000 and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        process.kill()
    cut = Intake.objects.get(token=token)
    assert cut.state == "running" and 0 < cut.position < LONG
    run_due()
    told = queries.result(queries.intake_for(OLGA, token))
    assert told["state"] == "done"
    assert told["rows"] == told["created"] + told["updated"] + told["unchanged"] + len(told["rejected"])
    assert Reference.objects.count() == told["created"]
    assert Changeset.objects.count() == 1
    assert verify().ok
