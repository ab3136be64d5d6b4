"""Where the original of each file lies: enciphered, under the digest of its bytes; and reading it again."""

from pathlib import Path
from typing import NoReturn

from regulars.kernel import crypto, keyfile, places
from regulars.kernel.crypto import Sink, Tampered

__all__ = ["Tampered", "key", "place_of", "unseal"]


def place_of(sha256: str) -> Path:
    return places.originals() / sha256


def key() -> bytes:
    return crypto.derive(keyfile.keys().fields, "originals")


def unseal(sha256: str, target: Sink) -> None:
    """Writes the bytes in the clear. Raises FileNotFoundError, and Tampered where it is not what was kept."""
    own = key()

    def named(key_id: str) -> bytes:
        return own if key_id == crypto.key_id(own) else _foreign()

    with place_of(sha256).open("rb") as sealed:
        crypto.unseal_stream(named, sealed, target, sha256.encode())


def _foreign() -> NoReturn:
    raise Tampered("This file was sealed with another key.")
