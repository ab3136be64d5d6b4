"""The only module that does cryptography. House rule: nobody else imports `cryptography`, `hashlib`, `hmac` or
`secrets` for anything that protects.

Inventory
---------
* randomness: the operating system's generator (`os.urandom`)
* digest: SHA-256 (FIPS 180-4)
* authentication code, blind index: HMAC-SHA-256 (RFC 2104)
* derived keys: HKDF-SHA-256 (RFC 5869)
* enciphering: AES-256-GCM (NIST SP 800-38D), random 96-bit nonce, key id in every ciphertext
* enciphering of files: AES-256-GCM in segments under a key derived for that file (the STREAM construction,
  Hoang, Reyhanitabar, Rogaway, Vizár 2015)
* signatures: Ed25519 (RFC 8032)
* the database file itself: SQLCipher 4 (AES-256-CBC, HMAC-SHA-512 per page), in `kernel.databases.sqlcipher`
* passwords: Argon2id, by Django's hasher, in the access room
* one-time codes: HOTP and TOTP with HMAC-SHA-1 (RFC 4226, RFC 6238), six digits, 30 seconds
* passkeys: WebAuthn, checked by `fido2`, in the access room
* own certificates: ECDSA P-256, in `interfaces/server/tls.py`, through `cryptography.x509`
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from regulars.kernel.text import fold

KEY_BYTES = 32
_VERSION = 1
_NONCE = 12
_SEGMENT = 1 << 20
_SALT = 16
_STREAM = b"RGS1"
CODE_LASTS = 30  # seconds (RFC 6238)
_DIGITS = 6


class Sink(Protocol):
    """What plain text is written to."""

    def write(self, part: bytes, /) -> object: ...


class Tampered(Exception):
    """A ciphertext, a signature or a code does not fit: altered, moved to another place, or of another key."""


def random_bytes(count: int) -> bytes:
    """`count` unpredictable bytes."""
    return os.urandom(count)


def random_key() -> bytes:
    """A fresh 256-bit key."""
    return os.urandom(KEY_BYTES)


def sha256(*parts: bytes) -> bytes:
    """The 32-byte digest of the parts, one after the other."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def sha256_of_file(path: Path) -> bytes:
    """The 32-byte digest of a file of any length."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").digest()


def mac(key: bytes, *parts: bytes) -> bytes:
    """The 32-byte HMAC-SHA-256 of the parts, one after the other."""
    code = hmac.new(key, digestmod="sha256")
    for part in parts:
        code.update(part)
    return code.digest()


def same(one: bytes, other: bytes) -> bool:
    """Whether both are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def derive(key: bytes, purpose: str, length: int = KEY_BYTES, salt: bytes | None = None) -> bytes:
    """A key for one purpose, from which neither `key` nor the key of another purpose can be found."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose.encode()).derive(key)


def key_id(key: bytes) -> str:
    """Eight letters that name a key and tell nothing of it."""
    return derive(key, "regulars: the name of a key", 4).hex()


def blind_index(key: bytes, fact: str, text: str, length: int = 8) -> bytes:
    """The index by which a sealed value is found by equality: equal folded texts of one fact give equal bytes.

    64 bits by default, since criteria answer from the index alone: with a million values a false hit is to be
    expected once in 10^13 questions. Numbers come compacted (no blanks, no hyphens).
    """
    return mac(derive(key, f"regulars: blind index of {fact}"), fold(text).encode())[:length]


def seal(key_id: str, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Enciphers; the result names its key and opens only with the same `aad` (which place it belongs to)."""
    head = _head(key_id)
    nonce = os.urandom(_NONCE)
    return head + nonce + AESGCM(key).encrypt(nonce, plaintext, head + aad)


def unseal(keys: Mapping[str, bytes] | Callable[[str], bytes], blob: bytes, aad: bytes) -> bytes:
    """The plain text of what `seal` made. `keys` gives the key by its id (KeyError if unknown). Raises `Tampered`."""
    head = _head(sealed_by(blob))
    named = sealed_by(blob)
    key = keys(named) if callable(keys) else keys[named]
    return _decrypt(key, blob[len(head) : len(head) + _NONCE], blob[len(head) + _NONCE :], head + aad)


