"""The list of customers as a browser gets it, against the least one can do for the same page, in turn in one run.

    python -m benchmarks.pages [100000] [--home FOLDER] [--requests 10] [--rounds 60] [--profile list|card|today]

Both are called as WSGI applications in one process by one thread, one request at a time, without a server: what a
server costs is the same for both and would only flatter the ratio. `benchmarks.bare` is WSGI, sqlcipher3 and Jinja2,
written by hand for this one page; that it answers the same page is checked before anything is measured. Requests a
second are by computing time of the process, so other work on the machine counts for neither; the time of one page is by
the clock as well. Then what the first visit of each page weighs as it is sent: the page, and the assets that a browser
loads for it.
"""

import argparse
import cProfile
import pstats
import re
import statistics
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.bare import Bare
from benchmarks.register import register

LIST = "/customers/"
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"  # as browsers do
GOAL, P50 = 1 / 4, 20.0
App = Callable[[dict[str, Any], Callable[..., Any]], Any]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--requests", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--profile", choices=("list", "card", "today"))
    args = parser.parse_args()
    with register(args.count, home=args.home):
        from regulars.interfaces.server.web import _application, _warmed

        _warmed()

        visit = Visit(_application(), signed_in())
        pages = {"list": LIST, "card": f"/customers/{10001 + args.count // 2}/", "today": "/"}
        if args.profile:
            profiled(visit, pages[args.profile], args.requests)
            return
        compared(visit, args.requests, args.rounds)
        for name, path in pages.items():
            print(f"{name:6} {questions(visit, path):3} questions", flush=True)
        weighed(visit, pages)


def signed_in(port: int = 80) -> str:
    """An owner of the house, signed in: the cookie of her browser."""
    from django.utils import timezone

    from regulars.areas.access import actions
    from regulars.areas.access.door import sessions
    from regulars.areas.access.models import User
    from regulars.kernel.actor import Actor

    by, at = Actor(kind="operator", name="benchmark", rights=frozenset({"*"})), timezone.now()
    user = User.objects.filter(login_folded="olga").first()
    if user is None:
        user, _given = actions.add_user(by=by, at=at, login="olga", name="Olga", role="owner", language="en")
    _session, value = sessions.begin(user, at=at, browser="benchmark")
    return f"session_{port}={value}"


class Visit:
    """Asks a WSGI application for pages, as a browser would that is signed in."""

    def __init__(self, app: App, cookie: str) -> None:
        self.app, self.cookie = app, cookie
        self.kept: dict[str, str] = {}  # further cookies that it was given

    def __call__(self, path: str, query: str = "") -> bytes:
        told: list[str] = []
        environ = self._environ(path) | {"QUERY_STRING": query}
        answer = self.app(environ, lambda status, headers, *rest: self._heard(told, status, headers))
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        if not told[0].startswith("200"):
            raise RuntimeError(f"{path} answered {told[0]}")
        return body

    def _heard(self, told: list[str], status: str, headers: list[tuple[str, str]]) -> None:
        told.append(status)
        given = (value.partition(";")[0] for name, value in headers if name == "Set-Cookie")
        self.kept |= {each.partition("=")[0]: each for each in given}

    def _environ(self, path: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
            "HTTP_COOKIE": "; ".join([self.cookie, *self.kept.values()]), "HTTP_ACCEPT": ACCEPT,
            "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": BytesIO(), "wsgi.version": (1, 0),
            "wsgi.multithread": False,
        }  # fmt: skip


def bare_app() -> Bare:
    """The bare application over a connection of its own, opened and keyed as the product's."""
    from django.db import connections

    from regulars.areas.access.models import RIGHTS_OF
    from regulars.interfaces.web.assets import address
    from regulars.kernel.names import initials
    from regulars.kernel.phones import international

    own = connections.create_connection("default")
    own.ensure_connection()
    return Bare(own.connection, RIGHTS_OF, address, initials, international)


# --- measuring --------------------------------------------------------------------------------------------------------


def compared(visit: Visit, requests: int, rounds: int) -> None:
    bare = Visit(bare_app(), visit.cookie)
    _same(visit(LIST), bare(LIST))
    rates: dict[str, list[float]] = {"bare": [], "product": []}
    clocked: list[float] = []
    for _round in range(rounds):
        for name, ask in (("bare", bare), ("product", visit)):
            begun = time.process_time()
            for _each in range(requests):
                at = time.perf_counter()
                ask(LIST)
                if name == "product":
                    clocked.append((time.perf_counter() - at) * 1000)
            rates[name].append(requests / (time.process_time() - begun))
    ratio = statistics.median(ours / limit for ours, limit in zip(rates["product"], rates["bare"], strict=True))
    limit, ours = (statistics.median(rates[name]) for name in ("bare", "product"))
    p50 = statistics.median(clocked)
    print(f"bare     {limit:8.0f} lists a second of computing, {1000 / limit:6.2f} ms each")
    print(f"product  {ours:8.0f} lists a second of computing, {1000 / ours:6.2f} ms each")
    print(f"ratio    {ratio:8.3f} (goal {GOAL}): {'met' if ratio >= GOAL else 'NOT MET'}")
    print(f"p50      {p50:8.2f} ms by the clock (goal {P50:g}): {'met' if p50 <= P50 else 'NOT MET'}")


def _same(ours: bytes, bare: bytes) -> None:
    """Raises AssertionError where the two pages are not the same but for blanks and the secret of the form."""
    for one, other in zip(_plain(ours), _plain(bare), strict=True):
        assert one == other, f"the product says\n{one}\nwhere the bare page says\n{other}"
    print(f"both answer the same page: {len(ours):,} bytes, bare {len(bare):,}", flush=True)


def _plain(page: bytes) -> list[str]:
    """The page, one tag with its text a line, without blanks between."""
    text = re.sub(r'("X-CSRFToken": "|csrfmiddlewaretoken" value=")[^"]*', r"\1", page.decode())
    return [" ".join(each.replace('class="icon "', 'class="icon"').split()) for each in text.split("<")]


def questions(visit: Visit, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visit(path)
    with CaptureQueriesContext(connection) as asked:
        visit(path)
    return len(asked)


def weighed(visit: Visit, pages: dict[str, str]) -> None:
    """What a first visit loads, compressed: the page and all the assets it names."""
    from tests.rig.weight import assets_of

    for name, path in pages.items():
        page = visit(path)
        whole = len(page) + sum(assets_of(page.decode()).values())
        print(f"{name:6} weighs {whole / 1000:6.1f} kB, {len(page) / 1000:.1f} of it the page itself")


def profiled(visit: Visit, path: str, requests: int) -> None:
    for _each in range(5):
        visit(path)
    profile = cProfile.Profile()
    profile.enable()
    for _each in range(requests):
        visit(path)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(90)


if __name__ == "__main__":
    main()
