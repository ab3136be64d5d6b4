"""Dangerous acts ask again: a proof not older than five minutes (A8)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.areas.access.door import sessions
from regulars.kernel.errors import Refused
from regulars.kernel.http import done, page_behind, wants_json

_LOOKING = frozenset({"GET", "HEAD"})


class NotProved(Refused):
    """The last proof of who is here is too old for this."""

    code = "not_proved"
    status = 403


def is_proved(request: HttpRequest) -> bool:
    """Whether whoever is signed in has shown within the last five minutes that it is still she."""
    return sessions.is_fresh(request.seat, timezone.now())  # type: ignore[attr-defined]


def to_prove(request: HttpRequest, back: str) -> HttpResponse:
    """Sends her to prove it, and then `back`. A program is refused."""
    if wants_json(request):
        raise NotProved(_("Show first that it is still you: load this page anew."))
    return done(request, f"{reverse('prove')}?{urlencode({'next': back})}")


def proved(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view for those who proved lately who they are; others do first, and then come back to the page they were on:
    what they sent was not done."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_proved(request):
            return view(request, *args, **kwargs)
        return to_prove(request, request.get_full_path() if request.method in _LOOKING else page_behind(request) or "/")

    return asked
