"""The rescue pages let nobody in without the link or the sheet; the page of a house that is taken over."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from regulars.interfaces.rescue import TOLD, pages
from regulars.interfaces.server import maintenance
from regulars.kernel import crypto, keyfile, takeover

TOKEN = "ab" * 16


@pytest.fixture
def visitor(settings: Any) -> Iterator[Client]:
    from regulars.project import rescue

    settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.TEMPLATES = (
        rescue.ROOT_URLCONF,
        rescue.MIDDLEWARE,
        rescue.TEMPLATES,
    )
    TOLD.update(digest=crypto.sha256(TOKEN.encode()).hex(), why="The database file is missing.")
    pages._WRONG.clear()
    yield Client()
    TOLD.clear()
    takeover.clear()


@pytest.mark.django_db
def test_nobody_comes_in_without_the_link_or_the_sheet(visitor: Client) -> None:
    door = visitor.get("/")
    assert door.status_code == 503 and b"missing" not in door.content and b"Put it back" not in door.content
    visitor.get("/rescue/wrong/")
    assert visitor.post("/rescue/restore/").status_code == 302 and not takeover.waiting()
    for address in ("/customers/", "/people/", "/journal/"):
        assert visitor.get(address)["Location"] == "/"
    assert visitor.get("/api/v1/customers").status_code == 503 and visitor.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_the_link_lets_in_and_the_copy_is_asked_for(visitor: Client) -> None:
    assert visitor.get(f"/rescue/{TOKEN}/").status_code == 302
    assert visitor.get("/").status_code == 503
    assert b"being put back" in visitor.post("/rescue/restore/", {"version": "a-copy"}).content
    order, _answer = takeover.read()
    assert (order.version, order.by.name) == ("a-copy", "rescue page")
    assert b"Somebody else needs" in visitor.post("/rescue/restore/").content


@pytest.mark.django_db
def test_the_letters_of_the_sheet_let_in_and_ten_slips_close_that_door(visitor: Client) -> None:
    right = keyfile.check_letters()
    assert right in keyfile.recovery_sheet()
    assert visitor.post("/rescue/letters/", {"letters": f" {right.upper()} "}).status_code == 302
    other = Client()
    for _slip in range(10):
        assert other.post("/rescue/letters/", {"letters": "00000000"}).status_code == 403
    assert other.post("/rescue/letters/", {"letters": right}).status_code == 403


def test_an_order_that_was_altered_is_none() -> None:
    from regulars.kernel.actor import Actor

    takeover.ask(takeover.Order(Actor(kind="user", name="Olga")))
    place = takeover._asked()
    assert b"Olga" not in place.read_bytes()
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    with pytest.raises(crypto.Tampered):
        takeover.read()
    takeover.clear()


def answered(path: str, **headers: str) -> tuple[str, dict[str, str], str]:
    told: list[Any] = []
    environ = {
        "PATH_INFO": path,
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(),
    }
    body = b"".join(maintenance.answer({**environ, **headers}, lambda *given: told.extend(given)))
    return told[0], dict(told[1]), body.decode()


def test_while_it_is_taken_over_a_person_reads_it_in_her_language_and_a_program_waits() -> None:
    status, headers, page = answered("/customers/", HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="de")
    assert status.startswith("503") and headers["Retry-After"] and 'lang="de"' in page and "data-again" in page
    for path, accept in (("/healthz", "text/html"), ("/api/v1/customers", "*/*"), ("/", "application/json")):
        status, headers, page = answered(path, HTTP_ACCEPT=accept)
        assert status.startswith("503") and headers["Content-Type"] == "application/json"
    assert answered("/static/nothing.css")[0].startswith("404")
