"""The keys of a home as values: those of today, and those that were changed (decision 45)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from regulars.kernel import crypto

KINDS = ("database", "fields", "chain", "sign")


class Key(bytes):
    """A key: plain bytes to the crypto module, never written out by `repr`, `str` or a traceback."""

    @cached_property
    def id(self) -> str:
        """The name of the key, as ciphertexts carry it."""
        return crypto.key_id(self)

    def __repr__(self) -> str:
        return f"<Key {self.id}>"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Retired:
    """A key that was changed. Of `sign` it is the public half, with its successor's signed by it (`signed`, hex)."""

    kind: str
    id: str
    key: Key
    at: str = ""
    signed: str = ""

    def as_json(self) -> dict[str, str]:
        told = {"kind": self.kind, "id": self.id, "key": self.key.hex(), "at": self.at, "signed": self.signed}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a home. `sign` is an Ed25519 seed; `retired` are those that were changed, the latest first."""

    home: str
    database: Key
    fields: Key
    chain: Key
    sign: Key
    session: Key | None = None
    retired: tuple[Retired, ...] = ()

    def ids(self) -> dict[str, str]:
        return {kind: getattr(self, kind).id for kind in KINDS}

    def all(self, kind: str) -> tuple[Key, ...]:
        """The key of this kind and those before it, the latest first."""
        return (getattr(self, kind), *(each.key for each in self.retired if each.kind == kind))

    @property
    def index(self) -> Key:
        """The first `fields` key there was: blind indexes stand in the chain, so their key stays."""
        return self.all("fields")[-1]

    def signers(self) -> list[bytes]:
        """The public halves of all signing keys there were, the first one first."""
        earlier = [bytes(each.key) for each in self.retired if each.kind == "sign"]
        return [*reversed(earlier), crypto.public_key(self.sign)]

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"home": self.home, **{kind: getattr(self, kind).hex() for kind in KINDS}}
        if self.session:
            told["session"] = self.session.hex()
        return told | ({"retired": [each.as_json() for each in self.retired]} if self.retired else {})


def summed(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a key file says, with the `check` over all of it: by that a bit that rotted is noticed also in a key on
    which nothing kept depends."""
    rest = {name: value for name, value in told.items() if name != "check"}
    return {**rest, "check": crypto.sha256(json.dumps(rest, sort_keys=True).encode()).hex()[:16]}
