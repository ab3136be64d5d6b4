"""A further fact of the card's own row, of whatever type, is typed everywhere: card, criteria, list, export, import."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, models
from django.utils.translation import gettext_lazy as _

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer, delete_customer, edit_customer
from regulars.areas.customers.actions.updating import _own_columns
from regulars.areas.customers.card.cleaning import _column_holds
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.intake import actions, queries
from regulars.areas.intake.models import Intake
from regulars.areas.journal.queries import history_of, verify
from regulars.areas.journal.queries.differences import tables
from regulars.areas.segments import queries as segments
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.queries.formats import FORMATS, written
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.prepared import _KEPT
from regulars.kernel.tables import table_of

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset("*"))
NOW, TODAY, ZONE = datetime(2026, 11, 23, 9, tzinfo=UTC), date(2026, 11, 23), ZoneInfo("Europe/Berlin")
ASKED: dict[str, Any] = {"by": OLGA, "today": TODAY, "zone": ZONE}

# type · the column · as a list writes it · as the card says it · what is refused, with which reason · a question
KINDS: dict[str, tuple[Any, str, Any, str, str, str]] = {
    "number": (lambda: models.IntegerField(null=True), "1 204", 1204, "many", "many", "> 1000"),
    "decimal": (lambda: models.BigIntegerField(null=True), "42,5", "42.5", "wide", "wide", "= 42.5"),
    "money": (lambda: models.BigIntegerField(null=True), "1.204,50 €", "1204.5 EUR", "much", "much", "> 1204.49"),
    "date": (lambda: models.DateField(null=True), "24.12.2025", "2025-12-24", "31.02.2025", "31.02.2025",
             "= 2025-12-24"),
    "yesno": (lambda: models.BooleanField(null=True), "nein", False, "perhaps", "neither yes nor no", "= no"),
    "code": (lambda: models.CharField(max_length=10, blank=True, default=""), "TÜRKISCH", "cyan", "pink",
             "none of: cyan, red", "= cyan"),
    "country": (lambda: models.CharField(max_length=2, blank=True, default=""), "Dänemark", "DK", "Narnia", "Narnia",
                "= DK"),
    "text": (lambda: models.CharField(max_length=20, blank=True, default=""), " Bello ", "Bello", "x" * 21, "20",
             '= "bello"'),
}  # fmt: skip
CHOICES = (("cyan", "Türkisch"), ("red", _("Red")))
# Beside the kinds: the currency of the amount, and a fact that names another customer.
BESIDE: dict[str, Any] = {
    "own_currency": lambda: models.CharField(max_length=3, blank=True, default=""),
    "own_friend": lambda: models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT, related_name="+"
    ),
}


def declared(kind: str) -> registries.Fact:
    return registries.Fact(
        name=f"own_{kind}", type=kind, label=f"Own {kind}", purpose="to try", room="customers",  # type: ignore[arg-type]
        source=registries.Column(f"own_{kind}", currency="own_currency" if kind == "money" else ""),
        choices=CHOICES if kind == "code" else (), headers=(f"Eigen {kind}",),
    )  # fmt: skip


FRIEND = registries.Fact(
    name="own_friend", type="customer", label="Own friend", purpose="to try", room="customers", headers=("Freundin",),
    source=registries.Column("own_friend_id"),
)  # fmt: skip


@pytest.fixture
def more_facts() -> Iterator[None]:
    """What a developer adds: columns of the customer with their migration, and one declaration each."""
    added = {f"own_{kind}": column for kind, (column, *_rest) in KINDS.items()} | BESIDE
    facts = {fact.name: fact for fact in (*map(declared, KINDS), FRIEND)}
    fields: list[tuple[Any, Any]] = []
    for name, column in added.items():
        for model in (Customer, Customer.past):
            past = model is Customer.past and name == "own_friend"  # history may hold what the present may not
            made: Any = models.BigIntegerField(null=True) if past else column()
            made.contribute_to_class(model, f"{name}_id" if past else name)
            fields.append((model, made))
            empty = "NULL" if made.null else "NOT NULL DEFAULT ''"
            _run(f"ALTER TABLE {model._meta.db_table} ADD COLUMN {made.column} {made.db_type(connection)} {empty}")
    registries.REGISTRY.facts |= facts
    _forget()
    yield
    for name in facts:
        del registries.REGISTRY.facts[name]
    for model, made in fields:
        _run(f"ALTER TABLE {model._meta.db_table} DROP COLUMN {made.column}")
        model._meta.local_fields.remove(made)
        model._meta._expire_cache()
        for each in {made.name, made.attname}:
            delattr(model, each)
    _forget()


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _forget() -> None:
    for cached in (table_of, tables, _own_columns, _column_holds):
        cached.cache_clear()
    connections["default"].__dict__.pop(_KEPT, None)  # questions with their columns


def brought_in(folder: Any, rows: list[dict[str, str]]) -> dict[str, Any]:
    headings = list(rows[0])
    lines = [";".join(headings), *(";".join(row.get(name, "") for name in headings) for row in rows)]
    path = folder / "list.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with path.open("rb") as file:
        intake: Intake = actions.inspect(file=file, name=path.name, by=OLGA, at=NOW)
    asked = queries.questions(intake)
    if asked:
        answers = {each["index"]: {each["asks"]: {"mark": ",", "order": "dmy"}[each["asks"]]} for each in asked}
        actions.correct(token=intake.token, by=OLGA, at=NOW, answers=answers)
    actions.run_to_end(actions.start_import(token=intake.token, by=OLGA, at=NOW))
    told = queries.result(queries.intake_for(OLGA, intake.token))
    assert told["state"] == "done", told["error"]
    return told


def test_good_values_come_in_typed_and_are_the_same_as_by_hand(more_facts: None, tmp_path: Any) -> None:
    good = {f"Eigen {kind}": KINDS[kind][1] for kind in KINDS}
    told = brought_in(tmp_path, [{"Vorname": "Anna", "Kundennummer": "1", **good}, {"Vorname": "Ben"}])
    assert (told["rejected"], told["created"]) == ([], 2)
    anna, ben = Customer.objects.order_by("number").values_list("number", flat=True)
    wanted = {f"own_{kind}": KINDS[kind][2] for kind in KINDS}
    assert {name: card_json(OLGA, anna)[name] for name in wanted} == wanted
    assert {card_json(OLGA, ben)[name] for name in wanted} == {None}
    # what the card says can be said to it: the same by hand makes no difference
    assert edit_customer(number=anna, card=wanted, by=OLGA, at=NOW) is None
    # and the criteria, the list and its order know the type
    for kind in KINDS:
        assert segments.count(f"own_{kind} {KINDS[kind][5]}", **ASKED) == 1, kind
    page = segments.page("", columns=list(wanted), order="own_date", **ASKED)
    assert str(page.rows[0]["own_date"]) == "2025-12-24"


def test_bad_values_are_refused_each_with_its_reason(more_facts: None, tmp_path: Any) -> None:
    good = {f"Eigen {kind}": KINDS[kind][1] for kind in KINDS}
    bad = [{"Vorname": kind, **good, f"Eigen {kind}": KINDS[kind][3]} for kind in KINDS]
    told = brought_in(tmp_path, [{"Vorname": "Anna", **good}, *bad])
    assert told["created"] == 1
    reasons = {each["column"]: each["reason"] for each in told["rejected"]}
    assert set(reasons) == {f"Eigen {kind}" for kind in KINDS}
    for kind in KINDS:
        assert KINDS[kind][4] in reasons[f"Eigen {kind}"], kind


def test_a_second_list_brings_the_card_up_to_date(more_facts: None, tmp_path: Any) -> None:
    card = {"given_name": "Anna", "own_number": 3, "own_yesno": True, "own_decimal": "1.25", "own_date": "2020-01-01"}
    card["own_money"] = "7 EUR"
    number = add_customer(card={**card, "references": [{"source": "list", "value": "1"}]}, by=OLGA, at=NOW)
    said = {"number": "4", "yesno": "no", "decimal": "1.25", "code": "Red", "date": "2020-01-01", "money": "7 USD"}
    row = {"Vorname": "Anna", "Kundennummer": "1"} | {f"Eigen {kind}": value for kind, value in said.items()}
    told = brought_in(tmp_path, [row])
    assert (told["updated"], told["rejected"]) == (1, [])
    now = card_json(OLGA, number)
    assert (now["own_number"], now["own_yesno"], now["own_decimal"]) == (4, False, "1.25")
    assert (now["own_code"], now["own_date"], now["own_money"]) == ("red", "2020-01-01", "7 USD")


def test_an_export_comes_back_unchanged(more_facts: None, tmp_path: Any) -> None:
    card = {f"own_{kind}": KINDS[kind][2] for kind in KINDS}
    number = add_customer(card={"given_name": "Anna", **card}, by=OLGA, at=NOW)
    before = card_json(OLGA, number)
    path = tmp_path / "all.csv"
    path.write_bytes(b"".join(written(Export("", everyone=True, **ASKED), FORMATS["csv"])))
    with path.open("rb") as file:
        intake: Intake = actions.inspect(file=file, name=path.name, by=OLGA, at=NOW)
    assert queries.questions(intake) == []
    placed = {each["to"] for each in intake.mapping["columns"]}
    assert set(card) <= placed
    actions.run_to_end(actions.start_import(token=intake.token, by=OLGA, at=NOW))
    told = queries.result(queries.intake_for(OLGA, intake.token))
    assert (told["rejected"], told["unchanged"]) == ([], 1)
    assert card_json(OLGA, number) == before


def test_an_amount_is_exact_with_its_currency_and_can_be_emptied(more_facts: None) -> None:
    number = add_customer(card={"given_name": "Anna", "own_money": "0.0001 EUR"}, by=OLGA, at=NOW)
    row: Any = Customer.objects.get()
    assert (row.own_money, row.own_currency) == (1, "EUR")
    assert segments.count("own_money = 0.0001 USD", **ASKED) == 0
    assert segments.count("own_money = 0.0001 EUR and top 1 by own_money", **ASKED) == 1
    edit_customer(number=number, card={"own_money": "12.50 USD"}, by=OLGA, at=NOW)
    change, *_added = history_of(number, by=OLGA)
    assert [(each.field, each.was, each.now) for each in change.fields] == [("own_money", "0.0001 EUR", "12.5 USD")]
    page = segments.page("", columns=["own_money"], order="-own_money", **ASKED)
    assert page.rows[0]["own_money"] == "12.5 USD"
    assert "<ins>$12.50</ins>" in browser_of().get(f"/customers/{number}/history/").content.decode()
    edit_customer(number=number, card={"own_money": None}, by=OLGA, at=NOW)
    row = Customer.objects.get()
    assert (row.own_money, row.own_currency) == (None, "") and verify().ok


def test_another_customer_is_named_by_number(more_facts: None, tmp_path: Any) -> None:
    friend = add_customer(card={"given_name": "Sören"}, by=OLGA, at=NOW)
    told = brought_in(tmp_path, [
        {"Vorname": "Anna", "Kundennummer": "1", "Freundin": str(friend)},
        {"Vorname": "Ben", "Kundennummer": "2", "Freundin": "77777"},
        {"Vorname": "Cem", "Kundennummer": "3", "Freundin": "nobody"},
    ])  # fmt: skip
    reasons = {each["row"]: (each["column"], each["value"], each["reason"]) for each in told["rejected"]}
    assert reasons[3] == ("Freundin", "77777", "There is no customer 77777.")
    assert reasons[4][:2] == ("Freundin", "nobody") and told["created"] == 1
    anna = Customer.objects.get(given_name="Anna").number
    assert card_json(OLGA, anna)["own_friend"] == friend
    assert segments.count(f"own_friend = {friend}", **ASKED) == 1
    browser = browser_of()
    assert "Sören" in browser.get(f"/customers/{anna}/").content.decode()
    assert "<ins>Sören</ins>" in browser.get(f"/customers/{anna}/history/").content.decode()
    # a list of the card's own source brings it up to date
    other = add_customer(card={"given_name": "Dora"}, by=OLGA, at=NOW)
    again = brought_in(tmp_path, [{"Vorname": "Anna", "Kundennummer": "1", "Freundin": str(other)}])
    assert (again["updated"], card_json(OLGA, anna)["own_friend"]) == (1, other)
    # by hand the same holds, and nobody goes whom another card names
    with pytest.raises(Refused, match="no customer 77777"):
        edit_customer(number=anna, card={"own_friend": 77777}, by=OLGA, at=NOW)
    with pytest.raises(Refused, match="Other cards name this one"):
        delete_customer(number=other, by=OLGA, at=NOW)
    assert verify().ok
