"""HTTP for every room: who asks, what a route needs, how a page or its part goes back, how a refusal reads.

A route is declared with its right: `path("customers/", needs("customers.view", pages.customers), name="customers")`.
The room that knows users (`access`) puts an `Actor` on each request; nothing here knows how it was found.
"""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.kernel import registries, trouble
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused, Stale
from regulars.kernel.logs import route_of

log = logging.getLogger("regulars.door")
View = Callable[..., HttpResponseBase]

OPEN: Final = "open"  # the `.right` of a route that anybody may call
SIGNED_IN: Final = "signed in"  # the `.right` of a route for everybody who has an account
VISITOR: Final = Actor(kind="system", name="visitor", through="page")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS: Final = (*sorted(_SAFE), "DELETE", "PATCH", "POST", "PUT")


class NotSignedIn(Refused):
    """Nobody has said who asks."""

    code = "not_signed_in"
    status = 401


class Garbled(Refused):
    """The address cannot be read."""

    code = "unreadable"
    status = 400


class NoSuchMethod(Refused):
    """A method that nothing here answers (TRACE, CONNECT, made-up ones)."""

    code = "method_unknown"
    status = 405


class OfTodayAlone(Refused):
    """Asked as of a moment (`at`) where only the present is shown. What is would pass for what was."""

    code = "of_today_alone"


class FromElsewhere(Refused):
    """Another site made this browser send the request."""

    code = "from_elsewhere"
    status = 403


