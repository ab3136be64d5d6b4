"""Sessions: beginning, finding, keeping alive, ending; and the cookies that carry them (A6, A7)."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse

from regulars.areas.access.door import browsers, throttle
from regulars.areas.access.door.secrets import digest, public_name, secret
from regulars.areas.access.models import Factor, OneTimeLink, Session, Step, Theme, User
from regulars.areas.house.queries import House, house
from regulars.kernel.prepared import Prepared

log = logging.getLogger("regulars.access")
SEEN_EVERY = timedelta(minutes=1)  # so that reading pages does not write each time
PROOF_LASTS = timedelta(minutes=5)


def begin(user: User, *, at: datetime, browser: str = "", errand: str = "") -> tuple[Session, str]:
    """A new session and the secret for its cookie, which is kept nowhere else."""
    sweep(at)
    rules, value = house(), secret()
    session = Session.objects.create(
        digest=digest(value),
        public=public_name(),
        user=user,
        started_at=at,
        seen_at=at,
        proved_at=at,
        idle_at=at + _idle(rules),
        ends_at=at + timedelta(hours=min(rules.session_hours, 24)),
        browser=browsers.named(browser),
        errand=errand,
    )
    log.info("A session of user %s began.", user.public)
    return session, value


def find(value: str | None, at: datetime) -> Session | None:
    """The living session of this cookie, with its user, if the account still stands.

    `guarded` on it says whether she has a second factor.
    """
    if not value:
        return None
    found = next(iter(_SEATS.rows(digest(value))), None)
    return found if found is not None and found.lives(at) else None


def _seats(digest: str) -> QuerySet[Session]:
    second = Factor.objects.second().filter(user=OuterRef("user"))
    found = Session.objects.select_related("user__password", "user__noticed").filter(digest=digest, user__active=True)
    return found.annotate(guarded=Exists(second))


_SEATS = Prepared(_seats)


def owes(session: Session, rules: House) -> str:
    """What stands between somebody signed in and the house: `factor` where all need a second one and she has none,
    `password` where hers is long enough only beside one and it was taken away, '' for nothing."""
    if getattr(session, "guarded", True):
        return ""
    if rules.second_factor_for_all:
        return "factor"
    return "password" if hasattr(session.user, "password") and session.user.password.short else ""


def keep_alive(session: Session, rules: House, at: datetime) -> None:
    """Somebody is there: the idle time starts afresh (written once a minute at most)."""
    if at - session.seen_at >= SEEN_EVERY:
        session.seen_at, session.idle_at = at, at + _idle(rules)
        session.save(update_fields=["seen_at", "idle_at"])


def renew(session: Session) -> str:
    """The same session under a new secret, after its user proved again who she is. Gives the new secret."""
    value = secret()
    Session.objects.filter(digest=session.digest).update(digest=digest(value))
    session.digest = digest(value)
    return value


def is_fresh(session: Session, at: datetime) -> bool:
    """Whether the password was given, or a passkey shown, within the last five minutes (A8)."""
    return at - session.proved_at <= PROOF_LASTS


def prove(session: Session, at: datetime) -> None:
    """Notes the proof. The answer to this request carries a new secret for the session (`Door`)."""
    session.proved_at, session.just_proved = at, True  # type: ignore[attr-defined]
    session.save(update_fields=["proved_at"])


def sweep(at: datetime) -> None:
    """Removes what has ended: sessions, links, what was left half way, old tries."""
    Session.objects.exclude(pk__in=Session.objects.living(at).values("pk")).delete()
    OneTimeLink.objects.filter(expires_at__lte=at).delete()
    Step.objects.filter(expires_at__lte=at).delete()
    throttle.sweep(at)


def _idle(rules: House) -> timedelta:
    return timedelta(minutes=rules.session_idle_minutes)


# --- cookies --------------------------------------------------------------------------------------------------------


def cookie_name(request: HttpRequest, base: str = "session") -> str:
    """`__Host-session` under https. On loopback the port is part of it: cookies do not keep ports apart, houses do."""
    return f"__Host-{base}" if settings.SESSION_COOKIE_SECURE else f"{base}_{request.get_port()}"


def cookie_of(request: HttpRequest, base: str = "session") -> str | None:
    return request.COOKIES.get(cookie_name(request, base))


def give_cookie(request: HttpRequest, response: HttpResponse, value: str) -> None:
    """The session's cookie. It goes when the browser closes; the row sets the real end."""
    _give(request, response, "session", value, None)


def give_step(request: HttpRequest, response: HttpResponse, value: str) -> None:
    """The cookie that finds what this browser has half done."""
    _give(request, response, "step", value, None)


def give_mark(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The mark of a browser that has signed in as this user."""
    _give(request, response, "known", throttle.mark_for(user), throttle.MARK_DAYS * 86_400)


def give_theme(response: HttpResponse, theme: str) -> None:
    """Tells this browser the chosen look. A script of the frame may change it for this browser, so it can read it."""
    if theme == Theme.AUTO:
        response.delete_cookie("theme", path="/", samesite="Lax")
    else:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie("theme", theme, max_age=31_536_000, path="/", secure=secure, samesite="Lax")


def take_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Empties the cookie, with the flags it was given with: browsers refuse a `__Host-` cookie without them."""
    _give(request, response, "session", "", 0)


def take_step(request: HttpRequest, response: HttpResponse) -> None:
    _give(request, response, "step", "", 0)


def _give(request: HttpRequest, response: HttpResponse, base: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        cookie_name(request, base),
        value,
        max_age=max_age,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
