"""Identity numbers and bank accounts: checked here, sealed where they are kept."""

from regulars.areas.intake.readers import cells as reading
from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts.placing import At, Card, Guarded, Part, Placed, guarded, has_value, slots
from regulars.areas.intake.readers.row import Row
from regulars.kernel import numbers


def identities(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    def make(slot: list[Placed]) -> Part:
        by_key = {each.target.key: each.column for each in slot}
        column = by_key["value"]
        kind_at, country_at = by_key.get("kind"), by_key.get("country")

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            text = cells[column.index].strip().removeprefix("'")
            if not text:
                return
            at.index = column.index
            kind = cells[kind_at.index].strip() if kind_at else column.kind
            stated = (
                reading.known_country(cells[country_at.index])
                if country_at and cells[country_at.index]
                else column.country
            )
            country = stated or ("" if kind == "vat" and text[:2].isalpha() else context.country)
            found = numbers.clean_identity(text, kind=kind, country=country)
            item = {"kind": found.kind, "country": found.country, "value": found.value}
            card.setdefault("identity_numbers", []).append(item)

        return part

    return [guarded(slot, make(slot)) for slot in slots(placed, "identity_numbers") if has_value(slot)]


def accounts(placed: list[Placed], _mapping: Mapping, _context: Context) -> list[Guarded]:
    def make(slot: list[Placed]) -> Part:
        by_key = {each.target.key: each.column for each in slot}
        column, bic = by_key["iban"], by_key.get("bic")

        def part(_row: Row, card: Card, cells: Cells, at: At) -> None:
            if not cells[column.index].strip():
                return
            at.index = column.index
            item = reading.account(cells[column.index])
            if item:
                if bic and cells[bic.index] and "number" in item:
                    at.index = bic.index
                    item["bic"] = reading.bic(cells[bic.index]) or ""
                card.setdefault("bank_accounts", []).append(item)

        return part

    known = [slot for slot in slots(placed, "bank_accounts") if any(each.target.key == "iban" for each in slot)]
    return [guarded(slot, make(slot)) for slot in known]
