"""The bytes of the enciphered database, page by page in the clear, whether anything points at them or not."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import connection

from regulars.kernel import keyfile

_PAGE, _RESERVED, _IV, _SALT = 4096, 80, 16, 16  # SQLCipher 4: an initialisation vector and an HMAC end each page
_LOG_HEAD, _FRAME_HEAD = 32, 24  # of a write-ahead log


def pages() -> bytes:
    """All pages of the database and of its write-ahead log."""
    file = Path(connection.settings_dict["NAME"])
    log = file.with_name(f"{file.name}-wal")
    whole = file.read_bytes()
    found = [_clear(whole[at : at + _PAGE], first=at == 0) for at in range(0, len(whole), _PAGE)]
    return b"".join(found + list(_logged(log.read_bytes() if log.exists() else b"")))


def _logged(log: bytes) -> Iterator[bytes]:
    for at in range(_LOG_HEAD, len(log), _FRAME_HEAD + _PAGE):
        first = int.from_bytes(log[at : at + 4]) == 1
        yield _clear(log[at + _FRAME_HEAD : at + _FRAME_HEAD + _PAGE], first=first)


def _clear(page: bytes, *, first: bool) -> bytes:
    body, iv = page[_SALT if first else 0 : _PAGE - _RESERVED], page[_PAGE - _RESERVED : _PAGE - _RESERVED + _IV]
    opened = Cipher(algorithms.AES(keyfile.keys().database), modes.CBC(iv)).decryptor()
    return opened.update(body) + opened.finalize()
