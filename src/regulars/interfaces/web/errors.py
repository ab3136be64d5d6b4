"""The pages for what went wrong, saying what to do. Those for our own faults stand without the frame: it reads data."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from regulars.kernel import http, trouble


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    html = render_to_string(f"errors/{status.value}.html", request=request)
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.FORBIDDEN)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or came too late; nothing was done."""
    html = render_to_string("errors/forged.html", request=request)
    return HttpResponse(html, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Rendered without a request: no context processor and no session, whatever is broken."""
    if (disk := trouble.of(sys.exception())) is not None:
        if http.wants_json(request):
            return http.problem(disk)
        return HttpResponse(render_to_string("errors/disk.html", {"trouble": str(disk)}), status=disk.status)
    html = render_to_string("errors/500.html")
    return HttpResponse(html, status=HTTPStatus.INTERNAL_SERVER_ERROR)
