"""The list of customers as one would write it by hand: WSGI, sqlcipher3 and Jinja2, and nothing else.

It does what the product does for this one page: finds the session with its user, looks at the right, reads the house's
settings and the saved segments, counts, reads the same fifty customers with what is shown of them, knows who is gold,
and writes the same HTML, told in English only. Templates are compiled once, texts are escaped by Jinja2, the edge of
the gold share is kept for one state of the journal, phones once written for people are kept as in the product.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader

_SESSION = """
SELECT u.id, u.name, u.role, u.language FROM access_session s JOIN access_user u ON u.id = s.user_id
WHERE s.digest = ? AND s.ends_at > ? AND s.idle_at > ? AND u.active"""
_SETTINGS = "SELECT name, value FROM house_setting"
_SEGMENTS = "SELECT name FROM segments_segment ORDER BY key"
_COUNT = """
SELECT (SELECT count(*) FROM customers_customer)
     - (SELECT count(DISTINCT customer_id) FROM customers_standing WHERE kind IN ('archived', 'prospect'))"""
_FIRST = """
SELECT number, title, given_name, middle_name, family_name, suffix, organisation_name, sort_key
FROM customers_customer c
WHERE sort_key > '' AND NOT EXISTS (
    SELECT 1 FROM customers_standing s WHERE s.customer_id = c.number AND s.kind IN ('archived', 'prospect'))
