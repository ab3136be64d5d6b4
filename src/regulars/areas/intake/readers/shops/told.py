"""One order as every shop's reader tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from regulars.kernel.money import SCALE
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short


@dataclass(frozen=True, slots=True)
class Item:
    """A line: figures in 1/10,000, `amount` as paid with its tax."""

    code: str
    name: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Back:
    """What was given back: `items` are places of lines (from 1) with their quantities; `amount` is the money in all,
    None where it was as much as was paid for them."""

    number: str
    items: tuple[tuple[int, int], ...] = ()
    amount: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`at` is RFC 3339, and so is `changed`, when the order came to be as it is told.
    `card` is the buyer's, in the contract's JSON, without her number there; that is `reference`.

    `gone` where the whole order was cancelled after it had been a purchase.
    """

    number: str
    at: str
    currency: str
    items: tuple[Item, ...]
    card: dict[str, Any] = field(default_factory=dict)
    reference: str = ""
    back: tuple[Back, ...] = ()
    gone: bool = False
    changed: str = ""
    note: str = ""


def scaled(value: Any) -> int:
    """A figure of JSON, text or number, in 1/10,000; rounded there where a shop works out more. Raises Refused."""
    try:
        found = Decimal(str(value if value not in (None, "") else 0))
        if not found.is_finite() or abs(found) > 10**12:
            raise InvalidOperation
    except InvalidOperation:
        raise refusal(_("“{text}” is not a number."), text=short(str(value))) from None
    return int((found * SCALE).to_integral_value())


def text(given: Any, most: int = 300) -> str:
    """A text of JSON, or a number as text; '' for nothing."""
    return " ".join(str(given).split())[:most] if isinstance(given, str | int) and not isinstance(given, bool) else ""


def listed(given: Any) -> list[Mapping[str, Any]]:
    """The objects in a list of JSON; () for what is no list."""
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def inner(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name; an empty one where there is none."""
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def card_of(parts: Mapping[str, str], address: Mapping[str, str], email: str, phone: str) -> dict[str, Any]:
    """A card in the contract's JSON of what is filled."""
    card: dict[str, Any] = {name: value for name, value in parts.items() if value}
    if any(address.get(name) for name in ("street", "postcode", "city")):
        card["addresses"] = [{name: value for name, value in address.items() if value}]
    if email:
        card["emails"] = [{"value": email}]
    if phone:
        card["phones"] = [{"value": phone}]
    return card
