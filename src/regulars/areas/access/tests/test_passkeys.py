"""Passkeys: added, beside the password, instead of it, as a proof; and every wrong answer refused (A1)."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.door import sessions
from regulars.areas.access.models import Factor, Passkey, Password, Session, Step, User
from regulars.areas.access.queries import has_second_factor
from regulars.areas.access.tests.authenticator import Authenticator
from regulars.areas.access.tests.people import OPERATOR, hash_of, person
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.models import Changeset, Link

pytestmark = pytest.mark.django_db
RIGHT = "correct horse battery staple"
HERE: dict[str, Any] = {"secure": True, "headers": {"Host": "localhost"}}
ADD, SECOND = "/account/second-factor/passkey/", "/sign-in/second/"
ALONE, AGAIN = "/sign-in/passkey/", "/account/prove/"


def browser_at_home(user: User) -> Client:
    """Signed in under https://localhost."""
    _session, value = sessions.begin(user, at=timezone.now(), browser="Firefox Linux")
    client = Client()
    client.cookies["session_443"] = value
    return client


def begin(client: Client, path: str, **more: Any) -> dict[str, Any]:
    answer = client.post(f"{path}begin/", more, **HERE)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def add(user: User, key: Authenticator, name: str = "Ring") -> Any:
    client = browser_at_home(user)
    return client.post(ADD, {"name": name, "credential": key.make(begin(client, ADD))}, **HERE)


@pytest.fixture
def olga() -> User:
    user = person("owner")
    Password.objects.filter(user=user).update(hash=hash_of(RIGHT))
    return user


@pytest.fixture
def key(olga: User) -> Authenticator:
    made = Authenticator()
    assert add(olga, made).status_code == 200
    return made


def half_way(user: User) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"login": user.login, "password": RIGHT}, **HERE)
    assert answer["Location"] == SECOND
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/", **HERE).status_code == 200


# --- added ----------------------------------------------------------------------------------------------------------


def test_a_passkey_is_added_under_its_name_and_brings_recovery_codes(olga: User) -> None:
    told = add(olga, Authenticator())
    assert len(told.context["codes"]) == 10 and has_second_factor(olga)
    assert Factor.objects.get(kind="passkey").name == "Ring" and Passkey.objects.get().place == "localhost"
    deed = Changeset.objects.get(verb="access.factor_added")
    assert deed.particulars == {"kind": "passkey", "name": "Ring"}


def test_a_second_one_brings_no_new_recovery_codes(olga: User, key: Authenticator) -> None:
    assert add(olga, Authenticator(b"another")).status_code == 303
    assert Factor.objects.filter(kind="recovery").count() == 1 and Passkey.objects.count() == 2


def test_its_public_key_is_in_no_journal(olga: User, key: Authenticator) -> None:
    kept = b"".join(payload for row in Link.objects.all() for payload in blocks.payloads(bytes(row.block)))
    row = Passkey.objects.get()
    assert b"Ring" in kept and row.digest.encode() not in kept and bytes(row.data)[-20:] not in kept


def test_the_same_key_is_not_added_twice(olga: User, key: Authenticator) -> None:
    again = add(person("staff"), key)
    assert again.status_code == 422 and Passkey.objects.count() == 1


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", "1", '{"id": 1, "rawId": 2}', "\x00"])
def test_what_is_no_answer_adds_nothing(sent: str, olga: User) -> None:
    client = browser_at_home(olga)
    begin(client, ADD)
    assert client.post(ADD, {"name": "x", "credential": sent}, **HERE).status_code == 422
    assert not Passkey.objects.exists()


def test_an_answer_to_another_question_adds_nothing(olga: User) -> None:
    client, key = browser_at_home(olga), Authenticator()
    answer = key.make(begin(client, ADD))
    begin(client, ADD)
    assert client.post(ADD, {"credential": answer}, **HERE).status_code == 422
    assert client.post(ADD, {"credential": answer}, **HERE).status_code == 422 and not Passkey.objects.exists()


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost", "https://localhost:8000", ""])
def test_an_answer_from_elsewhere_adds_nothing(origin: str, olga: User) -> None:
    assert add(olga, Authenticator(origin=origin)).status_code == 422 and not Passkey.objects.exists()


