"""The first start: one link, one owner, one house; nothing is there before (S8)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions, queries
from regulars.areas.access.models import OneTimeLink, Password, Session, User
from regulars.areas.access.tests.people import OPERATOR
from regulars.areas.house.queries import house
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.models import Changeset, Link
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.keyfile import recovery_sheet

pytestmark = pytest.mark.django_db
FORM = {
    "house": "Buchladen am Markt", "country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin",
    "languages": ["de", "en"], "name": "Olga Petersen", "login": "olga@example.com", "language": "de",
    "password": "correct horse battery staple", "again": "correct horse battery staple",
}  # fmt: skip


@pytest.fixture
def link() -> str:
    return actions.first_link("http://testserver", at=timezone.now()).removeprefix("http://testserver")


def test_a_new_house_knows_nobody(client: Client) -> None:
    assert not User.objects.exists() and not Password.objects.exists()
    assert b"no owner yet" in client.get("/sign-in/").content


def test_the_page_guesses_from_the_browser(client: Client, link: str) -> None:
    form = client.get(link, headers={"Accept-Language": "da-DK,da;q=0.9"}).context["form"]
    assert (form["country"].value(), form["currency"].value(), form["time_zone"].value()) == (
        "DK", "DKK", "Europe/Copenhagen",
    )  # fmt: skip


def test_another_country_brings_its_own(client: Client, link: str) -> None:
    part = client.get(link + "?country=ZA", headers={"HX-Request": "true"})
    assert part.context["form"]["currency"].value() == "ZAR"
    assert b"<html" not in part.content


def test_the_owner_opens_the_house_and_is_in(client: Client, link: str) -> None:
    answer = client.post(link, FORM)
    assert (answer.status_code, answer["Location"]) == (303, "/recovery-sheet/")
    owner = User.objects.get()
    assert (owner.role, owner.name, owner.language) == ("owner", "Olga Petersen", "de")
    assert (house().name, house().languages, house().default_language) == ("Buchladen am Markt", ("de", "en"), "de")
    assert client.get("/account/").status_code == 200
    assert Changeset.objects.get().verb == "access.house_founded"


def test_the_sheet_is_shown_to_this_session_until_it_is_printed(client: Client, link: str) -> None:
    client.post(link, FORM)
    shown = client.get("/recovery-sheet/").content.decode()
    assert recovery_sheet().splitlines()[-1].strip() in shown.replace("&#x27;", "'")
    assert client.post("/recovery-sheet/").status_code == 303
    assert client.get("/recovery-sheet/").status_code == 404


def test_the_link_works_once(client: Client, link: str) -> None:
    client.post(link, FORM)
    again = Client().post(link, {**FORM, "login": "other@example.com"})
    assert again.status_code == 404 and User.objects.count() == 1


def test_an_old_link_and_a_guessed_one_are_nothing(client: Client, link: str) -> None:
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == client.get("/welcome/guessed/").status_code == 404


def test_a_new_start_makes_the_older_link_void(client: Client, link: str) -> None:
    actions.first_link("http://testserver", at=timezone.now())
    assert client.get(link).status_code == 404


def test_only_its_digest_is_kept(link: str) -> None:
    assert link.split("/")[2] not in str(list(OneTimeLink.objects.values()))


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "short"), ("again", "something else entirely"), ("login", "olga@"), ("country", "XX"), ("house", "")],
)
def test_what_does_not_fit_is_said_and_nothing_is_made(client: Client, link: str, field: str, value: str) -> None:
    typed = {**FORM, field: value, **({"again": value} if field == "password" else {})}
    answer = client.post(link, typed)
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert not User.objects.exists() and client.get(link).status_code == 200
    assert b"battery" not in answer.content


def test_with_an_owner_there_is_no_first_link(client: Client, link: str) -> None:
    client.post(link, FORM)
    assert queries.has_owner()
    with pytest.raises(Refused):
        actions.first_link("http://testserver", at=timezone.now())


def test_the_journal_has_no_secret(client: Client, link: str) -> None:
    client.post(link, FORM)
    kept = b"".join(payload for row in Link.objects.all() for payload in blocks.payloads(bytes(row.block)))
    hashed, session = Password.objects.get().hash, Session.objects.get().digest
    assert b"Olga Petersen" in kept
    secrets = (hashed, hashed[-20:], session, str(FORM["password"]), "argon2")
    assert not any(secret.encode() in kept for secret in secrets)


def test_a_used_come_in_link_is_nothing(client: Client, link: str) -> None:
    client.post(link, FORM)
    owner = queries.an_owner()
    address = actions.come_in_link("http://testserver", by=OPERATOR, at=timezone.now(), user=owner)
    path, other = address.removeprefix("http://testserver"), Client()
    assert b"signs you in" in other.get(path, headers={"Accept-Language": "en"}).content
    assert not Session.objects.filter(user=owner).count() > 1
    assert other.post(path).status_code == 303 and other.get("/account/").status_code == 200
    assert Client().post(path).status_code == 404
    with pytest.raises(NotFound):
        actions.take_come_in_link(given=path.split("/")[2], at=timezone.now())
