"""One-time codes of an authenticator app (TOTP, RFC 6238), and recovery codes on paper."""

import re
from base64 import b32decode, b32encode
from datetime import datetime
from typing import Final

from regulars.areas.access.door.secrets import marked
from regulars.kernel import crypto, keyfile

RECOVERY_CODES: Final = 10
_FACTORS = "second factors"  # what the key of their secrets is drawn for
_NEIGHBOURS = (0, -1, 1)  # the half minute now, the one before and the one to come: clocks differ, typing takes time
_PLACE = b"access: the secret of one-time codes of "


def new_secret() -> str:
    """160 unpredictable bits in Base32, as authenticator apps take them."""
    return b32encode(crypto.random_bytes(20)).decode()


def in_groups(text: str) -> str:
    """Four letters at a time, for whoever types it."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(secret: str, *, account: str, house: str) -> str:
    """The QR code of the secret as the address of an SVG image, dark on white in any look of the page."""
    address = crypto.one_time_address(b32decode(secret), account=account, issuer=house)
    import segno  # for whoever is shown one

    return segno.make_qr(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The half minute whose code this is, of the three that count now; None for any other."""
    digits = re.sub(r"\s", "", typed)
    now = int(at.timestamp()) // crypto.CODE_LASTS
    steps = [now + each for each in _NEIGHBOURS]
    fitting = [step for step in steps if crypto.same(_code(secret, step), digits.encode())]
    return fitting[0] if fitting else None


def sealed(secret: str, user: str) -> bytes:
    """The secret under the house's key for fields, bound to the user of this public name."""
    key = _key()
    return crypto.seal(crypto.key_id(key), key, secret.encode(), _PLACE + user.encode())


def opened(blob: bytes, user: str) -> str:
    """What `sealed` made. Raises `crypto.Tampered` for another's or an altered one."""
    return crypto.unseal(keyfile.opened_by(_FACTORS), blob, _PLACE + user.encode()).decode()


def recovery_codes() -> list[str]:
    """Ten codes of 120 unpredictable bits, to be written down: from 112 bits on a plain digest will do (ASVS 6.5.2)."""
    made = (b32encode(crypto.random_bytes(15)).decode().lower() for _each in range(RECOVERY_CODES))
    return ["-".join(code[at : at + 4] for at in range(0, 24, 4)) for code in made]


def recovery_digest(user: str, typed: str) -> str:
    """What is kept of a recovery code: an HMAC under the house's secret, whatever blanks and hyphens were typed."""
    return marked("recovery", user, re.sub(r"[\W_]", "", typed).lower())


def _code(secret: str, step: int) -> bytes:
    return crypto.one_time_code(b32decode(secret), step).encode()


def _key() -> bytes:
    return crypto.derive(keyfile.keys().fields, _FACTORS)
