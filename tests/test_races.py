"""Many at once: one edit wins, one deed is done, everybody's writing is kept, and nobody hears of a locked database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import OLGA, anna
from regulars.areas.intake.tests.test_shops import SHOPIFY, joined, sent
from regulars.areas.journal.chain.verifying import verify
from regulars.areas.trade.models import Line
from regulars.interfaces.api.models import KeptAnswer
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(many: int, call: Callable[[int], HttpResponse]) -> list[HttpResponse]:
    """The answers to calls that start together, each in a thread with a connection of its own."""
    gate = threading.Barrier(many)

    def one(place: int) -> Any:
        try:
            gate.wait(60)
            return call(place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(one, range(many)))


@pytest.mark.parametrize("turn", range(3))
def test_many_edit_the_same_card_on_the_same_view(turn: int) -> None:
    till, number = Program("owner"), anna()
    path = f"/customers/{number}"
    seen, names = till.get(path)["ETag"], [f"Nurse {place}" for place in range(4)]
    answers = at_once(4, lambda place: till.patch(path, {"occupation": names[place]}, if_match=seen))
    assert sorted(each.status_code for each in answers) == [200, 412, 412, 412]
    won = next(place for place, each in enumerate(answers) if each.status_code == 200)
    assert card_json(OLGA, number)["occupation"] == names[won]


def test_one_request_sent_by_ten_at_once_is_done_once() -> None:
    till = Program("owner")
    answers = at_once(10, lambda _place: till.post("/customers", {"given_name": "Anna"}, idempotency_key="k"))
    assert {each.status_code for each in answers} == {201} and len({each.content for each in answers}) == 1
    assert Customer.objects.count() == KeptAnswer.objects.count() == 1


def test_an_undo_sent_by_ten_at_once_is_done_once() -> None:
    till = Program("owner")
    changeset = till.post("/customers", {"given_name": "Anna"})["Changeset"]
    answers = at_once(10, lambda _place: till.post(f"/changesets/{changeset}/undo"))
    told = [each.status_code for each in answers]  # 409: somebody is at it; 422: it has been done
    assert told.count(200) == 1 and set(told) <= {200, 409, 422}
    assert not Customer.objects.exists()


def test_conflicts_of_an_undo_that_several_decide_at_once_are_decided_once() -> None:
    till, number = Program("owner"), anna()
    path = f"/customers/{number}"
    before = till.get(path).json()
    changeset = till.patch(path, {"occupation": "Nurse", "education": "School"}, if_match="*")["Changeset"]
    till.patch(path, {"occupation": "Doctor", "education": "University"}, if_match="*")
    told = till.post(f"/changesets/{changeset}/undo?dry_run=1", {}).json()
    facts = {each["key"]: each["edits"][0]["field"] for each in told["conflicts"]}
    assert sorted(facts.values()) == ["education", "occupation"]
    ways = [
        dict(zip(facts, way, strict=True)) for way in product(("keep", "overwrite"), repeat=2) if set(way) != {"keep"}
    ]
    answers = at_once(3, lambda place: till.post(f"/changesets/{changeset}/undo", {"decisions": ways[place]}))
    codes = [each.status_code for each in answers]  # 409: somebody is at it; 422: it has been done
    assert codes.count(200) == 1 and set(codes) <= {200, 409, 422}, [each.content for each in answers]
    card, won = card_json(OLGA, number), ways[codes.index(200)]
    stays = {"occupation": "Doctor", "education": "University"}
    assert {fact: card[fact] for fact in stays} == {
        facts[key]: stays[facts[key]] if way == "keep" else before[facts[key]] for key, way in won.items()
    }
    assert verify().ok


def test_twenty_write_at_once() -> None:
    till = Program("owner")

    def write(place: int) -> HttpResponse:
        for turn in range(4):
            answered = till.post("/customers", {"given_name": f"{place} {turn}", "tags": ["new"]})
            assert answered.status_code == 201, answered.content
        return answered

    numbers = [each.json()["number"] for each in at_once(20, write)]
    assert len(set(numbers)) == 20 and Customer.objects.count() == 80
    assert verify().ok


def test_a_shop_that_calls_twice_at_once_is_heard_once() -> None:
    token = joined()
    refund = {"id": 901, "transactions": [{"kind": "refund", "status": "success", "amount": "10.00"}]}
    for order, lines in ((SHOPIFY, 2), ({**SHOPIFY, "refunds": [refund]}, 4)):
        told = [each.json()["outcome"] for each in at_once(5, lambda _place, order=order: sent(token, order))]
        assert sorted(told) == ["kept", *["known"] * 4] and Line.objects.count() == lines
    assert Customer.objects.count() == 1
