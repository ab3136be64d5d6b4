"""The original of each file: kept byte-exact, enciphered, under the digest of its bytes; opened to be read again."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from regulars.areas.intake.readers.originals import key, opened, passing, place_of
from regulars.kernel import crypto, places
from regulars.kernel.errors import Refused

__all__ = ["keep", "laid_down", "opened"]
LARGEST = 1 << 30
_PART = 1 << 20


@contextmanager
def laid_down(source: BinaryIO) -> Iterator[tuple[Path, str, int]]:
    """The bytes in a private file while this lasts: (path, SHA-256 in hex, size). Raises Refused if too large."""
    path = places.in_hand("intake")
    try:
        with path.open("wb") as target:
            digest, size = hashlib.sha256(), 0
            while part := source.read(_PART):
                digest.update(part)
                size += len(part)
                if size > LARGEST:
                    raise Refused(_("The file is larger than %(size)s MB.") % {"size": LARGEST >> 20}, where="file")
                target.write(part)
        yield path, digest.hexdigest(), size
    finally:
        path.unlink(missing_ok=True)


def keep(path: Path, sha256: str, *, for_good: bool = True) -> None:
    """Enciphers the file into `home/originals`; one that lies there already is left as it is.

    One that holds card numbers or passwords is not kept `for_good`: it lies in `home/uploads` until it has come in.
    """
    target = place_of(sha256) if for_good else passing(sha256)
    if not target.exists():
        own, partial = key(), places.in_hand("original")
        try:
            with path.open("rb") as source, partial.open("wb") as sealed:
                crypto.seal_stream(crypto.key_id(own), own, source, sealed, sha256.encode())
                sealed.flush()
                os.fsync(sealed.fileno())
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    places.sync_folder(target.parent)  # also where another process kept the same this very moment


def let_go(sha256: str) -> None:
    """Destroys a file that may not be kept for good."""
    passing(sha256).unlink(missing_ok=True)
