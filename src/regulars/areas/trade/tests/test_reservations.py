"""Reservations: the order of asking, goods that come, what is fetched; on screen and over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from regulars.areas.access.tests.people import actor, browser_of
from regulars.areas.customers.actions import add_customer, forget_customer
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import as_of, changeset, moment_at, newest_deed, verify
from regulars.areas.trade.actions import (
    Wish,
    change_reservation,
    drop,
    fetch,
    goods_came,
    make_ready,
    remove_product,
    reserve,
    set_place,
    set_product,
)
from regulars.areas.trade.models import Reservation
from regulars.areas.trade.queries import kept_for, overdue, places_in_line, reservations
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
_DAY = timedelta(days=1)


def otto() -> int:
    return add_customer(card={"given_name": "Otto", "family_name": "Zorn"}, by=OLGA, at=NOW)


def asked(customer: int, product: str = "B1", quantity: int = 1, **more: Any) -> int:
    return reserve(wish=Wish(customer, product, quantity=quantity * 10_000, **more), by=OLGA, at=NOW)[1]


def state(serial: int) -> str:
    return Reservation.objects.get(serial=serial).state


@pytest.fixture(autouse=True)
def _atlas(db: None) -> None:
    set_product(number="B1", name="Atlas", type="Books", by=OLGA, at=NOW)


def test_who_asked_first_gets_hers() -> None:
    number, ben = anna(), otto()
    first, second, third = asked(number), asked(ben, quantity=2), asked(number)
    line = places_in_line(list(reservations(OLGA)))
    assert line == {first: 1, second: 2, third: 3}
    changeset, ready = goods_came(product="B1", quantity=20_000, by=OLGA, at=NOW, kept_until=TODAY + 7 * _DAY)
    assert ready == [first] and state(second) == state(third) == "waiting", "the third does not pass the second"
    assert Reservation.objects.get(serial=first).kept_until == TODAY + 7 * _DAY
    assert places_in_line(list(reservations(OLGA))) == {second: 1, third: 2}
    assert goods_came(product="B1", quantity=30_000, by=OLGA, at=NOW)[1] == [second, third]
    assert goods_came(product="B1", quantity=10_000, by=OLGA, at=NOW) == (None, [])
    assert changeset is not None
    undo(changeset=changeset, by=OLGA, at=NOW)
    assert state(first) == "waiting" and verify().ok


class InTheOrderOfAsking(TestCase):
    @given(st.lists(st.integers(1, 4), max_size=6), st.lists(st.integers(1, 9), max_size=4))
    def test_goods_go_to_the_first_and_nobody_passes_another(self, wishes: list[int], came: list[int]) -> None:
        set_product(number="B1", name="Atlas", by=OLGA, at=NOW)
        number = otto()
        serials = [asked(number, quantity=each) for each in wishes]
        waiting = list(zip(serials, wishes, strict=True))
        for many in came:
            ready = goods_came(product="B1", quantity=many * 10_000, by=OLGA, at=NOW)[1]
            for serial in ready:
                (head, wanted), *waiting = waiting
                assert head == serial
                many -= wanted
            assert many >= 0 and (not waiting or waiting[0][1] > many)


def test_what_is_bought_is_fetched_in_the_same_deed() -> None:
    number = anna()
    one, two, other = asked(number), asked(number, quantity=3), asked(otto())
    make_ready(serials=[one], by=OLGA, at=NOW)
    assert changeset(newest_deed()).sentence == "laid one reservation ready"
    serial = bought(number, product="B1", quantity=2)
    assert (state(one), state(two), state(other)) == ("fetched", "waiting", "waiting")
    from regulars.areas.journal.queries import changes

    deed = changes(customer=number, limit=1)[0]
    assert deed.verb == "trade.recorded" and deed.particulars["fetched"] == [one] and serial
    undo(changeset=deed.changeset, by=OLGA, at=NOW)
    assert state(one) == "ready"
    bought(None, product="B1")
    assert state(one) == "ready", "nobody in particular bought it"
    bought(number, product="B1", ago=3)
    assert state(one) == "ready", "it was bought before it was asked for"


def test_of_what_is_fetched_in_part_the_rest_stays_reserved() -> None:
    number = anna()
    three, one = asked(number, quantity=3), asked(number)
    bought(number, product="B1", quantity=1)
    assert (state(one), quantity(three)) == ("fetched", 30_000)  # what is bought whole goes before a part
    bought(number, product="B1", quantity=2)
    assert (state(three), quantity(three)) == ("waiting", 10_000)
    undo(changeset=newest_deed(), by=OLGA, at=NOW)
    assert quantity(three) == 30_000
    bought(number, product="B1", quantity=5)
    assert (state(three), quantity(three)) == ("fetched", 30_000) and verify().ok


def quantity(serial: int) -> int:
    return Reservation.objects.get(serial=serial).quantity


def test_it_is_changed_in_its_place_dropped_and_over() -> None:
    number = anna()
    serial = asked(number, wanted_by=TODAY + _DAY, note="for  Ben")
    assert change_reservation(serial=serial, changes={"quantity": 10_000, "note": "for Ben"}, by=OLGA, at=NOW) is None
    changes = {"product": "", "text": "A globe", "wanted_by": None}
    assert change_reservation(serial=serial, changes=changes, by=OLGA, at=NOW)
    row = Reservation.objects.get(serial=serial)
    assert (row.product_id, row.text, row.wanted_by) == (None, "A globe", None)
    assert fetch(serial=serial, by=OLGA, at=NOW)
    for deed in (fetch, drop):
        with pytest.raises(Refused, match="is over: Fetched"):
            deed(serial=serial, by=OLGA, at=NOW)
    later = asked(number)
    assert drop(serial=later, by=OLGA, at=NOW) and state(later) == "dropped"
    assert not kept_for(OLGA, number, TODAY) and not list(reservations(OLGA))
    assert [row.serial for row in reservations(OLGA, state="all")] == [serial, later]


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"product": ""}, "product"),
        ({"quantity": 0}, "quantity"),
        ({"wanted_by": TODAY - _DAY}, "wanted_by"),
        ({"text": "x" * 301}, "text"),
        ({"text": "Card 4111 1111 1111 1111"}, "text"),
        ({"note": "4111111111111111"}, "note"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_place(told: dict[str, Any], where: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(anna(), **told)
    assert refused.value.where == where and not Reservation.objects.exists()


def test_strangers_and_those_without_the_right_are_refused() -> None:
    serial = asked(anna())
    with pytest.raises(NotFound, match="no product X9"):
        asked(anna(), "X9")
    with pytest.raises(NotFound, match="no reservation 77"):
        fetch(serial=77, by=OLGA, at=NOW)
    with pytest.raises(NotAllowed):
        fetch(serial=serial, by=actor("reader"), at=NOW)
    with pytest.raises(Refused, match="was reserved, and stays"):
        remove_product(number="B1", by=OLGA, at=NOW)
    with pytest.raises(Refused, match="once it is here"):
        change_reservation(serial=serial, changes={"kept_until": TODAY}, by=OLGA, at=NOW)
    with pytest.raises(Refused, match="until a day that is over"):
        make_ready(serials=[serial], kept_until=TODAY - _DAY, by=OLGA, at=NOW)


def test_the_overdue_are_those_whose_day_is_over() -> None:
    number = anna()
    needed, kept = asked(number, wanted_by=TODAY), asked(number)
    make_ready(serials=[kept], kept_until=TODAY + _DAY, by=OLGA, at=NOW)
    asked(number)
    assert [overdue(OLGA, TODAY + ahead * _DAY) for ahead in range(3)] == [0, 1, 2]
    assert [row.serial for row in reservations(OLGA, overdue_on=TODAY + _DAY)] == [needed]
    fetch(serial=kept, by=OLGA, at=NOW)
    assert overdue(OLGA, TODAY + 9 * _DAY) == 1


def test_they_go_with_whoever_is_forgotten_and_stand_in_the_past() -> None:
    from datetime import UTC, datetime

    number = anna()
    serial = asked(number, note="for Ben")
    then = moment_at(datetime.now(UTC))
    drop(serial=serial, by=OLGA, at=NOW)
    with as_of(then):
        assert [row.state for row in reservations(OLGA)] == ["waiting"]
    forget_customer(number=number, by=OLGA, at=NOW)
    assert not Reservation.objects.exists() and verify().ok


def test_the_same_a_second_time_is_asked_about_first() -> None:
    till, new = browser_of("till"), "/purchases/reservations/new/"
    told = {"customer": anna(), "product": "B1", "quantity": "2", "note": "the red one"}
    first = till.post(new, told)
    asked = till.post(new, told | {"note": "the  red one "})
    page = asked.content.decode()
    (row,) = Reservation.objects.all()
    assert asked.status_code == 422 and f"Reservation {row.serial}, taken down today, says the same" in page
    assert 'name="second"' in page and 'name="second"' not in till.get(new).content.decode()
    for other in ({"quantity": "3"}, {"note": ""}, {"second": "on"}):
        assert till.post(new, told | other).status_code == 303
    assert Reservation.objects.count() == 4
    for open_one in Reservation.objects.all():
        drop(serial=open_one.serial, by=OLGA, at=NOW)
    assert first.status_code == till.post(new, told).status_code == 303


def test_on_screen_from_the_till_to_the_hand() -> None:
    till, number = browser_of("till"), anna()
    set_place(code="north", name="North", by=OLGA, at=NOW)
    assert f"/purchases/reservations/new/?customer={number}" in till.get(f"/till/?customer={number}").content.decode()
    assert f'value="{number}"' in till.get(f"/purchases/reservations/new/?customer={number}").content.decode()
    told = {"customer": number, "product": "B1", "quantity": "2", "place": "north", "wanted_by": "2099-01-31"}
    made = till.post("/purchases/reservations/new/", told | {"product": "X9"})
    assert made.status_code == 422 and "There is no product X9" in made.content.decode()
    made = till.post("/purchases/reservations/new/", told)
    serial = Reservation.objects.get().serial
    assert made["Location"] == f"/purchases/reservations/{serial}/"
    shown = till.get(made["Location"]).content.decode()
    assert "next in line" in shown and 'value="2099-01-31"' in shown
    assert "Atlas" in till.get(f"/customers/{number}/").content.decode()
    listed = till.get("/purchases/reservations/?product=B1").content.decode()
    assert "Atlas" in listed
    assert "No reservation fits" in till.get("/purchases/reservations/?place=north&state=ready").content.decode()
    for wrong in ("soon", "2001-01-01"):
        again = till.post(f"/purchases/reservations/{serial}/ready/", {"kept_until": wrong})
        assert again.status_code == 422 and "keep_kept_until" in again.content.decode() and state(serial) == "waiting"
    came = till.post("/purchases/reservations/came/", {"product": "B1", "quantity": "2", "kept_until": "2099-02-01"})
    assert came["Location"] == "/purchases/reservations/" and state(serial) == "ready"
    assert "kept until" in till.get(f"/till/?customer={number}").content.decode()
    put = {"product": "B1", "quantity": "1", "kept_until": "2099-02-02", "note": "tied up"}
    assert (
        till.post(f"/purchases/reservations/{serial}/change/", put)["Location"] == f"/purchases/reservations/{serial}/"
    )
    row = Reservation.objects.get()
    assert (row.quantity, row.note, row.place, row.wanted_by) == (10_000, "tied up", None, None)
    gone = till.post(f"/purchases/reservations/{serial}/fetched/", {"back": "till"})
    assert gone["Location"] == f"/till/?customer={number}" and state(serial) == "fetched"
    assert "title-kept" not in till.get(f"/customers/{number}/").content.decode()
    assert till.post("/purchases/reservations/came/", {"product": "B1", "quantity": "none"}).status_code == 422


def test_today_says_how_many_are_overdue() -> None:
    serial = asked(anna(), wanted_by=TODAY)
    Reservation.objects.filter(serial=serial).update(wanted_by=TODAY - 400 * _DAY)
    assert "1 reservation is overdue" in browser_of("staff").get("/").content.decode()


def test_a_program_reserves_lays_ready_and_hands_over() -> None:
    staff, number = Program("staff"), anna()
    made = staff.post(
        "/reservations", {"customer": number, "product": "B1", "quantity": "1.5", "wanted_by": "2099-01-31"}
    )
    told = made.json()
    serial = told["serial"]
    assert made.status_code == 201 and made["Location"] == f"/api/v1/reservations/{serial}" and made["Changeset"]
    assert (told["text"], told["quantity"], told["place_in_line"], told["state"]) == ("Atlas", "1.5", 1, "waiting")
    second = staff.post("/reservations", {"customer": number, "text": "A globe"}).json()
    assert second["product"] is None and second["place_in_line"] is None
    listed = staff.get("/reservations?limit=1")
    assert [each["serial"] for each in listed.json()] == [serial] and 'rel="next"' in listed["Link"]
    ready = staff.post("/reservations/arrivals", {"product": "B1", "quantity": 2, "kept_until": "2099-02-01"}).json()
    assert [(each["serial"], each["state"], each["kept_until"]) for each in ready] == [(serial, "ready", "2099-02-01")]
    mixed = staff.patch(f"/reservations/{serial}", {"state": "fetched", "note": "tied up"})
    assert mixed.status_code == 422 and state(serial) == "ready"
    assert staff.patch(f"/reservations/{serial}", {"note": "tied up", "kept_until": None}).json()["kept_until"] is None
    assert staff.patch(f"/reservations/{serial}", {"state": "fetched"}).json()["state"] == "fetched"
    assert staff.patch(f"/reservations/{serial}", {"state": "dropped"}).status_code == 422
    dropped = staff.patch(f"/reservations/{second['serial']}", {"state": "dropped"})
    assert dropped.json()["state"] == "dropped" and staff.get("/reservations").json() == []
    assert len(staff.get("/reservations?state=all").json()) == 2
    assert staff.get("/reservations/77").status_code == 404
    assert Program("reader").post("/reservations", {"customer": number, "text": "A globe"}).status_code == 403