ORDER BY sort_key, number LIMIT 51"""
_POINTS = """
SELECT customer_id, kind, value FROM customers_contactpoint WHERE customer_id IN ({}) ORDER BY "primary" DESC, id"""
_CITIES = "SELECT customer_id, city FROM customers_address WHERE customer_id IN ({}) ORDER BY id"
_SPENT = """
SELECT number, spent_year, day <= ? AND until > ? FROM trade_rollup WHERE spent_year > 0 AND number IN ({})"""
_HEAD = "SELECT digest FROM journal_link ORDER BY number DESC LIMIT 1"
_BUYERS = "SELECT count(*) FROM trade_rollup WHERE spent_year > 0"
_EDGE = "SELECT spent_year FROM trade_rollup WHERE spent_year > 0 ORDER BY spent_year DESC LIMIT 1 OFFSET ?"


@dataclass(frozen=True, slots=True)
class Place:
    address: str
    label: str
    icon: str
    right: str


_MAIN = (
    Place("/", "Today", "house", "customers.view"),
    Place("/till/", "Till and telephone", "phone", "customers.view"),
    Place("/customers/", "Customers", "users", "customers.view"),
    Place("/purchases/", "Purchases", "shopping-bag", "trade.view"),
    Place("/segments/", "Segments", "layers", "customers.view"),
    Place("/duplicates/", "Duplicates", "git-merge", "customers.view"),
    Place("/completeness/", "What is missing", "circle-help", "customers.view"),
    Place("/imports/", "Bring in a list", "import", "customers.import"),
    Place("/changes/", "Changes", "history", "journal.view"),
)
_FOOT = (
    Place("/safekeeping/", "Safekeeping", "shield-check", "safekeeping.backup"),
    Place("/health/", "Health", "activity", "health.view"),
    Place("/settings/", "Settings", "settings", "house.settings"),
    Place("/people/", "People and rights", "key-round", "access.links"),
)
_HEADS = (
    {"order": "-name", "label": "Name", "sorted": True},
    {"order": "email", "label": "E-mail", "sorted": False},
    {"order": "phone", "label": "Phone", "sorted": False},
    {"order": "city", "label": "City", "sorted": False},
)
_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("Vary", "Cookie"),
    ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
]  # fmt: skip


class Bare:
    """The list without any framework, over an open connection; what it needs of the product is given: the rights of
    each role, the addresses of the assets, how initials and phones are written."""

    def __init__(
        self,
        connection: Any,
        rights: Mapping[str, frozenset[str]],
        asset: Callable[[str], str],
        initials: Callable[[str], str],
        phone: Callable[[str], str],
    ) -> None:
        self.ask, self.rights, self.initials, self.phone = connection.execute, rights, initials, phone
        templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent), autoescape=True, auto_reload=False, trim_blocks=True
        )
        templates.globals |= {"asset": asset, "icons": asset("icons.svg")}
        self.template = templates.get_template("list.html")
        self.edge: tuple[Any, int | None] = (None, None)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        cookies = SimpleCookie(environ["HTTP_COOKIE"])
        now = datetime.now(UTC)
        user, name, role, language = self._seat(cookies["session_80"].value, now)
        rights = self.rights[role]

        def may(right: str) -> bool:
            return right in rights or "*" in rights

        if not may("customers.view"):
            raise RuntimeError("this is not for her")
        rules = {each: json.loads(value) for each, value in self.ask(_SETTINGS)}
        today = now.astimezone(ZoneInfo(rules.get("time_zone", "Europe/Berlin"))).date()
        rows, following = self._rows(may("trade.view"), today, rules.get("gold_percent", 10))
        token = cookies["csrf"].value if "csrf" in cookies else secrets.token_hex(32)
        page = self.template.render(
            who={"name": name, "language": language, "tone": _tone(user), "initials": self.initials(name)},
            house=rules.get("name", ""),
            here="/customers/",
            main=[place for place in _MAIN if may(place.right)],
            foot=[place for place in _FOOT if may(place.right)],
            segments=[each for (each,) in self.ask(_SEGMENTS)],
            may=may,
            token=token,
            today=today.isoformat(),
            many=f"{self.ask(_COUNT).fetchone()[0]:,}",
            heads=_HEADS,
            rows=rows,
            next=following,
        ).encode()
        cookie = ("Set-Cookie", f"csrf={token}; HttpOnly; Path=/; SameSite=Lax")
        start_response("200 OK", [*_HEADERS, ("Content-Length", str(len(page))), cookie])
        return [page]

    def _seat(self, cookie: str, now: datetime) -> tuple[int, str, str, str]:
        """The user's id, name, role and language; raises RuntimeError where nobody is signed in."""
        at = now.strftime("%Y-%m-%d %H:%M:%S.%f")
        seat: tuple[int, str, str, str] | None
        seat = self.ask(_SESSION, (sha256(cookie.encode()).hexdigest(), at, at)).fetchone()
        if seat is None:
            raise RuntimeError("not signed in")
        return seat

    def _rows(self, sees_gold: bool, today: date, percent: int) -> tuple[list[tuple[Any, ...]], str]:
        """The first page, and where the next one begins."""
        found = self.ask(_FIRST).fetchall()
        more, found = len(found) > 50, found[:50]
        numbers, marks = [row[0] for row in found], ", ".join("?" * len(found))
        reach: dict[tuple[int, str], list[str]] = {}
        for number, kind, value in self.ask(_POINTS.format(marks), numbers):
            reach.setdefault((number, kind), []).append(self.phone(value) if kind == "phone" else value)
        for number, city in self.ask(_CITIES.format(marks), numbers):
            reach.setdefault((number, "city"), []).append(city)
        golden = self._golden(numbers, marks, today, percent) if sees_gold else frozenset()
        rows = [self._row(row, reach, golden) for row in found]
        last = json.dumps(["", found[-1][0], True, found[-1][-1]], ensure_ascii=False, separators=(",", ":"))
        return rows, urlsafe_b64encode(last.encode()).decode().rstrip("=") if more else ""

    def _row(self, row: Any, reach: Mapping[tuple[int, str], list[str]], golden: frozenset[int]) -> tuple[Any, ...]:
        number, title, given, middle, family, suffix, organisation, _key = row
        name = " ".join(filter(None, (title, given, middle, family, suffix))) or organisation
        cells = [reach.get((number, kind)) for kind in ("email", "phone", "city")]
        return number, name, self.initials(name), _tone(number), number in golden, cells

    def _golden(self, numbers: list[int], marks: str, today: date, percent: int) -> frozenset[int]:
        spent = list(self._spent(numbers, marks, today))
        edge = self._edge(today, percent) if spent else None
        return frozenset(number for number, sum_ in spent if edge is not None and sum_ >= edge)

    def _spent(self, numbers: list[int], marks: str, today: date) -> Iterator[tuple[int, int]]:
        day = today.isoformat()
        for number, spent, right in self.ask(_SPENT.format(marks), (day, day, *numbers)):
            if not right:
                raise RuntimeError("the sums are of another day: count them anew before measuring")
            yield number, spent

    def _edge(self, today: date, percent: int) -> int | None:
        """What the last of the golden share spent, for one state of the journal."""
        state = (self.ask(_HEAD).fetchone(), today, percent)
        if self.edge[0] != state:
            buyers = self.ask(_BUYERS).fetchone()[0]
            at = -(-buyers * percent // 100) - 1
            self.edge = state, self.ask(_EDGE, (at,)).fetchone()[0] if buyers else None
        return self.edge[1]


def _tone(key: object) -> int:
    return crc32(str(key).encode()) % 8
