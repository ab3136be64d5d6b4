"""Verdicts on versions, remembered from trial to trial by all that they rest on, byte for byte: most trials of a run
hold the same versions, and the same bytes under the same keys, heads and ledger are judged alike."""

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.durability.homes import Place


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
    crypto.sha256_of_file = digest
    try:
        yield
    finally:
        processes.apart, copying.rotten, crypto.sha256_of_file = apart, rotten, digest_of


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
    if file.exists():
        return pickle.loads(file.read_bytes())  # type: ignore[no-any-return]
    found, new = find(), file.with_suffix(f".{os.getpid()}")
    new.write_bytes(pickle.dumps(found))
    new.replace(file)
    return found
