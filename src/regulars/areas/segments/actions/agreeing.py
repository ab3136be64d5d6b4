"""The whole register leaves the house only when a second person agrees, where there are two owners (A8).

What is asked for is noted beside the register's own marks, not in the journal; who agreed is a deed.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from regulars.areas.access.queries import is_owner, owners_beside
from regulars.areas.customers.models import Customer
from regulars.areas.journal.actions import deed
from regulars.kernel import marks
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.tables import moment

UNASKED = 100  # as many go out without more ado
LASTS = timedelta(hours=24)
_MARK = "whole export"


class NeedsAnother(Refused):
    """Another owner has to agree first."""

    code = "needs_another"
    status = 403


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to take the whole register along; `agreed` names the owner who agreed, once one did."""

    by: int
    name: str
    at: str
    agreed: str = ""


def is_whole(count: int) -> bool:
    """Whether so many are the register: more than half of its customers, and more than go out without more ado."""
    return count > UNASKED and 2 * count > Customer.objects.filter(merged_into__isnull=True).count()


def export_wish(*, at: datetime) -> Wish | None:
    """Who wants to take the register along, if anybody asked in the last day."""
    told = marks.recall(_MARK)
    wish = Wish(**told) if told else None
    return wish if wish and at - datetime.fromisoformat(wish.at) < LASTS else None


def needs_another(count: int, *, by: Actor, at: datetime) -> bool:
    """Whether an owner, another than who takes them along, has to agree and has not."""
    account = by.account
    if not account or not is_whole(count) or owners_beside(0) < 2:
        return False
    wish = export_wish(at=at)
    return wish is None or wish.by != account or not wish.agreed


def ask_for_export(*, by: Actor, at: datetime) -> None:
    """Notes that somebody wants to take the register along. Raises NotAllowed; Refused while another waits."""
    if not by.may("customers.export") or not (account := by.account):
        raise NotAllowed(_("Your account may not export customers."))
    wish = export_wish(at=at)
    if wish is not None and wish.by != account:
        raise Refused(_("%(name)s has asked for the same. Wait until that is over.") % {"name": wish.name})
    if wish is None:
        marks.note(_MARK, asdict(Wish(account, by.name, moment(at))))


def agree_to_export(*, by: Actor, at: datetime) -> int | None:
    """An owner agrees. Raises NotAllowed for who is none, or asked herself; Refused where nobody asks any more."""
    wish = export_wish(at=at)
    if wish is None:
        raise Refused(_("Nobody asks to export the whole register any more."))
    if wish.by == by.account or not is_owner(by.account or 0):
        raise NotAllowed(_("Another owner has to agree."))
    with deed(verb="segments.export_agreed", by=by, at=at, particulars={"name": wish.name}) as link:
        marks.note(_MARK, {**asdict(wish), "agreed": by.name})
        link.saw(subject=None, what={"agreed": wish.name})
    return link.changeset


def refuse_export(*, by: Actor, at: datetime) -> None:
    """The wish is taken back, or refused by an owner. Raises NotAllowed."""
    wish = export_wish(at=at)
    if wish is not None and wish.by != by.account and not is_owner(by.account or 0):
        raise NotAllowed(_("Another owner has to agree."))
    marks.note(_MARK, None)


def spend_agreement(by: Actor) -> None:
    """The register has gone out once; the next time somebody has to agree again."""
    told = marks.recall(_MARK)
    if told and told["by"] == by.account:
        marks.note(_MARK, None)
