"""A register built beside the house's own from a copy: whole, at this program's version, with everybody forgotten who
was forgotten since. Nobody opens it before it stands."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.access.actions import end_account, revoke_token
from regulars.areas.access.models import OneTimeLink, Session, Step, Token, User
from regulars.areas.customers.actions import forget_again
from regulars.areas.journal.actions import deed
from regulars.areas.journal.chain import walking
from regulars.areas.journal.models import Counter
from regulars.areas.safekeeping.actions.restoring import refusals
from regulars.areas.safekeeping.actions.restoring.losing import End, Loss, end_of_this
from regulars.areas.safekeeping.actions.restoring.soundness import what_is_wrong
from regulars.areas.safekeeping.queries import Version
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import beside, migrating, resting, writer_lock
from regulars.kernel.errors import Refused

_FORGETS = frozenset({"customers.forget", "customers.view"})


class NotSound(Refused):
    """The copy opens, and what is in it is no whole register. Nothing was changed."""

    code = "copy_not_sound"


@dataclass(frozen=True, slots=True)
class Built:
    """A register that is ready to be put in place. `copy` is where the copy itself ended, `common` the last of its
    links that the signed heads know."""

    version: Version
    copy: End
    common: int
    forgotten: tuple[int, ...]
    ended: tuple[str, ...]
    refused: int
    missing: tuple[str, ...]


@contextmanager
def opened(target: Path | str, version: Version) -> Iterator[End]:
    """This process speaks to the copy at `target`, brought to this program's version and found sound, or NotSound."""
    with beside.working_on(connection, target):
        migrating.bring_up(connection)
        resting.mend(connection)
        wrong = what_is_wrong()
        end = end_of_this()
        broken = None if wrong else walking.first_break(end.links)
        if wrong or broken:
            raise NotSound(
                _("The version %(version)s is no whole register: %(what)s Choose an older one.")
                % {"version": version.name, "what": wrong[0] if wrong else broken.message if broken else ""}
            )
        yield end


def made_ready(version: Version, copy: End, loss: Loss, *, by: Actor, at: datetime) -> Built:
    """Within `opened`: nothing is given twice, whoever was forgotten is forgotten, who was sent away stays away, a no
    stays a no, nobody is signed in; and the journal says that, by whom and when this copy was put back."""
    common = walking.common_links(copy.links)
    _go_on(loss)
    forgotten = forget_again(by=replace(by, rights=by.rights | _FORGETS), at=at)
    ended = tuple(_end_again(loss.ended, by=by, at=at))
    for model in (Session, OneTimeLink, Step):
        model._default_manager.all().delete()
    particulars = {
        "version": version.name,
        "of": version.at.isoformat(),
        "links": [loss.first, loss.last],
        "deeds": loss.count,
        "forgotten": len(forgotten),
    }
    with deed(verb="safekeeping.restored", by=by, at=at, particulars=particulars) as link:
        link.saw(subject=None, what={"restored": particulars})
        refused = refusals.keep(link, loss.refusals)
    return Built(version, copy, common, tuple(forgotten), ended, refused, _missing_files())


def _end_again(ended: frozenset[str], *, by: Actor, at: datetime) -> Iterator[str]:
    """Accounts and tokens that had been ended since the copy are ended in it; the last owner's stays, as always."""
    for user in User.objects.filter(public__in=ended, active=True):
        with suppress(Refused):
            end_account(by=by, at=at, user=user)
            yield user.name
    for token in Token.objects.filter(public__in=ended, revoked_at=None):
        revoke_token(by=by, at=at, token=token)
        yield token.name


def _go_on(loss: Loss) -> None:
    """Numbers go on where the replaced register had come to: none is given twice. Links are of the chain itself."""
    with transaction.atomic():
        writer_lock(connection)
        for name, following in loss.counters.items():
            if name != "link":
                Counter.objects.filter(name=name, next__lt=following).update(next=following)


def _missing_files() -> tuple[str, ...]:
    """Files that the copy names and the home does not have."""
    others = [check for check in registries.checks() if check.__module__ != _OWN]
    found = (problem for check in others for problem in check())
    return tuple(problem.where for problem in found if problem.kind == "file_differs")


_OWN = "regulars.areas.safekeeping.holdings"  # looks at the copies themselves
