"""Orders to take the house over: what needs the database to itself is asked for by a file in the home.

Whoever wants it (a command at the shell, the page of a healthy or of a broken house) writes an order, enciphered under
a key of the house. The running `serve` finds it, lets web and backroom go, has it carried out and opens again.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from regulars.kernel import crypto, keyfile, places
from regulars.kernel.actor import Actor
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

RESTORE, MOVE, KEYS = "restore", "move", "keys"
_AAD = b"regulars: a note beside the database"


class Order(NamedTuple):
    """What somebody asked for that needs the register to itself.

    `restore`: a version by its name, or the newest good one `until` a moment (ISO 8601), or the newest of all; in
    another `place`. `move`: `to` the address of a database, or `file`. `keys`: `to` the kind of keys, or `all`.
    """

    by: Actor
    version: str = ""
    until: str = ""
    place: str = ""
    what: str = RESTORE
    to: str = ""

    def as_dict(self) -> dict[str, Any]:
        who = {"kind": self.by.kind, "name": self.by.name, "id": self.by.id, "rights": sorted(self.by.rights)}
        how = {"through": self.by.through, "detail": self.by.detail}
        return {**self._asdict(), "by": {**who, **how}}


def _order(told: Mapping[str, Any]) -> Order:
    who = dict(told["by"])
    asked = {name: told[name] for name in Order._fields if name != "by"}
    return Order(Actor(**{**who, "rights": frozenset(who["rights"])}), **asked)


def ask(order: Order) -> str:
    """Writes the order for a running `serve`; the name under which its answer will lie in the home."""
    name = crypto.random_bytes(8).hex()
    body = json.dumps({**order.as_dict(), "answer": name, "at": datetime.now(UTC).isoformat()})
    if not places.write_once(_asked(), sealed(body)):
        raise Refused(_("Somebody else needs the register alone just now. Wait until it is open again."))
    return name


def answer(name: str) -> dict[str, Any] | None:
    """What became of an order; None until it is known, and for what is no name of one."""
    if not (name.isascii() and name.isalnum()):
        return None
    with suppress(FileNotFoundError):
        return unsealed(_answer(name).read_bytes())
    return None


def forget_answer(name: str) -> None:
    """Whoever asked has read it."""
    _answer(name).unlink(missing_ok=True)


def give_up() -> None:
    """Takes an order back that nobody took up."""
    _asked().unlink(missing_ok=True)


def waiting() -> bool:
    """Whether somebody asks to have the house taken over."""
    return _asked().exists()


def clear() -> None:
    """Forgets orders that nobody will carry out any more: the `serve` that had them is gone."""
    for left in (_asked(), _taken()):
        left.unlink(missing_ok=True)


def taken() -> None:
    """The order is taken up: nobody else can ask until `clear`."""
    places.write_whole(_taken(), b"")


def is_taken() -> bool:
    """Whether the order was taken up."""
    return _taken().exists()


def read() -> tuple[Order, str]:
    """The order that waits, and the name of its answer. Raises `crypto.Tampered` where it was not written by us."""
    body = unsealed(_asked().read_bytes())
    return _order(body), body["answer"]


def unanswered() -> str:
    """The name under which somebody waits for an answer that was not given: whoever had it in hand was killed. "" for
    none."""
    with suppress(FileNotFoundError, crypto.Tampered):
        name = read()[1]
        return "" if _answer(name).exists() else name
    return ""


def give_answer(name: str, told: Mapping[str, Any]) -> None:
    """Leaves the answer to an order for whoever asked."""
    places.write_whole(_answer(name), sealed(json.dumps(told, default=str)))


def sealed(body: str) -> bytes:
    """A note beside the database, enciphered: it may name people, and nobody else can write one."""
    key = _key()
    return crypto.seal(crypto.key_id(key), key, body.encode(), _AAD)


def unsealed(note: bytes) -> dict[str, Any]:
    """What `sealed` made of a JSON object. Raises `crypto.Tampered`."""
    key = _key()
    try:
        body: dict[str, Any] = json.loads(crypto.unseal({crypto.key_id(key): key}, note, _AAD))
    except KeyError as error:
        raise crypto.Tampered("This note is of another house.") from error
    return body


def _key() -> bytes:
    return crypto.derive(keyfile.keys().chain, "regulars: taking the house over")


def _asked() -> Path:
    return places.home() / "takeover.json"


def _taken() -> Path:
    return places.home() / "takeover.taken"


def _answer(name: str) -> Path:
    return places.spool() / f"takeover-{name}.json"
