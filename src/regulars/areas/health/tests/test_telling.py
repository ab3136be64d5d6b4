"""One mail to the owner, not ten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.access.tests.people import person
from regulars.areas.health import actions
from regulars.areas.health.actions import AGAIN, Told, decide
from regulars.areas.health.tests.test_looking import asked, found, keep
from tests.rig.mailbox import Mailbox, mailbox

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DISK, COPY = frozenset({"disk"}), frozenset({"copy"})


def told_over(*hours: frozenset[str]) -> list[str | None]:
    """What is written, hour by hour, where these things are bad in each."""
    told = Told()
    kinds: list[str | None] = []
    for hour, bad in enumerate(hours):
        kind, told = decide(bad, told, AT + hour * HOUR)
        kinds.append(kind)
    return kinds


def test_it_is_told_once_and_once_that_all_is_well() -> None:
    assert told_over(frozenset(), DISK, DISK, DISK, frozenset(), frozenset()) == [None, "bad", None, None, "well", None]


def test_something_new_is_told_at_once() -> None:
    assert told_over(DISK, DISK | COPY, DISK | COPY, COPY) == ["bad", "bad", None, None]


def test_what_comes_and_goes_is_not_told_each_time() -> None:
    assert told_over(DISK | COPY, *([COPY, DISK | COPY] * 10)).count("bad") == 1


def test_after_a_week_it_is_told_again() -> None:
    week = int(AGAIN / HOUR)
    kinds = told_over(*([DISK] * (2 * week + 1)))
    assert [hour for hour, kind in enumerate(kinds) if kind] == [0, week, 2 * week]


@given(st.lists(st.frozensets(st.sampled_from(["disk", "copy", "mail"])), max_size=60))
def test_never_ten(hours: list[frozenset[str]]) -> None:
    kinds = told_over(*hours)
    sent = [hour for hour, kind in enumerate(kinds) if kind]
    assert all(kind != "bad" or hours[hour] for hour, kind in enumerate(kinds))
    assert all(not hours[hour] for hour, kind in enumerate(kinds) if kind == "well")
    news = [kinds[hour] for hour in sent]
    assert ("well", "well") not in pairwise(news) and news[:1] in ([], ["bad"])
    for trouble in ("disk", "copy", "mail"):  # each of them is known from the hour it turns bad
        first = next((hour for hour, bad in enumerate(hours) if trouble in bad), None)
        assert first is None or kinds[first] == "bad"


def test_what_was_told_is_kept() -> None:
    told = Told({"disk": AT}, AT)
    assert Told.read(told.kept()) == told and Told.read(None) == Told()


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with mailbox() as opened:
        monkeypatch.setenv("REGULARS_EMAIL_URL", opened.url)
        yield opened


@pytest.mark.django_db
def test_the_owners_get_one_mail_each_in_their_language(box: Mailbox) -> None:
    person("owner", login="olga@example.org")
    person("owner", login="otto@example.org", name="Otto", language="en")
    person("owner", login="oskar", name="Oskar")  # no address
    person("manager", login="mette@example.org")
    keep(found(disk="full", newest="old", sheet="unsaid", mail="none"))
    assert actions.tell_owners(at=AT) == "bad" and actions.tell_owners(at=AT + HOUR) is None
    assert [to for to, _message in box.taken] == [["olga@example.org"], ["otto@example.org"]]
    text = box.texts[0]
    assert "Room on the disk: 96% of the disk is used" in text and "Make room on the disk" in text
    assert "Newest proved version" in text and "To be watched" in text and "Recovery sheet" in text
    assert "Olga" not in text and "No mail can be sent" not in text
    keep(found(disk="roomy", newest="fresh"))
    assert actions.tell_owners(at=AT + 2 * HOUR) == "well" and "in order again" in box.texts[-1]
    assert len(box.taken) == 4


@pytest.mark.django_db
def test_without_a_mail_server_nothing_is_remembered_as_told(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    person("owner", login="olga@example.org")
    keep(found(disk="full"))
    monkeypatch.delenv("REGULARS_EMAIL_URL")
    assert actions.tell_owners(at=AT) is None and asked("work.mail").answer == "none"
    monkeypatch.setenv("REGULARS_EMAIL_URL", "mail.example")
    assert actions.tell_owners(at=AT) is None and asked("work.mail").answer == "unreadable"
    monkeypatch.setenv("REGULARS_EMAIL_URL", box.url)
    assert asked("work.mail").answer == "untried"
    box.says = "451 later"
    assert actions.tell_owners(at=AT) is None and asked("work.mail").answer == "refused"
    box.says = ""
    assert actions.tell_owners(at=AT + timedelta(minutes=9)) is None  # a server that refuses is not asked at once again
    assert actions.tell_owners(at=AT + HOUR) == "bad" and asked("work.mail").answer == "sent"


@pytest.mark.django_db
def test_what_is_urgent_is_told_by_the_next_look(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from regulars.areas.access.models import Noticed
    from regulars.areas.health import jobs

    owner, stefan = person("owner", login="olga@example.org"), person("staff")
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)  # they are this test's
    monkeypatch.setattr("regulars.areas.health.actions.look_now", lambda at, **how: found(disk="full"))
    jobs._looked()
    assert not box.taken  # bad, and told within the hour
    Noticed.objects.create(user=stefan, at=AT, count=500)
    monkeypatch.setattr("regulars.areas.health.actions.look_now", lambda at, **how: found(reading="much"))
    jobs._looked()
    jobs._looked()
    assert [to for to, _message in box.taken] == [[owner.login]] and "500 customers" in box.texts[0]
    assert "Stefan" not in box.texts[0]


@pytest.mark.django_db
def test_where_no_owner_has_an_address_the_house_gets_it(box: Mailbox) -> None:
    from regulars.areas.access.tests.people import OPERATOR
    from regulars.areas.house.actions import change_settings

    person("owner")
    keep(found(disk="full"))
    assert actions.tell_owners(at=AT) is None  # nobody to write to: it is told as soon as there is
    change_settings(by=OPERATOR, at=AT, values={"email": "shop@example.org"})
    assert actions.tell_owners(at=AT) == "bad" and box.taken[0][0] == ["shop@example.org"]
