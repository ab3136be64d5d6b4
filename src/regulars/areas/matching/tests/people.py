"""This room's cast: one person who stands in the register twice, and those around her."""

from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.areas.access.tests.people import actor
from regulars.areas.consent import actions as consent
from regulars.areas.customers import actions as customers
from regulars.areas.customers.card.sealing import opened
from regulars.areas.customers.models import SearchText
from regulars.areas.customers.queries import card_json
from regulars.areas.journal.models import journaled_models
from regulars.kernel.tables import Table, table_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def card(**told: Any) -> int:
    return customers.add_customer(card=told, by=actor(), at=NOON)


def edited(number: int, **told: Any) -> int | None:
    return customers.edit_customer(number=number, card=told, by=actor(), at=NOON)


def shown(number: int) -> dict[str, Any]:
    return card_json(actor(), number)


def anna() -> tuple[int, int]:
    """Anna Berg, full and as somebody typed her in a hurry."""
    full = card(
        given_name="Anna", family_name="Berg", birth_date="--03-07", emails=[{"value": "anna@example.com"}],
        tags=["gold"], notes=["likes tea"], addresses=[{"street": "Am Markt 1", "city": "Kiel", "country": "DE"}],
        identity_numbers=[{"value": "86095742719", "kind": "idnr", "country": "DE"}],
    )  # fmt: skip
    short = card(
        given_name="A.", family_name="Berg", birth_date="1980-03-07", occupation="baker", tags=["gold", "staff"],
        emails=[{"value": "ANNA@example.com"}, {"value": "anna.berg@example.com"}], notes=["has a dog"],
        phones=[{"value": "+4943112345"}], references=[{"source": "shop", "value": "77"}],
        bank_accounts=[{"iban": "DE89370400440532013000"}], works_at=[{"organisation": "Bakery Ltd"}],
        addresses=[{"street": "Am Markt 1", "city": "Kiel", "country": "DE", "label": "home"}],
    )  # fmt: skip
    consent.refuse(number=short, channels=["email"], purposes=["offers"], by=actor(), at=NOON)
    consent.give(number=full, channels=["email"], purposes=["offers"], by=actor(), at=NOON, heard="on paper")
    return full, short


Rows = dict[str, dict[int, tuple[Any, Any]]]


def register() -> Rows:
    """Everything that stands, row by row: whose it is and what it says, sealed values in clear; and what search finds
    everybody by."""
    found: Rows = {}
    for model in journaled_models():
        table = table_of(model)
        rows = model._default_manager.all()
        found[table.label] = {
            row.pk: (getattr(row, table.subject) if table.subject else None, _said(table, row)) for row in rows
        }
    found["search"] = {row.pk: (None, row.text) for row in SearchText.objects.all()}
    return found


def _said(table: Table, row: Any) -> dict[str, Any]:
    said = table.canonical(row)
    return {**said, "sealed": opened(row)} if "sealed" in said else said