def number_in(asked: Mapping[str, Any], name: str) -> int | None:
    """The plain number under this name in an address; None where there is none, or more than a database counts to."""
    text = str(asked.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


# --- routes ---------------------------------------------------------------------------------------------------------


def needs(right: str, view: View) -> View:
    """The view for those who hold the right. Nobody: to the sign-in page. Somebody without it: refused with 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if not is_signed_in(request):
            return sign_in_first(request)
        if right != SIGNED_IN and not actor.may(right):
            raise NotAllowed(_("The right for this is missing. The owner of the house can give it."), right=right)
        if request.GET.get("at", "").strip() and not getattr(view, "takes_at", False):
            raise OfTodayAlone(of_today_alone(), where="at")
        return view(request, *args, **kwargs)

    guarded.right = right  # type: ignore[attr-defined]
    return guarded


def takes_at(view: View) -> View:
    """Says of a page that it answers as of the moment in `at`; any other refuses one."""
    view.takes_at = True  # type: ignore[attr-defined]
    return view


def of_today_alone() -> str:
    return _(
        "This shows what is there today alone, so leave the moment (at) out. As of a day you can read customers, their "
        "cards, segments, lists and purchases, and ask for anything by criteria."
    )


def for_everyone_signed_in(view: View) -> View:
    """The view for everybody with an account, whatever the role: the own account, signing out."""
    return needs(SIGNED_IN, view)


def open_to_all(view: View) -> View:
    """The view for anybody at all. Say in the route table why."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    guarded.right = OPEN  # type: ignore[attr-defined]
    return guarded


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Sends a person to the sign-in page and back afterwards; a program gets a 401 problem."""
    if wants_json(request):
        return problem(NotSignedIn(_("Send a token: Authorization: Bearer …")))
    back = request.get_full_path() if request.method in _SAFE and not is_htmx(request) else page_behind(request)
    to = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}" if back else reverse(settings.LOGIN_URL)
    if is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": to})
    return HttpResponse(status=302, headers={"Location": to})


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where `next` of the query or form asks to go, if that is a path of this house; else `otherwise`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    fits = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if fits else otherwise


def page_behind(request: HttpRequest) -> str:
    """The path of the page from which htmx or a form asked, '' where the browser does not say."""
    address = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    return address._replace(scheme="", netloc="", fragment="").geturl() if address.path.startswith("/") else ""


# --- who asks -------------------------------------------------------------------------------------------------------


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, with the rights of this moment; `request.only` says to how many of them a page keeps. `detail` is the
    route's name, never its arguments."""
    actor = getattr(request, "actor", None) or VISITOR
    if (only := getattr(request, "only", None)) is not None:
        actor = actor.limited_to(only)
    route = request.resolver_match.view_name if request.resolver_match else ""
    return actor.coming(through="api" if wants_json(request) else "page", detail=route)


def stands_under(request: HttpRequest, route: str) -> None:
    """Says which place of the navigation a page belongs to where its address does not."""
    request.stands_under = route  # type: ignore[attr-defined]


def is_signed_in(request: HttpRequest) -> bool:
    return getattr(request, "actor", None) is not None


def address_of(request: HttpRequest) -> str:
    """The caller's network address. Forwarded headers count only where a trusted proxy wrote them (settings)."""
    return str(request.META.get("REMOTE_ADDR") or "")


# --- pages and their parts ------------------------------------------------------------------------------------------


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a part. When it restores history it needs the whole page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def for_programs(path: str) -> bool:
    """Whether programs alone come here: all of the API, but the pages that tell of it."""
    return path.startswith("/api/") and path not in ("/api/docs", "/api/docs/shapes")


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program: who comes by the API, or prefers JSON to HTML."""
    if request.path.startswith("/api/"):
        return for_programs(request.path)
    return _prefers_json(request.META.get("HTTP_ACCEPT", "*/*"))


@lru_cache(256)
def _prefers_json(accept: str) -> bool:
    """Browsers send few such headers, each many times."""
    asked = HttpRequest()
    asked.META["HTTP_ACCEPT"] = accept
    kinds = ["text/html", "application/json", "application/problem+json"]
    return asked.get_preferred_type(kinds) not in ("text/html", None)


def show(
    request: HttpRequest, template: str, *, part: str | None = None, status: int = 200, **context: Any
) -> HttpResponse:
    """The page; htmx gets its named part (`{% partialdef part %}`) from the same template and context."""
    name = f"{template}#{part}" if part and is_htmx(request) else template
    response = render(request, name, context, status=status)
    response._has_been_logged = 400 <= status < 500  # type: ignore[attr-defined]  # expected; its path may be a secret
    patch_vary_headers(response, ["HX-Request"])
    return response


def done(
    request: HttpRequest,
    to: str,
    *,
    notice: str = "",
    changeset: int | None = None,
    leads_to: str = "",
    template: str | None = None,
    part: str | None = None,
    **context: Any,
) -> HttpResponse:
    """After a deed: htmx gets the named part, everybody else goes on to `to` (303) and reads `notice` there.

    With `changeset` the notice offers to take the deed back, with `leads_to` it leads to that address: its message
    carries the tags `undo:NUMBER` and `look:ADDRESS`.
    Without `template` and `part` htmx is sent to `to` as well.
    """
    if notice:
        tags = [f"undo:{changeset}"] * bool(changeset) + [f"look:{leads_to}"] * bool(leads_to)
        messages.success(request, notice, extra_tags=" ".join(tags))
    if is_htmx(request) and template and part:
        return show(request, template, part=part, **context)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponse(status=303, headers={"Location": to})


# --- refusals -------------------------------------------------------------------------------------------------------

_TITLES: Mapping[type[Refused], Any] = {
    NotFound: gettext_lazy("There is nothing here"),
    NotAllowed: gettext_lazy("Your account may not do this"),
    NotSignedIn: gettext_lazy("Who are you?"),
    Stale: gettext_lazy("Somebody was quicker"),
    trouble.DiskTrouble: gettext_lazy("Nothing can be kept just now"),
    FromElsewhere: gettext_lazy("Not sent from this page"),
}


def title_of(refused: Refused) -> str:
    for kind, title in _TITLES.items():
        if isinstance(refused, kind):
            return str(title)
    return _("Not done")


def problem(refused: Refused) -> JsonResponse:
    """The refusal as RFC 9457: `type`, `title`, `status`, `detail`, then `code`, `where` and what else it carries."""
    told = {key: value for key, value in refused.more.items() if key not in {"type", "title", "status", "detail"}}
    body = {
        "type": f"/api/docs#{refused.code}",
        "title": title_of(refused),
        "status": refused.status,
        "detail": str(refused),
        "code": refused.code,
        **({"where": refused.where} if refused.where else {}),
        **told,
    }
    response = JsonResponse(body, status=refused.status, content_type="application/problem+json")
    if refused.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="regulars"'
    return response


def note(request: HttpRequest, refused: Refused) -> None:
    """A refusal at the door (401, 403) stands in the log: what it was, the route, and whose by public name."""
    if refused.status not in (401, 403):
        return
    public, actor = getattr(getattr(request, "user", None), "public", ""), getattr(request, "actor", None)
    who = f"user {public}" if public else f"{actor.kind} {actor.id}" if actor else "nobody known"
    log.info("Refused (%s): %s %s, for %s.", refused.code, request.method, route_of(request), who)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal as the caller can read it: a problem for a program, a notice in the frame for a person."""
    note(request, refused)
    if wants_json(request):
        return problem(refused)
    told = {"refused": refused, "title": title_of(refused), "bare": not is_signed_in(request)}
    response = show(request, "problem.html", part="notice", status=refused.status, **told)
    if is_htmx(request):
        response["HX-Retarget"], response["HX-Reswap"] = "#flash", "innerHTML"
    return response


class OneVocabulary:
    """Middleware: a request reads the declared facts, the business's own among them, once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with registries.steady():
            return self.get_response(request)


class Refusals:
    """Middleware: a `Refused` that no page has caught becomes a notice that says what, where and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refused = exception if isinstance(exception, Refused) else trouble.of(exception)
        return refusal(request, refused) if refused is not None else None


class KnownMethods:
    """Middleware: a method that nothing here answers is refused, whatever the view would make of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in METHODS:
            return self.get_response(request)
        response = refusal(request, NoSuchMethod(_("Nothing here answers to this method.")))
        response["Allow"] = ", ".join(METHODS)
        return response


class OnlyText:
    """Middleware: an address with a NUL in its path or query is refused: PostgreSQL keeps no such text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "%00" in query or "\0" in query:
            return refusal(request, Garbled(_("The address holds a sign that no text has.")))
        return self.get_response(request)


class OwnPagesOnly:
    """Middleware: what another site made this browser send is refused before anything is read (A10).

    Browsers tell in `Sec-Fetch-Site` who asked, older ones in `Origin`. Django's token is checked as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _SAFE and from_another_site(request):
            return refusal(request, FromElsewhere(_("Nothing was changed: another site sent this, not you.")))
        return self.get_response(request)


def from_another_site(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return bool(origin) and origin != f"{request.scheme}://{request.get_host()}"
