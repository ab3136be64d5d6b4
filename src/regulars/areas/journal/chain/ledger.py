"""The erasure ledger: who was forgotten, said outside the register, so that an older copy of it can forget them again.

One JSON line each, beside the keys, 0600, only ever added to. It names nobody: the number, e-mail addresses, phones and
references stand in it as HMAC-SHA-256 under a key of its own, drawn from the chain's, which stays as long as the
register does. `next` is the number that would have been given next: a copy that is put back must not give those
between to anybody else. `mac` is a code over the rest of the line, so that a rotten bit is found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from regulars.kernel import crypto, keyfile, lines

_SHORT = 16  # bytes of a code that are kept: no two are equal by chance in any register


@dataclass(frozen=True, slots=True)
class Entry:
    """One forgetting. `codes` by kind: number, email, phone, reference, each a list of codes in hex."""

    id: str
    home: str
    at: str
    next: int
    codes: Mapping[str, list[str]]
    let_go: Mapping[str, list[str]]  # by store, the names of files that were destroyed with it

    def has(self, kind: str, code: str) -> bool:
        return code in self.codes.get(kind, ())


def code_of(kind: str, text: str) -> str:
    """The code under which a value stands in the ledger."""
    return crypto.mac(_key(), kind.encode(), b"|", text.encode())[:_SHORT].hex()


def append(
    *, at: datetime, next_number: int, values: Mapping[str, Iterable[str]], let_go: Mapping[str, list[str]]
) -> Entry:
    """Writes one forgetting, on the disk before this returns."""
    codes = {kind: sorted(code_of(kind, text) for text in texts) for kind, texts in values.items()}
    moment = at.astimezone(UTC).isoformat()
    entry = Entry(crypto.random_bytes(8).hex(), keyfile.keys().home, moment, next_number, codes, dict(let_go))
    _write({name: getattr(entry, name) for name in Entry.__slots__})
    return entry


def withdraw(entry: Entry) -> None:
    """Says that this forgetting did not come about: its deed was not kept."""
    _write({"withdrawn": entry.id})


def entries() -> list[Entry]:
    """Every forgetting of this home that came about, in order. A line that was cut off by a power cut is passed over:
    its deed was not kept either. So is one that is not what was written, which `damaged` names."""
    own = keyfile.keys().home
    told = [each for each in map(_read, lines.read(keyfile.ledger_path())) if each]
    withdrawn = {each["withdrawn"] for each in told if "withdrawn" in each}
    return [Entry(**each) for each in told if each.get("home") == own and each["id"] not in withdrawn]


def damaged() -> list[int]:
    """The numbers of the lines that are not what was written."""
    read = enumerate(lines.read(keyfile.ledger_path()), start=1)
    return [number for number, line in read if line and not _read(line)]


def _read(line: bytes) -> dict[str, Any]:
    """What a line tells; nothing where it is not what was written."""
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    code = told.pop("mac", None) if isinstance(told, dict) else None
    if not isinstance(told, dict) or set(told) not in (set(Entry.__slots__), {"withdrawn"}):
        return {}
    if code is None:  # written before lines had a code
        return told
    return told if crypto.same(str(code).encode(), _code(told).encode()) else {}


def _code(told: Mapping[str, Any]) -> str:
    """By which a line is known to be what was written."""
    return crypto.mac(_key(), b"line|", orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hex()


def _key() -> bytes:
    return crypto.derive(keyfile.keys().chain, "regulars: the erasure ledger")


def _write(told: Mapping[str, Any]) -> None:
    lines.append(keyfile.ledger_path(), orjson.dumps({**told, "mac": _code(told)}))
