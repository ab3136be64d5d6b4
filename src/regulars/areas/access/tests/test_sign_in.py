"""Coming in by password: right or not, told alike, slow to guess, never locked out (A4, A5)."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import argon2
import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.door import passwords, throttle
from regulars.areas.access.models import Password, Session, Tries, User
from regulars.areas.access.tests.people import OPERATOR, person
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
RIGHT = "correct horse battery staple"


@pytest.fixture
def olga() -> User:
    user = person("owner")
    Password.objects.filter(user=user).update(hash=passwords.hashed(RIGHT))
    return user


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which passwords reached the checker; checking costs nothing here."""
    seen: list[str] = []

    def fits(password: str, kept: str | None) -> bool:
        seen.append(password)
        return password == RIGHT and kept is not None

    monkeypatch.setattr(passwords, "fits", fits)
    return seen


def tried(client: Client, login: str = "Olga", password: str = "wrong", **more: Any) -> Any:
    return client.post("/sign-in/", {"login": login, "password": password, **more.pop("data", {})}, **more)


def guess(number: int, *, login: str = "Olga", address: str = "", mark: str | None = None, password: str = "x") -> str:
    """One try of a stranger, a minute after the one before; what came of it."""
    at = timezone.now() + timedelta(minutes=20 * number)
    try:
        actions.sign_in(login=login, password=password, address=address or f"10.0.0.{number}", mark=mark, at=at)
    except Refused as refused:
        return refused.code
    return "in"


def test_name_and_password_let_in(client: Client, olga: User) -> None:
    answer = tried(client, "  OLGA ", RIGHT, data={"next": "/account/"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert client.get("/account/").status_code == 200


def test_after_a_wrong_password_one_goes_on_with_the_password(client: Client, olga: User) -> None:
    page = client.post("/sign-in/", {"login": olga.login, "password": "no"}).content.decode()
    (focused,) = [field for field in re.findall("<input[^>]*>", page) if "autofocus" in field]
    assert 'name="password"' in focused and f'value="{olga.login}"' in page


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_elsewhere(client: Client, olga: User, elsewhere: str) -> None:
    assert tried(client, "Olga", RIGHT, data={"next": elsewhere})["Location"] == "/"


def test_nobody_learns_who_has_an_account(client: Client, olga: User) -> None:
    ended = person("staff")
    Password.objects.filter(user=ended).update(hash=passwords.hashed(RIGHT))
    actions.end_account(by=OPERATOR, at=timezone.now(), user=ended)
    answers = [tried(client, "Olga"), tried(client, "Nobody"), tried(client, "Stefan", RIGHT)]
    assert {answer.status_code for answer in answers} == {422}
    assert len({str(answer.context["form"].errors) for answer in answers}) == 1
    assert not Session.objects.exists()


def test_an_unknown_name_is_checked_as_long_as_a_known_one(client: Client, olga: User, looked_at: list[str]) -> None:
    tried(client, "Olga")
    tried(client, "Nobody")
    assert len(looked_at) == 2


def test_one_hash_is_computed_whoever_it_is(olga: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for the first unknown name after a start: what is compared with is written down, not computed."""
    ended, invited = person("staff"), person("till")
    Password.objects.filter(user=ended).update(hash=passwords.hashed(RIGHT))
    Password.objects.filter(user=invited).delete()
    actions.end_account(by=OPERATOR, at=timezone.now(), user=ended)
    passwords._decoy.cache_clear()
    computed: list[str] = []
    for name in ("hash_secret", "verify_secret"):
        real = getattr(argon2.low_level, name)
        counted = partial(_counted, real, computed, name)
        monkeypatch.setattr(argon2.low_level, name, counted)
        monkeypatch.setattr(argon2, name, counted, raising=False)
        monkeypatch.setattr(argon2._password_hasher, name, counted)
    for login, password in (("Nobody", "x"), ("Olga", "x"), ("Olga", RIGHT), ("Stefan", RIGHT), ("Tilda", "x")):
        computed.clear()
        tried(Client(), login, password)
        assert computed == ["verify_secret"], login


def _counted(real: Any, computed: list[str], name: str, *args: Any, **named: Any) -> Any:
    computed.append(name)
    return real(*args, **named)


def test_at_most_a_hundred_failures_in_a_row_reach_the_checker(olga: User, looked_at: list[str]) -> None:
    outcomes = [guess(number) for number in range(120)]
    assert len(looked_at) == 100
    assert set(outcomes[100:]) == {"too_many_tries"}
    assert guess(121, password=RIGHT) == "too_many_tries"


def test_a_name_nobody_has_is_counted_in_the_same_way(olga: User, looked_at: list[str]) -> None:
    assert [guess(n) for n in range(105)] == [guess(n, login="Nobody") for n in range(105)]


def test_the_owner_comes_in_during_the_attack(olga: User, looked_at: list[str]) -> None:
    mark = throttle.mark_for(olga)
    for number in range(110):
        guess(number)
    assert guess(111, mark=mark, password=RIGHT) == "in"
    assert guess(112, password=RIGHT) == "in", "her coming in starts the count afresh"


def test_a_mark_of_somebody_else_or_made_up_counts_for_nothing(olga: User, looked_at: list[str]) -> None:
    other = throttle.mark_for(person("staff"))
    for number in range(100):
        guess(number)
    assert guess(101, mark=other, password=RIGHT) == guess(102, mark="made:up", password=RIGHT) == "too_many_tries"


def test_a_stolen_mark_buys_ten_guesses(olga: User, looked_at: list[str]) -> None:
    mark = throttle.mark_for(olga)
    for number in range(200):
        guess(number, mark=mark)
    assert len(looked_at) <= throttle.PER_ACCOUNT + throttle.PER_BROWSER


def test_a_new_link_lets_a_besieged_account_in(olga: User, looked_at: list[str]) -> None:
    for number in range(101):
        guess(number)
    given = actions.new_password_link(by=OPERATOR, at=timezone.now(), user=olga)
    actions.choose_password(given=given, password=RIGHT, at=timezone.now())
    assert guess(102, password=RIGHT) == "in"


def test_after_five_failures_the_same_address_pauses(client: Client, olga: User, looked_at: list[str]) -> None:
    answers = [tried(client) for _number in range(8)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 3
    assert "Wait" in str(answers[-1].context["form"].errors)
    assert len(looked_at) == 5


def test_a_made_up_forwarded_address_changes_nothing(client: Client, olga: User, looked_at: list[str]) -> None:
    for number in range(8):
        last = tried(client, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert last.status_code == 429


def test_one_address_over_many_accounts_is_stopped(olga: User, looked_at: list[str]) -> None:
    at = timezone.now()
    for number in range(250):
        with pytest.raises(Refused):
            actions.sign_in(login=f"name{number}", password="x", address="10.9.9.9", mark=None, at=at)
    assert len(looked_at) == throttle.PER_ADDRESS


def test_the_table_of_tries_names_nobody(client: Client, olga: User, looked_at: list[str]) -> None:
    tried(client)
    kept = str(list(Tries.objects.values()))
    assert "olga" not in kept.lower() and "127.0.0.1" not in kept


def test_old_tries_are_forgotten(olga: User, looked_at: list[str]) -> None:
    guess(0)
    throttle.sweep(timezone.now() + timedelta(days=91))
    assert not Tries.objects.exists()
