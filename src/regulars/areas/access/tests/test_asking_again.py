"""Dangerous acts ask again: the matrix of what needs a proof not older than five minutes (A8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.models import Password, Session, User
from regulars.areas.access.tests.people import OPERATOR, browser_of, hash_of, person
from regulars.areas.access.tests.test_second_factor import SECRET, code
from tests.rig.dump import differing, dump

pytestmark = pytest.mark.django_db
RIGHT = "correct horse battery staple"


@pytest.fixture
def olga() -> User:
    user = person("owner")
    Password.objects.filter(user=user).update(hash=hash_of(RIGHT))
    at = timezone.now() - timedelta(hours=1)
    actions.add_code(by=OPERATOR, at=at, user=user, secret=SECRET, typed=code(at))
    return user


def of(path: str) -> Callable[[User, User], str]:
    return lambda olga, stefan: path.replace("{stefan}", stefan.public).replace("{factor}", _factor(olga))


def _factor(user: User) -> str:
    return str(user.factors.get(kind="code").public)


EVE = {"name": "Eve", "login": "eve", "role": "staff", "language": "en"}
# What asks in its own form, beside what was typed; and what sends to the page that asks.
IN_THE_FORM: dict[str, tuple[str, dict[str, Any]]] = {
    "add somebody": ("/people/add/", EVE),
    "give a role": ("/people/{stefan}/role/", {"role": "auditor"}),
    "make a token": ("/account/tokens/", {"name": "shop", "rights": ["customers.view"], "days": "30"}),
}
BEFORE = {
    "end an account": "/people/{stefan}/end/",
    "reopen an account": "/people/{stefan}/reopen/",
    "make a link": "/people/{stefan}/link/",
    "remove the factors of another": "/people/{stefan}/factors/",
    "add a passkey": "/account/second-factor/passkey/",
    "ask for a passkey": "/account/second-factor/passkey/begin/",
    "set up codes": "/account/second-factor/code/",
    "remove a factor": "/account/second-factor/{factor}/remove/",
    "make recovery codes": "/account/second-factor/recovery/",
    "see the keys": "/recovery-sheet/",
    "end one's own session": "/account/sessions/there-is-none/end/",
    "end the session of another": "/people/{stefan}/sessions/there-is-none/end/",
}


def late(user: User, minutes: float = 5.1) -> Client:
    """A browser whose proof is too old."""
    browser = browser_of(user)
    Session.objects.update(proved_at=timezone.now() - timedelta(minutes=minutes))
    browser.get("/account/")
    return browser


@pytest.mark.parametrize("act", sorted(IN_THE_FORM))
def test_the_form_asks_for_the_password(act: str, olga: User) -> None:
    path, form = IN_THE_FORM[act]
    browser, stefan = late(olga), person("staff")
    before = dump()
    for more in ({}, {"your_password": ""}):
        answer = browser.post(of(path)(olga, stefan), {**form, **more})
        assert answer.status_code == 422 and answer.context["form"].errors["your_password"]
    assert not differing(before, dump())
    assert browser.post(of(path)(olga, stefan), {**form, "your_password": RIGHT}).status_code in (200, 303)
    assert differing(before, dump())


@pytest.mark.parametrize("act", sorted(BEFORE))
def test_it_is_not_done_but_asked_first(act: str, olga: User) -> None:
    browser, address = late(olga), of(BEFORE[act])(olga, person("staff"))
    before = dump()
    answer = browser.post(address, headers={"Referer": "http://testserver/account/"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/prove/?next=%2Faccount%2F")
    assert browser.post(address, headers={"Accept": "application/json"}).status_code == 403
    assert not differing(before, dump())
    assert "/account/prove/" not in browser_of(olga).post(address).get("Location", "")


def test_five_minutes_are_enough_and_not_too_long(olga: User) -> None:
    assert late(olga, 4.9).get("/account/second-factor/").status_code == 200
    assert late(olga, 5.1).get("/account/second-factor/").status_code == 303


def test_who_proves_it_goes_on_where_she_was(olga: User) -> None:
    browser = late(olga)
    asked = browser.get("/account/second-factor/")["Location"]
    assert b"Is it still you?" in browser.get(asked).content
    wrong = browser.post("/account/prove/", {"your_password": "a guess", "next": "/account/second-factor/"})
    assert wrong.status_code == 422 and browser.get("/account/second-factor/").status_code == 303
    right = browser.post("/account/prove/", {"your_password": RIGHT, "next": "/account/second-factor/"})
    assert right["Location"] == "/account/second-factor/"
    assert browser.get("/account/second-factor/").status_code == 200


def test_a_proof_changes_the_secret_of_the_session(olga: User) -> None:
    browser = late(olga)
    thief = Client()
    thief.cookies["session_80"] = browser.cookies["session_80"].value
    browser.post("/account/prove/", {"your_password": RIGHT})
    assert browser.get("/account/").status_code == 200 and thief.get("/account/").status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_proving_never_leads_elsewhere(elsewhere: str, olga: User) -> None:
    answer: Any = late(olga).post("/account/prove/", {"your_password": RIGHT, "next": elsewhere})
    assert answer["Location"] == "/account/"


def test_a_proof_in_one_browser_counts_for_no_other(olga: User) -> None:
    here, there = browser_of(olga), late(olga)
    here.post("/account/prove/", {"your_password": RIGHT})
    assert there.get("/account/second-factor/").status_code == 303
