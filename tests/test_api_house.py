"""Settings, tokens, people and consent over HTTP."""

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access.actions import add_code
from regulars.areas.access.models import User
from regulars.areas.access.tests.people import OPERATOR, browser_of, person
from regulars.areas.access.tests.test_second_factor import SECRET, code
from tests.rig.programs import BASE, Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def till() -> Program:
    return Program("owner")


def test_settings_are_shown_and_changed_in_part(till):
    changed = till.patch("/settings", {"country": "DK", "gold_percent": 5})
    assert (changed.json()["country"], changed.json()["gold_percent"], changed.json()["currency"]) == ("DK", 5, "EUR")
    assert int(changed["Changeset"]) and till.get("/settings").json() == changed.json()


def test_a_setting_that_is_not_there_or_will_not_do(till):
    till.refused(till.patch("/settings", {"colour": "red"}), 422)
    assert till.refused(till.patch("/settings", {"country": "XX"}), 422)["where"] == "country"
    assert till.get("/settings").json()["country"] == "DE"


def test_who_am_i():
    me = Program("marketer", "customers.view").get("/me").json()
    assert (me["role"], me["rights"]) == ("marketer", ["customers.view"])


def test_a_token_makes_a_token_that_works_until_it_is_revoked(till):
    made = till.post("/tokens", {"name": "form", "rights": ["customers.view"], "days": 3})
    assert made.status_code == 201
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert Client().get(f"{BASE}/me", headers=headers).status_code == 200
    assert "token" not in till.get("/tokens").json()[0]
    assert till.delete(f"/tokens/{made.json()['id']}").json()["state"] == "revoked"
    assert Client().get(f"{BASE}/me", headers=headers).status_code == 401


def test_a_token_gives_no_right_that_it_has_not():
    narrow = Program("owner", "access.tokens", "customers.view")
    narrow.refused(narrow.post("/tokens", {"name": "more", "rights": ["access.users"]}), 403)
    narrow.refused(narrow.post("/tokens", {"name": "more", "rights": ["everything"]}), 422)


def test_nobody_sees_or_ends_anothers_token(till):
    other = Program("marketer", name="other")
    assert [each["name"] for each in other.get("/tokens").json()] == [other.token.name]
    other.refused(other.delete(f"/tokens/{till.token.public}"), 404)


def test_somebody_is_invited_and_her_role_changed(till):
    made = till.post("/users", {"login": "berta@example.com", "name": "Berta", "role": "staff"})
    assert made.status_code == 201 and "/join/" in made.json()["link"]
    changed = till.patch(f"/users/{made.json()['id']}", {"role": "auditor"})
    assert changed.json()["role"] == "auditor" and changed.json()["state"] == "invited"
    assert till.patch(f"/users/{made.json()['id']}", {"active": False}).json()["state"] == "ended"
    assert "berta@example.com" in {each["login"] for each in till.get("/users").json()}


def test_whom_one_may_not_invite(till):
    till.refused(till.post("/users", {"login": "x", "name": "X"}), 422)
    till.refused(till.patch("/users/nobody", {"role": "staff"}), 404)
    manager = Program("manager")
    manager.refused(manager.post("/users", {"login": "xy", "name": "X"}), 403)
    assert not User.objects.filter(login="x").exists()


def test_a_manager_makes_a_link_for_who_forgot_but_none_for_the_owner(till):
    manager, stefan = Program("manager"), person("staff")
    assert "Stefan" in {each["name"] for each in manager.get("/users").json()}
    made = manager.post(f"/users/{stefan.public}/link", {})
    assert made.status_code == 201 and "/join/" in made.json()["link"]
    manager.refused(manager.post(f"/users/{person('owner').public}/link", {}), 403)
    manager.refused(manager.post("/users/nobody/link", {}), 404)


def test_second_factors_are_listed_without_secrets_and_removed(till):
    stefan, at = person("staff"), timezone.now()
    assert till.get(f"/users/{stefan.public}/factors").json() == []
    add_code(by=OPERATOR, at=at, user=stefan, secret=SECRET, typed=code(at))
    told = till.get(f"/users/{stefan.public}/factors")
    assert [set(each) for each in told.json()] == [
        {"kind", "name", "since"}
    ] * 2 and SECRET not in told.content.decode()
    guarded = {each["name"]: each["second_factor"] for each in till.get("/users").json()}
    assert guarded == {"Stefan": True, "Olga": False}
    manager = Program("manager")
    manager.refused(manager.delete(f"/users/{stefan.public}/factors"), 403)
    assert till.delete(f"/users/{stefan.public}/factors").json() == []
    till.refused(till.delete(f"/users/{stefan.public}/factors"), 422)


def test_who_is_signed_in_is_listed_and_signed_out(till):
    browser = browser_of("staff")
    (session,) = till.get("/sessions").json()
    assert (session["name"], session["browser"]) == ("Stefan", "Firefox · Linux")
    assert till.delete(f"/sessions/{session['id']}").json()["id"] == session["id"]
    assert browser.get("/account/").status_code == 302 and till.get("/sessions").json() == []
    till.refused(till.delete(f"/sessions/{session['id']}"), 404)


def test_who_may_what_is_told_to_every_token(till):
    told = {each["right"]: each["roles"] for each in Program("reader", "customers.view").get("/roles").json()}
    assert told["customers.forget"] == ["owner"] and "till" in told["customers.edit"]


def test_a_no_is_noted_and_wins(till):
    number = till.post("/customers", {"given_name": "Anna"}).json()["number"]
    said = {"answer": "given", "channels": ["email"], "purposes": ["offers"], "heard": "on paper"}
    cells = till.post(f"/customers/{number}/consent", said).json()
    assert [each["channel"] for each in cells if each["answer"] == "given" and each["allowed"]] == ["email"]
    till.post(f"/customers/{number}/consent", {"answer": "refused", "channels": ["email"]})
    cells = till.get(f"/customers/{number}/consent").json()
    assert not any(each["allowed"] for each in cells if each["channel"] == "email")


def test_a_yes_without_how_it_was_heard(till):
    number = till.post("/customers", {"given_name": "Anna"}).json()["number"]
    assert till.refused(till.post(f"/customers/{number}/consent", {"answer": "given"}), 422)["where"] == "heard"
