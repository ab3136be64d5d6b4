"""The throttle: guessing is slow, and locks nobody out (decision 35).

* Every try is counted before the password is looked at, so guesses sent at once do not slip past.
* At most 100 failures in a row on one account reach the checker from browsers it does not know.
* A browser that has once signed in as this person carries a signed mark; its tries are counted apart (10), so a
  stranger's guessing never keeps her out.
* The same address and account: after 5 failures a pause that doubles, 15 minutes at most. The same address over all
  accounts: 200 failures an hour.

Names that do not exist are counted in the same way, so the answer tells nothing (A5).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.areas.access.door.secrets import marked, secret
from regulars.areas.access.models import Tries, User
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold

PER_ACCOUNT = 100
PER_BROWSER = 10
PER_ADDRESS = 200
FREE = 5
LONGEST_PAUSE = timedelta(minutes=15)
ADDRESS_WINDOW = timedelta(hours=1)
LINKS_PER_NAME, LINKS_FROM = 3, 20  # an hour
KEPT = timedelta(days=90)
MARK_DAYS = 365
_SALT = "regulars.access.known-browser"


class TooManyTries(Refused):
    """Too many wrong passwords; the password was not looked at."""

    code = "too_many_tries"
    status = 429


@dataclass(frozen=True, slots=True)
class Guess:
    """One try: the keys under which it is counted."""

    account: str
    pair: str
    address: str
    browser: str | None

    @classmethod
    def of(cls, login: str, address: str, mark: str | None, door: str = "") -> "Guess":
        """`door` counts the second door apart: a right password does not give back tries at the code behind it."""
        name = fold(login)[:300]
        nonce = known_as(mark, name)
        return cls(
            marked(f"account{door}", name),
            marked(f"pair{door}", address, name),
            marked("address", address),
            marked(f"browser{door}", nonce) if nonce else None,
        )


def count(guess: Guess, at: datetime) -> None:
    """Counts the try as failed before it is made. Raises TooManyTries, then it must not be made."""
    if guess.browser and _take(guess.browser, at, PER_BROWSER):
        return
    _pause(guess.pair, at)
    _address(guess.address, at)
    if not _take(guess.account, at, PER_ACCOUNT):
        raise TooManyTries(
            _(
                "This account takes no more tries from browsers it does not know. Use a browser you have signed in with"
                " before, or ask the owner of the house for a new link."
            )
        )
    _take(guess.pair, at, None)
    _take(guess.address, at, None)


def succeeded(guess: Guess) -> None:
    """The password was right: this account, browser and address with it start afresh; the address gets its try back."""
    keys = [key for key in (guess.account, guess.pair, guess.browser) if key]
    Tries.objects.filter(key__in=keys).delete()
    Tries.objects.filter(key=guess.address, count__gt=0).update(count=F("count") - 1)


def asked(login: str, address: str, at: datetime) -> None:
    """Counts somebody who asks for a link by mail: so many an hour for one name, and from one address. A name that
    nobody has is counted alike. Raises TooManyTries."""
    for key, most in ((marked("link", fold(login)[:300]), LINKS_PER_NAME), (marked("link from", address), LINKS_FROM)):
        Tries.objects.filter(key=key, last_at__lt=at - ADDRESS_WINDOW).delete()
        if not _take(key, at, most):
            raise TooManyTries(_("Links have been asked for several times. Look into your mail, or wait an hour."))


def forgive(user: User) -> None:
    """A new password was set by link: the account starts afresh."""
    Tries.objects.filter(key=marked("account", user.login_folded)).delete()


def mark_for(user: User) -> str:
    """The signed mark a browser keeps for a year after signing in. It opens nothing, it only counts apart."""
    return signing.dumps([user.login_folded, secret()], salt=_SALT)


def known_as(mark: str | None, name: str) -> str | None:
    """The mark's own number if this browser is known to belong to the account of this folded name."""
    try:
        owner, nonce = signing.loads(mark or "", salt=_SALT, max_age=MARK_DAYS * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(nonce) if owner == name else None


def sweep(at: datetime) -> None:
    """Forgets tries that are long past."""
    Tries.objects.filter(last_at__lt=at - KEPT).delete()


def _take(key: str, at: datetime, most: int | None) -> bool:
    """Counts one more unless `most` is reached: one statement, so that two at once cannot both take the last."""
    Tries.objects.get_or_create(key=key, defaults={"last_at": at})
    rows = Tries.objects.filter(key=key, **({} if most is None else {"count__lt": most}))
    return bool(rows.update(count=F("count") + 1, last_at=at))


def _pause(key: str, at: datetime) -> None:
    row = Tries.objects.filter(key=key).first()
    if row is None or row.count < FREE:
        return
    pause = min(timedelta(seconds=2 ** min(row.count - FREE, 12)), LONGEST_PAUSE)
    if at < row.last_at + pause:
        raise TooManyTries(
            _("Too many tries. Wait %(time)s, then try again.") % {"time": _said(row.last_at + pause - at)}
        )


def _address(key: str, at: datetime) -> None:
    row = Tries.objects.filter(key=key).first()
    if row and at > row.last_at + ADDRESS_WINDOW:
        row.delete()
    elif row and row.count >= PER_ADDRESS:
        raise TooManyTries(_("Too many tries from your network. Wait an hour, then try again."))


def _said(left: timedelta) -> str:
    seconds: Any = max(1, round(left.total_seconds()))
    if seconds < 90:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
