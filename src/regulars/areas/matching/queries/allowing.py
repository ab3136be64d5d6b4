"""Who allowed the house to merge by itself: it then sees no more customers than that one."""

from regulars.areas.access.models import Token, User
from regulars.areas.access.queries import actor_for
from regulars.areas.house.models import Setting
from regulars.areas.journal.models import Changeset
from regulars.kernel.actor import Actor, Own

_RIGHTS = frozenset({"customers.view", "customers.merge"})


def merging_by_itself() -> Actor | None:
    """The house itself, kept to the customers of whoever turned `merge_surely` on; None where that is off, or where
    who did it has an account no more."""
    row = Setting.objects.filter(name="merge_surely", value=True).first()
    deed = Changeset.objects.filter(links__number=row.link).first() if row else None
    if deed is None:
        return None
    found, own = _own_of(deed)
    return Actor(kind="system", name="Regulars", rights=_RIGHTS, through="job", own=own) if found else None


def _own_of(deed: Changeset) -> tuple[bool, Own | None]:
    """Whether whoever did this is there still, and the customers she is kept to."""
    if deed.by_kind not in ("user", "token"):
        return deed.by_kind == "operator", None  # at the shell one acts with the owner's rights
    user = User.objects.filter(pk=deed.by_id or 0).first() if deed.by_kind == "user" else _user_of(deed.by_id)
    if user is None or not user.active:
        return False, None
    return True, actor_for(user).own


def _user_of(token: int | None) -> User | None:
    row = Token.objects.filter(pk=token or 0).select_related("user").first()
    return row.user if row else None
