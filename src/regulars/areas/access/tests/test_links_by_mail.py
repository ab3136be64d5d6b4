"""Links by mail: told alike for every name, made when sent, once, for a while; nobody else's address gets one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.door import throttle
from regulars.areas.access.models import OneTimeLink, Session, User
from regulars.areas.access.queries import actor_for, factors_of
from regulars.areas.access.tests.people import actor, browser_of, person
from regulars.areas.access.tests.test_second_factor import SECRET, code
from regulars.kernel import jobs
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.models import Job
from tests.rig.mailbox import Mailbox, mailbox
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
HERE = "https://register.example"
LINK = re.compile(r"https://register\.example(/join/[\w-]{40,}/)")
NEW = "another sentence to come in by"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Mailbox]:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, base_url=HERE)
    with mailbox() as opened:
        monkeypatch.setenv("REGULARS_EMAIL_URL", opened.url)
        yield opened


@pytest.fixture
def olga() -> User:
    made = person("owner", login="olga@example.org")
    OneTimeLink.objects.all().delete()
    return made


def ask(client: Client, login: str, **more: Any) -> Any:
    return client.post("/forgotten/", {"login": login}, **more)


def sent(box: Mailbox) -> list[str]:
    """The paths of the links in the mails so far, after the background has done its work."""
    jobs.run_due()
    return [found[1] for text in box.texts if (found := LINK.search(text))]


def test_a_forgotten_password_is_chosen_anew_by_mail(client: Client, box: Mailbox, olga: User) -> None:
    elsewhere = browser_of(olga)
    assert '/forgotten/">' in client.get("/sign-in/").content.decode()
    assert "a link is on its way" in ask(client, " OLGA@example.org ").content.decode()
    assert not OneTimeLink.objects.exists()  # it is made when it is sent
    (path,) = sent(box)
    ((to, message),) = box.taken
    assert to == ["olga@example.org"] and "30 minutes" in message.get_content()
    assert client.post(path, {"password": NEW, "again": NEW}).status_code == 303
    assert elsewhere.get("/account/").status_code == 302 and client.get("/account/").status_code == 200
    assert Session.objects.filter(user=olga).count() == 1
    assert client.post(path, {"password": NEW, "again": NEW}).status_code == 404  # once


def test_the_link_lives_half_an_hour_and_another_asking_takes_it_from_nobody(
    client: Client, box: Mailbox, olga: User
) -> None:
    ask(client, olga.login)
    ask(client, olga.login)
    assert len(set(sent(box))) == 2 == OneTimeLink.objects.count()
    for link in OneTimeLink.objects.all():
        left = link.expires_at - timezone.now()
        assert timedelta(minutes=29) < left <= timedelta(minutes=30)


@pytest.mark.parametrize(
    "login", ["nobody@example.org", "Stefan", "ended@example.org", "olga@example.org\r\nBcc: x@y.org", "a\0"]
)
def test_nobody_learns_who_has_an_account(login: str, box: Mailbox, olga: User) -> None:
    person("staff")  # comes in by a name that is no address
    actions.end_account(by=actor("owner"), at=timezone.now(), user=person("reader", login="ended@example.org"))
    told: list[tuple[int, bytes]] = []
    asked: list[int] = []
    for each in (olga.login, login):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, each, REMOTE_ADDR=f"10.0.0.{len(told)}")
        told.append((answer.status_code, re.sub(rb"[\w-]{60,}", b"", answer.content)))
        asked.append(len(queries))
    if "\0" in login:
        assert told[1][0] == 422 and Job.objects.count() == 1  # no text at all
        return
    assert told[0] == told[1] and asked[0] == asked[1] and Job.objects.count() == 2
    assert len(sent(box)) == 1 and {job.state for job in Job.objects.all()} == {Job.DONE}
    assert len({str(job.result) for job in Job.objects.all()}) == 1


def test_asking_is_throttled_alike_for_known_and_unknown(client: Client, box: Mailbox, olga: User) -> None:
    for login in (olga.login, "nobody@example.org"):
        codes = [ask(client, login).status_code for _ in range(throttle.LINKS_PER_NAME + 1)]
        assert codes == [200] * throttle.LINKS_PER_NAME + [429]
    assert len(sent(box)) == throttle.LINKS_PER_NAME
    codes = [ask(client, f"n{at}@example.org").status_code for at in range(throttle.LINKS_FROM)]
    assert codes[0] == 200 and codes[-1] == 429
    later = timezone.now() + timedelta(minutes=61)
    actions.ask_for_link(login=olga.login, address="127.0.0.1", at=later)


def test_without_mail_nobody_is_promised_one(client: Client, olga: User) -> None:
    assert ask(client, olga.login).status_code == client.get("/forgotten/").status_code == 404
    page = client.get("/sign-in/").content.decode()
    assert "/forgotten/" not in page and "Password forgotten?" in page


def test_the_host_of_the_caller_stands_in_no_link(client: Client, box: Mailbox, olga: User) -> None:
    ask(client, olga.login, headers={"Host": "localhost:99", "X-Forwarded-Host": "evil.example"})
    sent(box)
    assert "evil" not in str(box.taken[0][1]) and HERE in box.texts[0] and "localhost" not in box.texts[0]


def test_an_invitation_goes_out_by_mail(box: Mailbox, olga: User) -> None:
    stefan = person("staff", login="stefan@example.org")
    owner = browser_of(olga)
    assert "Mail a link" in owner.get(f"/people/{stefan.public}/").content.decode()
    given = actions.new_password_link(by=actor("owner"), at=timezone.now(), user=stefan)
    assert owner.post(f"/people/{stefan.public}/mail/").status_code == 303
    (path,) = sent(box)
    assert box.taken[0][0] == ["stefan@example.org"] and "1 week" in box.texts[0]
    visitor = Client()
    assert visitor.get(f"/join/{given}/").status_code == 404  # the older link
    assert visitor.post(path, {"password": NEW, "again": NEW}).status_code == 303
    assert Program("owner", "access.links", "access.users").post(f"/users/{stefan.public}/mail").status_code in (
        204,
        403,
    )


def test_a_link_is_mailed_only_by_who_may_make_one(box: Mailbox, olga: User) -> None:
    manager, nameless = person("manager"), person("staff")
    with pytest.raises(NotAllowed):
        actions.mail_link(by=actor("manager"), user=olga)
    with pytest.raises(NotAllowed):
        actions.mail_link(by=actor("auditor"), user=nameless)
    with pytest.raises(Refused, match="no e-mail address"):
        actions.mail_link(by=actor("owner"), user=manager)
    assert not Job.objects.exists()


def test_a_server_that_does_not_take_it_leaves_no_one_waiting_for_ever(
    client: Client, box: Mailbox, olga: User
) -> None:
    box.says = "550 no"
    ask(client, olga.login)
    assert sent(box) == [] and Job.objects.get().state == Job.REFUSED
    assert "olga" not in Job.objects.get().error


# --- told what happened to one's ways in ------------------------------------------------------------------------------


def told(box: Mailbox, at: timedelta = timedelta()) -> list[str]:
    """The first line of each mail so far, after the background has done what is due by then."""
    Job.objects.filter(state=Job.WAITING).update(due=F("due") - at)
    jobs.run_due()
    return [text.splitlines()[0] for text in box.texts]


def test_people_hear_when_their_ways_in_are_changed(box: Mailbox, olga: User) -> None:
    by, now = actor_for(olga), timezone.now()
    User.objects.filter(pk=olga.pk).update(password_set_at=now - timedelta(days=9))
    codes = actions.add_code(by=by, at=now, user=olga, secret=SECRET, typed=code(now))
    assert told(box) == ["A second factor was added to your account."]
    actions.make_recovery_codes(by=by, at=now, user=olga)
    actions.remove_factor(by=by, at=now, user=olga, public=factors_of(olga).get(kind="code").public)
    actions.change_password(by=by, at=now, user=olga, password=NEW)
    assert told(box)[1:] == [
        "New recovery codes were made for your account.",
        "A second factor was removed from your account.",
        "Your password was changed.",
    ]
    assert {tuple(to) for to, _message in box.taken} == {("olga@example.org",)} and codes[0] not in "".join(box.texts)


def test_people_hear_when_somebody_knows_their_password_and_comes_no_further(box: Mailbox, olga: User) -> None:
    now = timezone.now()
    recovery = actions.add_code(by=actor_for(olga), at=now, user=olga, secret=SECRET, typed=code(now))
    told(box)
    for _ in range(3):
        with pytest.raises(actions.WrongFactor):
            actions.pass_by_code(user=olga, typed="000000", address="10.0.0.9", mark=None, at=now)
    assert len(told(box)) == 1  # wrong codes come in numbers: one mail in five minutes
    assert told(box, timedelta(minutes=6))[1:] == ["Somebody gave your password, and then a wrong code."]
    actions.pass_by_recovery_code(user=olga, typed=recovery[0], address="10.0.0.8", mark=None, at=now)
    assert told(box)[2:] == ["Somebody came in with one of your recovery codes."]


def test_who_has_no_address_or_no_mail_is_told_nothing(olga: User) -> None:
    now = timezone.now()
    actions.add_code(by=actor_for(olga), at=now, user=olga, secret=SECRET, typed=code(now))
    assert not Job.objects.exists()
