"""This room's other cast: who is on two cards, and who only resembles somebody."""

from typing import Any

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import NOW, OLGA

HOME = {"street": "Lindenweg 7", "postcode": "24937", "city": "Flensburg", "country": "DE"}
JUERGEN: dict[str, Any] = {
    "given_name": "Jürgen", "family_name": "Müller", "birth_date": "1958-03-07",
    "emails": [{"value": "juergen.mueller@example.org"}], "phones": [{"value": "+4915123456789"}], "addresses": [HOME],
}  # fmt: skip


def added(*cards: dict[str, Any]) -> list[int]:
    return [add_customer(card=card, by=OLGA, at=NOW) for card in cards]


def juergen(**more: Any) -> dict[str, Any]:
    """His card with these facts in place of his; None takes one away."""
    return {name: value for name, value in {**JUERGEN, **more}.items() if value is not None}
