"""The list of customers as a browser gets it, against the least one can do for the same page, in turn in one run.

    python -m benchmarks.pages [100000] [--home FOLDER] [--requests 40] [--rounds 7] [--profile list|card|today]

Both are called as WSGI applications in one process by one thread, one request at a time, without a server: what a
server costs is the same for both and would only flatter the ratio. `bare` is WSGI, sqlcipher3 and texts put together by
`str.format`: it finds the session and its user, looks at the right, counts, reads the same fifty customers and answers
rows of the same HTML in the product's own frame, kept as one text; that the rows are the same is checked. That is
harder than a template language, which would make the frame anew. Both keep phones once written for people. Requests a
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
from hashlib import sha256
from html import escape
from http.cookies import SimpleCookie
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.register import register

LIST = "/customers/"
GOAL, P50 = 1 / 4, 20.0
App = Callable[[dict[str, Any], Callable[..., Any]], Any]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=7)
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

    def __call__(self, path: str, query: str = "") -> bytes:
        told: list[str] = []
        environ = self._environ(path) | {"QUERY_STRING": query}
        answer = self.app(environ, lambda status, headers, *rest: told.append(status))
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        if not told[0].startswith("200"):
            raise RuntimeError(f"{path} answered {told[0]}")
        return body

    def _environ(self, path: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie, "HTTP_ACCEPT": "text/html", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(), "wsgi.version": (1, 0), "wsgi.multithread": False,
        }  # fmt: skip


# --- the least one can do ---------------------------------------------------------------------------------------------

_SESSION = """
SELECT s.ends_at, s.idle_at, u.name, u.role, u.active FROM access_session s JOIN access_user u ON u.id = s.user_id
WHERE s.digest = ?"""
_COUNT = """
SELECT (SELECT count(*) FROM customers_customer)
     - (SELECT count(DISTINCT customer_id) FROM customers_standing WHERE kind IN ('archived', 'prospect'))"""
_FIRST = """
SELECT number, title, given_name, middle_name, family_name, suffix, organisation_name, called_name, sort_key
FROM customers_customer c
WHERE sort_key > '' AND NOT EXISTS (
    SELECT 1 FROM customers_standing s WHERE s.customer_id = c.number AND s.kind IN ('archived', 'prospect'))
ORDER BY sort_key, number LIMIT 51"""
_POINTS = """
SELECT customer_id, kind, value FROM customers_contactpoint WHERE customer_id IN ({}) ORDER BY "primary" DESC, id"""
_CITIES = "SELECT customer_id, city FROM customers_address WHERE customer_id IN ({}) ORDER BY id"


class Bare:
    """The list without any framework. The frame around the rows is the product's own, taken once, as text."""

    def __init__(self, connection: Any, page: str, may: Callable[[str], bool]) -> None:
        from regulars.areas.segments.pages.rows import _MORE, _NAMELESS, _ROW
        from regulars.kernel.names import initials
        from regulars.kernel.phones import international

        self.phone = international
        self.ask, self.may, self.initials = connection.execute, may, initials
        self.row, self.more, self.nameless = _ROW, _MORE, _NAMELESS
        self.head, rest = page.split("<tbody>")
        self.foot = rest.split("</tbody>")[1]
        self.many = re.search(r"([\d,]+) customers", page)[1]  # type: ignore[index]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        cookie = SimpleCookie(environ["HTTP_COOKIE"])["session_80"].value
        seat = self.ask(_SESSION, (sha256(cookie.encode()).hexdigest(),)).fetchone()
        if seat is None or not seat[4] or not self.may(seat[3]):
            raise RuntimeError("not signed in")
        many = f"{self.ask(_COUNT).fetchone()[0]:,}"
        found = self.ask(_FIRST).fetchall()[:50]
        numbers, marks = [row[0] for row in found], ", ".join("?" * len(found))
        reach: dict[tuple[int, str], list[str]] = {}
        for number, kind, value in self.ask(_POINTS.format(marks), numbers):
            reach.setdefault((number, kind), []).append(self.phone(value) if kind == "phone" else value)
        for number, city in self.ask(_CITIES.format(marks), numbers):
            reach.setdefault((number, "city"), []).append(city)
        rows = "".join([self._row(row, reach) for row in found])
        body = f"{self.head.replace(self.many, many)}<tbody>{rows}</tbody>{self.foot.replace(self.many, many)}".encode()
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]

    def _row(self, row: Any, reach: dict[tuple[int, str], list[str]]) -> str:
        from zlib import crc32

        number, title, given, middle, family, suffix, organisation, called, _key = row
        name = organisation or " ".join(filter(None, (title, given or called, middle, family, suffix)))
        return self.row.format(
            tone=crc32(str(number).encode()) % 8, initials=escape(self.initials(name)), number=number, then="",
            tick=escape(f"Choose {name or number}"), name=escape(name) if name else self.nameless.format(number=number),
            cells="".join([self._cell(reach.get((number, kind))) for kind in ("email", "phone", "city")]),
        )  # fmt: skip

    def _cell(self, values: list[str] | None) -> str:
        if not values:
            return "<td></td>"
        return f"<td>{escape(values[0])}{self.more.format(more=len(values) - 1) if len(values) > 1 else ''}</td>"


def bare_app(visit: Visit) -> Bare:
    """The bare application over a connection of its own, opened and keyed as the product's."""
    from django.db import connections

    from regulars.areas.access.models import RIGHTS_OF

    own = connections.create_connection("default")
    own.ensure_connection()
    return Bare(own.connection, visit(LIST).decode(), lambda role: bool(RIGHTS_OF[role] & {"*", "customers.view"}))


# --- measuring --------------------------------------------------------------------------------------------------------


def compared(visit: Visit, requests: int, rounds: int) -> None:
    bare = Visit(bare_app(visit), visit.cookie)
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
    """Raises AssertionError where the rows differ or the pages' sizes do."""
    rows = [page.decode().split("<tbody>")[1].split("</tbody>")[0] for page in (ours, bare)]
    assert rows[0] == rows[1], "the bare page shows other rows"
    assert abs(len(ours) - len(bare)) < 100, "the bare page has another size"


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
