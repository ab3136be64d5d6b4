"""Merging by itself: only where the house allows it, only what is called the same, never what was taken apart."""

from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.areas.access.models import User
from regulars.areas.access.queries import actor_for
from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers.actions import edit_customer
from regulars.areas.customers.models import Customer
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.house.actions import change_settings
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.areas.matching import actions
from regulars.areas.matching.queries.allowing import merging_by_itself
from regulars.areas.matching.tests.pairs import added, juergen
from regulars.kernel.actor import Actor

pytestmark = pytest.mark.django_db
SHELL = Actor(kind="operator", name="root", rights=frozenset("*"))


def allow(by: Actor = SHELL, on: bool = True) -> None:
    change_settings(by=by, at=NOW, values={"merge_surely": on})


@pytest.fixture
def two() -> list[int]:
    numbers = added(juergen(), juergen(given_name="Juergen", emails=None))
    added({"given_name": "Ida", "family_name": "Holm"}, {"given_name": "Ida", "family_name": "Holm", "gender": "male"})
    actions.scan_all(at=NOW)
    return numbers


def test_it_is_off_by_itself(two: list[int]) -> None:
    assert actions.merge_surely(at=NOW) == [] and merging_by_itself() is None
    allow()
    allow(on=False)
    assert actions.merge_surely(at=NOW) == []


def test_the_same_is_merged_into_the_older_card_and_listed_as_the_houses_deed(two: list[int]) -> None:
    allow()
    assert [(each.keep, each.absorb) for each in actions.merge_surely(at=NOW)] == [tuple(two)]
    deed = Changeset.objects.get(verb="matching.merged")
    assert (deed.by_kind, deed.by_name, deed.through) == ("system", "Regulars", "job")
    assert Customer.objects.get(pk=two[1]).merged_into_id == two[0] and verify().ok
    page = browser_of("staff").get("/merges/").content.decode()
    assert f"/merges/{deed.number}/" in page and "by itself" in page


def test_what_was_taken_apart_stays_apart(two: list[int]) -> None:
    allow()
    (done,) = actions.merge_surely(at=NOW)
    actions.unmerge(changeset=done.changeset or 0, by=OLGA, at=NOW)
    actions.scan_all(at=NOW + timedelta(hours=1))
    assert actions.merge_surely(at=NOW + timedelta(hours=1)) == []
    assert "apart again" in browser_of("staff").get("/merges/").content.decode()


def test_no_pair_is_merged_of_which_the_one_who_allowed_it_may_not_see_both(
    two: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = person("manager")
    allow(by=actor_for(manager))
    edit_customer(number=two[1], card={"territory": "north"}, by=OLGA, at=NOW)
    actions.scan_new(at=NOW + timedelta(hours=1))
    south = (("territory", ("south",)),)
    with monkeypatch.context() as patch:
        patch.setattr("regulars.areas.matching.queries.allowing.actor_for", lambda user: replace(OLGA, own=south))
        assert actions.merge_surely(at=NOW) == []
    User.objects.filter(pk=manager.pk).update(active=False)
    assert actions.merge_surely(at=NOW) == []
    User.objects.filter(pk=manager.pk).update(active=True)
    assert len(actions.merge_surely(at=NOW)) == 1
