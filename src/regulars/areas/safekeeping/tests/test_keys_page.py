"""The page of the keys: who may, what it asks the running `serve` for, and the sheet that is printed anew."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import browser_of
from regulars.areas.safekeeping.actions.rotating import change_keys
from regulars.kernel import keyfile, takeover
from regulars.kernel.actor import Actor
from tests.rig.forgetting import clean_home

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))


@pytest.fixture(autouse=True)
def nobody_waits() -> Iterator[None]:
    with clean_home():
        takeover.clear()
        yield
        takeover.clear()


def test_it_tells_each_key_and_when_it_was_changed() -> None:
    at = timezone.now()
    change_keys(what="fields", by=OLGA, at=at)
    assert keyfile.changed_at()["fields"] >= at
    page = browser_of("owner").get("/safekeeping/keys/").content.decode()
    assert page.count("never changed") == len(keyfile.CHANGEABLE) - len(keyfile.changed_at())


def test_only_the_owner_may() -> None:
    assert "/safekeeping/keys/" in browser_of("owner").get("/safekeeping/").content.decode()
    assert browser_of("manager").get("/safekeeping/keys/").status_code == 403


def test_all_are_changed_by_who_runs_the_house_and_the_new_sheet_is_shown() -> None:
    owner = browser_of("owner")
    answer = owner.post("/safekeeping/keys/")
    order, name = takeover.read()
    assert (order.what, order.to, answer.status_code) == ("keys", "all", 302) and name in answer["Location"]
    assert owner.get("/recovery-sheet/").status_code == 404
    waits = owner.get(answer["Location"]).content.decode()
    assert "data-again=" in waits and "being changed" in waits
    assert "Somebody else needs" in owner.post("/safekeeping/keys/").content.decode()
    takeover.give_answer(name, {"changed": [], "sheet": "older"})
    assert owner.get(answer["Location"])["Location"] == "/recovery-sheet/"
    assert keyfile.check_letters() in owner.get("/recovery-sheet/").content.decode()


def test_what_is_refused_is_said() -> None:
    owner = browser_of("owner")
    answer = owner.post("/safekeeping/keys/")
    takeover.give_answer(takeover.read()[1], {"error": "There is no room."})
    page = owner.get(answer["Location"]).content.decode()
    assert "There is no room." in page and "/safekeeping/keys/" in page
