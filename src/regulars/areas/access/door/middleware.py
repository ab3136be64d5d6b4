"""Who asks: puts `actor`, `user`, `seat` (the session) and `house` on each request. Rights are of this moment (Z9)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from regulars.areas.access.door import sessions
from regulars.areas.access.queries import actor_for
from regulars.areas.house.queries import House, house
from regulars.kernel.http import OPEN, done, for_programs

# Where somebody may go who still owes a second factor: to set one up, choose another password, or leave.
_ON_THE_WAY = frozenset(
    {"account", "account_profile", "account_password", "factors", "passkey_add", "passkey_add_begin", "code_add",
     "recovery_make", "prove", "prove_begin", "sign_out"}
)  # fmt: skip


class Door:
    """Finds the session of the cookie. Programs bring a token instead: under `/api/` no cookie counts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = request.seat = None  # type: ignore[attr-defined]
        request.user = None  # type: ignore[assignment]
        request.house = SimpleLazyObject(house)  # type: ignore[attr-defined]
        if _comes_with_cookie(request):
            _seat(request)
        try:
            response = self.get_response(request)
            seat = request.seat  # type: ignore[attr-defined]
            if getattr(seat, "just_proved", False):
                sessions.give_cookie(request, response, sessions.renew(seat))  # type: ignore[arg-type]
            return response
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Whoever owes a second factor sets one up before anything else."""
        seat = request.seat  # type: ignore[attr-defined]
        named = request.resolver_match.view_name if request.resolver_match else ""
        if seat is None or getattr(view, "right", None) == OPEN or named in _ON_THE_WAY:
            return None
        return done(request, reverse("factors")) if sessions.owes(seat, request.house) else None  # type: ignore[attr-defined]


def _comes_with_cookie(request: HttpRequest) -> bool:
    elsewhere = for_programs(request.path) or request.path.startswith("/static/")
    return not elsewhere and bool(sessions.cookie_of(request))


def _seat(request: HttpRequest) -> None:
    at = timezone.now()
    session = sessions.find(sessions.cookie_of(request), at)
    if session is None:
        return
    rules: House = house()
    sessions.keep_alive(session, rules, at)
    request.seat, request.house = session, rules  # type: ignore[attr-defined]
    request.user = session.user  # type: ignore[assignment]
    request.actor = actor_for(session.user, rules=rules)  # type: ignore[attr-defined]
    translation.activate(session.user.language)
    request.LANGUAGE_CODE = session.user.language
    timezone.activate(rules.zone)
