"""Background work: whether somebody does it, what was given up, and whether mail goes out."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from regulars.areas.health.queries import LOOKED
from regulars.kernel import mail, marks, places
from regulars.kernel.checks import Answer, Check, Seen
from regulars.kernel.errors import Refused

_SILENT = timedelta(minutes=10)
_RECENT = timedelta(days=7)


def serve_runs() -> bool:
    """Whether `serve` says that it holds this home, and its process lives."""
    try:
        told = json.loads((places.home_path() / "serve.lock").read_text(encoding="ascii") or "{}")
        os.kill(int(told["process"]), 0)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


_HERE: ContextVar[bool] = ContextVar("in the background process", default=False)


@contextmanager
def background_alive() -> Iterator[None]:
    """Within it, it is the background process itself that asks."""
    token = _HERE.set(True)
    try:
        yield
    finally:
        _HERE.reset(token)


def _background(at: datetime) -> Seen:
    if _HERE.get():
        return Seen("works", {"age": timedelta()})
    looked = marks.recall(LOOKED) or {}
    last = datetime.fromisoformat(looked["alive"]) if looked.get("alive") else None
    if last is not None and at - last < _SILENT:
        return Seen("works", {"age": at - last})
    if os.name != "posix" or not serve_runs():
        return Seen("closed")
    return Seen("silent", {"age": at - last}) if last else Seen("begins")


def _stuck(at: datetime) -> Seen:
    from regulars.kernel import jobs

    found = jobs.standing(at)
    if found.stuck and found.since:
        return Seen("stuck", {"count": found.stuck, "age": at - found.since})
    return Seen("moving", {"count": found.by_state["waiting"] + found.by_state["running"]})


def _dead(at: datetime) -> Seen:
    from regulars.kernel import jobs

    dead = jobs.dead()
    if not dead:
        return Seen("none")
    recent = any(job.finished_at and at - job.finished_at < _RECENT for job in dead)
    return Seen("recent" if recent else "old", {"count": len(dead)})


def _mail(at: datetime) -> Seen:
    try:
        by = mail.server()
    except Refused as refused:
        return Seen("unreadable", {"why": str(refused)})
    if by is None:
        return Seen("none")
    last = mail.last()
    if "why" in last:
        return Seen("refused", {"host": by.host, "why": last["why"], "since": datetime.fromisoformat(last["since"])})
    return Seen("sent", {"at": datetime.fromisoformat(last["sent"])}) if "sent" in last else Seen("untried")


_GIVEN_UP = _(
    "See on the page “Health” what they were and why; have them done again when that is mended, or let them go."
)

CHECKS = [
    Check(
        name="work.background", title=_("Background work"), group="work", find=_background, every=0, database=True,
        answers={
            "works": Answer("good", _("It last gave a sign of life %(age)s ago.")),
            "begins": Answer("good", _("It has only just begun.")),
            "closed": Answer(
                "note",
                _("“regulars serve” does not run: no versions are made and nothing is looked at."),
                _("Start it, and have the system start it by itself with the machine."),
            ),
            "silent": Answer(
                "bad",
                _("The background process has given no sign of life for %(age)s: no versions are made, no jobs done."),
                _("Restart “regulars serve”; the lines it printed before say why."),
            ),
        },
    ),
    Check(
        name="work.stuck", title=_("Jobs get done"), group="work", find=_stuck, every=60, database=True,
        answers={
            "moving": Answer("good", _("Jobs waiting or at work: %(count)s.")),
            "stuck": Answer(
                "bad",
                _("Jobs that should be done and are not: %(count)s; the oldest for %(age)s."),
                _("Restart “regulars serve”. If they stay, the lines it prints say why."),
            ),
        },
    ),
    Check(
        name="work.dead", title=_("Jobs given up"), group="work", find=_dead, every=60, database=True,
        answers={
            "none": Answer("good", _("None.")),
            "old": Answer(
                "watch",
                _("Given up more than a week ago: %(count)s."),
                _GIVEN_UP,
            ),
            "recent": Answer(
                "bad",
                _("Given up after several tries: %(count)s."),
                _GIVEN_UP,
            ),
        },
    ),
    Check(
        name="work.mail", title=_("Mail"), group="work", find=_mail, every=60, database=True,
        answers={
            "none": Answer(
                "note",
                _("No mail can be sent: nobody is told by mail when something goes wrong, links are handed over by "
                  "hand."),
                _("Set REGULARS_EMAIL_URL and start Regulars anew."),
            ),
            "untried": Answer("good", _("A mail server is named; nothing has been sent by it yet.")),
            "sent": Answer("good", _("The last one went out %(at)s.")),
            "refused": Answer(
                "bad",
                _("None has gone out since %(since)s: %(host)s does not take it (%(why)s)."),
                _("Look at REGULARS_EMAIL_URL and at the account with your mail provider."),
            ),
            "unreadable": Answer("bad", "%(why)s", _("Correct the setting and start Regulars anew.")),
        },
    ),
]  # fmt: skip
