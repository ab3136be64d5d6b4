"""This room's cast: Olga owns the house, Anna and Sören are customers, the Teehaus is an organisation."""

from datetime import UTC, datetime
from typing import Any

from regulars.areas.customers.actions import add_customer
from regulars.areas.journal.models import journaled_models
from regulars.kernel.actor import Actor
from regulars.kernel.tables import table_of

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset("*"), through="page")
BEN = Actor(kind="user", name="Ben", rights=frozenset({"customers.view", "customers.edit"}), through="page")

ANNA: dict[str, Any] = {
    "title": "Dr.",
    "given_name": "Anna",
    "family_name": "Ærøskøbing",
    "gender": "female",
    "birth_date": "1958-03-07",
    "emails": [{"value": "anna@example.org", "label": "home"}],
    "phones": [{"value": "0151 23456789"}],
    "addresses": [{"street": "Straße des 17. Juni 135", "postcode": "10623", "city": "Berlin", "country": "DE"}],
    "tags": ["VIP"],
}


def anna(**more: Any) -> int:
    return add_customer(card={**ANNA, **more}, by=OLGA, at=NOW)


def dump() -> dict[str, list[tuple[Any, str]]]:
    """Every journaled row, canonical: two equal dumps are the same register."""
    found = {}
    for model in journaled_models():
        table = table_of(model)
        rows = model._default_manager.all()
        found[table.label] = sorted((row.pk, repr(sorted(table.canonical(row).items()))) for row in rows)
    return found
