"""What every route does before its view: who asks, whether he may, whether what he sends can be read at all."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.areas.access.queries import actor_of_token
from regulars.interfaces.api import keeping
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.api import Route
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.http import OPEN, SIGNED_IN, NotSignedIn, OfTodayAlone, note, of_today_alone, problem

Run = Callable[..., HttpResponseBase]
_BODY = frozenset({"POST", "PUT", "PATCH"})


class TooLarge(Refused):
    code = "too_large"
    status = 413


class NoLength(Refused):
    code = "length_missing"
    status = 411


class InPlain(Refused):
    """Sent by http where the house is reached by https: the token may have been read on the way."""

    code = "https_only"
    status = 403


class WrongType(Refused):
    """A body of a type this route does not read: JSON it is, or multipart where a file is taken."""

    code = "wrong_type"
    status = 415


class Unreadable(Refused):
    code = "unreadable"
    status = 400


class Unknown(Refused):
    """A parameter or member that does not exist. It is never ignored."""

    code = "unknown_parameter"


def guarded(run: Run, route: Route, *, takes: frozenset[str], parts: frozenset[str], has_body: bool) -> Run:
    """The operation behind the door. `takes` are the names of its query parameters, `parts` those of its form."""

    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _check_https(request)
            _ask_who(request, route)
            _check_query(request, takes)
            _check_body(request, route, has_body)
            if route.file:
                _check_parts(request, parts)
            if route.method == "POST" and request.headers.get("Idempotency-Key") is not None:
                return keeping.once(request, lambda: run(request, *args, **kwargs), long=route.long)
            return run(request, *args, **kwargs)
        except Refused as refused:
            note(request, refused)
            return problem(refused)

    return behind


def _check_https(request: HttpRequest) -> None:
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise InPlain(_("Come by https. This was sent for all to read: revoke the token, make another, use https."))


def _ask_who(request: HttpRequest, route: Route) -> None:
    actor = caller(request)
    request.actor = actor  # type: ignore[attr-defined]
    if route.right == OPEN:
        return
    if actor is None:
        raise NotSignedIn(_("Send a token that holds: Authorization: Bearer …"))
    for right in (route.right, *route.also):
        if right != SIGNED_IN and not actor.may(right):
            raise NotAllowed(
                _("This token may not do this: it lacks the right %(right)s.") % {"right": right}, right=right
            )


def caller(request: HttpRequest) -> Actor | None:
    """The program of the bearer token; None without one, or with one that does not hold."""
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    return actor_of_token(token.strip(), at=timezone.now())


def _check_query(request: HttpRequest, takes: frozenset[str]) -> None:
    for name, values in request.GET.lists():
        _check_known(name, values, takes)


def _check_parts(request: HttpRequest, parts: frozenset[str]) -> None:
    for sent in (request.POST, request.FILES):
        for name, values in sent.lists():
            _check_known(name, values, parts)


def _check_known(name: str, values: list[Any], known: frozenset[str]) -> None:
    if name == "at" and name not in known:
        raise OfTodayAlone(of_today_alone(), where="at")
    if name not in known:
        near = get_close_matches(name, sorted(known), n=1)
        hint = _(" Did you mean %(near)s?") % {"near": near[0]} if near else ""
        raise Unknown(_("There is no parameter called %(name)s.") % {"name": name[:60]} + hint, where=name[:60])
    if len(values) > 1:
        raise Unknown(_("%(name)s stands there more than once.") % {"name": name}, where=name)
    if isinstance(values[0], str) and "\0" in values[0]:
        raise Unreadable(_("%(name)s holds a sign that no text has.") % {"name": name}, where=name)


def _check_body(request: HttpRequest, route: Route, has_body: bool) -> None:
    if route.method not in _BODY:
        return
    if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
        raise NoLength(_("Say how long the body is: Content-Length."))
    length = _length(request)
    if length > route.largest:
        told = {"most": saying.count(route.largest >> 10), "have": saying.count(length >> 10)}
        raise TooLarge(_("At most %(most)s kB can be sent here, this has %(have)s kB.") % told)
    if not has_body or (not length and not route.file):
        return
    wanted = "multipart/form-data" if route.file else "application/json"
    if request.content_type != wanted:
        raise WrongType(_("Send %(wanted)s here, with that Content-Type.") % {"wanted": wanted}, where="Content-Type")


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else 0
