"""`/healthz`: alive means the database can be written."""

import pytest
from django.db import OperationalError
from django.test import Client

from regulars.areas.safekeeping.pages import alive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    alive._LAST.clear()


def test_200_when_the_database_can_be_written(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_503_when_it_cannot(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr("django.db.transaction.atomic", refuse)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False})
