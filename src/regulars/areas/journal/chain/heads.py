"""Signed heads: how far the chain had come, said outside the database, in an append-only file beside the keys.

One JSON line each: home, links, changeset, at, digest, next, sig (Ed25519 over the others). Without them a truncated
tail or an older database put back would look like the truth. A head is due after 1,000 changesets or 60 seconds of
writes. `next` is the customer number that would have been given next.

The chain gets shorter only by a restore that is written down here: a line that names the copy (`restored`) and the line
before it (`after`), so that it counts in its own place alone and cannot be used again. What was signed before it is
superseded beyond the links that both histories have in `common`.

Where the signing key was changed stands a line by which the old key names the new one: home, key, sig. From there on
nothing counts that the old one signs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from regulars.kernel import crypto, keyfile, lines

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
    next: int = 0
    restored: str = ""
    after: str = ""
    common: int = 0

    def stated(self) -> bytes:
        first = f"{self.home}|{self.links}|{self.changeset}|{self.at}|{self.digest}"
        if not (self.next or self.restored or self.after):  # as they were written before these were told
            return f"regulars head 1|{first}".encode()
        return f"regulars head 2|{first}|{self.next}|{self.restored}|{self.after}|{self.common}".encode()

    @property
    def place(self) -> str:
        """What a restore names the line before it by."""
        return f"{self.links}:{self.digest}"

    def signed(self, by: Iterable[bytes]) -> bool:
        return any(crypto.verify(key, self.stated(), _from_hex(self.sig or "00")) for key in by)


def read(path: Path | None = None) -> tuple[list[Head], list[int]]:
    """The heads in order, and the numbers of lines that cannot be read or whose signature is not ours."""
    path = path or keyfile.heads_path()
    heads: list[Head] = []
    bad: list[int] = []
    signers = keyfile.keys().signers() if path.exists() else []
    for number, line in enumerate(lines.read(path), start=1):
        try:
            told = orjson.loads(line)
            if "key" in told:
                signers = _succeeding(signers, told)
                continue
            head = Head(**told)
            (heads.append(head) if head.signed(reversed(signers)) else bad.append(number))
        except (ValueError, TypeError, KeyError):
            bad.append(number)
    return heads, bad


def _succeeding(signers: list[bytes], told: dict[str, str]) -> list[bytes]:
    """The keys that count after this line. ValueError where none of those that counted before has signed it."""
    fresh, signed = _from_hex(told["key"]), _from_hex(told["sig"])
    place = signers.index(fresh)
    if not any(crypto.verify(key, keyfile.succession(told["home"], fresh), signed) for key in signers[:place]):
        raise ValueError(told["key"])
    return signers[place:]


def _from_hex(text: str) -> bytes:
    """ValueError also for capitals: we write none, so a bit has rotted there."""
    content = bytes.fromhex(text)
    if content.hex() != text:
        raise ValueError(text)
    return content


def pass_on() -> None:
    """Writes down which key follows which, as far as it does not stand there yet; on the disk before this returns."""
    keys, path = keyfile.keys(), keyfile.heads_path()
    written = path.read_bytes() if path.exists() else b""
    signers, changes = keys.signers(), [each for each in reversed(keys.retired) if each.kind == "sign" and each.signed]
    for retired in changes:
        fresh = signers[signers.index(bytes(retired.key)) + 1].hex()
        if fresh.encode() not in written:
            told = {"home": keys.home, "key": fresh, "sig": retired.signed}
            lines.append(path, orjson.dumps(told))


def last() -> Head | None:
    """The newest head, read from the end of the file alone."""
    return _newest(lines.latest(keyfile.heads_path()))


def _newest(written: list[bytes]) -> Head | None:
    try:
        for line in reversed(written):
            told = orjson.loads(line)
            if "key" not in told:
                return Head(**told)
    except (ValueError, TypeError):
        pass
    return None


def due(*, changeset: int, at: datetime) -> bool:
    newest = last()
    if newest is None:
        return True
    age = (at - datetime.fromisoformat(newest.at)).total_seconds()
    return changeset - newest.changeset >= EVERY_CHANGESETS or age >= EVERY_SECONDS or age < 0


def standing(known: Iterable[Head]) -> tuple[list[Head], Head | None]:
    """The heads that still bind, in order: a restore supersedes what was signed beyond it. And the first that stands
    in a place where it cannot: fewer links than before without a restore, or a restore that names another line."""
    binding: list[Head] = []
    before: Head | None = None
    for head in known:
        if head.restored:
            if head.after != (before.place if before else ""):
                return binding, head
            binding = [each for each in binding if each.links <= head.common]
        elif binding and head.links < binding[-1].links:
            return binding, head
        binding.append(head)
        before = head
    return binding, None


def append(*, links: int, changeset: int, at: datetime, digest: bytes, next_number: int = 0) -> bool:
    """Signs and writes one head, on the disk before this returns. False, and nothing written, where somebody was
    quicker and said as much or more: heads never go backwards."""
    home = keyfile.keys().home
    head = _signed(Head(home, links, changeset, at.astimezone(UTC).isoformat(), digest.hex(), next=next_number))

    def said(written: list[bytes]) -> bool:
        newest = _newest(written)
        return newest is not None and newest.links >= links

    return lines.append(keyfile.heads_path(), orjson.dumps(_told(head)), unless=said)


def for_restore(
    *, links: int, changeset: int, at: datetime, digest: bytes, next_number: int, version: str, common: int
) -> Mapping[str, Any]:
    """The signed line of a restore to a copy that ends at these links, for `append_ready` once it stands."""
    before, home = read()[0][-1:], keyfile.keys().home
    after = before[0].place if before else ""
    moment = at.astimezone(UTC).isoformat()
    bare = Head(home, links, changeset, moment, digest.hex(), "", next_number, version, after, common)
    return _told(_signed(bare))


def append_ready(told: Mapping[str, Any]) -> None:
    """Writes a signed line, on the disk before this returns; nothing if it is the newest already."""

    def said(written: list[bytes]) -> bool:
        newest = _newest(written)
        return newest is not None and newest.sig == told["sig"]

    lines.append(keyfile.heads_path(), orjson.dumps(told), unless=said)


def _signed(bare: Head) -> Head:
    return replace(bare, sig=crypto.sign(keyfile.keys().sign, bare.stated()).hex())


def _told(head: Head) -> dict[str, Any]:
    return {name: value for name in Head.__slots__ if (value := getattr(head, name)) not in ("", 0) or name in _ALWAYS}


_ALWAYS = frozenset({"home", "links", "changeset", "at", "digest", "sig"})