# --- beside the password --------------------------------------------------------------------------------------------


def test_beside_the_password_it_lets_in(olga: User, key: Authenticator) -> None:
    client = half_way(olga)
    options = begin(client, SECOND)
    assert len(options["publicKey"]["allowCredentials"]) == 1
    assert client.post(SECOND, {"credential": key.show(options)}, **HERE).status_code == 303 and is_in(client)
    assert Passkey.objects.get().counter == 1 and Passkey.objects.get().used_at


def test_the_same_answer_works_once(olga: User, key: Authenticator) -> None:
    client, other = half_way(olga), half_way(olga)
    answer = key.show(begin(client, SECOND))
    assert client.post(SECOND, {"credential": answer}, **HERE).status_code == 303
    assert client.post(SECOND, {"credential": answer}, **HERE).status_code == 422
    begin(other, SECOND)
    assert other.post(SECOND, {"credential": answer}, **HERE).status_code == 422 and not is_in(other)


def test_a_key_of_another_is_refused(olga: User, key: Authenticator) -> None:
    theirs = Authenticator(b"theirs")
    add(person("staff"), theirs)
    client = half_way(olga)
    assert client.post(SECOND, {"credential": theirs.show(begin(client, SECOND))}, **HERE).status_code == 422
    assert not is_in(client)


def test_a_forged_signature_is_refused(olga: User, key: Authenticator) -> None:
    forger = Authenticator()
    forger.user = key.user
    client = half_way(olga)
    assert client.post(SECOND, {"credential": forger.show(begin(client, SECOND))}, **HERE).status_code == 422
    assert not is_in(client)


def test_a_copied_key_is_noticed_by_its_count(olga: User, key: Authenticator) -> None:
    client = half_way(olga)
    key.counter = 7
    client.post(SECOND, {"credential": key.show(begin(client, SECOND))}, **HERE)
    key.counter = 3
    other = half_way(olga)
    assert other.post(SECOND, {"credential": key.show(begin(other, SECOND))}, **HERE).status_code == 422
    assert not is_in(other)


def test_a_removed_key_opens_nothing(olga: User, key: Authenticator) -> None:
    actions.remove_all_factors(by=OPERATOR, at=timezone.now(), user=olga)
    client = Client()
    answer = client.post(ALONE, {"credential": key.show(begin(client, ALONE))}, **HERE)
    assert answer.status_code == 422 and not is_in(client)


# --- instead of it --------------------------------------------------------------------------------------------------


def test_alone_it_lets_in_and_goes_where_one_wanted(olga: User, key: Authenticator) -> None:
    client = Client()
    options = begin(client, ALONE, next="/people/")
    assert not options["publicKey"].get("allowCredentials") and options["publicKey"]["userVerification"] == "required"
    answer = client.post(ALONE, {"credential": key.show(options)}, **HERE)
    assert (answer.status_code, answer["Location"]) == (303, "/people/") and is_in(client)
    assert not Step.objects.exists()


def test_a_page_that_no_house_has_is_no_page_to_go_to(olga: User, key: Authenticator) -> None:
    client = Client()
    options = begin(client, ALONE, next="/people/\0")
    assert client.post(ALONE, {"credential": key.show(options)}, **HERE)["Location"] == "/"


def test_alone_it_must_make_sure_who_holds_it(olga: User, key: Authenticator) -> None:
    key.verifies = False
    client = Client()
    assert client.post(ALONE, {"credential": key.show(begin(client, ALONE))}, **HERE).status_code == 422
    assert not is_in(client) and half_way(olga)


