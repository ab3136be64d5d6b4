"""People: invited by link, given a role, ended and reopened; the house keeps an owner."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.models import RIGHTS_OF, OneTimeLink, User
from regulars.areas.access.queries import actor_for, has_owner
from regulars.areas.access.tests.people import OPERATOR, browser_of, person
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
NEW = "four quite different words"
EVE = {"name": "Eve", "login": "eve@example.com", "role": "staff", "language": "en"}


def add(by: Actor | None = None, **values: Any) -> tuple[User, str]:
    told = {**EVE, **values}
    return actions.add_user(by=by or actor_for(person("owner")), at=timezone.now(), **told)


def test_somebody_invited_chooses_a_password_and_is_in(client: Client) -> None:
    browser = browser_of("owner")
    link = browser.post("/people/add/", EVE).context["link"].removeprefix("http://testserver")
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": NEW, "again": NEW}).status_code == 303
    assert client.get("/account/").status_code == 200
    assert client.post("/sign-in/", {"login": "EVE@example.com", "password": NEW}).status_code == 303
    assert Client().post(link, {"password": NEW, "again": NEW}).status_code == 404, "it works once"


def test_an_invited_person_cannot_come_in_before(client: Client) -> None:
    add()
    assert client.post("/sign-in/", {"login": "eve@example.com", "password": ""}).status_code == 422
    assert client.post("/sign-in/", {"login": "eve@example.com", "password": NEW}).status_code == 422


def test_a_new_link_makes_the_older_one_void() -> None:
    user, first = add()
    second = actions.new_password_link(by=OPERATOR, at=timezone.now(), user=user)
    assert OneTimeLink.objects.filter(user=user).count() == 1 and first != second


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"login": "OLGA"}, "login"), ({"login": "x"}, "login"), ({"login": "a@"}, "login"), ({"name": " "}, "name"),
        ({"role": "king"}, "role"), ({"language": "xx"}, "language"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(values: dict[str, Any], where: str) -> None:
    person("owner")
    with pytest.raises(Refused) as refused:
        add(**values)
    assert refused.value.where == where and User.objects.count() == 1


def test_the_last_owner_stays() -> None:
    olga = person("owner")
    for act in (
        lambda: actions.change_role(by=OPERATOR, at=timezone.now(), user=olga, role="staff"),
        lambda: actions.end_account(by=OPERATOR, at=timezone.now(), user=olga),
    ):
        with pytest.raises(Refused, match="only owner"):
            act()
    assert has_owner() and User.objects.get().role == "owner"


def test_an_owner_who_was_only_invited_does_not_count() -> None:
    olga = person("owner")
    add(role="owner")
    with pytest.raises(Refused, match="only owner"):
        actions.end_account(by=OPERATOR, at=timezone.now(), user=olga)


def test_nobody_lifts_anybody_above_herself() -> None:
    """A token that may add people makes no owner, and no link into an owner's account."""
    helper = Actor(kind="token", name="helper", rights=RIGHTS_OF["staff"] | {"access.users", "access.links"})
    add(by=helper)
    for act in (
        lambda: add(by=helper, login="mallory", role="owner"),
        lambda: add(by=helper, login="mallory", role="manager"),
        lambda: actions.change_role(by=helper, at=timezone.now(), user=User.objects.get(name="Eve"), role="owner"),
        lambda: actions.new_password_link(by=helper, at=timezone.now(), user=person("owner")),
        lambda: actions.end_account(by=helper, at=timezone.now(), user=person("manager")),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("role", ["manager", "staff", "marketer", "auditor"])
def test_only_the_owner_adds_people(role: str) -> None:
    with pytest.raises(NotAllowed):
        add(by=actor_for(person(role)))


def test_an_ended_account_opens_again_without_its_sessions(client: Client) -> None:
    person("owner")
    stefan = person("staff")
    browser = browser_of(stefan)
    actions.end_account(by=OPERATOR, at=timezone.now(), user=stefan)
    actions.reopen_account(by=OPERATOR, at=timezone.now(), user=stefan)
    assert browser.get("/account/").status_code == 302
    assert browser_of(stefan).get("/account/").status_code == 200


def test_the_pages_do_it_all() -> None:
    browser, stefan = browser_of("owner"), person("staff")
    page = f"/people/{stefan.public}/"
    assert b"Stefan" in browser.get("/people/").content and browser.get(page).status_code == 200
    assert browser.post(f"{page}role/", {"role": "manager"}).status_code == 303
    assert User.objects.get(pk=stefan.pk).role == "manager"
    assert browser.post(f"{page}end/").status_code == browser.post(f"{page}reopen/").status_code == 303
    assert b"/join/" in browser.post(f"{page}link/").content
    own = f"/people/{person('owner').public}/"
    refused = browser.post(f"{own}role/", {"role": "staff"})
    assert refused.status_code == 422 and b"only owner" in refused.content
    assert browser.post(f"{own}end/").status_code == 422


def test_each_deed_is_in_the_journal_and_none_is_taken_back() -> None:
    user, _given = add()
    actions.change_role(by=OPERATOR, at=timezone.now(), user=user, role="manager")
    told = [(row.verb, row.particulars.get("user")) for row in Changeset.objects.order_by("number")][-2:]
    assert told == [("access.user_added", "Eve"), ("access.role_changed", "Eve")]
    last = Changeset.objects.order_by("number").last()
    assert last
    with pytest.raises(Refused):
        undo(changeset=last.number, by=OPERATOR, at=timezone.now())
    assert User.objects.get(pk=user.pk).role == "manager"


def test_the_same_role_again_is_no_deed_and_ends_nothing() -> None:
    stefan = person("staff")
    browser = browser_of(stefan)
    assert actions.change_role(by=OPERATOR, at=timezone.now(), user=stefan, role="staff") is None
    assert browser.get("/account/").status_code == 200
