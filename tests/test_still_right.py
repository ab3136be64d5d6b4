"""Cards to check, and that they are still right, by command and over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import person
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import OLGA
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two() -> list[int]:
    then = timezone.now() - timedelta(days=900)
    cards = ({"given_name": name, "phones": ["+49 461 12345"]} for name in ("Anna", "Ben"))
    return [add_customer(card=card, by=OLGA, at=then) for card in cards]


def test_by_command(told: Any, two: list[int]) -> None:
    person("owner")
    assert [each["number"] for each in told("stale")] == [two[1], two[0]]
    assert len(told("stale", "--limit", "1")) == 1
    done = told("confirm", str(two[0]))
    assert done["changeset"] and done["confirmed"] and told("confirm", str(two[0]))["changeset"] is None
    assert [each["number"] for each in told("stale")] == [two[1]]
    assert told("confirm", "99999", code=1)["error"]["code"] == "not_found"


def test_over_http(two: list[int]) -> None:
    owner = Program("owner")
    first = owner.get("/cards-to-check?limit=1")
    second = owner.get(owner.following(first))
    assert [each["number"] for page in (first, second) for each in page.json()] == [two[1], two[0]]
    assert first.json()[0]["confirmed"] is None and "Link" not in second.headers
    done = owner.post(f"/customers/{two[1]}/confirm", {})
    assert done.status_code == 204 and done.headers["Changeset"]
    assert [each["number"] for each in owner.get("/cards-to-check").json()] == [two[0]]
    owner.refused(owner.post("/customers/99999/confirm", {}), 404)
    owner.refused(owner.get("/cards-to-check?after=nonsense"), 422)
