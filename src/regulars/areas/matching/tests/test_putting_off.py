"""A pair put off is out of the queue until a day, until a card changes, or until it is taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.areas.customers.actions import edit_customer, forget_customer
from regulars.areas.customers.tests.people import BEN, NOW, OLGA
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changeset, verify
from regulars.areas.matching import actions, queries
from regulars.areas.matching.models import Later
from regulars.areas.matching.tests.pairs import added, juergen
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


def waiting() -> list[tuple[int, int]]:
    return [(pair.a, pair.b) for pair in queries.open_pairs(OLGA)]


@pytest.fixture
def three() -> list[int]:
    numbers = added(juergen(), juergen(given_name="Juergen", emails=None), juergen(phones=None))
    actions.scan_all(at=NOW)
    return numbers


def test_it_is_out_until_its_day_and_no_scan_brings_it_back(three: list[int]) -> None:
    made = actions.put_off(a=three[1], b=three[0], by=OLGA, at=NOW)
    actions.scan_all(at=TOMORROW)
    assert tuple(three[:2]) not in waiting() and len(waiting()) == 2 and made is not None
    assert changeset(made).sentence.startswith("put off until 23 December 2026 whether cards")
    assert actions.bring_back(at=NOW + timedelta(days=29)) == 0
    assert actions.bring_back(at=NOW + timedelta(days=30)) == 1
    assert tuple(three[:2]) in waiting() and verify().ok
    assert actions.bring_back(at=NOW + timedelta(days=31)) == 0


def test_a_change_on_either_card_brings_it_back_but_not_another_pair_put_off(three: list[int]) -> None:
    a, b, c = three
    actions.put_off(a=a, b=b, by=OLGA, at=NOW)
    actions.put_off(a=a, b=c, by=OLGA, at=NOW)
    edit_customer(number=a, card={"notes": ["called"]}, by=OLGA, at=TOMORROW)
    assert waiting() == [(b, c)]
    edit_customer(number=b, card={"phones": ["+49 461 12345"]}, by=OLGA, at=TOMORROW)
    assert sorted(waiting()) == [(a, b), (b, c)]
    actions.put_off(a=a, b=b, by=OLGA, at=TOMORROW)
    assert waiting() == [(b, c)] and Later.objects.count() == 2 and verify().ok


def test_taken_back_it_waits_again_and_rejected_it_is_gone(three: list[int]) -> None:
    a, b, _c = three
    made = actions.put_off(a=a, b=b, by=OLGA, at=NOW)
    assert made is not None
    undo(changeset=made, by=OLGA, at=TOMORROW)
    assert (a, b) in waiting() and not Later.objects.exists()
    actions.put_off(a=a, b=b, by=OLGA, at=NOW)
    actions.reject(a=a, b=b, by=OLGA, at=NOW)
    assert (a, b) not in waiting() and queries.show_pair(OLGA, a, b).state == "rejected"
    forget_customer(number=a, by=OLGA, at=TOMORROW)
    assert not Later.objects.exists() and not Later.past._default_manager.exists() and verify().ok


def test_refusals(three: list[int]) -> None:
    a, b, _c = three
    for days in (0, -1, 5_000):
        with pytest.raises(Refused, match="after today"):
            actions.put_off(a=a, b=b, by=OLGA, at=NOW, until=(NOW + timedelta(days=days)).date())
    (other,) = added({"given_name": "Ida"})
    with pytest.raises(NotFound, match="no pair"):
        actions.put_off(a=a, b=other, by=OLGA, at=NOW)
    with pytest.raises(NotAllowed):
        actions.put_off(a=a, b=b, by=replace(BEN, rights=frozenset({"customers.view"})), at=NOW)
    edit_customer(number=a, card={"territory": "north"}, by=OLGA, at=NOW)
    with pytest.raises(NotFound):
        actions.put_off(a=a, b=b, by=replace(BEN, own=(("territory", ("south",)),)), at=NOW)
