"""A chunk of cards as the maker made it (`customers.card.ready.Maker`), on its way into the tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from django.db import models

from regulars.areas.customers.card import sealing
from regulars.areas.customers.models import BankAccount, CustomField, CustomValue, IdentityNumber
from regulars.kernel.errors import Refused

LateRow = tuple[type[models.Model], dict[str, Any], sealing.Sealer]


class Rows:
    """The rows of one table: `columns` in which they differ, and what is the `same` in all of them."""

    def __init__(self, columns: Sequence[str] = (), same: Mapping[str, Any] | None = None, rows: Any = ()) -> None:
        self.columns, self.same, self.rows = columns, dict(same or {}), list(rows)
        self._at = {name: place for place, name in enumerate(columns)}

    def __len__(self) -> int:
        return len(self.rows)

    def picked(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """The values in these columns, row by row."""
        return zip(*map(self._across, columns), strict=True)

    def _across(self, column: str) -> Iterable[Any]:
        if column in self._at:
            at = self._at[column]
            return [row[at] for row in self.rows]
        return repeat(self.same[column], len(self.rows))


@dataclass(slots=True)
class Chunk:
    """A chunk as the maker made it, and what its late values turned out to be."""

    rows: list[int]
    own: Rows
    more: dict[str, Rows]
    texts: list[bytes]
    starts: list[int]
    ids: int
    specs: dict[int, list[int]]
    organisations: list[tuple[str, str]]
    firms: dict[str, int]
    found: list[str]
    late: dict[int, list[LateRow]]
    odd: dict[int, dict[str, Any]]
    only_new: dict[int, list[str]]
    refused: dict[int, Refused] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any], country: str) -> "Chunk":
        """Reads what came from the maker; values that cannot be sealed refuse their card (`refused`, by place)."""
        chunk = cls(
            rows=told["rows"],
            own=Rows(*told["own"]),
            more={label: Rows(*rows) for label, rows in told["more"].items()},
            texts=told["texts"],
            starts=[*told["starts"], told["ids"]],
            ids=told["ids"],
            specs={int(place): spec for place, spec in told["specs"].items()},
            organisations=[(folded, name) for folded, name in told["organisations"]],
            firms=told["firms"],
            found=told["found"],
            late={},
            odd={int(place): odd for place, odd in told["odd"].items()},
            only_new={int(place): columns for place, columns in told["only_new"].items()},
        )
        for place, late in told["late"].items():
            try:
                chunk.late[int(place)] = list(_late_rows(late, country))
            except Refused as refused:
                chunk.refused[int(place)] = refused
        return chunk

    def __len__(self) -> int:
        return len(self.rows)

    def said(self, label: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Of each row of a further table the place of its card and the values in these columns."""
        return self.more[label].picked("customer_id", *columns) if label in self.more else iter(())


def _late_rows(late: Mapping[str, Any], country: str) -> Iterable[LateRow]:
    """Model, columns and sealer of each value to be sealed. Raises Refused."""
    for item in late.get("identity_numbers", ()):
        item = {"value": item} if isinstance(item, str) else item
        sealer, columns = sealing.sealed_identity(
            str(item["value"]), item.get("kind") or "", item.get("country") or country
        )
        yield IdentityNumber, columns, sealer
    for item in late.get("bank_accounts", ()):
        item = {"iban": item} if isinstance(item, str) else item
        text = str(item.get("iban") or item.get("number") or "")
        sealer, columns = sealing.sealed_bank_account(
            text, is_iban=bool(item.get("iban")), country=country, bic=str(item.get("bic") or "")
        )
        yield BankAccount, columns, sealer
    for name, value in late.get("custom", {}).items():
        field_id = CustomField.objects.values_list("pk", flat=True).get(name=name)
        sealer, columns = sealing.sealed_custom(str(value), field_id)
        yield CustomValue, {**columns, "field_id": field_id}, sealer
