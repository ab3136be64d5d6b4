"""Passwords: what is accepted, how it is kept, how it is checked.

Argon2id with 64 MiB, three passes, one lane: above OWASP's floor of 19 MiB, two passes, one lane, and about a tenth
of a second here. Rules after NIST SP 800-63B-4: long, not common, no composition, no forced change.
"""

import re
import unicodedata
from base64 import b64encode
from functools import cache
from typing import Any

from argon2.exceptions import InvalidHashError
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext as _

from regulars.kernel import saying
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold

SHORTEST = 15  # without a second factor (ASVS 6.2.1, NIST 800-63B-4)
SHORTEST_GUARDED = 8  # beside one
LONGEST = 1000  # longer is refused only so that hashing stays cheap
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "01234567890123456789",
)


class _Hasher(Argon2PasswordHasher):
    time_cost = 3
    memory_cost = 65_536
    parallelism = 1


def hashed(password: str) -> str:
    """The salted Argon2id hash, in PHC form."""
    hasher = _Hasher()
    return str(hasher.encode(_normal(password), hasher.salt()))


def fits(password: str, kept: str | None) -> bool:
    """Whether the password is the one. Without a hash it takes as long and is false (A5)."""
    try:
        right = bool(_Hasher().verify(_normal(password)[:LONGEST], kept or _decoy()))
    except InvalidHashError:  # nobody's: an account made by hand, a damaged row
        return False
    return right and kept is not None


def least(*, guarded: bool) -> int:
    """How many characters a password needs: fewer where a second factor is asked for as well."""
    return SHORTEST_GUARDED if guarded else SHORTEST


def is_short(password: str) -> bool:
    """Whether it is long enough only beside a second factor."""
    return len(_normal(password)) < SHORTEST


def check(password: str, *about: str, least: int = SHORTEST) -> None:
    """Raises Refused, `where` = password, if too short, common, or made of `about` (name, login, house)."""
    normal = _normal(password)
    if len(normal) < least:
        told = {"least": least, "have": len(normal)}
        raise _no(_("Use at least %(least)s characters, this has %(have)s. A sentence or four words do well.") % told)
    if len(normal) > LONGEST:
        raise _no(_("Use at most %(most)s characters.") % {"most": saying.count(LONGEST)})
    if _is_common(normal):
        raise _no(_("This is one of the passwords everybody tries first. Choose another."))
    if _is_about(normal, about):
        raise _no(_("This is little more than your name or that of the house. Choose another."))


def _no(message: str) -> Refused:
    return Refused(message, where="password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _decoy() -> str:
    """A hash that no password is known to have, of the strength of all others. It is written, not computed: the first
    unknown name after a start costs one computation too (A5)."""
    strength = f"m={_Hasher.memory_cost},t={_Hasher.time_cost},p={_Hasher.parallelism}"
    salt, digest = (b64encode(nothing).decode().rstrip("=") for nothing in (bytes(22), bytes(32)))
    return f"argon2$argon2id$v=19${strength}${salt}${digest}"


@cache
def _common() -> frozenset[str]:
    """About 20,000 common passwords: the list that comes with Django."""
    validator: Any = CommonPasswordValidator()
    return frozenset(validator.passwords)


def _is_common(password: str) -> bool:
    """On the list; or nothing but listed words, repetition, runs of the keyboard, and padding with digits and signs."""
    low = re.sub(r"\s", "", password.casefold())
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", low)
    if low in _common() or _period(low) in _common() or _period(core) in _common() or len(set(low)) < 5:
        return True
    return _is_run(low) or _is_run(low[::-1]) or (len(low) - len(core) < len(low) and _is_run(core) and len(core) > 3)


def _period(text: str) -> str:
    """The shortest beginning of which the text is a repetition: `catcatcat` is of `cat`."""
    lengths = range(1, len(text) // 2 + 1)
    return next((text[:n] for n in lengths if text == text[:n] * (len(text) // n) + text[: len(text) % n]), text)


def _is_run(text: str) -> bool:
    return any(text and text in run * 3 for run in _RUNS)


def _is_about(password: str, about: tuple[str, ...]) -> bool:
    left = fold(password)
    words = {part for word in about for part in re.split(r"[^\w]+", fold(word)) if len(part) > 2}
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return bool(words) and len(re.sub(r"[\W\d_]", "", left)) < 6 and len(left) < SHORTEST - 3
