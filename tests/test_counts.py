"""Counts stand on screen with the reader's grouping; the numbers by which customers and deeds are called do not."""

from typing import Any

import pytest
from django.utils.translation import override

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers.tests.people import NOW
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.language import CriteriaError, parse
from regulars.areas.segments.queries import sentence
from regulars.areas.segments.tests.people import HERE, OWNER
from regulars.kernel.wording import refusal, say

pytestmark = pytest.mark.django_db


def done(deed: int, verb: str, **particulars: Any) -> None:
    Changeset.objects.create(
        number=deed, at=NOW, by_kind="user", by_name="Olga", through="page", verb=verb, particulars=particulars,
        customers=12345,
    )  # fmt: skip


def html(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("language", "many", "people"), [("en", "10,000", "12,345"), ("de", "10.000", "12.345")])
def test_the_deeds_of_the_house(language: str, many: str, people: str) -> None:
    done(10001, "intake.brought_in", file="list.csv", created=10000, updated=1000, refused=1)
    done(10002, "customers.added", number=10001)
    browser = browser_of(person("manager", language=language))
    page = html(browser.get("/changes/"))
    assert f"{many} neu" in page or f"{many} new" in page
    assert f"{people} " in page and " 10001" in page
    assert people in html(browser.get("/changes/10001/"))


def test_one_is_one() -> None:
    done(10003, "segments.many_tagged", count=1, value="vip")
    done(10004, "segments.many_tagged", count=1200, value="vip")
    page = html(browser_of().get("/changes/"))
    assert "tagged one customer “vip”" in page and "tagged 1,200 customers “vip”" in page


def test_a_sentence_of_criteria() -> None:
    with override("de"):
        assert "1.000 Tage" in sentence("created_at in last 1000 days", by=OWNER, **HERE)
        assert "12.000" in sentence("followers > 12000", by=OWNER, **HERE)
        assert "10001" in sentence("number = 10001", by=OWNER, **HERE)


def test_a_refusal_said_later_in_another_language() -> None:
    with override("en"):
        refused = refusal("This is {length} characters long; at most {longest} are kept here.", length=12345, longest=9)
    assert "12,345 characters" in refused.message
    with override("de"):
        assert "12.345" in say(refused.more["template"], refused.more["told"])
        with pytest.raises(CriteriaError, match=r"20\.000"):
            parse("x" * 20_001)
