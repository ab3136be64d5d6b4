"""Passing the second door: by passkey, by one-time code, by recovery code. No deed: it is in no journal (decision 34).

A passkey may also stand for name and password; then it has made sure who holds it.
"""

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.access.actions.telling import tell
from regulars.areas.access.door import codes, passkeys, throttle
from regulars.areas.access.door.passkeys import Place
from regulars.areas.access.models import OneTimeCode, Passkey, RecoveryCode, User
from regulars.areas.access.queries import recovery_codes_left
from regulars.kernel.errors import Refused

log = logging.getLogger("regulars.access")


class WrongFactor(Refused):
    """The code is none of this moment, was used, or is no recovery code of this user."""

    code = "wrong_code"


def pass_by_code(*, user: User, typed: str, address: str, mark: str | None, at: datetime) -> None:
    """Lets the user pass by the code of her app, once for each. Raises WrongFactor or TooManyTries, `where` = code."""
    guess = _count(user, address, mark, at, "code")
    kept = OneTimeCode.objects.filter(factor__user=user, factor__removed_at=None).first()
    step = codes.step_of(codes.opened(bytes(kept.sealed), user.public), typed, at) if kept else None
    # one statement: of two with the same code at once only one comes in
    fresh = OneTimeCode.objects.filter(factor__user=user, factor__removed_at=None, last_step__lt=step or 0)
    if step is None or not fresh.update(last_step=step, used_at=at):
        log.info("A one-time code of user %s was refused.", user.public)
        tell(user, "half way", at)
        raise WrongFactor(_("This is not the code of this moment, or it was used. Type the next one."), where="code")
    throttle.succeeded(guess)
    log.info("User %s passed by a one-time code.", user.public)


def pass_by_recovery_code(*, user: User, typed: str, address: str, mark: str | None, at: datetime) -> int:
    """Lets the user pass by a recovery code, which is used up; gives how many are left.

    Raises WrongFactor or TooManyTries, `where` = recovery.
    """
    guess = _count(user, address, mark, at, "recovery")
    digest = codes.recovery_digest(user.public, typed)
    if not RecoveryCode.objects.filter(digest=digest, factor__user=user, factor__removed_at=None).delete()[0]:
        log.info("A recovery code of user %s was refused.", user.public)
        tell(user, "half way", at)
        raise WrongFactor(_("This is none of your recovery codes, or it was used."), where="recovery")
    throttle.succeeded(guess)
    log.warning("User %s came in by a recovery code.", user.public)
    tell(user, "recovery used", at)
    return recovery_codes_left(user)


def pass_by_passkey(*, place: Place, asked: dict[str, object], answer: str, at: datetime, user: User | None) -> User:
    """Who showed this passkey; with `user` nobody else may. Raises PasskeyRefused, for all that is wrong alike."""
    try:
        owner = _shown_by(place=place, asked=asked, answer=answer, at=at, user=user)
    except passkeys.PasskeyRefused:
        log.info("A passkey was refused.")
        raise
    log.info("User %s passed by a passkey.", owner.public)
    return owner


def _shown_by(*, place: Place, asked: dict[str, object], answer: str, at: datetime, user: User | None) -> User:
    told = passkeys.shown(answer)
    kept = _passkey(told, place)
    if kept is None or (user and kept.factor.user_id != user.pk):
        passkeys.refuse()
    owner: User = kept.factor.user
    if not owner.active or told.user not in ("", owner.public):
        passkeys.refuse()
    passkeys.check(place, asked, told, kept)
    # one statement: an answer that was taken moves the counter on, and so is taken once
    same = Passkey.objects.filter(pk=kept.pk, counter=kept.counter)
    if not same.update(counter=told.counter, used_at=at):
        passkeys.refuse()
    return owner


def _passkey(told: passkeys.Shown, place: Place) -> Passkey | None:
    kept = Passkey.objects.select_related("factor__user")
    return kept.filter(digest=told.digest, place=place.id, factor__removed_at=None).first()


def _count(user: User, address: str, mark: str | None, at: datetime, where: str) -> throttle.Guess:
    guess = throttle.Guess.of(user.login, address, mark, door=" second")
    try:
        throttle.count(guess, at)
    except throttle.TooManyTries as refused:
        log.warning("A try at the second door was refused: too many.")
        refused.where = where
        raise
    return guess
