"""Every way by which customers are read in numbers counts, and is slowed for who read too much."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.areas.access.models import Noticed, User
from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers.tests.people import NOW, anna
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


def ways(role: str) -> dict[str, Callable[[], Any]]:
    browser, program, number = browser_of(role), Program(role), anna()
    anna()
    return {
        "card": lambda: browser.get(f"/customers/{number}/"),
        "till": lambda: browser.get(f"/till/?customer={number}"),
        "export": lambda: browser.post("/customers/export/", {"format": "csv"}),
        "api card": lambda: program.get(f"/customers/{number}"),
        "api list": lambda: program.get("/customers"),
        "api columns": lambda: program.get("/customers?columns=given_name"),
    }


@pytest.mark.parametrize("way", ["card", "till", "export", "api card", "api list", "api columns"])
def test_each_way_is_slowed(way: str) -> None:
    go = ways("manager")[way]
    answer = go()
    assert answer.status_code == 200
    if answer.streaming:
        b"".join(answer.streaming_content)
    user: User = person("manager")
    Noticed.objects.create(user=user, at=NOW, count=500)
    codes = [go().status_code for _ in range(2)]
    assert codes[-1] == 429, codes
    Noticed.objects.all().delete()
    assert go().status_code == 200
