"""Cards merged one into the next, a version kept at each step: who is forgotten at the end comes back out of none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from regulars.areas.customers import actions as customers
from regulars.areas.customers.models import Customer
from regulars.areas.intake.tests.test_forgetting import OLGA, card, whole_home
from regulars.areas.journal.actions import sign_heads
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.safekeeping.actions import make_version
from regulars.areas.safekeeping.actions.restoring import Choice, restore_house
from regulars.kernel import places
from tests.rig.forgetting import clean_home
from tests.test_forgotten_after_unmerging import Words

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LINKS, APART = 4, 1


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    with clean_home():
        yield


def test_a_long_chain_of_merges_is_forgotten_out_of_every_version() -> None:
    """The merge in its middle is taken back afterwards: the card that went then, with all that had gone into it, is
    another person's."""
    hers, others = Words(), Words()
    org = customers.add_customer(card={"organisation_name": "Teehaus"}, by=OLGA, at=AT)
    stranger = customers.add_customer(card={"family_name": others()}, by=OLGA, at=AT)
    words = [others if place <= APART else hers for place in range(LINKS)]
    chain = [customers.add_customer(card=card(told, org), by=OLGA, at=AT) for told in words]
    kept, minute = [], 0
    for place in range(LINKS - 1):
        minute += 2
        done = merge_customers(keep=chain[place + 1], absorb=chain[place], by=OLGA, at=AT + timedelta(minutes=minute))
        kept.append(make_version(at=AT + timedelta(minutes=minute + 1), why="test", by=OLGA).name)
        if place == APART:
            first = done.changeset or 0
    asked = unmerge(changeset=first, by=OLGA, at=AT + timedelta(minutes=minute + 2), dry_run=True).asked
    unmerge(changeset=first, by=OLGA, at=AT + timedelta(minutes=minute + 2),
            assign={each.key: "absorb" for each in asked})  # fmt: skip
    kept.append(make_version(at=AT + timedelta(minutes=minute + 3), why="test", by=OLGA).name)
    sign_heads(at=AT + timedelta(minutes=minute + 4))
    customers.forget_customer(number=chain[-1], by=OLGA, at=AT + timedelta(minutes=minute + 5))
    assert not [each for each in hers.all if each in whole_home()]
    for place, name in enumerate(reversed(kept)):
        restore_house(choice=Choice(name=name), by=OLGA, at=AT + timedelta(minutes=minute + 6 + place))
        left = whole_home()
        assert not [each for each in hers.all if each in left], name
        assert name != kept[-1] or all(each in left for each in others.all)
        assert Customer.objects.filter(number=stranger).exists() and verify().ok, name
