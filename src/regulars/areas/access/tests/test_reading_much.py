"""Who reads very much in a short time is noticed, told and slowed; at work nobody is (Z10)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.actions.reading import MOST, STEP, ReadsTooMuch, reads
from regulars.areas.access.models import Noticed, Reading
from regulars.areas.access.queries import actor_for, actor_of_token
from regulars.areas.access.tests.people import actor, browser_of, person, token_of
from regulars.areas.journal.queries import changes
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def now(role: str = "staff") -> Actor:
    """Somebody of this role with what is known of her at this moment."""
    user = person(role)
    user.refresh_from_db()
    return actor_for(user)


def reads_all(role: str = "staff", many: int = MOST) -> None:
    by = now(role)
    for _ in range(many):
        reads(by, NOW)


def test_five_hundred_in_ten_minutes_are_noticed_once() -> None:
    reads_all(many=MOST - 1)
    assert not Noticed.objects.exists()
    reads_all(many=STEP)
    noticed = Noticed.objects.get()
    assert (noticed.user, MOST <= noticed.count < MOST + STEP) == (person("staff"), True)
    said = [each.sentence for each in changes(limit=5) if each.verb == "access.reading_noticed"]
    assert said == ["noticed that Stefan read very many customers in a short time"]
    seen = registries.looked_at()["access.reading"].find(NOW)
    assert seen and seen.answer == "much"


def test_a_card_opened_writes_nothing_and_asks_nothing() -> None:
    by = now()
    with CaptureQueriesContext(connection) as asked:
        for _ in range(STEP - 1):
            reads(by, NOW)
    assert not asked.captured_queries and not Reading.objects.exists()


def test_a_day_at_work_is_not_noticed() -> None:
    by = now()
    for minute in range(0, 300, 6):  # three hundred an hour, five hours long
        for _ in range(30):
            reads(by, NOW + timedelta(minutes=minute))
    assert not Noticed.objects.exists()


def test_all_sessions_and_tokens_of_one_person_count_together() -> None:
    _token, text = token_of("marketer", "customers.view")
    program = actor_of_token(text, at=NOW)
    assert program and program.account == person("marketer").pk
    for by in (program, now("marketer")):
        reads(by, NOW, many=MOST // 2)
    assert Noticed.objects.get().user == person("marketer")
    again = actor_of_token(text, at=NOW)
    assert again and again.slowed


def test_who_is_slowed_gets_one_at_a_time_and_nothing_in_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = [100.0]
    monkeypatch.setattr("regulars.areas.access.actions.reading.time.monotonic", lambda: ticks[0])
    reads(now(), NOW, many=MOST)
    by = now()
    reads(by, NOW)
    with pytest.raises(ReadsTooMuch, match="every ten seconds") as refused:
        reads(by, NOW)
    assert refused.value.status == 429 and refused.value.more["retry_after"] == 10
    ticks[0] += 10
    reads(by, NOW)
    ticks[0] += 10
    with pytest.raises(ReadsTooMuch):
        reads(by, NOW, many=2)
    reads(now("manager"), NOW)  # nobody else is


def test_an_owner_is_noticed_and_not_slowed() -> None:
    reads(now("owner"), NOW, many=MOST)
    assert Noticed.objects.get().user == person("owner") and not now("owner").slowed
    reads(now("owner"), NOW, many=MOST)


def test_an_owner_says_that_it_was_all_right() -> None:
    reads(now(), NOW, many=MOST)
    stefan, owner = person("staff"), browser_of("owner")
    assert "reads very much" in owner.get("/people/").content.decode()
    page = owner.get(f"/people/{stefan.public}/").content.decode()
    assert "Read 500 customers within ten minutes" in page and "It was all right" in page
    with pytest.raises(NotAllowed):
        actions.lift_reading(by=actor("manager"), at=NOW, user=stefan)
    assert owner.post(f"/people/{stefan.public}/reading/").status_code == 303
    assert not now().slowed and not Reading.objects.exists()
    assert changes(limit=1)[0].sentence == "found it all right that Stefan read so many customers"
    reads_all(many=MOST - 1)
    assert not now().slowed
    assert actions.lift_reading(by=actor("owner"), at=NOW, user=stefan) is None


def test_who_acts_without_an_account_is_not_counted() -> None:
    for by in (Actor(kind="operator", name="root"), Actor(kind="job", name="x")):
        reads(by, NOW, many=10 * MOST)
    assert not Reading.objects.exists()