def test_a_key_that_says_it_is_anothers_is_refused(olga: User, key: Authenticator) -> None:
    client = Client()
    answer = client.post(ALONE, {"credential": key.show(begin(client, ALONE), user="c29tZWJvZHk")}, **HERE)
    assert answer.status_code == 422 and not is_in(client)


def test_an_unknown_key_is_told_as_a_wrong_one(olga: User, key: Authenticator) -> None:
    answers = []
    for each in (Authenticator(b"unknown"), Authenticator()):
        client = Client()
        answers.append(client.post(ALONE, {"credential": each.show(begin(client, ALONE), user="")}, **HERE))
    assert {answer.status_code for answer in answers} == {422}
    assert len({str(answer.context["told"]) for answer in answers}) == 1


def test_the_key_of_an_ended_account_opens_nothing(olga: User, key: Authenticator) -> None:
    mette, theirs = person("manager"), Authenticator(b"theirs")
    add(mette, theirs)
    actions.end_account(by=OPERATOR, at=timezone.now(), user=mette)
    client = Client()
    assert client.post(ALONE, {"credential": theirs.show(begin(client, ALONE))}, **HERE).status_code == 422


# --- as a proof -----------------------------------------------------------------------------------------------------


def test_it_proves_that_it_is_still_she(olga: User, key: Authenticator) -> None:
    client = browser_at_home(olga)
    long_ago = timezone.now().replace(year=2020)
    Session.objects.update(proved_at=long_ago)
    answer = key.show(begin(client, AGAIN))
    told = client.post(AGAIN, {"credential": answer, "next": "/people/"}, **HERE)
    assert told["Location"] == "/people/" and Session.objects.filter(user=olga, proved_at__gt=long_ago).count() == 1


def test_that_of_another_proves_nothing(olga: User, key: Authenticator) -> None:
    theirs = Authenticator(b"theirs")
    add(person("staff"), theirs)
    client = browser_at_home(olga)
    long_ago = timezone.now().replace(year=2020)
    Session.objects.update(proved_at=long_ago)
    assert client.post(AGAIN, {"credential": theirs.show(begin(client, AGAIN))}, **HERE).status_code == 422
    assert set(Session.objects.values_list("proved_at", flat=True)) == {long_ago}


# --- where there are none -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "secure", "words"),
    [
        ("127.0.0.1:8000", False, "http://localhost:8000"),
        ("[::1]:8000", False, "address of numbers"),
        ("testserver", False, "need https"),
    ],
)
def test_an_address_without_passkeys_says_so(host: str, secure: bool, words: str, olga: User) -> None:
    client = Client()
    _session, value = sessions.begin(olga, at=timezone.now())
    client.cookies["session_80"] = value
    shown = client.get("/account/second-factor/", headers={"Host": host}).content.decode()
    assert words in shown and "data-passkey=" not in shown
    begun = client.post(f"{ADD}begin/", headers={"Host": host, "Accept": "application/json"})
    assert begun.status_code == 422 and words in begun.json()["detail"]


def test_served_on_numbers_they_work_under_the_name_of_the_machine(olga: User, settings: Any) -> None:
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, base_url="http://127.0.0.1:8000")
    assert begin(browser_at_home(olga), ADD)["publicKey"]["rp"]["id"] == "localhost"


def test_under_the_houses_own_name_they_belong_to_it(olga: User, settings: Any) -> None:
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, base_url="https://register.example")
    client = browser_at_home(olga)
    shown = client.get("/account/second-factor/", **HERE).content.decode()
    assert "https://register.example" in shown and "data-passkey=" not in shown
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, trusted_proxies=("127.0.0.1",))
    options = begin(client, ADD)
    assert options["publicKey"]["rp"] == {"id": "register.example", "name": "Regulars"}
    key = Authenticator(origin="https://register.example")
    assert client.post(ADD, {"credential": key.make(options)}, **HERE).status_code == 200
    assert json.loads(json.dumps(options)) == options
