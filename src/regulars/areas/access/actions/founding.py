"""The first start: one link, one owner, one house."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.access.actions.pieces import add_account, new_link, new_user, use_up
from regulars.areas.access.door import passwords
from regulars.areas.access.models import OneTimeLink, Password, Role, Session, User
from regulars.areas.access.queries import has_owner, link_of
from regulars.areas.house import actions as house_actions
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused

FIRST_LASTS = timedelta(hours=24)
SHEET = "recovery-sheet"  # the errand of a session that may see the recovery sheet
_FIRST = OneTimeLink.Purpose.FIRST


def first_link(base_url: str, *, at: datetime) -> str:
    """The one-time address at which the owner's account is made; an older one stops working.

    Raises Refused once the house has an owner.
    """
    if has_owner():
        raise Refused(_("This house has an owner. New people are invited on the people page."))
    OneTimeLink.objects.filter(purpose=_FIRST).delete()
    return f"{base_url.rstrip('/')}/welcome/{new_link(_FIRST, None, at + FIRST_LASTS)}/"


def may_see_the_sheet(session: Session) -> None:
    """The page of the recovery sheet opens for this session, until it says that the sheet is printed."""
    session.errand = SHEET
    session.save(update_fields=["errand"])


def found_house(
    *,
    given: str,
    at: datetime,
    login: str,
    name: str,
    password: str,
    language: str,
    settings: Mapping[str, Any],
    through: str = "page",
    detail: str = "",
) -> User:
    """Makes the owner's account and the settings of the house, and uses up the first link `given`.

    Raises NotFound for a link used or expired; Refused, naming the field.
    """
    link_of(given, _FIRST, at=at)
    owner = new_user(login=login, name=name, role=Role.OWNER, language=language, at=at)
    ready = house_actions.checked(settings)
    passwords.check(password, owner.name, owner.login, str(ready.get("name", "")))
    kept = passwords.hashed(password)
    by = Actor(kind="operator", name=owner.name, rights=frozenset({"*"}), through=through, detail=detail)
    with deed(verb="access.house_founded", by=by, at=at, particulars={"house": ready.get("name", "")}) as link:
        use_up(given, _FIRST)
        if has_owner():
            raise Refused(_("This house has an owner already."))
        owner.password_set_at = at
        add_account(link, owner)
        Password.objects.create(user=owner, hash=kept)
        house_actions.write(link, ready, chosen=True)
    return owner
