"""`regulars user` and `regulars token`: what they print, and with which code they end."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.actions import add_code, choose_password
from regulars.areas.access.models import RIGHTS, Token, User
from regulars.areas.access.queries import actor_for, actor_of_token
from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.access.tests.test_second_factor import SECRET, code
from regulars.areas.journal.models import Changeset
from regulars.interfaces.cli.main import main
from regulars.interfaces.server.lock import HomeLock
from tests.rig.mailbox import mailbox

pytestmark = pytest.mark.django_db
NEW = "four quite different words"


def test_somebody_is_added_and_comes_in_by_the_link(told: Any) -> None:
    person("owner")
    added = told("user", "add", "mette@example.com", "--name", "Mette Holm", "--role", "manager")
    given = added["link"].rstrip("/").rpartition("/")[2]
    choose_password(given=given, password=NEW, at=timezone.now())
    assert User.objects.get(login="mette@example.com").password_set_at
    last = Changeset.objects.get(verb="access.user_added", particulars__user="Mette Holm")
    assert (last.by_kind, last.through, last.detail) == ("operator", "command", "user add")


def test_a_link_leads_to_where_the_house_is_served(told: Any) -> None:
    person("owner")
    lock = HomeLock()
    lock.take("http://127.0.0.1:8377")
    try:
        assert told("user", "add", "ida@example.com")["link"].startswith("http://127.0.0.1:8377/")
    finally:
        lock.release()


def test_everybody_is_listed(told: Any) -> None:
    person("owner")
    told("user", "add", "eve")
    listed = {each["login"]: (each["role"], each["state"]) for each in told("user", "list")}
    assert listed["eve"] == ("staff", "invited") and listed["Olga"][0] == "owner"


def test_a_role_is_given_and_an_account_ended_and_reopened(told: Any) -> None:
    person("owner")
    stefan = person("staff")
    assert told("user", "role", "stefan", "reader")["changeset"]
    assert User.objects.get(pk=stefan.pk).role == "reader"
    assert told("user", "role", "stefan", "king", code=1)["error"]["where"] == "role"
    assert told("user", "end", "stefan")["changeset"] and not User.objects.get(pk=stefan.pk).active
    assert told("user", "reopen", "stefan")["changeset"] and User.objects.get(pk=stefan.pk).active
    assert told("user", "end", "olga", code=1)["error"]["where"] == "role"


def test_second_factors_are_listed_and_removed_for_who_lost_them(told: Any) -> None:
    olga, at = person("owner"), timezone.now()
    assert told("user", "factors", "olga") == []
    add_code(by=actor_for(olga), at=at, user=olga, secret=SECRET, typed=code(at))
    assert [each["kind"] for each in told("user", "factors", "olga")] == ["code", "recovery"]
    assert told("user", "list")[0]["second_factor"] is True
    assert told("user", "factors", "olga", "--remove")["changeset"]
    assert told("user", "factors", "olga") == [] and told("user", "list")[0]["second_factor"] is False
    assert told("user", "factors", "olga", "--remove", code=1)["error"]["message"]


def test_who_is_signed_in_is_listed_and_signed_out(told: Any) -> None:
    person("owner")
    browser_of("staff")
    browser_of("manager")
    assert {each["login"] for each in told("user", "sessions")} == {"Stefan", "Mette"}
    assert [each["browser"] for each in told("user", "sessions", "stefan")] == ["Firefox · Linux"]
    assert told("user", "sign-out", "stefan") == {"login": "Stefan", "ended": 1}
    assert {each["login"] for each in told("user", "sessions")} == {"Mette"}


def test_who_may_what_is_told(told: Any) -> None:
    may = {each["right"]: each["roles"] for each in told("user", "roles")}
    assert may["customers.forget"] == ["owner"] and "reader" in may["customers.view"]
    assert set(may) == set(RIGHTS)


def test_a_link_for_who_forgot(told: Any) -> None:
    person("owner")
    assert "/join/" in told("user", "link", "olga")["link"]
    assert told("user", "link", "nobody", code=1)["error"]["code"] == "not_found"


@pytest.mark.django_db(transaction=True)
def test_a_link_goes_by_mail_or_the_command_says_why_not(
    told: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("owner", login="olga@example.com")
    assert "REGULARS_EMAIL_URL" in told("user", "link", "olga@example.com", "--mail", code=1)["error"]["message"]
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, base_url="https://regulars.example")
    with mailbox() as box:
        monkeypatch.setenv("REGULARS_EMAIL_URL", box.url)
        assert told("user", "link", "olga@example.com", "--mail") == {"login": "olga@example.com", "mailed": True}
        assert "https://regulars.example/join/" in box.texts[0]
        box.says = "550 nobody of this name"
        assert "(550)" in told("user", "link", "olga@example.com", "--mail", code=1)["error"]["message"]


def test_a_token_is_made_listed_and_revoked(told: Any) -> None:
    person("owner")
    made = told("token", "add", "shop", "--right", "customers.view", "--right", "customers.edit", "--days", "30")
    actor = actor_of_token(made["token"], at=timezone.now())
    assert actor and actor.rights == {"customers.view", "customers.edit"}
    listed = told("token", "list")
    assert [each["name"] for each in listed] == ["shop"] and "token" not in listed[0]
    assert told("token", "revoke", "shop")["changeset"]
    assert actor_of_token(made["token"], at=timezone.now()) is None
    assert told("token", "revoke", "shop", code=1)["error"]["code"] == "not_found"


def test_a_token_without_rights_is_refused(told: Any) -> None:
    person("owner")
    assert told("token", "add", "shop", code=1)["error"]["where"] == "rights"
    assert not Token.objects.exists()


def test_a_house_without_an_owner_has_no_tokens(told: Any) -> None:
    assert told("token", "add", "shop", "--right", "customers.view", code=1)["error"]["code"] == "not_found"


def test_without_json_the_secret_alone_is_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    person("owner")
    assert main(["token", "add", "shop", "--right", "customers.view"]) == 0
    out, err = capsys.readouterr()
    assert out.strip().startswith("rgl_") and len(out.split()) == 1 and "shop" in err


def test_for_whom_somebody_is_responsible_is_said_and_changed(told: Any) -> None:
    told("user", "add", "stefan", "--role", "staff")
    changed = told("user", "customers", "stefan", "--territory", "north", "--representative", "ST")
    assert changed == told("user", "customers", "stefan") != told("user", "customers", "stefan", "--none")
    assert "north" in str(changed) and "ST" in str(changed)
