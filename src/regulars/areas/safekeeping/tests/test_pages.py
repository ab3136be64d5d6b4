"""The page Safekeeping, the form of the second place, the line on Today, the API."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access.tests.people import browser_of, token_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.safekeeping import actions, queries
from regulars.areas.safekeeping.keeping import slips
from regulars.areas.safekeeping.keeping.arrangement import Elsewhere, arrange, arrangement
from regulars.kernel import places
from regulars.kernel.actor import Actor
from regulars.kernel.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    (places.home() / "safekeeping.json").unlink(missing_ok=True)
    return tmp_path


def _proved(hours: int = 0, why: str = "nightly") -> slips.Version:
    at = timezone.now() - timedelta(hours=hours)
    made = actions.make_version(at=at, why=why, proved_here=True)
    proof = {"at": at.astimezone(UTC).isoformat(), "ok": True, "kind": "whole"}
    return slips.amend(made, proof=proof, checked=True) or made


def test_the_page_says_when_the_last_proved_one_was_made_and_lists_all() -> None:
    add_customer(by=OLGA, at=timezone.now(), card={"given_name": "Anna"})
    _proved(3)
    page = browser_of().get("/safekeeping/").content.decode()
    assert "Last proved version: 3 hours ago." in page and "every night" in page and "proved whole" in page


def test_it_turns_red_after_26_hours_there_and_on_today() -> None:
    add_customer(by=OLGA, at=timezone.now() - timedelta(days=3), card={"given_name": "Anna"})
    _proved(27)
    assert 'class="notice bad"' in browser_of().get("/safekeeping/").content.decode()
    today = browser_of().get("/").content.decode()
    assert "The last proved version is old: 27 hours ago." in today
    assert "proved version" not in browser_of("manager").get("/").content.decode()


def test_a_button_makes_one_in_the_background_and_proves_it() -> None:
    browser = browser_of()
    assert browser.post("/safekeeping/make/").status_code == 303
    assert "A version is being made" in browser.get("/safekeeping/").content.decode()
    job = Job.objects.get(task=queries.MAKE)
    assert job.arguments["kwargs"]["by"]
    browser.post("/safekeeping/make/")
    assert Job.objects.filter(task=queries.MAKE).count() == 1


def test_any_version_can_be_proved_again_and_an_unknown_one_is_not_found() -> None:
    version = _proved()
    browser = browser_of()
    assert browser.post(f"/safekeeping/prove/{version.name}/").status_code == 303
    assert Job.objects.get(task=queries.PROVE).arguments["kwargs"] == {"name": version.name, "again": True}
    assert browser.post("/safekeeping/prove/none/").status_code == 404


def _form(**given: str) -> dict[str, str]:
    names = ("path", "host", "host_key", "endpoint", "region", "bucket", "inside", "user", "password", "private_key")
    return {"budget": "30", "kind": "", "port": "22", **dict.fromkeys(names, ""), **given}


def test_a_folder_is_tried_out_kept_and_told_in_the_journal(tmp_path: Path) -> None:
    browser = browser_of()
    there = places.folder(tmp_path / "disk")
    answer = browser.post("/safekeeping/arrange/", _form(kind="folder", path=str(there), budget="40"))
    assert answer.status_code == 303, answer.content.decode()
    assert (there / f"regulars-{places.home_id()}" / "home.id").exists() and arrangement().budget == 40
    assert str(there) in browser.get("/safekeeping/").content.decode()
    assert "second place" in browser.get("/changes/").content.decode()
    assert browser.post("/safekeeping/arrange/", _form()).status_code == 303 and arrangement().elsewhere is None


def test_a_place_that_is_none_changes_nothing(tmp_path: Path) -> None:
    answer = browser_of().post("/safekeeping/arrange/", _form(kind="folder", path=str(tmp_path / "nowhere")))
    assert answer.status_code == 422 and b"There is no folder" in answer.content
    assert arrangement().elsewhere is None
    answer = browser_of().post("/safekeeping/arrange/", _form(kind="sftp"))
    assert answer.status_code == 422 and b"This is needed" in answer.content


def test_secrets_are_sealed_never_shown_and_stay_where_nothing_is_typed(tmp_path: Path) -> None:
    told = dict.fromkeys(("path", "host", "user", "host_key", "endpoint", "region", "bucket", "prefix"), "x")
    arrange(elsewhere=Elsewhere("s3", {**told, "port": "22"}, {"password": "very-secret"}))
    assert b"very-secret" not in (places.home() / "safekeeping.json").read_bytes()
    assert "very-secret" not in repr(arrangement())
    page = browser_of().get("/safekeeping/arrange/").content.decode()
    assert "very-secret" not in page
    from regulars.areas.safekeeping.forms import ArrangementForm

    form = ArrangementForm(_form(kind="s3", bucket="b", user="u"), standing=arrangement())
    assert form.is_valid()
    place = form.elsewhere()
    assert place and place.secrets == {"password": "very-secret"}


def test_who_may_not_make_copies_does_not_see_the_page() -> None:
    assert browser_of("manager").get("/safekeeping/").status_code == 403


def test_versions_over_http() -> None:
    _person, secret = token_of("owner", queries.RIGHT)
    asked = Client(headers={"Authorization": f"Bearer {secret}"})
    made = asked.post("/api/v1/versions", headers={"Idempotency-Key": "once-and-only"})
    assert made.status_code == 201 and made.json()["proof"] is None and made.json()["why"] == "backup"
    (told,) = asked.get("/api/v1/versions").json()
    assert told["version"] == made.json()["version"] and "/" not in told["file"]
    _person, other = token_of("owner", "customers.view", name="shop")
    assert Client(headers={"Authorization": f"Bearer {other}"}).get("/api/v1/versions").status_code == 403
