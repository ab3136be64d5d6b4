"""Random secrets and the digests under which they are kept."""

from base64 import urlsafe_b64encode

from regulars.kernel import crypto, keyfile

TOKEN_MARK = "rgl_"  # noqa: S105 - a mark by which secret scanners know our tokens, no secret


def secret() -> str:
    """256 unpredictable bits, fit for a cookie or an address (43 letters)."""
    return _text(crypto.random_bytes(32))


def public_name() -> str:
    """128 unpredictable bits that name a row in addresses, instead of its inner id (22 letters)."""
    return _text(crypto.random_bytes(16))


def digest(given: str) -> str:
    """SHA-256 as hex. Enough for a secret of 256 random bits: there is nothing to guess (decision 34)."""
    return crypto.sha256(given.encode()).hex()


def marked(kind: str, *words: str) -> str:
    """A key for words that shall not be readable where it is kept: HMAC under the house's secret."""
    return crypto.mac(keyfile.lasting_secret().encode(), b"\x00".join(w.encode() for w in (kind, *words))).hex()


def _text(given: bytes) -> str:
    return urlsafe_b64encode(given).decode().rstrip("=")
