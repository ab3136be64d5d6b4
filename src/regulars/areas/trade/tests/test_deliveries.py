"""What comes late, arrives damaged, comes back as faulty: by what. And the list of late ones."""

import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions import correct_purchase, return_lines, set_product
from regulars.areas.trade.models import Purchase
from regulars.areas.trade.queries import deliveries, purchases
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from regulars.kernel.dialect import dialect
from regulars.kernel.errors import NotAllowed
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
HERE: dict[str, Any] = {"since": TODAY - timedelta(days=60), "until": TODAY, "today": TODAY}


def day(ago: int) -> date:
    return TODAY - timedelta(days=ago)


def sold() -> dict[str, int]:
    """Six orders: atlases late, missing, damaged and in time, toys in time, something nobody promised a day for."""
    set_product(number="B1", name="Atlas", type="Books", by=OLGA, at=NOW)
    set_product(number="T1", name="Kite", type="Toys", by=OLGA, at=NOW)
    made = {
        "late": bought(anna(), product="B1", ago=20, promised=day(10), delivered=day(6), channel="web"),
        "missing": bought(None, product="B1", ago=20, promised=day(3), channel="web"),
        "damaged": bought(None, product="B1", quantity=4, ago=20, promised=day(2), delivered=day(2), damaged=True),
        "in time": bought(None, product="T1", ago=20, promised=day(5), delivered=day(9), place="north"),
        "ahead": bought(None, product="T1", ago=1, promised=day(-4)),
        "not promised": bought(None, product="T1", ago=9),
    }
    return_lines(serial=made["damaged"], items=[(1, 20_000)], reason="damaged", by=OLGA, at=NOW)
    return_lines(serial=made["in time"], items=[(1, 10_000)], reason="mind", by=OLGA, at=NOW)
    return made


@pytest.fixture(autouse=True)
def _north(db: None) -> None:
    from regulars.areas.trade.actions import set_place

    set_place(code="north", name="North", by=OLGA, at=NOW)


def told(each: Any) -> dict[str, tuple[Any, ...]]:
    return {
        going.name: (going.promised, going.late, going.missing, going.damaged, going.days_late)
        for going in deliveries(OLGA, each=each, **HERE)
    }


@pytest.mark.parametrize("each", ["product", "type", "place", "channel"])
def test_lines_are_the_same_looked_up_by_their_days_or_all_read(each: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: Any = sys.modules[deliveries.__module__]
    sold()
    bought(anna(), product="B1", ago=90)
    ways = []
    for scanned in (0, 1_000):
        monkeypatch.setattr(reported, "_SCANNED", scanned)
        read_whole = '+"trade_line"."day"' in str(reported._lines(HERE["since"], TODAY).query)
        assert read_whole is (bool(scanned) and not dialect().plans)
        ways.append(deliveries(OLGA, each=each, **HERE))
    assert ways[0] == ways[1] and any(going.faulty for going in ways[0])


def test_lateness_is_told_by_product_type_place_and_channel() -> None:
    sold()
    assert told("product") == {"Atlas": (3, 1, 1, 1, 4.0), "Kite": (1, 0, 0, 0, None)}
    assert told("type") == {"Books": (3, 1, 1, 1, 4.0), "Toys": (1, 0, 0, 0, None)}
    assert told("channel") == {"Online": (2, 1, 1, 0, 4.0), "In the shop": (2, 0, 0, 1, None)}
    assert [(each.code, each.promised, each.overdue) for each in deliveries(OLGA, each="place", **HERE)] == [
        ("main", 3, 2), ("north", 1, 0),
    ]  # fmt: skip


def test_what_came_back_as_faulty_stands_beside_what_was_sold() -> None:
    sold()
    atlas, kite = deliveries(OLGA, each="product", **HERE)
    assert (atlas.sold, atlas.back, atlas.faulty) == (60_000, 20_000, 20_000)
    assert (kite.sold, kite.back, kite.faulty) == (30_000, 10_000, 0)
    assert atlas.percent_faulty is not None and round(atlas.percent_faulty) == 33
    assert round(atlas.percent_late or 0) == 67
    none = deliveries(OLGA, each="product", since=day(400), until=day(300), today=TODAY)
    assert none == []


def test_the_late_ones_are_listed_and_what_is_put_right_is_late_no_more() -> None:
    made = sold()
    late = {row.serial for row in purchases(OLGA, late_on=TODAY)}
    assert late == {made["late"], made["missing"]}
    assert {row.serial for row in purchases(OLGA, late_on=day(4))} == {made["late"]}
    done = correct_purchase(serial=made["missing"], changes={"delivered": day(3)}, by=OLGA, at=NOW)
    assert {row.serial for row in purchases(OLGA, late_on=TODAY)} == {made["late"]}
    assert done is not None
    undo(changeset=done, by=OLGA, at=NOW)
    assert {row.serial for row in purchases(OLGA, late_on=TODAY)} == late
    assert {row.serial for row in purchases(OLGA, product="T1")} >= {made["ahead"], made["not promised"]}
    assert {row.serial for row in purchases(OLGA, product="T1", late_on=TODAY)} == set()


def test_who_sees_only_her_own_is_told_of_theirs() -> None:
    sold()
    hers = anna(family_name="Nord", territory="north")
    bought(hers, product="T1", ago=20, promised=day(5), delivered=day(4))
    nora = replace(OLGA, name="Nora", own=(("territory", ("north",)),))
    (kite,) = deliveries(nora, each="product", **HERE)
    assert (kite.name, kite.promised, kite.late, kite.sold, kite.back) == ("Kite", 1, 1, 10_000, 0)
    with pytest.raises(NotAllowed):
        deliveries(replace(OLGA, rights=frozenset({"customers.view"})), each="product", **HERE)


def test_a_day_that_was_falsified_is_found() -> None:
    late = sold()["late"]
    assert verify().ok
    Purchase.objects.filter(serial=late).update(late=0)
    (problem,) = verify().problems
    assert (problem.kind, "late" in problem.message) == ("row_differs", True)


def test_a_program_reads_the_same() -> None:
    made, staff = sold(), Program("staff")
    window = f"since={day(60)}&until={TODAY}"
    first = staff.get(f"/deliveries?{window}").json()[0]
    assert first == {
        "code": "B1", "name": "Atlas", "promised": 3, "late": 1, "missing": 1, "damaged": 1, "days_late": 4.0,
        "sold": "6", "back": "2", "faulty": "2",
    }  # fmt: skip
    last = day(2)  # one end alone: 90 days that end there
    assert [each["code"] for each in staff.get(f"/deliveries?until={last}").json()] == ["B1", "T1"]
    assert staff.get(f"/deliveries?by=weather&{window}").status_code == 422
    serials = {each["serial"] for each in staff.get("/purchases?late=true&product=B1").json()}
    assert serials == {made["late"], made["missing"]}


def test_the_page_says_it_and_leads_to_the_purchases() -> None:
    sold()
    browser = browser_of("staff")
    page = browser.get(f"/purchases/deliveries/?since={day(60)}&until={TODAY}").content.decode()
    assert "Atlas" in page and "(33%)" in page and "/purchases/?product=B1&amp;late=on" in page
    listed = browser.get("/purchases/?product=B1&late=on").content.decode()
    assert listed.count('class="row-link"') == 2
    assert (
        "Nothing was promised"
        in browser.get("/purchases/deliveries/?since=2001-01-01&until=2001-02-01").content.decode()
    )
    assert browser.get("/purchases/deliveries/?since=soon").status_code == 422
