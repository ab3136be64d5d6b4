"""Where the original of each file lies: enciphered, under the digest of its bytes; and reading it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.kernel import crypto, keyfile, places
from regulars.kernel.crypto import Sink, Tampered
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

__all__ = ["Tampered", "key", "opened", "passing", "place_of", "unseal"]

_ORIGINALS = "originals"  # what their key is drawn for


def place_of(sha256: str) -> Path:
    return places.originals() / sha256


def passing(sha256: str) -> Path:
    """Where a file lies that holds what must not be kept: enciphered too, in no copy, and only while it comes in."""
    return places.uploads() / sha256


def key() -> bytes:
    return crypto.derive(keyfile.keys().fields, _ORIGINALS)


@contextmanager
def opened(sha256: str) -> Iterator[Path]:
    """The original in the clear, in a private file while this lasts. Raises Refused if it is gone or altered."""
    path = places.in_hand("intake")
    try:
        with path.open("wb") as target:
            try:
                unseal(sha256, target)
            except FileNotFoundError:
                raise refusal(
                    _("The original of this file is no longer in the home folder. Hand the file over again.")
                ) from None
            except Tampered:
                raise refusal(_("The original of this file is damaged. Run `regulars verify`.")) from None
        yield path
    finally:
        path.unlink(missing_ok=True)


def unseal(sha256: str, target: Sink) -> None:
    """Writes the bytes in the clear. Raises FileNotFoundError, and Tampered where it is not what was kept."""
    named = keyfile.opened_by(_ORIGINALS)
    place = place_of(sha256)
    with (place if place.exists() else passing(sha256)).open("rb") as sealed:
        try:
            crypto.unseal_stream(named, sealed, target, sha256.encode())
        except KeyError:
            raise Tampered("This file was sealed with another key.") from None
