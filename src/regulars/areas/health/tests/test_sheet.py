"""The recovery sheet that is said to be printed is told to be older once keys were changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.areas.health.checks.keys import CHECKS
from regulars.areas.safekeeping.actions.rotating import change_keys
from regulars.kernel import marks
from regulars.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))


def test_health_says_that_the_printed_sheet_is_older() -> None:
    now = timezone.now()
    marks.note(marks.SHEET_PRINTED, {"at": now.isoformat()})
    asked = next(each for each in CHECKS if each.name == "keys.sheet")
    assert (seen := asked.find(now)) and seen.answer == "printed"
    change_keys(what="fields", by=OLGA, at=now + timedelta(minutes=1))
    assert (seen := asked.find(now)) and seen.answer == "older"
