"""Everything is looked at, kept, and told: on the page, on Today, through the API, by `doctor`."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from regulars.areas.access.tests.people import actor, browser_of
from regulars.areas.health import actions, queries
from regulars.areas.health.checks import work
from regulars.areas.health.queries import LOOKED, Health
from regulars.areas.journal.actions import sign_heads
from regulars.areas.journal.models import Link
from regulars.kernel import jobs, marks, registries
from regulars.kernel.checks import Finding, Seen
from regulars.kernel.errors import NotAllowed, NotFound
from regulars.kernel.models import Job
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


def found(**answers: str) -> Health:
    """A look that found these answers (`disk="full"` is that of `data.disk`), with figures that fit any sentence."""
    told: Any = {
        "free": 1,
        "percent": 96,
        "folder": "/srv",
        "count": 3,
        "age": timedelta(hours=30),
        "host": "h",
        "why": "w",
    }
    told |= {"since": timezone.now(), "left": timedelta(days=3)}
    known = {name.rpartition(".")[2]: check for name, check in registries.looked_at().items()}
    at = timezone.now()
    return Health(at, tuple(Finding(known[name], Seen(each, told), at) for name, each in answers.items()))


def keep(look: Health) -> None:
    now = look.at.isoformat()
    marks.note(LOOKED, {"at": now, "alive": now, "findings": [each.kept() for each in look.findings]})


def a_job(**values: Any) -> Job:
    now = timezone.now()
    told = {
        "ticket": os.urandom(16).hex(),
        "task": "regulars.areas.safekeeping.jobs.copy_the_house",
        "due": now,
        "made_at": now,
    }
    return Job.objects.create(**(told | values))


def asked(name: str, at: datetime | None = None) -> Seen:
    check = registries.looked_at()[name]
    seen = check.find(at or timezone.now())
    assert seen and seen.answer in check.answers
    return seen


def test_what_was_found_is_kept() -> None:
    assert queries.last_look() is None
    look = actions.look_after(at=timezone.now())
    kept = queries.last_look()
    assert kept and kept.findings == look.findings and {each.check.name for each in look.findings} >= {
        "data.database", "data.disk", "safekeeping.newest", "journal.heads", "access.second_factors", "machine.clock",
    }  # fmt: skip
    assert not [each for each in look.findings if each.seen.answer == "broke"]
    disk = next(each for each in look.findings if each.check.name == "data.disk")
    again = actions.look_after(at=look.at + timedelta(seconds=61))
    assert next(each for each in again.findings if each.check.name == "data.disk").at == disk.at  # it still holds


def test_the_page_says_it_to_who_may_know(client: Any) -> None:
    keep(found(disk="full", newest="fresh", mail="none"))
    page = browser_of("auditor").get(reverse("health")).content.decode()
    assert "Something is wrong." in page and "Make room on the disk of /srv now." in page and "1 day old" in page
    assert browser_of("staff").get(reverse("health")).status_code == 403
    assert client.get(reverse("health")).status_code == 302


def test_today_speaks_of_it_only_where_something_is_wrong() -> None:
    owner = browser_of("owner")
    keep(found(newest="fresh", mail="none"))
    assert reverse("health") not in owner.get("/").content.decode().partition("<main")[2]
    keep(found(newest="fresh", disk="filling", sheet="unsaid"))
    page = owner.get("/").content.decode()
    assert "2 things about the register or its machine want to be seen to." in page
    keep(found(newest="old"))
    page = owner.get("/").content.decode()
    assert "Newest proved version:</strong> It is 1 day old" in page
    assert "Newest proved version" not in browser_of("staff").get("/").content.decode()


def test_the_api_tells_the_same() -> None:
    keep(found(disk="full", newest="fresh"))
    told = Program("auditor").get("/health").json()
    assert (told["ok"], told["level"]) == (False, "bad")
    assert [(each["check"], each["answer"], each["level"]) for each in told["checks"]] == [
        ("data.disk", "full", "bad"), ("safekeeping.newest", "fresh", "good"),
    ]  # fmt: skip
    assert told["checks"][0]["values"]["percent"] == 96 and told["checks"][0]["todo"]
    Program.refused(Program("staff").get("/health"), 403)


def test_a_look_can_be_had_at_once() -> None:
    owner = browser_of("owner")
    assert owner.post(reverse("health_again")).status_code == 303
    assert queries.last_look() is not None


def test_the_owner_says_that_the_sheet_is_printed() -> None:
    keep(found(sheet="unsaid"))
    owner = browser_of("owner")
    assert reverse("health_sheet") in owner.get(reverse("health")).content.decode()
    assert reverse("health_sheet") not in browser_of("manager").get(reverse("health")).content.decode()
    owner.post(reverse("health_sheet"))
    assert asked("keys.sheet").answer == "printed" and marks.recall(marks.SHEET_PRINTED)
    with pytest.raises(NotAllowed):
        actions.say_sheet_is_printed(by=actor("manager"), at=timezone.now())


def test_jobs_that_were_given_up_are_shown_and_done_again_or_let_go() -> None:
    now = timezone.now()
    first, second = (a_job(state=Job.DEAD, finished_at=now, error="Something broke.") for _ in range(2))
    assert asked("work.dead") == Seen("recent", {"count": 2})
    assert asked("work.dead", now + timedelta(days=8)).answer == "old"
    manager = browser_of("manager")
    page = manager.get(reverse("health")).content.decode()
    assert "Something broke." in page and "safekeeping.jobs.copy_the_house" in page
    assert "Something broke." not in browser_of("auditor").get(reverse("health")).content.decode()
    manager.post(reverse("health_job_again", args=[first.ticket]))
    manager.post(reverse("health_job_let_go", args=[second.ticket]))
    assert list(Job.objects.values_list("ticket", "state")) == [(first.ticket, Job.WAITING)]
    assert asked("work.dead").answer == "none"
    with pytest.raises(NotFound):
        actions.let_job_go(ticket=first.ticket, by=actor("owner"))
    with pytest.raises(NotAllowed):
        actions.revive_job(ticket=first.ticket, by=actor("auditor"))


def test_a_job_that_nobody_takes_is_stuck() -> None:
    now = timezone.now()
    a_job(due=now + timedelta(days=1))
    a_job(state=Job.RUNNING, lease_until=now + timedelta(seconds=30))
    assert asked("work.stuck") == Seen("moving", {"count": 2})
    a_job(due=now - timedelta(minutes=16))
    a_job(state=Job.RUNNING, lease_until=now - timedelta(hours=1))
    assert asked("work.stuck", now) == Seen("stuck", {"count": 2, "age": timedelta(hours=1)})
    assert jobs.standing(now).by_state == {"waiting": 2, "running": 2, "done": 0, "refused": 0, "dead": 0}


def test_a_background_process_that_is_silent_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "serve_runs", lambda: True)
    actions.look_after(at=timezone.now())  # somebody at a page looks: that is no sign of life
    assert asked("work.background").answer == "begins"
    first = actions.look_after(at=timezone.now() - timedelta(days=1), background=True)
    again = actions.look_after(at=timezone.now(), background=True)  # after a night switched off nothing is wrong
    for look in (first, again):
        assert [each.seen.answer for each in look.findings if each.check.name == "work.background"] == ["works"]
    assert asked("work.background").answer == "works"
    later = timezone.now() + timedelta(minutes=11)
    assert asked("work.background", later).answer == "silent"
    monkeypatch.setattr(work, "serve_runs", lambda: False)
    assert asked("work.background", later).answer == "closed"


def write(at: datetime) -> None:
    from regulars.areas.access.actions import add_user
    from regulars.areas.access.tests.people import OPERATOR

    add_user(by=OPERATOR, at=at, login=f"a{at.timestamp()}", name="A", role="reader", language="en")


def test_a_clock_that_goes_back_and_a_journal_that_nobody_signs_are_noticed() -> None:
    now = timezone.now()
    assert asked("journal.heads").answer == "empty"
    write(now)
    assert (asked("journal.clock", now).answer, asked("journal.heads", now).answer) == ("on", "signed")
    assert asked("journal.clock", now - timedelta(minutes=3)).answer == "back"
    assert asked("journal.heads", now + timedelta(minutes=6)).answer == "late"
    sign_heads(at=now)
    assert asked("journal.heads", now + timedelta(days=1)) == Seen("signed", {"count": Link.objects.count()})


def test_proofs_are_looked_at() -> None:
    assert asked("journal.proof").answer == "none"
    task, now = "regulars.areas.journal.jobs.prove", timezone.now()
    result = {"by": "", "seconds": 1, "ok": True, "changes": 5, "problems": []}
    a_job(task=task, state=Job.DONE, finished_at=now, result=result)
    assert asked("journal.proof", now).answer == "well"
    assert asked("journal.proof", now + timedelta(hours=60)).answer == "old"
    problem: dict[str, Any] = {"kind": "page", "where": "1", "template": "x", "told": {}, "changeset": None}
    a_job(task=task, state=Job.DONE, finished_at=now, result={**result, "ok": False, "problems": [problem]})
    assert asked("journal.proof", now) == Seen("found", {"count": 1, "age": timedelta()})


def test_the_database_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked("data.database").answer in ("fine", "slow")
    library = asked("data.library", datetime(2026, 1, 1, tzinfo=UTC))
    if connection.vendor == "sqlite":
        assert library.answer == "file" and registries.looked_at()["data.checksums"].find(timezone.now()) is None
    else:
        assert library.answer == "server" and asked("data.library", datetime(2050, 1, 1, tzinfo=UTC)).answer == "ended"
        assert asked("data.checksums").answer in ("on", "off")
    monkeypatch.setattr("regulars.kernel.databases.can_write", lambda connection: False)
    assert asked("data.database").answer == "read only"


def test_who_comes_in_by_a_password_alone() -> None:
    assert asked("access.second_factors").answer == "all"
    browser_of("staff")
    assert asked("access.second_factors") == Seen("some", {"count": 1})
    browser_of("owner")
    assert asked("access.second_factors") == Seen("an owner", {"count": 2})
