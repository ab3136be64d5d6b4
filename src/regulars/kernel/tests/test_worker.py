"""A worker process of its own: woken by a knock, killed without losing a job, ended without one half done."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.kernel import jobs
from regulars.kernel.jobs import wake
from tests.rig import warm

ASK = """
import sys, django
django.setup()
from django.core.management import call_command
from regulars.kernel import jobs
from regulars.kernel.tests import chores
call_command("migrate", "kernel", verbosity=0)
print(jobs.enqueue(chores.slow, file=sys.argv[1], seconds=float(sys.argv[2])).ticket)
"""
WORK = """
import django, signal
django.setup()
from regulars.kernel.jobs import Worker
worker = Worker(threads=1, with_clock=True)
signal.signal(signal.SIGTERM, lambda *_: worker.stop())
worker.start()
worker.join()
"""
READ = """
import sys, django
django.setup()
from regulars.kernel.models import Job
row = Job.objects.get()
print(row.state, row.attempts, row.result)
"""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of another home, on the encrypted file."""
    names = {"REGULARS_HOME": str(tmp_path / "home"), "REGULARS_KEY_FILE": str(tmp_path / "key.json")}
    return {**os.environ, **names, "REGULARS_DATABASE_URL": ""}


def said(script: str, home: dict[str, str], *words: str) -> str:
    done = warm.run(["-c", script, *words], home)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def worker(home: dict[str, str]) -> Iterator[list[warm.Running]]:
    started: list[warm.Running] = []
    yield started
    for each in started:
        if each.returncode is None:
            each.kill()


def start(home: dict[str, str], started: list[warm.Running]) -> warm.Running:
    started.append(warm.Running(["-c", WORK], home))
    return started[-1]


def until(condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_a_killed_workers_job_is_done_by_the_next(home, worker, tmp_path: Path) -> None:
    file = tmp_path / "trace"
    said(ASK, home, str(file), "60")
    first = start(home, worker)
    until(file.exists)
    first.kill()
    assert said(READ, home).startswith("running 1")
    start(home, worker)
    until(lambda: file.read_text().count("begun") == 2)


def test_a_worker_asked_to_end_puts_its_job_back(home, worker, tmp_path: Path) -> None:
    file = tmp_path / "trace"
    said(ASK, home, str(file), "60")
    first = start(home, worker)
    until(file.exists)
    os.kill(first.pid, signal.SIGTERM)
    assert first.wait(60) == 0
    assert said(READ, home) == "waiting 0 None"


def test_a_knock_wakes_even_under_a_long_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / ("long" * 30)))
    wake.knock()  # nobody there: no harm
    door = wake.Door()
    wake.knock()
    began = time.monotonic()
    door.wait(120)
    door.close()
    assert time.monotonic() - began < 10


def test_threads_do_jobs_side_by_side() -> None:
    ending = jobs.Worker(threads=2)
    ending.stop()
    ending.start()
    assert ending.join(5)
