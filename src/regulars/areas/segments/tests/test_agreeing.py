"""The whole register leaves the house when two owners agree, where there are two."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access.tests.people import actor, browser_of, person
from regulars.areas.customers.actions import add_customer
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.actions import agreeing
from regulars.areas.segments.tests.people import AT
from regulars.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreeing, "UNASKED", 3)
    olga = actor("owner")
    for place in range(6):
        add_customer(card={"given_name": f"Anna {place}", "tags": ["vip"] if place < 3 else []}, by=olga, at=AT)


def second() -> Client:
    return browser_of(person("owner", login="second", name="Second Owner"))


def take(browser: Client, criteria: str = "") -> Any:
    return browser.post("/customers/export/", {"criteria": criteria, "format": "csv", "which": "all"})


def deeds(verb: str) -> list[dict[str, Any]]:
    return [each.particulars for each in Changeset.objects.filter(verb=verb).order_by("number")]


def test_one_owner_alone_takes_it_along() -> None:
    browser = browser_of("owner")
    assert 'name="format"' in browser.get("/customers/export/").content.decode()
    assert take(browser).status_code == 200 and len(deeds("segments.exported")) == 1


def test_with_two_owners_the_other_agrees_first_and_for_once() -> None:
    first, other = browser_of("owner"), second()
    page = first.get("/customers/export/").content.decode()
    assert "another owner has to agree" in page and 'name="format"' not in page
    refused = take(first)
    assert refused.status_code == 403 and deeds("segments.exported") == []
    assert take(first, "tag vip").status_code == 200  # three of six are not the register
    first.post("/customers/export/agree/", {"then": "ask", "next": "/customers/export/"})
    assert "has asked" in first.get("/customers/export/").content.decode() and take(first).status_code == 403
    assert "do you agree?" not in first.get("/").content.decode()
    assert first.post("/customers/export/agree/", {"then": "agree"}).status_code == 403
    assert "Olga wants to export" in other.get("/").content.decode()
    other.post("/customers/export/agree/", {"then": "agree"})
    assert deeds("segments.export_agreed") == [{"name": "Olga"}]
    assert take(other).status_code == 403  # it was not she who asked
    assert take(first).status_code == 200 and take(first).status_code == 403
    assert len(deeds("segments.exported")) == 2


def test_an_owner_may_refuse_and_a_wish_lasts_a_day() -> None:
    first, other = browser_of("owner"), second()
    first.post("/customers/export/agree/", {"then": "ask"})
    other.post("/customers/export/agree/", {"then": "withdraw"})
    assert "wants to export" not in other.get("/").content.decode()
    olga, now = actor("owner"), timezone.now()
    agreeing.ask_for_export(by=olga, at=now)
    assert agreeing.export_wish(at=now + timedelta(hours=23)) is not None
    assert agreeing.export_wish(at=now + timedelta(hours=25)) is None
    with pytest.raises(Refused):
        agreeing.agree_to_export(by=actor("owner"), at=now + timedelta(hours=25))


def test_who_is_no_owner_asks_and_cannot_agree() -> None:
    second()
    now, manager, marketer = timezone.now(), actor("manager"), actor("marketer")
    assert take(browser_of("marketer")).status_code == 403
    agreeing.ask_for_export(by=marketer, at=now)
    with pytest.raises(Refused, match="has asked for the same"):
        agreeing.ask_for_export(by=manager, at=now)
    for one in (manager, marketer):
        with pytest.raises(NotAllowed):
            agreeing.agree_to_export(by=one, at=now)
    with pytest.raises(NotAllowed):
        agreeing.refuse_export(by=manager, at=now)
    agreeing.agree_to_export(by=actor("owner"), at=now)
    assert take(browser_of("marketer")).status_code == 200
