"""The second door by code: set up, asked for, used once; recovery codes; what a short password needs (A1, A2, A6)."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.door import codes, throttle
from regulars.areas.access.models import Factor, OneTimeCode, Password, RecoveryCode, Session, Step, Tries, User
from regulars.areas.access.queries import actor_for, actor_of_token, has_second_factor, recovery_codes_left
from regulars.areas.access.tests.people import OPERATOR, browser_of, hash_of, person, token_of
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.models import Changeset, Link
from regulars.areas.journal.queries import sentence
from regulars.kernel import crypto
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
RIGHT = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(at: datetime, steps: int = 0) -> str:
    return codes._code(SECRET, int(at.timestamp()) // 30 + steps).decode()


def guard(user: User) -> list[str]:
    """Sets one-time codes up, an hour ago, and gives the recovery codes."""
    at = timezone.now() - timedelta(hours=1)
    return actions.add_code(by=actor_for(user), at=at, user=user, secret=SECRET, typed=code(at))


@pytest.fixture
def olga() -> User:
    user = person("owner")
    Password.objects.filter(user=user).update(hash=hash_of(RIGHT))
    return user


def half_way(user: User) -> Client:
    """A browser that gave the right password."""
    client = Client()
    answer = client.post("/sign-in/", {"login": user.login, "password": RIGHT, "next": "/account/"})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/second/")
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# --- setting up -----------------------------------------------------------------------------------------------------


def test_codes_are_set_up_with_the_app_and_recovery_codes_are_shown_once() -> None:
    browser, at = browser_of("staff"), timezone.now()
    page = browser.get("/account/second-factor/code/")
    assert page.context["picture"].startswith("data:image/svg+xml") and not Factor.objects.exists()
    secret = page.context["secret"].replace(" ", "")
    typed = codes._code(secret, int(at.timestamp()) // 30).decode()
    told = browser.post("/account/second-factor/code/", {"kept": page.context["kept"], "code": typed})
    shown = re.findall(r"<li>([a-z2-7-]{29})</li>", told.content.decode())
    assert len(shown) == len(set(shown)) == 10 and told["Cache-Control"] == "no-store"
    added = Changeset.objects.get(verb="access.factor_added")
    assert has_second_factor(person("staff")) and sentence(added) == "added a second factor: One-time code"
    assert shown[0] not in browser.get("/account/second-factor/").content.decode()


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_secret() -> None:
    browser = browser_of("staff")
    first = browser.get("/account/second-factor/code/").context
    again = browser.post("/account/second-factor/code/", {"kept": first["kept"], "code": "000000"})
    assert again.status_code == 422 and again.context["secret"] == first["secret"] and not Factor.objects.exists()


def test_nobody_sets_up_a_secret_that_was_shown_to_another() -> None:
    stranger = browser_of("manager").get("/account/second-factor/code/").context
    secret = stranger["secret"].replace(" ", "")
    typed = codes._code(secret, int(timezone.now().timestamp()) // 30).decode()
    answer = browser_of("staff").post("/account/second-factor/code/", {"kept": stranger["kept"], "code": typed})
    assert answer.status_code == 404 and not Factor.objects.exists()


def test_one_set_of_codes_is_enough(olga: User) -> None:
    guard(olga)
    with pytest.raises(Refused, match="already"):
        guard(olga)


def test_the_secret_is_sealed_and_in_no_journal(olga: User) -> None:
    shown = guard(olga)
    kept = b"".join(payload for row in Link.objects.all() for payload in blocks.payloads(bytes(row.block)))
    row = OneTimeCode.objects.get()
    tables = str(
        list(OneTimeCode.objects.values()) + list(RecoveryCode.objects.values()) + list(Factor.objects.values())
    )
    for secret in (SECRET, shown[0], shown[0].replace("-", ""), codes.recovery_digest(olga.public, shown[0])):
        assert secret.encode() not in kept
    assert SECRET not in tables and shown[0] not in tables and b"access" in kept
    assert codes.opened(bytes(row.sealed), olga.public) == SECRET
    with pytest.raises(crypto.Tampered):
        codes.opened(bytes(row.sealed), "somebody else")


# --- coming in ------------------------------------------------------------------------------------------------------


def test_the_password_alone_no_longer_lets_in(olga: User) -> None:
    guard(olga)
    client = half_way(olga)
    assert not is_in(client) and not Session.objects.exists()
    page = client.get("/sign-in/second/")
    assert page.status_code == 200 and b"Code from your app" in page.content
    answer = client.post("/sign-in/second/", {"code": code(timezone.now())})
    assert (answer.status_code, answer["Location"]) == (303, "/account/") and is_in(client)
    assert not Step.objects.exists()


def test_a_used_code_is_refused_again(olga: User) -> None:
    guard(olga)
    typed = code(timezone.now())
    assert half_way(olga).post("/sign-in/second/", {"code": typed}).status_code == 303
    other = half_way(olga)
    again = other.post("/sign-in/second/", {"code": typed})
    assert again.status_code == 422 and again.context["code"].errors["code"] and not is_in(other)


def test_the_code_that_set_it_up_is_used_too(olga: User) -> None:
    at = timezone.now()
    actions.add_code(by=OPERATOR, at=at, user=olga, secret=SECRET, typed=code(at))
    with pytest.raises(Refused):
        actions.pass_by_code(user=olga, typed=code(at), address="10.0.0.1", mark=None, at=at)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_lasts_its_half_minute_and_its_neighbours(steps: int, fits: bool, olga: User) -> None:
    at = datetime.fromisoformat("2026-11-28T12:00:15+00:00")
    assert (codes.step_of(SECRET, f" {code(at, steps)[:3]} {code(at, steps)[3:]} ", at) is not None) == fits


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, six of its eight digits."""
    secret = b"12345678901234567890"
    told = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {at: crypto.one_time_code(secret, at // 30) for at in told} == told


@pytest.mark.parametrize("typed", ["", "abcdef", "000000", "12345", "1234567", "\x00", "١٢٣٤٥٦"])
def test_what_is_no_code_does_not_let_in(typed: str, olga: User) -> None:
    guard(olga)
    client = half_way(olga)
    assert client.post("/sign-in/second/", {"code": typed}).status_code == 422 and not is_in(client)


def test_guessing_codes_is_slow_and_counted_apart(olga: User, client: Client) -> None:
    guard(olga)
    client = half_way(olga)
    answers = [client.post("/sign-in/second/", {"code": "000000"}).status_code for _each in range(throttle.FREE)]
    assert answers == [422] * throttle.FREE
    Tries.objects.update(count=15)  # a pause as long as it gets, so that it does not end within this test
    assert client.post("/sign-in/second/", {"code": code(timezone.now())}).status_code == 429
    assert half_way(olga).post("/sign-in/second/", {"code": code(timezone.now())}).status_code == 429, (
        "the right password gives no tries back"
    )


def test_at_most_a_hundred_codes_in_a_row_are_looked_at(olga: User, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(olga)
    seen: list[str] = []
    monkeypatch.setattr(codes, "step_of", lambda secret, typed, at: seen.append(typed))
    for number in range(120):
        at = timezone.now() + timedelta(minutes=20 * number)
        with pytest.raises(Refused):
            actions.pass_by_code(user=olga, typed="1", address=f"10.0.0.{number}", mark=None, at=at)
    assert len(seen) == throttle.PER_ACCOUNT


def test_the_second_door_opens_only_behind_the_first(client: Client, olga: User) -> None:
    guard(olga)
    for ask in (client.get, client.post):
        answer = ask("/sign-in/second/", {"code": code(timezone.now())})
        assert answer.status_code == 422 and b"Begin again" in answer.content
    client.cookies["step_80"] = "guessed"
    assert client.post("/sign-in/second/", {"code": code(timezone.now())}).status_code == 422 and not is_in(client)


def test_half_way_lasts_ten_minutes_and_ends_with_a_new_password(olga: User) -> None:
    guard(olga)
    late, ended = half_way(olga), half_way(olga)
    Step.objects.filter(pk__in=[Step.objects.order_by("expires_at").values_list("pk", flat=True)[0]]).update(
        expires_at=timezone.now()
    )
    assert late.get("/sign-in/second/").status_code == 422
    actions.change_password(by=OPERATOR, at=timezone.now(), user=olga, password="four quite different words")
    assert ended.post("/sign-in/second/", {"code": code(timezone.now())}).status_code == 422 and not is_in(ended)


def test_a_link_for_a_forgotten_password_does_not_go_round_the_second_door(client: Client, olga: User) -> None:
    guard(olga)
    given = actions.new_password_link(by=OPERATOR, at=timezone.now(), user=olga)
    answer = client.post(f"/join/{given}/", {"password": RIGHT + "!", "again": RIGHT + "!"})
    assert answer["Location"] == "/sign-in/second/" and not is_in(client)


# --- recovery codes -------------------------------------------------------------------------------------------------


def test_a_recovery_code_lets_in_once(olga: User) -> None:
    paper = guard(olga)
    client = half_way(olga)
    typed = paper[3].upper().replace("-", " ")
    assert client.post("/sign-in/second/", {"recovery": typed}).status_code == 303 and is_in(client)
    assert b"9 recovery codes left" in client.get("/account/second-factor/").content or recovery_codes_left(olga) == 9
    other = half_way(olga)
    assert other.post("/sign-in/second/", {"recovery": paper[3]}).status_code == 422 and not is_in(other)


def test_a_recovery_code_of_another_is_none(olga: User) -> None:
    guard(olga)
    theirs = actions.add_code(
        by=OPERATOR, at=timezone.now(), user=person("staff"), secret=SECRET, typed=code(timezone.now())
    )
    assert half_way(olga).post("/sign-in/second/", {"recovery": theirs[0]}).status_code == 422


def test_new_recovery_codes_end_the_older_ones(olga: User) -> None:
    old = guard(olga)
    new = re.findall(
        r"<li>([a-z2-7-]{29})</li>", browser_of(olga).post("/account/second-factor/recovery/").content.decode()
    )
    assert len(new) == 10 and recovery_codes_left(olga) == 10
    assert half_way(olga).post("/sign-in/second/", {"recovery": old[0]}).status_code == 422
    assert half_way(olga).post("/sign-in/second/", {"recovery": new[0]}).status_code == 303
    assert Changeset.objects.filter(verb="access.recovery_codes_made").count() == 1


def test_without_a_second_factor_there_are_no_recovery_codes() -> None:
    assert browser_of("staff").post("/account/second-factor/recovery/").status_code == 422
    assert not RecoveryCode.objects.exists()


# --- what ends, what is needed --------------------------------------------------------------------------------------


def test_adding_and_removing_ends_the_other_sessions(olga: User) -> None:
    here, there = browser_of(olga), browser_of(olga)
    seat = Session.objects.filter(user=olga).order_by("started_at", "pk")
    keep = next(each for each in seat if each.digest == crypto.sha256(here.cookies["session_80"].value.encode()).hex())
    at = timezone.now()
    actions.add_code(by=actor_for(olga), at=at, user=olga, secret=SECRET, typed=code(at), keep=keep)
    assert is_in(here) and not is_in(there)
    there, (_token, text) = browser_of(olga), token_of(olga, "customers.view")
    factor = Factor.objects.get(kind="code")
    assert here.post(f"/account/second-factor/{factor.public}/remove/").status_code == 303
    assert is_in(here) and not is_in(there) and actor_of_token(text, at=timezone.now()) is None


def test_with_the_last_factor_its_secrets_and_the_recovery_codes_go(olga: User) -> None:
    guard(olga)
    actions.remove_factor(
        by=actor_for(olga), at=timezone.now(), user=olga, public=Factor.objects.get(kind="code").public
    )
    assert not has_second_factor(olga) and not OneTimeCode.objects.exists() and not RecoveryCode.objects.exists()
    assert Factor.objects.filter(removed_at=None).count() == 0 and Factor.objects.count() == 2
    client = Client()
    assert client.post("/sign-in/", {"login": olga.login, "password": RIGHT})["Location"] == "/"


def test_nobody_removes_the_factor_of_another(olga: User) -> None:
    guard(olga)
    public = Factor.objects.get(kind="code").public
    assert browser_of("staff").post(f"/account/second-factor/{public}/remove/").status_code == 404
    with pytest.raises(NotFound):
        actions.remove_factor(by=OPERATOR, at=timezone.now(), user=person("staff"), public=public)
    assert has_second_factor(olga)


def test_eight_characters_do_beside_a_second_factor_and_only_there(olga: User) -> None:
    short = "Zqwv7!kp"
    with pytest.raises(Refused, match="at least 15"):
        actions.change_password(by=OPERATOR, at=timezone.now(), user=olga, password=short)
    guard(olga)
    with pytest.raises(Refused, match="at least 8"):
        actions.change_password(by=OPERATOR, at=timezone.now(), user=olga, password=short[:7])
    actions.change_password(by=OPERATOR, at=timezone.now(), user=olga, password=short)
    factor = Factor.objects.get(kind="code")
    with pytest.raises(Refused, match="15 characters or more"):
        actions.remove_factor(by=OPERATOR, at=timezone.now(), user=olga, public=factor.public)
    assert has_second_factor(olga)


def test_a_short_password_left_alone_is_asked_for_before_anything_else(olga: User) -> None:
    guard(olga)
    actions.change_password(by=OPERATOR, at=timezone.now(), user=olga, password="Zqwv7!kp")
    actions.remove_all_factors(by=OPERATOR, at=timezone.now(), user=olga)
    browser = browser_of(olga)
    answer = browser.get("/people/")
    assert (answer.status_code, answer["Location"]) == (303, "/account/second-factor/")
    assert b"choose a longer password" in browser.get("/account/second-factor/").content
    typed = {"change-your_password": "Zqwv7!kp", "change-password": RIGHT, "change-again": RIGHT}
    assert browser.post("/account/password/", typed).status_code == 303
    assert browser.get("/people/").status_code == 200


# --- those of others ------------------------------------------------------------------------------------------------


def test_the_owner_lets_somebody_in_again_who_lost_the_telephone() -> None:
    stefan = person("staff")
    guard(stefan)
    theirs = browser_of(stefan)
    owner = browser_of("owner")
    assert b"One-time code" in owner.get(f"/people/{stefan.public}/").content
    assert owner.post(f"/people/{stefan.public}/factors/").status_code == 303
    assert not has_second_factor(stefan) and not is_in(theirs)
    assert Changeset.objects.filter(verb="access.factors_removed", particulars__user=stefan.name).count() == 1
    assert owner.post(f"/people/{stefan.public}/factors/").status_code == 422


@pytest.mark.parametrize("role", ["manager", "staff", "reader"])
def test_nobody_else_removes_them(role: str, olga: User) -> None:
    guard(olga)
    with pytest.raises(NotAllowed):
        actions.remove_all_factors(by=actor_for(person(role)), at=timezone.now(), user=olga)


def test_the_owner_ends_the_sessions_of_others() -> None:
    theirs, owner = browser_of("staff"), browser_of("owner")
    session = Session.objects.get(user=person("staff"))
    assert b"Stefan" in owner.get("/signed-in/").content
    address = f"/people/{session.user.public}/sessions/{session.public}/end/"
    wrong = f"/people/{person('manager').public}/sessions/{session.public}/end/"
    assert owner.post(wrong).status_code == 404 and is_in(theirs)
    assert owner.post(address).status_code == 303 and not is_in(theirs)
