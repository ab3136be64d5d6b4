"""Second factors: added, removed, and the recovery codes that stand in for them. The journal has that it was done."""

from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.access.actions.pieces import cover, end_all, end_sessions_but, require
from regulars.areas.access.actions.telling import tell
from regulars.areas.access.door import codes
from regulars.areas.access.door.passkeys import Made
from regulars.areas.access.door.secrets import public_name
from regulars.areas.access.models import Factor, OneTimeCode, Passkey, Password, RecoveryCode, Session, User
from regulars.areas.access.queries import factor_named, factors_of, has_second_factor
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import Link, deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.text import clean

_CODE, _PASSKEY, _RECOVERY = Factor.Kind.CODE, Factor.Kind.PASSKEY, Factor.Kind.RECOVERY


def add_passkey(
    *, by: Actor, at: datetime, user: User, name: str, made: Made, keep: Session | None = None
) -> list[str]:
    """A passkey of the user. Her other sessions end. The first factor comes with recovery codes, given this once.

    Raises Refused for one that is known already.
    """
    called = clean(name)[:80] or _("Passkey")
    with deed(verb="access.factor_added", by=by, at=at, particulars=_told(_PASSKEY, called)) as link:
        if Passkey.objects.filter(digest=made.digest).exists():
            raise Refused(_("This passkey is known here already."), where="name")
        factor = _add(link, user, _PASSKEY, called, at)
        Passkey.objects.create(
            factor=factor, digest=made.digest, data=made.data, place=made.place, counter=made.counter
        )
        tell(user, "factor added", at)
        return _with_recovery(link, user, at, keep)


def add_code(*, by: Actor, at: datetime, user: User, secret: str, typed: str, keep: Session | None = None) -> list[str]:
    """One-time codes of this secret, once the first code was right. Otherwise as `add_passkey`.

    That first code is used: it does not come in as well.
    """
    step = codes.step_of(secret, typed, at)
    if step is None:
        raise Refused(
            _("This is not the code of this moment. Is the clock of the telephone right? Type the next one."),
            where="code",
        )
    with deed(verb="access.factor_added", by=by, at=at, particulars=_told(_CODE, "")) as link:
        if factors_of(user).filter(kind=_CODE).exists():
            raise Refused(_("One-time codes are set up already. Remove them first."), where="code")
        factor = _add(link, user, _CODE, "", at)
        OneTimeCode.objects.create(factor=factor, sealed=codes.sealed(secret, user.public), last_step=step)
        tell(user, "factor added", at)
        return _with_recovery(link, user, at, keep)


def remove_factor(*, by: Actor, at: datetime, user: User, public: str, keep: Session | None = None) -> int | None:
    """Takes one of one's own factors away; sessions but `keep` and all tokens end (A6). With the last one the recovery
    codes go too.

    Raises NotFound; Refused for the last one where the house asks for one or the password is too short without.
    """
    with deed(verb="access.factor_removed", by=by, at=at) as link:
        factor = factor_named(public, user=user)
        link.particulars.update(_told(factor.kind, factor.name))
        _remove(link, [factor], at)
        if not has_second_factor(user):
            _may_go_without(user)
            _remove(link, list(factors_of(user)), at)
        end_all(link, user, at, keep=keep)
        tell(user, "factor removed", at)
    return link.changeset


def remove_all_factors(*, by: Actor, at: datetime, user: User) -> int | None:
    """For somebody who lost what she had: the password alone lets her in again. Sessions and tokens end.

    Whether she has to set up a new factor before anything else is asked when she comes in. Raises NotAllowed; Refused
    where there is none.
    """
    require(by, "access.users")
    cover(by, user.role)
    with deed(verb="access.factors_removed", by=by, at=at, particulars={"user": user.name}) as link:
        living = list(factors_of(user))
        if not living:
            raise Refused(_("%(name)s has no second factor.") % {"name": user.name})
        _remove(link, living, at)
        end_all(link, user, at)
        tell(user, "factor removed", at)
    return link.changeset


def make_recovery_codes(*, by: Actor, at: datetime, user: User) -> list[str]:
    """Ten new recovery codes, given this once; older ones work no more. Raises Refused without a second factor."""
    with deed(verb="access.recovery_codes_made", by=by, at=at) as link:
        if not has_second_factor(user):
            raise Refused(_("Recovery codes stand in for a second factor. Set one up first."))
        _remove(link, list(factors_of(user).filter(kind=_RECOVERY)), at)
        tell(user, "recovery codes", at)
        return _recovery(link, user, at)


def _told(kind: str, name: str) -> dict[str, str]:
    return {"kind": str(kind), "name": name}


def _add(link: Link, user: User, kind: str, name: str, at: datetime) -> Factor:
    factor = Factor(public=public_name(), user=user, kind=kind, name=name, created_at=at)
    link.add(factor)
    return factor


def _with_recovery(link: Link, user: User, at: datetime, keep: Session | None) -> list[str]:
    end_sessions_but(user, keep)
    return [] if factors_of(user).filter(kind=_RECOVERY).exists() else _recovery(link, user, at)


def _recovery(link: Link, user: User, at: datetime) -> list[str]:
    made = codes.recovery_codes()
    factor = _add(link, user, _RECOVERY, "", at)
    RecoveryCode.objects.bulk_create(
        RecoveryCode(digest=codes.recovery_digest(user.public, code), factor=factor) for code in made
    )
    return made


def _remove(link: Link, factors: list[Factor], at: datetime) -> None:
    """The rows stay with their end; what checked them is gone and nothing brings it back."""
    link.change_many(factors, removed_at=at)
    for secrets in (Passkey, OneTimeCode, RecoveryCode):
        secrets.objects.filter(factor__in=factors).delete()


def _may_go_without(user: User) -> None:
    if house().second_factor_for_all:
        raise Refused(_("This house asks everybody for a second factor. Add another one before you remove this."))
    if Password.objects.filter(user=user, short=True).exists():
        raise Refused(
            _("Your password is long enough only beside a second factor. Choose one of 15 characters or more first.")
        )