def sealed_by(blob: bytes) -> str:
    """The id of the key that a ciphertext was sealed with."""
    if len(blob) < 2 + _NONCE + 16 or blob[0] != _VERSION or len(blob) < 2 + blob[1] + _NONCE + 16:
        raise Tampered("This is not a sealed value.")
    try:
        return blob[2 : 2 + blob[1]].decode("ascii")
    except UnicodeDecodeError:
        raise Tampered("This is not a sealed value.") from None


def seal_stream(key_id: str, key: bytes, source: BinaryIO, target: BinaryIO, aad: bytes) -> None:
    """Enciphers a file of any length in steps of 1 MiB. Cutting, swapping or adding a part is found on opening."""
    salt = os.urandom(_SALT)
    head = _STREAM + _head(key_id) + salt
    target.write(head)
    cipher = AESGCM(derive(key, "regulars: one file", salt=salt))
    number, part = 0, _fill(source)
    while True:
        following = _fill(source)
        target.write(cipher.encrypt(_place(number, last=not following), part, head + aad))
        if not following:
            return
        number, part = number + 1, following


def unseal_stream(
    keys: Mapping[str, bytes] | Callable[[str], bytes], source: BinaryIO, target: Sink, aad: bytes
) -> None:
    """Writes the plain text of what `seal_stream` made. Raises `Tampered`; what was written until then is authentic."""
    start = source.read(len(_STREAM) + 2)
    if start[: len(_STREAM)] != _STREAM or len(start) != len(_STREAM) + 2:
        raise Tampered("This is not a sealed file.")
    rest = source.read(start[-1] + _SALT)
    head, named, salt = start + rest, rest[: start[-1]].decode("ascii", "replace"), rest[start[-1] :]
    key = keys(named) if callable(keys) else keys[named]
    cipher_key = derive(key, "regulars: one file", salt=salt)
    number, part = 0, _fill(source, _SEGMENT + 16)
    while True:
        following = _fill(source, _SEGMENT + 16)
        target.write(_decrypt(cipher_key, _place(number, last=not following), part, head + aad))
        if not following:
            return
        number, part = number + 1, following


def sign(key: bytes, message: bytes) -> bytes:
    """The 64-byte Ed25519 signature under a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(key).sign(message)


def public_key(key: bytes) -> bytes:
    """The 32-byte public half of a signing seed."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is the holder's of this public key, over this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def one_time_code(secret: bytes, step: int) -> str:
    """The six digits of one half minute (`step` of them since 1970). SHA-1 is what every authenticator app knows; HMAC
    with it is not touched by collisions (RFC 6238, section 1.2)."""
    return HOTP(secret, _DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def one_time_address(secret: bytes, *, account: str, issuer: str) -> str:
    """The `otpauth://` address that an authenticator app reads."""
    return TOTP(secret, _DIGITS, SHA1(), CODE_LASTS).get_provisioning_uri(account, issuer)  # noqa: S303


def _head(key_id: str) -> bytes:
    name = key_id.encode("ascii")
    return bytes((_VERSION, len(name))) + name


def _decrypt(key: bytes, nonce: bytes, body: bytes, aad: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, body, aad)
    except (InvalidTag, ValueError):
        raise Tampered("A sealed value was altered, or belongs to another place or key.") from None


def _place(number: int, *, last: bool) -> bytes:
    """The nonce of one segment: its number, and whether it is the last."""
    return number.to_bytes(_NONCE - 1) + bytes((last,))


def _fill(source: BinaryIO, size: int = _SEGMENT) -> bytes:
    """A full segment, or what is left. A pipe may give less at a time than was asked."""
    parts, missing = [], size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def certificate_ends(pem: bytes) -> datetime:
    """Until when a certificate holds (aware, UTC). ValueError for what is none."""
    from cryptography import x509

    return x509.load_pem_x509_certificate(pem).not_valid_after_utc
