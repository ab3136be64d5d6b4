"""The documentation as a page and as a document, and the door for every program."""

import json
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.http import open_to_all, problem, show


class NotThisWay(Refused):
    """The address is there, but not for this method."""

    code = "method_not_allowed"
    status = 405


@csrf_exempt  # programs bring a token; no cookie counts here (access/door/middleware.py)
def _programs(request: HttpRequest, rest: str) -> HttpResponseBase:
    from regulars.interfaces.api import service
    from regulars.interfaces.api.door import Unreadable

    head = request.method == "HEAD"
    if head:
        request.method = "GET"
    try:
        response = service.call(request, f"/{rest.removeprefix('v1/')}" if rest.startswith("v1/") else "/")
    except Resolver404:
        response = problem(NotFound(_("There is nothing at this address. The routes stand in /api/docs.")))
    except (SuspiciousOperation, MultiPartParserError):
        response = problem(Unreadable(_("What was sent cannot be read.")))
    except Exception as error:  # the one place where our own fault becomes an answer
        response = service.broken(request, error)
    if response.status_code == 405:
        response = _not_this_way(request, response)
    response._has_been_logged = response.status_code < 500  # type: ignore[attr-defined]  # a refusal is no incident
    if head and isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _not_this_way(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    allowed = response.headers.get("Allow", "")
    told = problem(
        NotThisWay(
            _("%(method)s is not possible here, but: %(allowed)s.") % {"method": request.method, "allowed": allowed}
        )
    )
    told["Allow"] = allowed
    return told


def _openapi(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        told = problem(NotThisWay(_("This document can be read only.")))
        told["Allow"] = "GET, HEAD"
        return told
    from regulars.interfaces.api.document import document

    body = json.dumps(document(_own_facts(request)), ensure_ascii=False)
    return HttpResponse(body, content_type="application/json")


def _own_facts(request: HttpRequest) -> dict[str, Any] | None:
    """The business's own facts for whoever may see customers, by token or signed in."""
    from regulars.areas.customers.card.shapes import custom_schema
    from regulars.interfaces.api.door import caller

    actor = getattr(request, "actor", None) or caller(request)
    return custom_schema() if actor is not None and actor.may("customers.view") else None


def _docs(request: HttpRequest) -> HttpResponse:
    from regulars.interfaces.api.document import document
    from regulars.interfaces.api.reading import refusals, sections

    base = f"{request.scheme}://{request.get_host()}"
    shown = sections(document(_own_facts(request)), base)
    return show(request, "api/docs.html", base=base, sections=shown, refusals=refusals())


def _shapes(request: HttpRequest) -> HttpResponse:
    from regulars.interfaces.api.document import document
    from regulars.interfaces.api.reading import forms

    return show(request, "api/shapes.html", forms=forms(document(_own_facts(request))))


programs = open_to_all(_programs)  # each route asks for its own right, see `service.routes`
programs.csrf_exempt = True  # type: ignore[attr-defined]
openapi = open_to_all(_openapi)  # the document names no customer; the business's own facts only with a token
docs, shapes = open_to_all(_docs), open_to_all(_shapes)  # the same, to be read
