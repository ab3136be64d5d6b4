"""The one NinjaAPI, made of every room's routes when the API is first called."""

import logging
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RegexPattern
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer

from regulars.interfaces.api.door import Unknown, Unreadable, caller, guarded
from regulars.kernel import trouble
from regulars.kernel.api import Problem, Route, Routes
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.http import OPEN, NotSignedIn, problem
from regulars.kernel.logs import route_of

PREFIX = "/api/v1"
log = logging.getLogger("regulars.api")


class Wrong(Refused):
    """What was sent has not the shape that is read here. `errors` lists every place."""

    code = "wrong_shape"


class Token(HttpBearer):
    """A program's token, `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "actor", None) or caller(request)


class Json(Parser):
    """Strict JSON: no NaN, no half characters, no NUL, and nothing nested a thousand deep."""

    def parse_body(self, request: HttpRequest) -> Any:
        read = orjson.loads(request.body)
        if b"\\u0000" in request.body and _has_nul(read):
            raise ValueError("NUL")
        return read


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(map(_has_nul, value)) or any(map(_has_nul, value.values()))
    return isinstance(value, list) and any(map(_has_nul, value))


@cache
def routes() -> tuple[Route, ...]:
    """Every route of the house, room by room from the lowest floor."""
    return tuple(route for heading in _headings() for route in heading.declared)


def _headings() -> Iterator[Routes]:
    rooms = [app for app in settings.INSTALLED_APPS if app.startswith("regulars.areas.")]
    for module in [f"{room}.endpoints" for room in rooms]:
        if find_spec(module):
            yield from (each for each in vars(import_module(module)).values() if isinstance(each, Routes))


@cache
def api() -> NinjaAPI:
    made = NinjaAPI(
        title="Regulars", version="1", openapi_url=None, docs_url=None, auth=Token(), parser=Json(),
        urls_namespace="api-v1", servers=[], description=_DESCRIPTION,
    )  # fmt: skip
    router = Router()
    by_view = {}
    for route in routes():
        by_view[route.view] = route
        _mount(router, route)
    router.add_decorator(_door(by_view), mode="view")
    made.add_router("", router)
    for kind, handler in _HANDLERS:
        made.add_exception_handler(kind, handler)
    return made


def _mount(router: Router, route: Route) -> None:
    summary, _blank, description = (route.view.__doc__ or "").strip().partition("\n")
    refusals = dict.fromkeys(route.refuses, Problem)
    mounted = router.api_operation(
        [route.method],
        route.path.replace("{name}", "{path:name}"),  # a name may hold a `/`
        response={**route.gives, **refusals},
        operation_id=route.name,
        summary=summary.rstrip("."),
        description=" ".join(description.split()) or None,
        tags=[route.tag],
        by_alias=True,
        auth=None if route.right == OPEN else Token(),
        openapi_extra=dict(route.extra) or None,
    )
    mounted(route.view)


def _door(by_view: dict[Any, Route]) -> Callable[[Any], Any]:
    def decorate(run: Any) -> Any:
        operation = run.__self__
        has_body = any(model.__ninja_param_source__ in ("body", "file", "form") for model in operation.models)
        return guarded(
            run,
            by_view[operation.view_func],
            takes=_names(operation, "query"),
            parts=_names(operation, "form", "file"),
            has_body=has_body,
        )

    return decorate


def _names(operation: Any, *sources: str) -> frozenset[str]:
    models = [model for model in operation.models if model.__ninja_param_source__ in sources]
    return frozenset(name for model in models for name in getattr(model, "__ninja_flatten_map__", model.model_fields))


@cache
def resolver() -> URLResolver:
    """The addresses below `/api/v1`."""
    patterns = [each for each in api().urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    return URLResolver(RegexPattern(r"^/"), patterns)


# --- what goes wrong --------------------------------------------------------------------------------------------------


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return problem(refused)


def _wrong_shape(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    places = [{"where": _path(each["loc"]), "message": str(each["msg"])} for each in wrong.errors]
    unknown = [each for each in wrong.errors if each["type"] == "extra_forbidden"]
    if unknown:
        name = str(unknown[0]["loc"][-1])
        told = _("There is no member called %(name)s.") % {"name": name[:60]}
        return problem(Unknown(told, where=_path(unknown[0]["loc"]), errors=places))
    message = _("%(where)s: %(message)s.") % places[0] if places else _("This cannot be read.")
    return problem(Wrong(message, where=places[0]["where"] if places else None, errors=places))


def _path(place: Any) -> str:
    return ".".join(str(each)[:60] for each in place)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        return problem(NotSignedIn(_("Send a token that holds: Authorization: Bearer …")))
    return problem(Unreadable(_("The body is not JSON that can be read.")))


def _not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(NotFound(_("There is nothing at this address.")))


def _suspicious(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(Unreadable(_("What was sent cannot be read.")))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    return broken(request, error)


class Broken(Refused):
    """Our fault. It stands in the log."""

    code = "broken"
    status = 500


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s", request.method, route_of(request), exc_info=error)
    if (disk := trouble.of(error)) is not None:
        return problem(disk)
    return problem(Broken(_("Something is broken here; whoever runs this house finds it in the log.")))


_HANDLERS: tuple[tuple[type[Exception], Any], ...] = (
    (Refused, _refused),
    (ValidationError, _wrong_shape),
    (HttpError, _http_error),
    (Http404, _not_found),
    (SuspiciousOperation, _suspicious),
    (Exception, _broken),
)

_DESCRIPTION = """The register over HTTP. Every call carries a token (`Authorization: Bearer …`), made on the account
page or with `regulars token add`. Every refusal is an RFC 9457 problem. A parameter or member that does not exist is
refused, never ignored."""


def call(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answers a request to `/api/v1` + path."""
    match = resolver().resolve(path)
    request.resolver_match = match
    return match.func(request, *match.args, **match.kwargs)  # type: ignore[no-any-return]
