"""`--at` and `compare`: what they print, and what they refuse."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.areas.access.tests.people import person
from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.customers.tests.people import OLGA
from regulars.areas.journal.models import Changeset

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = datetime(2026, 3, 3, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 3, 12, tzinfo=UTC)


@pytest.fixture
def anna() -> int:
    """Anna Berg of March, who is called Tal since April; Ben came in April."""
    person("owner")
    number = add_customer(card={"given_name": "Anna", "family_name": "Berg"}, by=OLGA, at=MARCH)
    edit_customer(number=number, card={"family_name": "Tal"}, by=OLGA, at=APRIL)
    add_customer(card={"given_name": "Ben"}, by=OLGA, at=APRIL)
    return number


def test_found_and_shown_as_they_stood(told: Any, anna: int) -> None:
    found = told("find", "", "--at", "2026-03-03")
    assert (found["count"], found["at"]) == (1, "2026-03-03T22:59:59.999999Z")
    assert found["customers"][0]["family_name"] == "Berg"
    assert told("find", "family_name = Berg", "--count") == {"count": 0}
    assert told("find", "family_name = Berg", "--count", "--at", "2026-03-10") == {"count": 1}
    assert told("show", str(anna), "--at", "2026-04-03T13:59")["family_name"] == "Berg"
    assert told("show", str(anna), "--at", "2026-04-03T14:00")["family_name"] == "Tal"


def test_exported_as_they_stood_and_the_journal_says_as_of_when(told: Any, anna: int, tmp_path: Path) -> None:
    file = tmp_path / "then.csv"
    assert told("export", "--to", str(file), "--at", "2026-03-03")["count"] == 1
    assert "Berg" in file.read_text() and "Tal" not in file.read_text()
    assert Changeset.objects.latest("number").particulars["then"] == "2026-03-03T22:59:59.999999Z"


def test_two_moments_are_compared(told: Any, anna: int) -> None:
    found = told("compare", "", "--at", "2026-03-03", "--and", "2026-04-04")
    assert found["count"] == {"at": 1, "and": 2, "came": 1, "went": 0, "changed": 1}
    assert found["came"][0] == {"number": anna + 1, "name": "Ben", "new": True}
    (changed,) = found["changed"]
    assert changed["fields"] == [{"field": "family_name", "from": "Berg", "to": "Tal"}]
    assert told("compare", "", "--at", "2026-03-03", "--and", "2026-04-04", "--only", "came")["changed"] == []


@pytest.mark.parametrize("time", ["2030-01-01", "tomorrow", "", "20260303", "2026-W10-2"])
def test_a_time_that_is_none_or_to_come_is_refused(told: Any, anna: int, time: str) -> None:
    for words in (("find", ""), ("show", str(anna)), ("compare", "", "--and", "2026-03-03")):
        assert told(*words, "--at", time, code=1)["error"]["where"] == "at"


def test_before_the_first_deed_the_register_is_empty(told: Any, anna: int) -> None:
    assert told("find", "", "--at", "1999-12-31")["count"] == 0
    assert "not made yet" in told("show", str(anna), "--at", "1999-12-31", code=1)["error"]["message"]
