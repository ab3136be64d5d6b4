"""What everybody sees while the house is taken over: a page that says so, and `503` with `Retry-After` for programs."""

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from regulars.interfaces.server.plan import Plan

_AGAIN = 5  # seconds after which a browser looks again
_STATIC = "/static/"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def log_message(self, *_given: Any) -> None:
        """An address may hold a secret; nobody reads these lines."""


@contextmanager
def shown(plan: Plan) -> Iterator[None]:
    """Within it every address of the house answers that it is being looked after."""
    with make_server(plan.host, plan.port, answer, _Server, _Quiet) as server:
        if plan.secure:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(plan.cert, plan.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True, name="maintenance")
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The page in the reader's language; JSON where a program asks; the page's own style sheet and letters."""
    from django.core.handlers.wsgi import WSGIRequest
    from django.template.loader import render_to_string
    from django.utils import translation

    path = str(environ.get("PATH_INFO", ""))
    if path.startswith(_STATIC):
        return _static(WSGIRequest(environ), path.removeprefix(_STATIC), start)
    headers = [("Retry-After", str(_AGAIN)), ("Cache-Control", "no-store"), ("Server", "granian")]
    if path == "/healthz" or path.startswith("/api/") or "text/html" not in str(environ.get("HTTP_ACCEPT", "")):
        start("503 Service Unavailable", [*headers, ("Content-Type", "application/json")])
        return [b'{"ok": false}']
    with translation.override(translation.get_language_from_request(WSGIRequest(environ))):
        page = render_to_string("errors/503.html")
    kinds = ("script", "style", "font", "img", "connect")
    policy = "; ".join(["default-src 'none'", *(f"{kind}-src 'self'" for kind in kinds)])
    start(
        "503 Service Unavailable",
        [
            *headers,
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", policy),
        ],
    )
    return [page.encode()]


def _static(request: Any, name: str, start: Callable[..., Any]) -> Iterable[bytes]:
    from django.http import Http404

    from regulars.interfaces.web import assets

    with suppress(Http404):
        found = assets.serve(request, name)
        start(f"{found.status_code} OK", list(found.items()))
        return [b"".join(found)]
    start("404 Not Found", [("Content-Type", "text/plain")])
    return [b""]
