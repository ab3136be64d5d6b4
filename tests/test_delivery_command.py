"""`regulars deliveries` says what the page and the API say."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import person
from regulars.areas.house.queries import today
from regulars.areas.trade.actions import correct_purchase
from regulars.areas.trade.tests.people import NOW, OLGA, bought

pytestmark = pytest.mark.django_db


def test_late_deliveries_at_the_shell(told: Any, capsys: pytest.CaptureFixture[str]) -> None:
    person("owner")
    day = today(timezone.now())
    late = bought(None, product="B1", text="Atlas", promised=day - timedelta(days=3))
    correct_purchase(serial=late, changes={"delivered": day}, by=OLGA, at=NOW)
    (row,) = told("deliveries")
    assert (row["code"], row["promised"], row["late"], row["days_late"]) == ("B1", 1, 1, 3.0)
    assert [each["code"] for each in told("deliveries", "--by", "channel")] == ["shop"]
    assert told("deliveries", "--until", str(day - timedelta(days=30))) == []
    with pytest.raises(SystemExit) as ended:
        told("deliveries", "--since", "soon")
    assert ended.value.code == 2
