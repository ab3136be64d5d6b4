"""What customers bought, asked for in criteria."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from regulars.areas.customers.actions import add_customer
from regulars.areas.house.queries import zone
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import Moment, as_of, moment_at, verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.segments.language import parse
from regulars.areas.segments.language.building import as_form, draft_from, draft_of, tree_of
from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.plan import Question
from regulars.areas.segments.queries import count, numbers, page, sentence, why
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.trade.actions import (
    Wish,
    correct_purchase,
    drop,
    make_ready,
    reserve,
    return_lines,
    set_place,
    set_product,
    void_purchase,
)
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Purchase
from regulars.areas.trade.queries import standing_of
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from regulars.kernel.dates import months_later
from regulars.kernel.dialect import dialect
from regulars.kernel.registries import facts

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = NOW.date()


def found(criteria, today=TODAY):
    return list(numbers(criteria, by=OLGA, today=today, zone=zone()))


def the_two():
    return anna(), add_customer(card={"given_name": "Otto", "family_name": "Zorn", "gender": "male"}, by=OLGA, at=NOW)


def test_who_spent_how_much_in_a_window():
    anna, ben = the_two()
    bought(anna, 600, ago=3)
    bought(ben, 600, ago=40)
    assert found("spent(last 30 days) > 500") == [anna]
    assert found("spent > 500") == [anna, ben]
    assert found("spent(last 30 days) < 500") == [ben]
    assert found("spent(last 30 days) = 0") == [ben]
    assert found("not spent(last 30 days) > 500") == [ben]
    assert found("spent(last 17 days) >= 600") == [anna]
    assert found("spent(last 90 days) between 1 and 600") == [anna, ben]
    assert found("purchases(last 90 days) in (0, 1)") == [anna, ben]
    assert found("spent(last 30 days) > 500 and gender = female") == [anna]
    assert found("spent(next 7 days) > 0") == []
    for asked in (
        "spent(last 30 days) > 500",
        "spent(last 5 days) <= 1",
        "average_order > 100",
        "last_purchase is empty",
    ):
        assert count(asked, by=OLGA, today=TODAY, zone=zone()) == len(found(asked))
        assert len(found(asked)) + len(found(f"not ({asked})")) == 2


def test_fixed_days_are_a_window():
    anna, ben = the_two()
    bought(anna, 600, ago=40)
    bought(ben, 600, ago=41)
    first, last = (str(TODAY - timedelta(days=ago)) for ago in (60, 41))
    assert found(f"bought({first} to {last})") == [ben] == found(f"spent({first} to {last}) > 500")
    assert found(f"spent(channel = shop, {last} to {TODAY}) = 600") == [anna, ben]
    assert found(f"bought({TODAY - timedelta(days=40)} to {TODAY})") == [anna]
    assert found(f"purchases({first} to {last}) = 0") == [anna]
    assert found(f"last_purchase in {first} to {last}") == [ben]
    assert found(f"spent({TODAY - timedelta(days=29)} to {TODAY}) = 0") == [anna, ben]
    assert found(f"top 50% by spent({first} to {last})") == [ben]
    whole = f"spent({first} to {last}) > 500"
    assert len(found(f"not {whole}")) + len(found(whole)) == 2
    reason = why(whole, ben, by=OLGA, today=TODAY, zone=zone())
    assert (reason.holds, reason.criteria) == (True, whole) and "between" in reason.said
    with pytest.raises(CriteriaError, match="2026-01-01 to 2026-03-31"):
        found("bought(2026-01-01)")


def test_who_bought_in_spring_and_not_since():
    anna, ben = the_two()
    bought(anna, 600, ago=60)
    bought(ben, 600, ago=60)
    bought(ben, 5, ago=30)
    first, last, after = (str(TODAY - timedelta(days=ago)) for ago in (90, 31, 30))
    asked = f"bought({first} to {last}) and not bought(since {after})"
    assert found(asked) == [anna] and found(f"last_purchase in since {after}") == [ben]
    assert found(f"spent(since {after}) = 5") == [ben] and found(f"created_at in since {after}") == [anna, ben]
    reason = why(f"bought(since {after})", ben, by=OLGA, today=TODAY, zone=zone())
    assert reason.holds and "since" in reason.said and "9999" not in reason.said


@pytest.mark.parametrize(
    ("written", "right"), [("spent desc", "“-spent”"), ("-spent DESC", "“-spent”"), ("name asc", "“name”")]
)
def test_an_order_as_databases_write_it_is_told_as_it_is_here(written, right):
    with pytest.raises(CriteriaError, match=f"is written {right}"):
        page("", by=OLGA, today=TODAY, zone=zone(), order=written)


def test_who_got_a_delivery_late():
    anna, ben = the_two()
    day = [TODAY - timedelta(days=ago) for ago in range(12)]
    set_place(code="north", by=OLGA, at=NOW)
    set_place(code="t1", kind="till", within="north", by=OLGA, at=NOW)
    bought(anna, ago=20, promised=day[10], delivered=day[8], place="t1", channel="phone")
    bought(anna, ago=20, promised=day[9], delivered=day[9])
    bought(anna, ago=20, delivered=day[9])
    waiting = bought(ben, ago=20, promised=day[1])
    bought(ben, ago=20, promised=day[0])
    void = bought(ben, ago=20, promised=day[7])
    void_purchase(serial=void, reason="a slip", by=OLGA, at=NOW)
    assert found("late") == [anna, ben] and found("not late") == []
    assert found("late(last 5 days)") == [ben] == found("not late(channel = phone)")
    assert found(f"late({day[10]} to {day[10]}, place = north)") == [anna] == found("late(place = t1)")
    assert found("late(place = main)") == [ben] and found("late_deliveries = 1") == [anna, ben]
    assert found("late", today=day[1]) == [anna] and found("late_deliveries(last 3 days) = 0") == [anna]
    correct_purchase(serial=waiting, changes={"delivered": day[1]}, by=OLGA, at=NOW)
    assert found("late") == [anna]


def test_a_branch_has_its_tills():
    anna, ben = the_two()
    set_place(code="north", by=OLGA, at=NOW)
    set_place(code="t1", kind="till", within="north", by=OLGA, at=NOW)
    bought(anna, 100, place="north")
    bought(ben, 200, place="t1")
    assert found("bought(place = north)") == [anna, ben]
    assert found('bought(place = "t1")') == [ben] == found("spent(place = north, last 30 days) > 100")
    then = moment_at(datetime.now(UTC))
    set_place(code="t1", within="", by=OLGA, at=NOW)
    assert found("bought(place = north)") == [anna]
    with as_of(then):
        assert found("bought(place = north)") == [anna, ben]


def test_a_day_that_passes_is_counted_without_a_roll():
    anna, ben = the_two()
    bought(anna, 600, ago=3)
    bought(ben, 100, ago=0)
    assert found("spent(last 30 days) > 500", TODAY + timedelta(days=26)) == [anna]
    assert found("spent(last 30 days) > 500", TODAY + timedelta(days=27)) == []
    assert found("spent(last 30 days) >= 100", TODAY + timedelta(days=27)) == [ben]
    assert found("top 1 by spent(last 30 days)", TODAY + timedelta(days=27)) == [ben]
    assert found("spent(last 30 days) > 500 or gender = male", TODAY + timedelta(days=27)) == [ben]


def test_gold_and_the_best():
    anna, ben = the_two()
    bought(anna, 600, ago=3)
    bought(ben, 100, ago=5)
    assert found("gold") == [anna]
    assert found("not gold") == [ben]
    assert found("top 10% by spent(last 12 months)") == [anna]
    assert found("top 50% by purchases") == [anna, ben]
    assert found("top 5 by spent") == [anna, ben]
    assert found("active") == [anna, ben]
    assert found("lost or quiet") == []


def test_what_was_bought():
    anna, ben = the_two()
    set_product(number="B1", name="Atlas", type="Books", by=OLGA, at=NOW)
    bought(anna, 20, ago=3, product="B1", channel="web")
    bought(ben, 20, ago=400, product="B1")
    bought(ben, 20, ago=4, product="T1")
    assert found('bought(type = "books")') == [anna, ben]
    assert found('bought(type = "Books", last 30 days)') == [anna]
    assert found('bought(product = "T1")') == [ben]
    assert found("bought(channel = web)") == [anna]
    assert found("bought(web)") == [anna]
    assert found("bought(last 5 days) and not bought(type = Books, last 12 months)") == [ben]
    assert found('favourite_type = "Books"') == [anna, ben]
    assert found("spent(type = Books) >= 20") == [anna, ben]
    with pytest.raises(CriteriaError):
        found("bought(kind = Books)")
    with pytest.raises(CriteriaError):
        found("bought(Books)")


def test_what_went_back_is_not_spent():
    anna, ben = the_two()
    serial = bought(anna, 90, quantity=3, ago=40)
    return_lines(serial=serial, items=[(1, 10_000)], reason="defect", by=OLGA, at=NOW)
    assert found("returned(last 30 days) = 30") == [anna]
    assert found("spent = 60") == [anna]
    assert found("spent(last 30 days) < 0") == [anna]
    assert found("spent(last 30 days) = 0") == [ben]


def test_days_and_averages():
    anna, ben = the_two()
    bought(anna, 100, ago=30)
    bought(anna, 200, ago=0)
    assert found("first_purchase before 20 days ago") == [anna]
    assert found("last_purchase = today") == [anna]
    assert found("last_purchase is empty") == [ben]
    assert found("average_order = 150") == [anna]
    assert found("average_order(last 10 days) = 200") == [anna]
    assert found("days_between_purchases = 30") == [anna]
    assert found("average_order is empty") == [ben]


def test_in_the_currency_it_was_paid_in():
    anna, _ben = the_two()
    bought(anna, 100, currency="USD", rate=900_000_000)
    assert found("spent = 90") == [anna]
    assert found("spent > 99 USD") == [anna]
    assert found("spent > 1 GBP") == []


def test_as_it_stood_at_a_moment():
    anna, ben = the_two()
    serial = bought(anna, 600, ago=3)
    then = moment_at(datetime.now(UTC))
    void_purchase(serial=serial, reason="a slip", by=OLGA, at=NOW)
    bought(ben, 700, ago=1)
    assert found("spent(last 30 days) > 500") == [ben]
    days = f"{TODAY - timedelta(days=9)} to {TODAY}"
    assert found(f"spent({days}) > 500") == [ben]
    with as_of(moment_at(NOW)):
        assert found("spent(last 30 days) > 500") == [ben]
    with as_of(Moment(then.at, serial_link(serial) - 1)):
        assert found("spent(last 30 days) > 500") == [anna]
        assert found(f"spent({days}) > 500") == [anna]
        assert found("gold") == [anna]
        assert standing_of(anna, TODAY).gold
        assert found("bought(channel = shop) and last_purchase > 5 days ago") == [anna]


def serial_link(serial):
    """The link of the deed that wrote the purchase as it stands."""
    return Purchase.objects.get(serial=serial).link


def test_criteria_come_back_from_rows_and_are_said_in_words():
    asked = 'bought(type = "Books", last 30 days) and spent(last 12 months) > 500 and not bought(channel = web)'
    known = facts()
    tree = parse(asked)
    draft = draft_of(tree, known)
    assert tree_of(draft_from(as_form(draft)), known) == tree
    said = sentence(asked, by=OLGA, today=TODAY, zone=zone())
    assert "in the last 30 days" in said and "above" in said and "500" in said


def test_what_it_comes_to_is_a_column_and_an_order():
    anna, ben = the_two()
    bought(anna, 10, ago=3)
    bought(ben, 20, ago=5)
    columns = ["name", "spent", "purchases", "last_purchase", "average_order", "days_between_purchases"]
    rows = page("", by=OLGA, today=TODAY, zone=zone(), columns=columns, order="-spent").rows
    assert [(row["number"], row["spent"], row["purchases"]) for row in rows] == [
        (ben, "20 EUR", 1),
        (anna, "10 EUR", 1),
    ]
    assert rows[0]["last_purchase"] == TODAY - timedelta(days=5) and rows[0]["days_between_purchases"] is None
    export = Export("", by=OLGA, today=TODAY, zone=zone(), columns=["number", "spent"], order="spent")
    assert [list(row) for row in export.rows()] == [[anna, "10 EUR"], [ben, "20 EUR"]]


def test_gold_and_how_somebody_stands_are_columns_an_order_and_leave_with_a_file():
    anna, ben = the_two()
    never = add_customer(card={"given_name": "Cleo"}, by=OLGA, at=NOW)
    bought(anna, 100, ago=3)
    serial = bought(ben, 900, ago=4)
    bought(never, 1, ago=3_000)
    columns = ["gold", "active", "lost"]

    def shown(order="", asked=""):
        page_ = page(asked, by=OLGA, today=TODAY, zone=zone(), columns=columns, order=order)
        return [(row["number"], row["gold"], row["active"], row["lost"]) for row in page_.rows]

    hers, his, gone = (anna, False, True, False), (ben, True, True, False), (never, False, False, True)
    assert shown("-gold")[0] == his and shown("gold")[2] == his and set(shown()) == {hers, his, gone}
    assert shown("-lost")[0] == gone and shown(asked="gold") == [his]
    export = Export("", by=OLGA, today=TODAY, zone=zone(), columns=["number", *columns], order="-gold")
    assert [list(row) for row in export.rows()][:1] == [[ben, "yes", "yes", None]]
    long_after = page("", by=OLGA, today=TODAY + timedelta(days=4_000), zone=zone(), columns=columns)
    assert [(row["gold"], row["lost"]) for row in long_after.rows] == [(False, True)] * 3
    then = Purchase.objects.get(serial=serial)
    with as_of(Moment(then.at, then.link - 1)):
        assert set(shown()) == {(anna, True, True, False), (ben, False, False, False), (never, False, False, False)}


def test_merged_cards_have_one_sum_and_come_apart_again():
    anna, ben = the_two()
    bought(anna, 10, ago=3)
    bought(ben, 20, ago=5)
    merged = merge_customers(keep=anna, absorb=ben, by=OLGA, at=NOW)
    assert standing_of(anna, TODAY).spent == 300_000 and astray() == []
    unmerge(changeset=merged.changeset, by=OLGA, at=NOW)
    assert standing_of(ben, TODAY).spent == 200_000 and astray() == []


@pytest.mark.parametrize("text", ["spent(ever) > 5", "bought(easter)"])
def test_a_stretch_of_days_nobody_knows_is_answered_with_those_there_are(text):
    with pytest.raises(CriteriaError, match=r"no stretch of days.*last 30 days.*all time.*type"):
        found(text)


@pytest.mark.parametrize("criteria", ["late", "late(last 5 days)", "late_deliveries > 1"])
def test_whose_delivery_was_late_is_read_from_an_index_alone(criteria):
    bought(anna(), ago=20, promised=TODAY - timedelta(days=3))
    asked = []
    with connection.execute_wrapper(lambda run, *told: asked.append(told[:2]) or run(*told)):
        count(criteria, by=OLGA, today=TODAY, zone=zone())
    statement, values = next(each for each in asked if '"delivered"' in each[0])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'' if dialect().plans else 'QUERY PLAN '}{statement}", values)
        plan = str(cursor.fetchall())
    assert dialect().plans or "COVERING INDEX purchase_promised" in plan


def test_a_page_of_few_late_ones_is_fetched_and_not_walked(monkeypatch):
    for name in ("Ada", "Bea", "Cleo", "Dora"):
        add_customer(card={"given_name": name}, by=OLGA, at=NOW)
    late, steps, chosen = anna(), [], Question._steps
    bought(late, ago=20, promised=TODAY - timedelta(days=3))
    monkeypatch.setattr(Question, "_steps", lambda *told: steps.append(chosen(*told)) or steps[-1])
    for criteria in ("late", "late(last 5 days)", "late_deliveries(last 5 days) > 0 and gender = female"):
        shown = page(criteria, by=OLGA, today=TODAY, zone=zone(), limit=1)
        assert [row["number"] for row in shown.rows] == [late] and shown.count == 1
    assert dialect().plans or not any(steps)


def test_the_favourite_type_and_late_deliveries_are_columns():
    anna, ben = the_two()
    set_product(number="B1", name="Atlas", type="Books", by=OLGA, at=NOW)
    set_product(number="T1", name="Kite", type="Äpfel", by=OLGA, at=NOW)
    bought(anna, 20, ago=9, product="T1")
    bought(anna, 30, ago=8, product="B1", promised=TODAY - timedelta(days=4))
    bought(ben, 5, ago=8, product="T1", promised=TODAY - timedelta(days=4), delivered=TODAY - timedelta(days=4))
    columns = ["favourite_type", "late", "late_deliveries"]
    nobody = add_customer(card={"given_name": "Nora"}, by=OLGA, at=NOW)
    told = {anna: ["Books", True, 1], ben: ["Äpfel", False, 0], nobody: [None, False, 0]}

    def shown(order, today=TODAY):
        rows = page("", by=OLGA, today=today, zone=zone(), columns=columns, order=order, limit=2)
        rest = page("", by=OLGA, today=today, zone=zone(), columns=columns, order=order, after=rows.next)
        return {row["number"]: [row[name] for name in columns] for row in rows.rows + rest.rows}

    for order, numbered in (
        ("favourite_type", [ben, anna, nobody]), ("-favourite_type", [anna, ben, nobody]),
        ("-late_deliveries", [anna, nobody, ben]), ("late", [ben, nobody, anna]),
    ):  # fmt: skip
        assert list(shown(order).items()) == [(number, told[number]) for number in numbered], order
    assert shown("", TODAY - timedelta(days=5))[anna] == ["Books", False, 0]
    then = Purchase.objects.get(serial=bought(ben, 500, product="B1"))
    assert shown("")[ben][0] == "Books"
    with as_of(Moment(then.at, then.link - 1)):
        assert shown("-favourite_type")[ben][0] == "Äpfel"
    export = Export("", by=OLGA, today=TODAY, zone=zone(), columns=["number", *columns], order="favourite_type")
    assert next(list(row) for row in export.rows()) == [anna, "Books", "yes", 1]


def test_a_purchase_is_taken_back_though_its_customer_was_merged_since():
    anna, ben = the_two()
    serial = bought(ben, 20, ago=5)
    deed = Changeset.objects.latest("number").number
    merge_customers(keep=anna, absorb=ben, by=OLGA, at=NOW)
    undone = undo(changeset=deed, by=OLGA, at=NOW)
    assert not Purchase.objects.filter(serial=serial).exists() and not undone.conflicts
    assert standing_of(anna, TODAY).count == 0 and verify().ok and astray() == []


def test_who_has_a_warranty_that_ends_and_who_waits_for_something():
    anna, ben = the_two()
    set_product(number="K1", name="Kettle", type="Kitchen", warranty=2, by=OLGA, at=NOW)
    sold = bought(anna, product="K1", ago=40)
    bought(ben, product="K1", ago=100)
    bought(ben, product="B1", ago=1)
    ends = months_later(TODAY - timedelta(days=40), 2)
    assert found("warranty") == [anna, ben] and found("warranty(next 30 days)") == [anna] == found("under_warranty")
    assert found("warranty(last 60 days)") == [ben] and found('warranty(type = "Kitchen", next 30 days)') == [anna]
    assert found('warranty(product = "B1")') == [] and found(f"warranty_ends = {ends}") == [anna]
    return_lines(serial=sold, items=[(1, 10_000)], reason="defect", by=OLGA, at=NOW)
    assert found("under_warranty") == [] and found("warranty") == [ben]
    waits = reserve(wish=Wish(anna, "K1"), by=OLGA, at=NOW)[1]
    over = reserve(wish=Wish(ben, text="A globe"), by=OLGA, at=NOW)[1]
    assert found("reserved") == [anna, ben] and found('reserved(product = "K1")') == [anna]
    assert found("reserved(state = ready)") == [] and found("reserved(last 7 days, state = waiting)") == [anna, ben]
    make_ready(serials=[waits], by=OLGA, at=NOW)
    drop(serial=over, by=OLGA, at=NOW)
    assert found("reserved(state = ready)") == [anna] == found("reserved") and found("not reserved") == [ben]
