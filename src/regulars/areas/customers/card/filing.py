"""The bytes of files on cards: enciphered, outside the web root, named by the digest of what they are."""

import os
from pathlib import Path

from regulars.kernel import crypto, keyfile, places
from regulars.kernel.crypto import Tampered

__all__ = ["Tampered", "destroy", "read", "write"]

_FILES = "files"  # what their key is drawn for


def write(digest: str, content: bytes) -> None:
    """Keeps the bytes under their SHA-256, on the disk before this returns; also where they were kept this moment."""
    path = _path(digest)
    places.folder(path.parent)
    if not path.exists():
        partial, key = places.in_hand("file"), _key()
        try:
            with partial.open("wb") as file:
                file.write(crypto.seal(crypto.key_id(key), key, content, digest.encode()))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    places.sync_folder(path.parent)


def read(digest: str) -> bytes:
    """The bytes. Raises FileNotFoundError, and Tampered where the file is not what was kept."""
    try:
        return crypto.unseal(keyfile.opened_by(_FILES), _path(digest).read_bytes(), digest.encode())
    except KeyError as error:  # even the name of the key is not what was written
        raise Tampered(str(error)) from error


def destroy(digest: str) -> None:
    """Destroys the bytes; nothing to do where they are gone."""
    _path(digest).unlink(missing_ok=True)


def _path(digest: str) -> Path:
    return places.home() / "files" / digest[:2] / digest


def _key() -> bytes:
    return crypto.derive(keyfile.keys().fields, _FILES)
