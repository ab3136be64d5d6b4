"""Looking at everything and keeping what was found; telling the owners by one mail; small things to be mended here."""

import logging
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.areas.access.models import Role, User
from regulars.areas.health.checks import data
from regulars.areas.health.checks.work import background_alive
from regulars.areas.health.queries import LOOKED, Health, last_look, look_now
from regulars.areas.house.queries import house
from regulars.kernel import jobs, mail, marks
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

log = logging.getLogger("regulars.health")
TOLD = "health mail"  # the mark: what the owners were told, and when
AGAIN = timedelta(days=7)  # the same trouble is told again after so long
_SAME = timedelta(days=1)  # what comes back within so long was told
_PATIENCE = timedelta(minutes=10)  # after a refusal of the mail server
Kind = Literal["bad", "still", "well"]


def look_after(*, at: datetime, anew: bool = False, background: bool = False) -> Health:
    """Looks at everything that is due (all of it with `anew`) and keeps what was found. `background` says that it is
    the background process that looks, and so is alive."""
    before = last_look()
    with background_alive() if background else nullcontext():
        found = look_now(at, before=None if anew else before)
    alive = at if background else before.alive if before else None
    kept = {"at": at.isoformat(), "alive": alive.isoformat() if alive else None}
    marks.note(LOOKED, {**kept, "findings": [finding.kept() for finding in found.findings]})
    data.sample(at)
    return found


def revive_job(*, ticket: str, by: Actor) -> None:
    """Has a job that was given up done again. Raises NotAllowed, NotFound."""
    _require(by)
    jobs.revive(ticket)


def let_job_go(*, ticket: str, by: Actor) -> None:
    """Gives a dead job up for good: it is not shown any more. Raises NotAllowed, NotFound."""
    _require(by)
    jobs.let_go(ticket)


def say_sheet_is_printed(*, by: Actor, at: datetime) -> None:
    """Notes that the recovery sheet lies printed and locked away. Raises NotAllowed: the owner says so."""
    if not by.may("access.users"):
        raise NotAllowed(_("Only the owner can say that the recovery sheet is printed."), right="access.users")
    marks.note(marks.SHEET_PRINTED, {"at": at.isoformat()})


def _require(by: Actor) -> None:
    if not by.may("house.settings"):
        raise NotAllowed(_("Your account may not decide about background work."), right="house.settings")


# --- one mail, not ten --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What the owners know: each trouble with the moment it was told, and when they were written to last."""

    troubles: Mapping[str, datetime] = field(default_factory=dict)
    at: datetime | None = None

    @classmethod
    def read(cls, kept: Any) -> "Told":
        troubles = {name: datetime.fromisoformat(at) for name, at in (kept or {}).get("troubles", {}).items()}
        return cls(troubles, datetime.fromisoformat(kept["at"]) if kept and kept.get("at") else None)

    def kept(self) -> dict[str, Any]:
        told = {name: at.isoformat() for name, at in self.troubles.items()}
        return {"troubles": told, "at": self.at.isoformat() if self.at else None}


def decide(bad: frozenset[str], told: Told, at: datetime) -> tuple[Kind | None, Told]:
    """Whether to write, and what the owners know afterwards.

    `bad`: something turned bad that they do not know of. `still`: a week has passed and something is bad. `well`:
    nothing is bad any more, said once. What comes and goes within a day is told once.
    """
    kept = {name: when for name, when in told.troubles.items() if name in bad or at - when < _SAME}
    if bad - set(kept):
        return "bad", Told({**kept, **dict.fromkeys(bad, at)}, at)
    if bad and told.at and at - told.at >= AGAIN:
        return "still", Told({**kept, **dict.fromkeys(bad, at)}, at)
    if not bad and told.troubles:
        waits = any(at - when < timedelta(hours=1) for when in told.troubles.values())
        return (None, told) if waits else ("well", Told({}, at))
    return None, Told(kept, told.at)


def tell_owners(*, at: datetime) -> Kind | None:
    """Writes to the owners if there is something new to say, and remembers it once a mail is out.

    Without a mail server nothing is said and nothing remembered; a refusal of the server stands on the page *Health*.
    """
    if not mail.configured() or _just_refused(at):
        return None
    found, told = last_look() or look_after(at=at), Told.read(marks.recall(TOLD))
    kind, after = decide(frozenset(finding.check.name for finding in found.of("bad")), told, at)
    if kind is None:
        if after != told:
            marks.note(TOLD, after.kept())
        return None
    if not _written(kind, found, at):
        return None
    marks.note(TOLD, after.kept())
    return kind


def _just_refused(at: datetime) -> bool:
    failed = mail.last().get("failed")
    return failed is not None and timedelta() <= at - datetime.fromisoformat(failed) < _PATIENCE


def recipients() -> list[tuple[str, str]]:
    """(address, language) of every owner whose login is an e-mail address; else the house's own."""
    owners = User.objects.filter(role=Role.OWNER, active=True).order_by("id")
    found = [(owner.login, owner.language) for owner in owners if "@" in owner.login]
    rules = house()
    return found or ([(rules.email, rules.default_language)] if rules.email else [])


def _written(kind: Kind, found: Health, at: datetime) -> bool:
    """Whether at least one owner's mail was taken."""
    by, rules, taken = mail.server(), house(), False
    assert by is not None
    for address, language in recipients():
        with translation.override(language):
            subject, text = _letter(kind, found, rules.name)
            try:
                sender = by.sender or rules.email or address
                made = mail.message(to=address, sender=sender, name=rules.name, subject=subject, text=text, at=at)
                mail.send(made, by, at=at)
                taken = True
            except Refused as refused:
                log.warning("The mail to an owner was not sent: %s", refused)
    return taken


def _letter(kind: Kind, found: Health, name: str) -> tuple[str, str]:
    """Subject and text, in the language at hand. Nothing of customers or people stands in it."""
    where = f"{settings.ENVIRONMENT.base_url}/health/" if settings.ENVIRONMENT.base_url else ""
    if kind == "well":
        subject = _("%(house)s: all is well again") % {"house": name}
        lines = [_("What was wrong with the register is in order again.")]
    else:
        subject = _("%(house)s: the register needs you") % {"house": name}
        lines = [
            _("This is wrong with the register:") if kind == "bad" else _("This is still wrong with the register:")
        ]
        lines += [f"* {each.check.title}: {each.sentence}\n  {each.todo}" for each in found.of("bad")]
        if watched := found.of("watch"):
            lines += [_("To be watched:"), *(f"* {each.check.title}: {each.sentence}" for each in watched)]
    if where:
        lines.append(_("Everything in detail: %(address)s") % {"address": where})
    again = _(
        "You get one such mail when something new turns bad, once a week while it stays, and one when all is well."
    )
    return subject, "\n\n".join([*lines, again]) + "\n"
