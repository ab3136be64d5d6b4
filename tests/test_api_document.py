"""The OpenAPI document is complete, the page shows all of it, and every route stands in the docs."""

import json
import re
from functools import cache
from typing import Any

import pytest
from django.test import Client

from regulars.areas.access.models import RIGHTS
from regulars.areas.access.tests.people import browser_of
from regulars.interfaces.api.service import PREFIX, routes
from regulars.kernel import registries
from regulars.kernel.api import Shape
from regulars.kernel.http import OPEN, SIGNED_IN


@cache
def document() -> dict[str, Any]:
    from regulars.interfaces.api.document import document as made

    return made()


def operations():
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            yield path, method, told


def test_the_document_is_openapi_3_1():
    from jsonschema_rs import validator_for  # what schemathesis reads it with

    assert document()["openapi"].startswith("3.1")
    for schema in document()["components"]["schemas"].values():
        validator_for({**schema, "components": document()["components"]})


def test_every_shape_has_a_name_of_its_own():
    """Two of one name would stand in the document as one, and answers would break its word."""
    document()
    names = [name for name, _module in {(each.__name__, each.__module__) for each in _below(Shape)}]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def _below(shape: type[Shape]) -> list[type[Shape]]:
    return [each for below in shape.__subclasses__() for each in (below, *_below(below))]


def test_every_route_stands_in_it_and_has_a_known_right():
    assert {(path, method) for path, method, _told in operations()} == {
        (PREFIX + route.path, route.method.lower()) for route in routes()
    }
    for route in routes():
        assert {route.right, *route.also} <= {*RIGHTS, OPEN, SIGNED_IN}, route


def test_names_are_unique():
    names = [route.name for route in routes()]
    assert len(names) == len(set(names))


def test_every_operation_says_what_it_does_gives_and_refuses():
    for path, method, told in operations():
        assert told["summary"] and told["description"], (method, path)
        assert {"400", "401", "403", "422"} <= told["responses"].keys(), (method, path)
        assert [each for each in told["responses"] if each < "300"], (method, path)
        for status, response in told["responses"].items():
            assert response.get("$ref") or response.get("content") or status == "204", (method, path, status)
        if method == "post":
            assert "Idempotency-Key" in [each["name"] for each in told["parameters"]]


def test_every_fact_of_the_card_stands_in_the_shapes():
    """A new fact shows in the schema by its declaration alone."""
    shown = document()["components"]["schemas"]["Customer"]["properties"]
    sent = document()["components"]["schemas"]["CustomerInput"]["properties"]
    for fact in registries.REGISTRY.facts.values():
        if isinstance(fact.source, registries.Column) and fact.name != "birthday":
            assert fact.name in shown, fact.name
            assert (fact.name in sent) == fact.writable, fact.name


@pytest.mark.django_db
def test_the_page_shows_every_operation():
    page = browser_of("owner").get("/api/docs")
    html = page.content.decode()
    assert page.status_code == 200 and page["Content-Security-Policy"]
    assert all(f'id="{route.name}"' in html for route in routes())
    assert 'id="stale"' in html and "curl -X PATCH" in html
    assert "<script>" not in html and "style=" not in html


@pytest.mark.django_db
def test_what_a_call_takes_or_gives_is_a_link_to_its_shape():
    browser = browser_of("owner")
    led = set(re.findall(r'href="/api/docs/shapes#(shape-\w+)"', browser.get("/api/docs").content.decode()))
    shapes = browser.get("/api/docs/shapes").content.decode()
    assert led and all(f'id="{each}"' in shapes for each in led)


@pytest.mark.django_db
def test_anybody_may_read_it():
    assert Client().get("/api/docs").status_code == 200
    assert Client().get("/api/docs/shapes").status_code == 200
    assert json.loads(Client().get("/api/v1/openapi.json").content)["info"]["title"] == "Regulars"
