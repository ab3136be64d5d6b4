"""A further fact of the card's own row, of whatever type, is typed everywhere: card, criteria, list, export, import."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.actions import add_customer, edit_customer
from regulars.areas.customers.actions.updating import _own_columns
from regulars.areas.customers.card.cleaning import _column_holds
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.intake import actions, queries
from regulars.areas.intake.models import Intake
from regulars.areas.segments import queries as segments
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.queries.formats import FORMATS, written
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.tables import table_of

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset("*"))
NOW, TODAY, ZONE = datetime(2026, 11, 23, 9, tzinfo=UTC), date(2026, 11, 23), ZoneInfo("Europe/Berlin")
ASKED: dict[str, Any] = {"by": OLGA, "today": TODAY, "zone": ZONE}

# type · the column · as a list writes it · as the card says it · what is refused, with which reason · a question
KINDS: dict[str, tuple[Any, str, Any, str, str, str]] = {
    "number": (lambda: models.IntegerField(null=True), "1 204", 1204, "many", "many", "> 1000"),
    "decimal": (lambda: models.BigIntegerField(null=True), "42,5", "42.5", "wide", "wide", "= 42.5"),
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


def declared(kind: str) -> registries.Fact:
    return registries.Fact(
        name=f"own_{kind}", type=kind, label=f"Own {kind}", purpose="to try", room="customers",  # type: ignore[arg-type]
        source=registries.Column(f"own_{kind}"), choices=CHOICES if kind == "code" else (), headers=(f"Eigen {kind}",),
    )  # fmt: skip


@pytest.fixture
def more_facts() -> Iterator[None]:
    """What a developer adds: columns of the customer with their migration, and one declaration each."""
    for kind, (column, *_rest) in KINDS.items():
        fact = declared(kind)
        for model in (Customer, Customer.past):
            column().contribute_to_class(model, fact.name)
            field: Any = model._meta.get_field(fact.name)
            empty = "NULL" if field.null else "NOT NULL DEFAULT ''"
            _run(f"ALTER TABLE {model._meta.db_table} ADD COLUMN {fact.name} {field.db_type(connection)} {empty}")
        registries.REGISTRY.facts[fact.name] = fact
    _forget()
    yield
    for kind in KINDS:
        del registries.REGISTRY.facts[f"own_{kind}"]
        for model in (Customer, Customer.past):
            field = model._meta.get_field(f"own_{kind}")
            _run(f"ALTER TABLE {model._meta.db_table} DROP COLUMN own_{kind}")
            model._meta.local_fields.remove(field)
            model._meta._expire_cache()  # type: ignore[attr-defined]
            delattr(model, field.attname)
    _forget()


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _forget() -> None:
    for cached in (table_of, _own_columns, _column_holds):
        cached.cache_clear()


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
    number = add_customer(card={**card, "references": [{"source": "list", "value": "1"}]}, by=OLGA, at=NOW)
    said = {"number": "4", "yesno": "no", "decimal": "1.25", "code": "Red", "date": "2020-01-01"}
    row = {"Vorname": "Anna", "Kundennummer": "1"} | {f"Eigen {kind}": value for kind, value in said.items()}
    told = brought_in(tmp_path, [row])
    assert (told["updated"], told["rejected"]) == (1, [])
    now = card_json(OLGA, number)
    assert (now["own_number"], now["own_yesno"], now["own_decimal"]) == (4, False, "1.25")
    assert (now["own_code"], now["own_date"]) == ("red", "2020-01-01")


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
