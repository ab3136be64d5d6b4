"""What stands in the log, and what must not: every view crashes, and no secret comes out of it (S6, V16)."""

import logging
from collections.abc import Iterator
from dataclasses import fields
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.models import User
from regulars.areas.access.tests.people import OPERATOR, browser_of, person, token_of
from regulars.areas.customers.tests.people import anna
from regulars.kernel import keyfile
from regulars.kernel.logs import Plain, WithoutAddresses
from tests.test_permissions import ALL_PAGES

pytestmark = pytest.mark.django_db
CANARY = "canary-of-a-customer@example.org"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the house's own handler writes."""
    told = settings.LOGGING["formatters"]["plain"]
    handler = logging.StreamHandler(StringIO())
    handler.setFormatter(Plain(told["format"], style=told["style"]))
    handler.addFilter(WithoutAddresses())
    root, level = logging.getLogger(), logging.getLogger("regulars").level
    root.addHandler(handler)
    logging.getLogger("regulars").setLevel(logging.INFO)
    yield handler.stream
    root.removeHandler(handler)
    logging.getLogger("regulars").setLevel(level)


def secrets() -> list[str]:
    keys = keyfile.keys()
    found = [value for value in (getattr(keys, each.name) for each in fields(keys)) if isinstance(value, bytes)]
    return [settings.SECRET_KEY, *(key.hex() for key in found), *(repr(key) for key in found)]


def test_whatever_view_crashes_no_secret_comes_out(written: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    number, link = anna(), actions.new_password_link(by=OPERATOR, at=timezone.now(), user=person("staff"))
    _token, text = token_of("owner", "customers.view")

    def crashing(_self: Any, _view: Any) -> Any:
        def view(request: HttpRequest, *_args: Any, **_named: Any) -> None:
            raise ValueError(f"{CANARY}\n{settings.SECRET_KEY} {request.COOKIES} {request.headers}")

        return view

    monkeypatch.setattr(BaseHandler, "make_view_atomic", crashing)
    browser = browser_of("owner", raise_request_exception=False, headers={"Authorization": f"Bearer {text}"})
    hidden = [CANARY, link, text, browser.cookies["session_80"].value, *secrets()]
    for page in ALL_PAGES:
        address = "/api/v1/customers" if page.name == "api:v1" else page.address(given=link, number=number)
        answer = browser.get(address, {"criteria": CANARY})
        assert answer.status_code == 500, page.name
        assert not [each for each in hidden if each in answer.content.decode()], page.name
        assert "Traceback" not in answer.content.decode() and "ValueError" not in answer.content.decode(), page.name
    log = written.getvalue()
    assert log.count("builtins.ValueError") == len(ALL_PAGES)
    assert "join/<str:given>/" in log and "test_logs.py:" in log, "what happened and where is told"
    assert not [each for each in hidden if each in log] and f"/{number}/" not in log


def test_what_a_caller_sends_forges_no_line(written: StringIO) -> None:
    logging.getLogger("regulars.test").warning("name: %s", "Eve\n2026-01-01 INFO all is well\r\x1b[2J\u2028")
    (line,) = written.getvalue().splitlines()
    assert r"\n2026-01-01" in line and r"\x1b" in line and "\x1b" not in line


def test_a_line_has_its_moment_in_utc(written: StringIO) -> None:
    logging.getLogger("regulars.test").handle(
        logging.makeLogRecord(
            {"name": "regulars.test", "levelno": 20, "levelname": "INFO", "msg": "x", "created": 0.5, "msecs": 500}
        )
    )
    assert written.getvalue() == "1970-01-01T00:00:00.500Z INFO regulars.test: x\n"


def test_faults_of_the_machine_are_told_in_words_and_those_of_data_are_not(written: StringIO) -> None:
    log = logging.getLogger("regulars.test")
    for error in (OperationalError("disk full\nDETAIL: anna"), KeyError("anna")):
        try:
            raise error
        except Exception:
            log.exception("broken")
    told = written.getvalue()
    assert "django.db.utils.OperationalError: disk full" in told and "builtins.KeyError\n" in told
    assert "anna" not in told


def test_who_comes_in_and_who_does_not_is_logged_without_names(written: StringIO) -> None:
    user: User = person("staff")
    Client().post("/sign-in/", {"login": "Stefan", "password": "wrong"})
    browser = browser_of(user)
    assert browser.get("/people/").status_code == 403
    assert Client().get("/api/v1/customers", headers={"Authorization": "Bearer rgl_no"}).status_code == 401
    log = written.getvalue()
    assert "A try to sign in failed." in log and f"A session of user {user.public} began." in log
    assert f"Refused (not_allowed): GET people/, for user {user.public}." in log
    assert "Refused (not_signed_in): GET customers, for nobody known." in log
    assert "Stefan" not in log and "rgl_no" not in log and "127.0.0.1" not in log


def test_methods_nobody_knows_are_refused() -> None:
    for method in ("TRACE", "CONNECT", "JEFF"):
        for client in (Client(), browser_of("owner")):
            for address in ("/", "/sign-in/", "/api/v1/customers", "/healthz"):
                answer = client.generic(method, address)
                assert (answer.status_code, "GET" in answer["Allow"]) == (405, True), (method, address)


def test_a_program_is_not_led_from_http_to_https(settings: Any) -> None:
    """It would go on sending its token for all to read, and nobody would notice."""
    settings.SECURE_SSL_REDIRECT = True
    _token, text = token_of("owner", "customers.view")
    client = Client(headers={"Authorization": f"Bearer {text}"})
    answer = client.get("/api/v1/customers")
    assert (answer.status_code, answer.json()["code"]) == (403, "https_only")
    assert client.get("/api/v1/customers", secure=True).status_code == 200
    assert client.get("/sign-in/").status_code == 301
