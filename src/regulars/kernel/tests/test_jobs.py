"""The queue: nothing asked for is lost, nothing runs in two hands, what fails is seen."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.tasks.base import TaskResultStatus
from django.utils import timezone

from regulars.kernel import jobs, trouble
from regulars.kernel.errors import NotFound
from regulars.kernel.jobs import clock, queue, worker
from regulars.kernel.models import Chore, Job
from regulars.kernel.tests import chores

pytestmark = pytest.mark.django_db


def test_a_job_is_done_and_answers() -> None:
    asked = jobs.enqueue(chores.add, a=2, b=3)
    assert asked.state == "waiting" and not asked.over
    assert jobs.run_due() == 1
    assert (jobs.view(asked.ticket).state, jobs.view(asked.ticket).result) == ("done", 5)


def test_it_is_a_backend_of_django() -> None:
    result = chores.add.enqueue(2, b=3)
    jobs.run_due()
    result.refresh()
    assert result.status == TaskResultStatus.SUCCESSFUL and result.return_value == 5
    assert chores.add.get_result(result.id).is_finished


def test_what_is_rolled_back_was_never_asked_for() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue(chores.add, a=1, b=1)
        raise ZeroDivisionError
    assert jobs.run_due() == 0


def test_a_later_job_waits() -> None:
    jobs.enqueue(chores.add, due=timezone.now() + timedelta(hours=1), a=1, b=1)
    assert jobs.run_due() == 0


def test_urgent_jobs_first() -> None:
    later = jobs.enqueue(chores.add, a=1, b=1)
    urgent = chores.add.using(priority=10).enqueue(a=2, b=2)
    claimed = queue.claim("w", timezone.now())
    assert claimed and claimed.ticket == urgent.id != later.ticket


def test_one_open_job_per_key() -> None:
    first = jobs.enqueue(chores.add, key="segment 7", a=1, b=1)
    assert jobs.enqueue(chores.add, key="segment 7", a=1, b=1).ticket == first.ticket
    jobs.run_due()
    assert jobs.enqueue(chores.add, key="segment 7", a=1, b=1).ticket != first.ticket


def test_other_faults_are_not_mistaken_for_a_taken_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.kernel.crypto.random_bytes", lambda count: bytes(count))
    jobs.enqueue(chores.add, a=1, b=1)
    with pytest.raises(IntegrityError):
        jobs.enqueue(chores.add, key="new", a=1, b=1)


def test_a_refusal_is_shown_and_not_tried_again() -> None:
    asked = jobs.enqueue(chores.refuse)
    assert jobs.run_due() == 1
    view = jobs.view(asked.ticket)
    assert (view.state, view.error, view.result) == ("refused", "Not on a Sunday.", {"code": "refused", "where": "day"})


def test_a_broken_job_is_tried_later_then_dead_then_revived() -> None:
    asked = jobs.enqueue(chores.break_down)
    jobs.run_due()
    assert jobs.view(asked.ticket).state == "waiting" and jobs.run_due() == 0
    Job.objects.update(due=timezone.now())
    jobs.run_due()
    view = jobs.view(asked.ticket)
    assert view.state == "dead" and "secret" not in view.error and [view] == jobs.dead()
    assert "secret detail" in Job.objects.get().traceback
    jobs.revive(asked.ticket)
    assert jobs.view(asked.ticket).state == "waiting"


def test_progress_can_be_read() -> None:
    asked = jobs.enqueue(chores.count, upto=200)
    jobs.run_due()
    view = jobs.view(asked.ticket)
    assert (view.done, view.total, view.note, view.percent) == (200, 200, "at 200", 100)
    jobs.progress(1, 2)  # outside a job: nothing


def test_a_claimed_job_is_in_one_hand() -> None:
    jobs.enqueue(chores.add, a=1, b=1)
    assert queue.claim("one", timezone.now()) is not None
    assert queue.claim("two", timezone.now()) is None


def test_a_lease_that_ran_out_gives_the_job_to_another_and_the_first_cannot_end_it() -> None:
    asked = jobs.enqueue(chores.add, a=1, b=1)
    first = queue.claim("one", timezone.now())
    assert first
    second = queue.claim("two", timezone.now() + queue.LEASE + timedelta(seconds=1))
    assert second and second.pk == first.pk
    queue.run(first, stop=lambda: False)
    assert jobs.view(asked.ticket).state == "running"
    queue.run(second, stop=lambda: False)
    assert jobs.view(asked.ticket).state == "done"


def test_a_heartbeat_extends_the_lease_and_notices_a_lost_job() -> None:
    jobs.enqueue(chores.add, due=timezone.now() - timedelta(seconds=55), a=1, b=1)
    row = queue.claim("one", timezone.now() - timedelta(seconds=50))
    assert row
    running = queue.Running(row, lambda: False)
    queue.RUNNING[row.pk] = running
    queue.extend()
    until = Job.objects.get().lease_until
    assert until and until > timezone.now() + timedelta(seconds=50) and not running.lost
    Job.objects.update(worker="another")
    queue.extend()
    queue.RUNNING.clear()
    with pytest.raises(jobs.Interrupted):
        running.progress({"done": 1, "total": None, "note": ""})


def test_a_heart_that_could_not_beat_once_beats_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    beats: list[str] = []

    def extend() -> None:
        beats.append("beat")
        if len(beats) == 1:
            raise OperationalError("database is locked")

    monkeypatch.setattr(queue, "extend", extend)
    monkeypatch.setattr(worker, "_BEAT", 0.01)
    asked = jobs.enqueue(chores.slow, file=str(tmp_path / "slow"), seconds=0.3)
    assert worker.run_here(asked.ticket)
    assert len(beats) > 2 and jobs.view(asked.ticket).state == "done"


def test_after_its_last_death_a_job_is_dead() -> None:
    asked = jobs.enqueue(chores.add, a=1, b=1)
    now = timezone.now()
    for death in range(3):
        assert queue.claim("one", now + death * (queue.LEASE + timedelta(seconds=1)))
    assert queue.claim("one", now + timedelta(hours=1)) is None
    assert jobs.view(asked.ticket).state == "dead"


def test_an_interrupted_job_waits_again_and_loses_no_attempt() -> None:
    asked = jobs.enqueue(chores.count, upto=5)
    row = queue.claim("one", timezone.now())
    assert row
    queue.run(row, stop=lambda: True)
    assert jobs.view(asked.ticket).state == "waiting" and Job.objects.get().attempts == 0


def test_an_unknown_ticket_is_not_found() -> None:
    with pytest.raises(NotFound):
        jobs.view("0" * 32)


def test_nightly_work_is_done_once_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(clock, "ROUNDS", {})
    jobs.every(86_400, "copy", hour=2)(lambda: done.append(1))
    now = timezone.now().replace(hour=1, minute=0)
    assert clock.tick_long(now) == 0  # its first night is still to come
    assert clock.tick_long(now + timedelta(hours=2)) == 1
    assert clock.tick_long(now + timedelta(hours=3)) == 0
    assert Chore.objects.get().due.hour == 2 and done == [1]
    assert clock.tick_long(now + timedelta(days=3)) == 1  # missed nights are made up for once


def test_a_short_round_that_fails_comes_round_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise ValueError

    monkeypatch.setattr(clock, "ROUNDS", {})
    monkeypatch.setattr(clock.log, "exception", lambda *given: None)
    jobs.every(0, "heads")(fail)
    clock.tick_short()
    clock.tick_short()
    assert calls == [1, 1]


def test_old_jobs_are_forgotten_but_for_dead_ones() -> None:
    jobs.enqueue(chores.add, a=1, b=1)
    jobs.enqueue(chores.add, a=1, b=1)
    jobs.run_due()
    Job.objects.filter(pk=Job.objects.earliest("pk").pk).update(state=Job.DEAD)
    assert jobs.clear_away(before=timezone.now() - timedelta(days=1)) == 0
    assert jobs.clear_away(before=timezone.now() + timedelta(days=1)) == 1
    assert Job.objects.get().state == Job.DEAD


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("error", [FULL, trouble.of(FULL)])
def test_a_full_disk_is_waited_for_without_losing_an_attempt(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_told: object) -> None:
        raise error

    asked = jobs.enqueue(chores.add, a=2, b=3)
    with monkeypatch.context() as broken:
        broken.setattr(queue.OwnTask, "call", full)
        for _look in range(5):
            Job.objects.update(due=timezone.now())
            assert jobs.run_due() == 1
    row = Job.objects.get(ticket=asked.ticket)
    assert (row.state, row.attempts, row.traceback) == ("waiting", 0, "") and "is full" in row.error
    Job.objects.update(due=timezone.now())
    assert jobs.run_due() == 1 and jobs.view(asked.ticket).result == 5
