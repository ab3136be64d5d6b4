"""Texts that want to be more than text: at whatever door they come in, they are refused or kept, never obeyed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of, person, token_of
from regulars.areas.customers.tests.people import anna
from regulars.interfaces.api.service import routes
from tests.rig.hostile import TEXTS
from tests.rig.programs import Program
from tests.test_permissions import ALL_PAGES, Page

pytestmark = pytest.mark.django_db
WORDS = ("a\0b", "(" * 10_000, "not " * 3_000 + "'\"\\ %s%(x)s{{x}}{0.__class__}\r\nX: y")
NAMES = (
    "criteria",
    "q",
    "after",
    "limit",
    "columns",
    "order",
    "at",
    "since",
    "page",
    "verb",
    "next",
    "seen",
    "key",
    "by",
)
PIECES = ("a%00b", "%2e%2e%2f", "%C3%28%0d%0aX:y", "x" * 3000)
NUMBERS = (str(2**63), "9" * 5000)
BODIES = (
    *(b"", b"null", b"[]", b"1", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 900 + b"1" + b"}" * 900),
    *(b'{"given_name":"' + b"x" * 2_000_000 + b'"}', b'{"given_name":"a\\u0000b"}', b'{"given_name":"\\ud800"}'),
    *(b'{"children":1e400}', b'{"children":99999999999999999999999}', b'{"referred_by":9007199254740993}'),
    *(b'{"custom":{"' + b"k" * 100_000 + b'":1}}', b'{"tags":[' + b",".join([b'"t"'] * 20_000) + b"]}"),
    *(b'{"emails":[{"value":"' + b"a" * 90_000 + b'@b.c"}]}', b'{"birth_date":"' + b"9" * 5000 + b'"}'),
    *(b'{"phones":[{"value":"' + b"9" * 5000 + b'"}]}', b'{"time_zone":"../../etc/passwd"}'),
    *(b'{"identity_numbers":[{"kind":"__init__","value":"x","country":"../.."}]}', b'{"fact":"__class__"}'),
    *(b'{"name":"x","criteria":"' + b"(" * 10_000 + b'"}', b'{"name":"x","criteria":"' + b"not " * 10_000 + b'x"}'),
    *(b'{"name":"x","criteria":"' + b"city = 1 and " * 40_000 + b'city = 1"}', b'{"name":"..","criteria":""}'),
    b'{"name":"x","criteria":"city in (' + b"1," * 200_000 + b'1)"}',
)


@pytest.fixture
def known() -> dict[str, Any]:
    token, _text = token_of("owner", "customers.view")
    return {"number": anna(), "public": person("staff").public, "token": token.public}


def pages() -> Iterator[Page]:
    return (each for each in ALL_PAGES if each.name not in ("api:v1", "asset", "sign_out"))


def ask(browser: Client, method: str, address: str, sent: dict[str, str] | None = None) -> HttpResponse:
    """The answer. A database that refuses what it was asked fails the test."""
    with transaction.atomic():
        answered: HttpResponse = getattr(browser, method)(address, sent or {})
    assert answered.status_code < 500, (method, address[:100], answered.status_code)
    return answered


def test_hostile_addresses() -> None:
    owner = browser_of("owner")
    for page in pages():
        for number in NUMBERS if "int" in page.parameters.values() else ():
            given = {name: 424242 if kind == "int" else "x" for name, kind in page.parameters.items()}
            ask(owner, "get", reverse(page.name, kwargs=given).replace("424242", number))
        for piece in PIECES if {"str", "path"} & set(page.parameters.values()) else ():
            given = {name: 10001 if kind == "int" else "wwwww" for name, kind in page.parameters.items()}
            ask(owner, "get", reverse(page.name, kwargs=given).replace("wwwww", piece))


@pytest.mark.parametrize("word", WORDS, ids=lambda word: repr(word)[:12])
def test_hostile_queries_and_forms(known: dict[str, Any], word: str) -> None:
    owner = browser_of("owner")
    for page in pages():
        address = page.address(**known, name="about", kind="deceased", fact="birth_date")
        shown = ask(owner, "get", address, dict.fromkeys(NAMES, word))
        names = {each.decode() for each in re.findall(rb'name="([^"]+)"', shown.content)}
        ask(owner, "post", address, dict.fromkeys((names - {"csrfmiddlewaretoken"}) or NAMES, word))


def test_hostile_bodies(known: dict[str, Any]) -> None:
    till = Program("owner")
    for route in routes():
        if route.method != "GET":
            given = {"number": str(known["number"]), "kind": "deceased"}
            path = re.sub(r"{(\w+)}", lambda part: given.get(part[1], "1"), route.path)  # noqa: B023
            for body in BODIES:
                with transaction.atomic():
                    answered = till.call(route.method, path, body)
                assert answered.status_code < 500, (route.method, path, body[:60], answered.content)


@pytest.mark.parametrize("tag", ["Friends/Family", "a/b/", "´", "?x#y", "..", "%2F", "100 %", "\u202eabc"])
def test_a_tag_of_any_signs_goes_on_the_card_and_off(tag: str) -> None:
    number, owner = anna(tags=[tag, "`"]), browser_of("owner")
    page = ask(owner, "get", f"/customers/{number}/").content.decode()
    off = re.findall(r'action="([^"]*/remove/tags/[^"]*)"', page)
    assert len(off) == 2
    for address in off:
        assert ask(owner, "post", address.replace("&amp;", "&")).status_code == 303


@pytest.mark.parametrize("name", ["Friends/Family", "´x", "?x#y", "a%2Fb", "<b>"])
def test_a_segment_of_any_signs_is_renamed_read_and_removed(name: str) -> None:
    till, owner = Program("owner"), browser_of("owner")
    made = till.post("/segments", {"name": name, "criteria": 'city = "x"'})
    place = made["Location"].removeprefix("/api/v1")
    assert till.get(place).json()["name"] == name
    page = ask(owner, "get", "/segments/").content.decode()
    off = re.findall(r'action="([^"]*/segments/remove/[^"]*)"', page)
    assert ask(owner, "post", off[0].replace("&amp;", "&")).status_code == 303
    assert till.get(place).status_code == 404


def test_hostile_texts_are_kept_and_shown_as_text() -> None:
    till = Program("owner")
    made = till.post("/customers", {"given_name": "x", "notes": [{"text": text} for text in TEXTS]})
    kept = {each["text"] for each in made.json()["notes"]}
    plain = {text for text in TEXTS if text == text.strip() and text.isascii() and text.isprintable()}
    assert plain - kept <= {"=1+1"}, "its full-width twin on the same day is the same note"
    page = ask(browser_of("owner"), "get", f"/customers/{made.json()['number']}/").content.decode()
    assert not [text for text in TEXTS if "<" in text.strip("<") and text in page]
