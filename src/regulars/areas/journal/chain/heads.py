"""Signed heads: how far the chain had come, said outside the database, in an append-only file beside the keys.

One JSON line each: home, links, changeset, at, digest, sig (Ed25519 over the other five). Without them a truncated tail
or an older database put back would look like the truth. A head is due after 1,000 changesets or 60 seconds of writes.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from regulars.kernel import crypto, keyfile

EVERY_CHANGESETS = 1000
EVERY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Head:
    home: str
    links: int
    changeset: int
    at: str
    digest: str
    sig: str = ""

    def stated(self) -> bytes:
        return f"regulars head 1|{self.home}|{self.links}|{self.changeset}|{self.at}|{self.digest}".encode()

    def signed(self) -> bool:
        return crypto.verify(crypto.public_key(keyfile.keys().sign), self.stated(), bytes.fromhex(self.sig or "00"))


def read(path: Path | None = None) -> tuple[list[Head], list[int]]:
    """The heads in order, and the numbers of lines that cannot be read or whose signature is not ours."""
    path = path or keyfile.heads_path()
    heads: list[Head] = []
    bad: list[int] = []
    if not path.exists():
        return heads, bad
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            head = Head(**orjson.loads(line))
            (heads.append(head) if head.signed() else bad.append(number))
        except (ValueError, TypeError):
            bad.append(number)
    return heads, bad


def last() -> Head | None:
    """The newest head, read from the end of the file alone."""
    path = keyfile.heads_path()
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        lines = file.read().splitlines()
    try:
        return Head(**orjson.loads(lines[-1])) if lines else None
    except (ValueError, TypeError):
        return None


def due(*, changeset: int, at: datetime) -> bool:
    newest = last()
    if newest is None:
        return True
    age = (at - datetime.fromisoformat(newest.at)).total_seconds()
    return changeset - newest.changeset >= EVERY_CHANGESETS or age >= EVERY_SECONDS or age < 0


def append(*, links: int, changeset: int, at: datetime, digest: bytes) -> Head:
    """Signs and writes one head, on the disk before this returns."""
    keys = keyfile.keys()
    bare = Head(keys.home, links, changeset, at.astimezone(UTC).isoformat(), digest.hex())
    head = Head(
        bare.home, bare.links, bare.changeset, bare.at, bare.digest, crypto.sign(keys.sign, bare.stated()).hex()
    )
    line = orjson.dumps({name: getattr(head, name) for name in Head.__slots__}) + b"\n"
    handle = os.open(keyfile.heads_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line)
        os.fsync(handle)
    finally:
        os.close(handle)
    return head
