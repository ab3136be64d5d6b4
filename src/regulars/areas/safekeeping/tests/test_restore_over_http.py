"""A version, or one customer of it, put back by a program."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from regulars.areas.access.queries import actor_for
from regulars.areas.access.tests.people import person
from regulars.areas.customers.actions import edit_customer, forget_customer
from regulars.areas.customers.tests.people import OLGA, anna
from regulars.areas.journal.queries import verify
from regulars.areas.safekeeping.actions import make_version
from regulars.areas.safekeeping.actions.restoring import ask_for_restore
from regulars.kernel import places, takeover
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    yield
    takeover.clear()


def version() -> str:
    return make_version(at=AT, why="nightly").name


def test_one_customer_or_one_fact_comes_back() -> None:
    owner, number = Program("owner"), anna(occupation="Nurse")
    kept = version()
    edit_customer(number=number, card={"occupation": "Baker", "given_name": "Berta"}, by=OLGA, at=AT)
    asked = owner.post(f"/versions/{kept}/customers/{number}/restore", {"dry_run": True}).json()
    assert (asked["changed"], asked["changeset"], asked["left"]) == (1, None, [])
    done = owner.post(f"/versions/{kept}/customers/{number}/restore", {"field": "occupation"})
    card = owner.get(f"/customers/{number}").json()
    assert (card["occupation"], card["given_name"]) == ("Nurse", "Berta") and done["Changeset"]
    assert owner.post(f"/changesets/{done['Changeset']}/undo", {}).status_code == 200
    assert owner.get(f"/customers/{number}").json()["occupation"] == "Baker" and verify().ok
    assert owner.post(f"/versions/{kept}/customers/{number}/restore", {"field": "shoes"}).status_code == 404
    assert owner.post(f"/versions/nobody/customers/{number}/restore", {}).status_code == 404
    forget_customer(number=number, by=OLGA, at=AT)
    assert owner.post(f"/versions/{kept}/customers/{number}/restore", {}).status_code == 410
    assert Program("manager").post(f"/versions/{kept}/customers/{number}/restore", {}).status_code == 403


def test_the_whole_comes_back_when_the_house_is_closed_for_it() -> None:
    owner, kept = Program("owner"), version()
    asked = owner.post(f"/versions/{kept}/restore", {})
    assert asked.status_code == 202 and asked.json()["state"] == "asked"
    order, _at = takeover.read()
    assert (order.version, takeover.waiting()) == (kept, True)
    name = asked.json()["answer"]
    assert owner.get(f"/restores/{name}").json() == {"state": "going", "said": None}
    again = owner.post(f"/versions/{kept}/restore", {})
    assert (again.status_code, again.json()["code"]) == (422, "refused")
    assert owner.post("/versions/nobody/restore", {}).status_code == 404
    takeover.clear()
    assert owner.get(f"/restores/{name}").status_code == 404  # nobody is at it


def test_another_owner_has_to_agree() -> None:
    first, kept = Program("owner"), version()
    second = actor_for(person("owner", login="second", name="Second Owner"))
    for _time in range(2):
        assert first.post(f"/versions/{kept}/restore", {}).json() == {"state": "waiting", "answer": None}
    assert first.post(f"/versions/{kept}/restore", {}).json()["state"] == "waiting"
    owner = actor_for(person("owner"))
    assert ask_for_restore(version=kept, by=owner, at=timezone.now()) is None, "her program and she are one"
    assert not takeover.waiting()
    assert ask_for_restore(version=kept, by=second, at=timezone.now()) and takeover.waiting()
