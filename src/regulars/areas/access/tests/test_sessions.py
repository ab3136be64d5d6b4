"""Sessions end: by time, by hand, and all at once when the password or the role changes (A6, A7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.door import passwords, sessions
from regulars.areas.access.models import Password, Session, User
from regulars.areas.access.queries import actor_for, actor_of_token
from regulars.areas.access.tests.people import OPERATOR, browser_of, person, token_of
from regulars.areas.house.actions import change_settings

pytestmark = pytest.mark.django_db
RIGHT, NEW = "correct horse battery staple", "four quite different words"


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def _password(user: User) -> None:
    actions.change_password(by=actor_for(user), at=timezone.now(), user=user, password=NEW)


def _link(user: User) -> None:
    given = actions.new_password_link(by=OPERATOR, at=timezone.now(), user=user)
    actions.choose_password(given=given, password=NEW, at=timezone.now())


def _end(user: User) -> None:
    actions.end_account(by=OPERATOR, at=timezone.now(), user=user)


def _demote(user: User) -> None:
    actions.change_role(by=OPERATOR, at=timezone.now(), user=user, role="staff")


@pytest.mark.parametrize("event", [_password, _link, _end, _demote])
def test_every_session_and_token_ends_at_once(event: Any) -> None:
    person("owner")
    mette = person("manager")
    browsers, (_token, text) = [browser_of(mette) for _ in range(3)], token_of(mette, "customers.view")
    assert all(map(is_in, browsers)) and actor_of_token(text, at=timezone.now())
    event(mette)
    assert not any(map(is_in, browsers)) and actor_of_token(text, at=timezone.now()) is None


def test_changing_ones_password_keeps_this_browser_under_a_new_secret() -> None:
    mette = person("manager")
    Password.objects.filter(user=mette).update(hash=passwords.hashed(RIGHT))
    here, there = browser_of(mette), browser_of(mette)
    before = here.cookies["session_80"].value
    typed = {"change-your_password": RIGHT, "change-password": NEW, "change-again": NEW}
    assert here.post("/account/password/", typed).status_code == 303
    assert is_in(here) and not is_in(there) and here.cookies["session_80"].value != before
    here.cookies["session_80"] = before
    assert not is_in(here), "the secret of before opens nothing"


def test_without_the_old_password_there_is_no_new_one() -> None:
    mette = person("manager")
    typed = {"change-your_password": "a guess", "change-password": NEW, "change-again": NEW}
    answer = browser_of(mette).post("/account/password/", typed)
    assert answer.status_code == 422 and answer.context["password"].errors
    assert Password.objects.get(user=mette).hash == "argon2$unusable"


@pytest.mark.parametrize(("idle", "living"), [(29, True), (31, False)])
def test_half_an_hour_idle_is_the_end(idle: int, living: bool) -> None:
    session, value = sessions.begin(person("staff"), at=timezone.now())
    assert bool(sessions.find(value, session.started_at + timedelta(minutes=idle))) is living


def test_twelve_hours_are_the_end_however_busy() -> None:
    from regulars.areas.house.queries import house

    session, value = sessions.begin(person("staff"), at=timezone.now())
    for quarter in range(48):
        at = session.started_at + timedelta(minutes=15 * quarter)
        found = sessions.find(value, at)
        assert found
        sessions.keep_alive(found, house(), at)
    assert sessions.find(value, session.started_at + timedelta(hours=12, seconds=1)) is None


def test_the_house_chooses_the_hours_within_a_day() -> None:
    change_settings(by=OPERATOR, at=timezone.now(), values={"session_hours": 24})
    session, _value = sessions.begin(person("staff"), at=timezone.now())
    assert session.ends_at - session.started_at == timedelta(hours=24)


def test_only_the_digest_is_kept() -> None:
    _session, value = sessions.begin(person("staff"), at=timezone.now())
    assert value not in str(list(Session.objects.values())) and len(value) >= 43


def test_the_cookie_is_bound_to_this_site(client: Client, settings: Any) -> None:
    user = person("owner")
    address = actions.come_in_link("http://testserver", by=OPERATOR, at=timezone.now(), user=user)
    settings.SESSION_COOKIE_SECURE = True
    cookie = client.post(address).cookies["__Host-session"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["path"] == "/" and not cookie["domain"] and not cookie["max-age"]


def test_signing_out_ends_the_session_not_only_the_cookie() -> None:
    browser = browser_of("staff")
    value = browser.cookies["session_80"].value
    answer = browser.post("/sign-out/")
    assert (answer.status_code, answer["Clear-Site-Data"]) == (303, '"cache"')
    browser.cookies["session_80"] = value
    assert not is_in(browser)


def test_signing_out_by_get_does_nothing() -> None:
    browser = browser_of("staff")
    assert browser.get("/sign-out/").status_code == 405 and is_in(browser)


def test_one_ends_ones_own_session_and_nobody_elses() -> None:
    here, there, strange = browser_of("staff"), browser_of("staff"), browser_of("manager")
    own = Session.objects.filter(user=person("staff")).order_by("started_at").last()
    other = Session.objects.get(user=person("manager"))
    assert own and here.post(f"/account/sessions/{own.public}/end/").status_code == 303
    assert not is_in(there)
    foreign, missing = (here.post(f"/account/sessions/{name}/end/") for name in (other.public, "x" * 22))
    assert foreign.status_code == missing.status_code == 404 and is_in(strange)


def test_signing_in_gives_a_new_session_whatever_came_before(client: Client) -> None:
    Password.objects.filter(user=person("staff")).update(hash=passwords.hashed(RIGHT))
    client.cookies["session_80"] = "chosen by somebody else"
    client.post("/sign-in/", {"login": "Stefan", "password": RIGHT})
    assert client.cookies["session_80"].value != "chosen by somebody else"


def test_the_screen_speaks_the_users_language() -> None:
    user = person("staff", language="de")
    assert browser_of(user).get("/account/").headers["Content-Language"] == "de"


def test_notices_wait_for_the_next_page_and_name_nobody_in_a_cookie() -> None:
    browser = browser_of("staff")
    browser.post("/account/profile/", {"name": "Stefan Berg", "language": "en", "theme": "dark"})
    assert "messages" not in browser.cookies and browser.cookies["theme"].value == "dark"
    assert b"Your profile is changed." in browser.get("/account/").content
    assert b"Your profile is changed." not in browser.get("/account/").content
