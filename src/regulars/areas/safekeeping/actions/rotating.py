"""Changing the keys of the house (decision 45).

Each change is recorded first, then the key file knows the new key beside the old one, then what hangs on it is
enciphered anew. Cut off at any point, everything opens: by the new key, or by the retired one.
"""

import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.journal.actions import deed, sign_heads
from regulars.areas.journal.chain import heads
from regulars.kernel import keyfile, personkeys, places, takeover
from regulars.kernel.actor import Actor
from regulars.kernel.databases import is_file, writer_lock
from regulars.kernel.databases.alone import alone
from regulars.kernel.databases.rekeying import encipher_anew, refuse_full
from regulars.kernel.errors import NotAllowed, Refused

ALL = "all"
BESIDE_WORK = ("fields",)  # what is changed while people work; for the rest nobody else may be at the register


@dataclass(frozen=True, slots=True)
class Changed:
    """One key: its name before and now, and how many customers' keys were wrapped anew."""

    kind: str
    was: str
    now: str
    wrapped: int = 0

    def as_json(self) -> dict[str, str | int]:
        return {"kind": self.kind, "was": self.was, "now": self.now, "wrapped": self.wrapped}


def change_keys(*, what: str, by: Actor, at: datetime) -> list[Changed]:
    """Puts fresh keys in the place of those of this kind, or of all kinds that can be changed. Raises `Refused` for the
    chain's, and for all but `BESIDE_WORK` while anybody else is at the register."""
    _refuse_whom(by)
    refuse_what_stays(what)
    kinds = keyfile.CHANGEABLE if what == ALL else (what,)
    _refuse_full(kinds)
    return [_changed(kind, by=by, at=at) for kind in kinds]


def refuse_what_stays(what: str) -> None:
    """Raises `Refused` for the chain's key: to be asked before anybody is kept from working for it."""
    if what == "chain":
        raise Refused(
            _(
                "The chain's key stays as long as the register does: every link, and the ledger of the forgotten, is "
                "proved by it. Whoever has seen it cannot forge unnoticed without the signing key: change that one."
            )
        )


def ask_for_fresh_keys(*, by: Actor) -> str:
    """Has the running `serve` change all keys: the name under which its answer will lie. Raises NotAllowed, Refused."""
    _refuse_whom(by)
    _refuse_full(keyfile.CHANGEABLE)
    return takeover.ask(takeover.Order(by, what=takeover.KEYS, to=ALL))


def _refuse_whom(by: Actor) -> None:
    if not by.may("access.users"):
        raise NotAllowed(_("Your account may not change the keys."))


def _changed(kind: str, *, by: Actor, at: datetime) -> Changed:
    was = name_of(kind)
    told: dict[str, Any] = {"verb": "safekeeping.key_changed", "particulars": {"kind": kind}}
    with nullcontext() if kind in BESIDE_WORK else alone(connection), deed(by=by, at=at, **told) as link:
        link.saw(subject=None, what={"key": kind, "was": was})
    if kind == "sign":
        heads.pass_on()
        sign_heads(at=at)  # the last word of the old key
    with transaction.atomic():
        writer_lock(connection)  # of two who change keys, the second reads what the first has written
        keyfile.forget_cached()
        keyfile.change(kind, at=at)
    wrapped = _follow(kind)
    sign_heads(at=at)
    return Changed(kind, was, name_of(kind), wrapped)


def _follow(kind: str) -> int:
    """What hangs on a key is brought under the new one; says how many customers' keys were."""
    if kind == "database":
        connection.close()
        personkeys.close()
        for file, key in _files():
            encipher_anew(file, key)
    elif kind == "fields" and places.person_keys().exists():
        wrapped = personkeys.wrap_anew()
        time.sleep(2 * keyfile.FRESH)  # by then every process knows the new key
        return wrapped + personkeys.wrap_anew()
    elif kind == "sign":
        heads.pass_on()
    return 0


def _files() -> list[tuple[Path, bytes]]:
    """The enciphered files that are written to, each with the key it should have."""
    found = [(Path(connection.settings_dict["NAME"]), bytes(keyfile.keys().database))] if is_file(connection) else []
    return [*found, (places.person_keys(), personkeys.file_key())] if places.person_keys().exists() else found


def _refuse_full(kinds: Sequence[str]) -> None:
    if "database" in kinds:
        for file, _key in _files():
            refuse_full(file)


def name_of(kind: str) -> str:
    """What the key of this kind is called today."""
    own = keyfile.keys()
    key = own.session or own.chain if kind == "session" else getattr(own, kind)
    return str(key.id)
