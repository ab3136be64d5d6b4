"""A block: the payloads of one link, each with its own salt, in one zstd frame.

Layout after decompression, per payload: length (4 bytes, big-endian), salt (16 bytes), the payload. A blanked one is
the length 0xFFFFFFFF alone: its text and its salt are gone, its digest stays in the link, so the chain still verifies
and nobody can guess the text back out of the digest.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Collection, Iterator, Sequence

import zstandard

SALT = 16
DIGEST = 32
_BLANK = 0xFFFFFFFF
_LENGTH = struct.Struct(">I")
_packer = zstandard.ZstdCompressor(level=1)
_unpacker = zstandard.ZstdDecompressor()
_MOST = 1 << 30


def seal(payloads: Sequence[bytes]) -> tuple[bytes, bytes]:
    """(block, digests) for the payloads: fresh salts, SHA-256 over salt and payload, 32 bytes each in order."""
    salts = os.urandom(SALT * len(payloads))
    parts: list[bytes] = []
    digests: list[bytes] = []
    sha256 = hashlib.sha256
    for place, payload in enumerate(payloads):
        salted = salts[place * SALT : place * SALT + SALT] + payload
        digests.append(sha256(salted).digest())
        parts += (_LENGTH.pack(len(payload)), salted)
    return _packer.compress(b"".join(parts)), b"".join(digests)


def opened(block: bytes) -> Iterator[bytes | None]:
    """Each payload behind its salt, in one piece; None for a blanked one. Raises ValueError for a frame that is not
    whole."""
    try:
        data = _unpacker.decompress(block, max_output_size=_MOST)
    except zstandard.ZstdError as problem:
        raise ValueError(str(problem)) from problem
    place, end = 0, len(data)
    while place < end:
        (length,) = _LENGTH.unpack_from(data, place)
        place += _LENGTH.size
        if length == _BLANK:
            yield None
            continue
        following = place + SALT + length
        if following > end:
            raise ValueError("a payload is cut short")
        yield data[place:following]
        place = following


def blanked(block: bytes, places: Collection[int]) -> bytes:
    """The same block without the payloads at these places and without their salts."""
    parts: list[bytes] = []
    for place, salted in enumerate(opened(block)):
        if salted is None or place in places:
            parts.append(_LENGTH.pack(_BLANK))
        else:
            parts += (_LENGTH.pack(len(salted) - SALT), salted)
    return _packer.compress(b"".join(parts))


def payloads(block: bytes) -> list[bytes]:
    """The payloads that are still readable, in order."""
    return [each[SALT:] for each in opened(bytes(block)) if each is not None]


def fits(salted: bytes, digest: bytes) -> bool:
    """Whether this is the digest of a payload behind its salt."""
    return hashlib.sha256(salted).digest() == digest


def link_digest(key: bytes, *, before: bytes, number: int, changeset: int, at: str, digests: bytes) -> bytes:
    """HMAC-SHA256 over everything a link states, under the chain key, which is not the database's."""
    head = b"regulars link 1|%d|%d|%s|%d|" % (number, changeset, at.encode(), len(digests) // DIGEST)
    return hmac.digest(key, before + head + digests, "sha256")


def beginning(home: str) -> bytes:
    """What stands before the first link: the house's own id, so that no two chains begin alike."""
    return hashlib.sha256(b"regulars chain 1|" + home.encode()).digest()
