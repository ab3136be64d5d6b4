"""Asking for a restore from the screen: the running `serve` is told, once a second person agrees where there is one.

Who asked for what lies beside the database, sealed under a key of the house: the database is what will be replaced.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.areas.access.queries import owners_beside
from regulars.areas.safekeeping.actions.restoring.whole import RIGHT
from regulars.areas.safekeeping.queries import version_named
from regulars.kernel import crypto, places, takeover
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wish:
    """One person wants this copy put back and waits for another to agree."""

    version: str
    by: int
    name: str
    at: datetime


def ask_for_restore(*, version: str, by: Actor, at: datetime) -> str | None:
    """Has the copy put back: the name under which the answer will lie. None where another owner has to agree first:
    then the wish is noted. Raises NotAllowed, NotFound, Refused."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not put versions back. The owner of the house can give the right."))
    version_named(version)
    wish = wish_of(version, at=at)
    if needs_another(by, wish):
        _note(Wish(version, (by.account or 0), by.name, at))
        return None
    name = takeover.ask(takeover.Order(by, version=version))
    _file().unlink(missing_ok=True)
    return name


def needs_another(by: Actor, wish: Wish | None) -> bool:
    """Whether somebody else has to agree: there is another owner who can come in, and none has asked for the same. A
    program of hers is no other."""
    return bool(owners_beside(by.account or 0)) and (wish is None or wish.by == (by.account or 0))


def wish_of(version: str, *, at: datetime) -> Wish | None:
    """Who wants this copy put back, if anybody asked in the last day."""
    with suppress(FileNotFoundError, crypto.Tampered):
        body = takeover.unsealed(_file().read_bytes())
        wish = Wish(body["version"], body["by"], body["name"], datetime.fromisoformat(body["at"]))
        return wish if wish.version == version and at - wish.at < _LASTS else None
    return None


def withdraw_wish(*, version: str, by: Actor, at: datetime) -> None:
    """The wish is taken back, or refused by the other. Raises NotAllowed, Refused where there is none."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not put versions back. The owner of the house can give the right."))
    if wish_of(version, at=at) is None:
        raise Refused(_("Nobody asks for this version to be put back any more."))
    _file().unlink(missing_ok=True)


def _note(wish: Wish) -> None:
    told = {"version": wish.version, "by": wish.by, "name": wish.name, "at": wish.at.isoformat()}
    places.write_whole(_file(), takeover.sealed(json.dumps(told)))


def _file() -> Path:
    return places.home() / "restore.wish"
