"""Verdicts on versions and homes, remembered from trial to trial by all that they rest on, byte for byte: most trials
of a run hold the same versions, the same bytes under the same keys, heads and ledger are judged alike, and many a
power cut leaves what another one left, but for what nobody reads."""

import fcntl
import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.durability import tape, untouched
from tests.durability.homes import Fact, Place

UNREAD = (".part", ".part-journal", ".rekeyed", ".rekeyed-journal")  # half a copy: the next one takes it away unread
_HEAD, _FRAME = 32, 24  # bytes before the first page of a log, and before each


@contextmanager
def proofs(place: Place) -> Iterator[None]:
    """Versions are proved in this process (a fresh one would load the whole house for each of hundreds of trials), and
    what is known of one by the bytes at hand is not asked of them again. Each file is read for its digest once."""
    from regulars.kernel import crypto, processes
    from regulars.kernel.databases import copying

    apart, rotten, folder = processes.apart, copying.rotten, place.root.parent / "known"
    digest_of, digests = crypto.sha256_of_file, dict[tuple[object, ...], bytes]()
    folder.mkdir(exist_ok=True)

    def digest(file: Path) -> bytes:
        lies = file.stat()
        as_it_lies = (file, lies.st_ino, lies.st_size, lies.st_mtime_ns, lies.st_ctime_ns)
        if as_it_lies not in digests:
            digests[as_it_lies] = digest_of(file)
        return digests[as_it_lies]

    def held(file: Path) -> bytes:
        return digest(file) if file.is_file() else b"is gone"

    def proved(look: Callable[..., Any], claim: Any, **_bounds: Any) -> Any:
        there = [name for name in claim.files if (place.home / name).is_file()]
        told = replace(claim, file=None, database="")
        rests_on = [held(claim.file), *_beside(place), repr((told, there)).encode()]
        return _known(folder, "proof", rests_on, lambda: look(claim))

    def read_through(copied: Path) -> list[str]:
        return _known(folder, "pages", [held(copied), *_beside(place)], lambda: rotten(copied))

    processes.apart, copying.rotten = proved, read_through  # type: ignore[assignment]
    crypto.sha256_of_file = digest  # type: ignore[assignment]
    try:
        yield
    finally:
        processes.apart, copying.rotten, crypto.sha256_of_file = apart, rotten, digest_of


def verdict(place: Place, facts: list[Fact], judge: Callable[[list[Fact]], Iterable[str]]) -> list[str]:
    """What is wrong with a home that has just been opened, within `proofs`. Where the same lies there as in a home that
    was judged by the same facts, the same is wrong with it."""
    return _known(place.root.parent / "known", "home", _lies(place, facts), lambda: list(judge(facts)))


def _lies(place: Place, facts: list[Fact]) -> Iterator[bytes]:
    """Every name, with what is in the file. Of the register's log what SQLite itself found to count; where that is
    nothing, of the register's first page, which each opening may encipher anew, what SQLite read there."""
    from regulars.kernel import crypto

    said, counts = _said()
    yield repr((facts, said)).encode()
    for path in sorted(place.root.rglob("*")):
        name = str(path.relative_to(place.root))
        if not tape.wanted(name) or name in ("confirmed", "token"):
            continue
        yield name.encode()
        if name == "home/regulars.db":
            yield _read(path, 0 if counts else said["page_size"])
        elif name == "home/regulars.db-wal":
            yield _read(path)[:counts]
        elif path.name in untouched.LIVE:
            yield _read(path)
        elif path.is_file() and not name.endswith(UNREAD):
            yield crypto.sha256_of_file(path)


def _said() -> tuple[dict[str, Any], int]:
    """(what the register's first page says, how many bytes of its log count)."""
    from django.db import connection

    said: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name in ("page_size", "page_count", "freelist_count", "schema_version", "user_version", "journal_mode"):
            (said[name],) = cursor.execute(f"PRAGMA {name}").fetchone()
        said["tables"] = cursor.execute("SELECT rowid, * FROM sqlite_master").fetchall()
        _busy, pages, said["brought home"] = cursor.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    said["page_size"] = int(said["page_size"])
    return said, _HEAD + pages * (_FRAME + said["page_size"]) if pages > 0 else 0


def _read(path: Path, start: int = 0) -> bytes:
    """Never closed before this process ends: that would take SQLite's locks from it."""
    handle = os.open(path, os.O_RDONLY)
    return os.pread(handle, os.fstat(handle).st_size, start)


def _beside(place: Place) -> Iterator[bytes]:
    """Keys, heads and ledger, each with its name."""
    for file in sorted(place.keys.parent.iterdir()):
        yield file.name.encode()
        yield file.read_bytes()


def _known[T](folder: Path, what: str, rests_on: Iterable[bytes], find: Callable[[], T]) -> T:
    digest = hashlib.sha256(what.encode())
    for each in rests_on:
        digest.update(hashlib.sha256(each).digest())
    file = folder / digest.hexdigest()
    with file.with_suffix(".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # trials that are alike come at the same moment
        if file.exists():
            return pickle.loads(file.read_bytes())  # type: ignore[no-any-return]
        found, new = find(), file.with_suffix(".new")
        new.write_bytes(pickle.dumps(found))
        new.replace(file)
        return found
