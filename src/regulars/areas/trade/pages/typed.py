"""The inputs of a purchase's lines, and the lines that they tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from stdnum import ean

from regulars.areas.trade.actions import NewLine, as_told
from regulars.areas.trade.actions.making import rounded
from regulars.areas.trade.forms import figure_told
from regulars.areas.trade.models import LINES, Line, Product
from regulars.kernel import forbidden
from regulars.kernel.errors import Refused
from regulars.kernel.money import SCALE, clean_decimal

MOST = 200  # new lines at once
Told = tuple[int | None, NewLine]
_INPUTS = {"product": "what", "text": "what", "currency": "amount", "returns": "quantity"}  # where another holds it


@dataclass(slots=True)
class TypedLine:
    """The inputs of one line: `key` is its ordinal, or `n1` … of a new one; `errors` stand by input."""

    key: str
    line: Line | None = None
    kind: str = "sale"
    what: str = ""
    quantity: str = "1"
    price: str = ""
    amount: str = ""
    struck: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def figures(self) -> tuple[str, ...]:
        """The inputs of figures it has: of money that went without goods the amount alone."""
        return ("amount",) if self.kind in ("refund", "donation") and self.line else ("quantity", "price", "amount")

    @property
    def is_blank(self) -> bool:
        return self.line is None and not (self.what or self.price or self.amount)


class TypedLines:
    """All lines of a purchase as they stand, or as they were typed; behind them lines that are new."""

    kinds = tuple((word, label) for word, label in LINES if word != "return")

    def __init__(self, lines: Sequence[Line], posted: Mapping[str, Any] | None, *, currency: str) -> None:
        self.currency = currency
        self.problem = ""
        self.focus = ""  # the key of the line that is typed next
        self.rows = [_standing(line) for line in lines]
        self.rows += [TypedLine(key) for key in _new(posted)] if posted is not None else [TypedLine("n1")]
        self.before = {row.key: (row.what, row.quantity, row.price, row.amount) for row in self.rows}
        self.told_rows: list[TypedLine] = []
        for row in self.rows:
            self._read(row, posted or {})

    def _read(self, row: TypedLine, posted: Mapping[str, Any]) -> None:
        row.struck = f"struck-{row.key}" in posted
        row.kind = row.kind if row.line else str(posted.get(f"kind-{row.key}", "sale"))
        for name in ("what", *row.figures):
            stands = getattr(row, name)
            told = str(posted.get(f"{name}-{row.key}", stands)).strip()
            setattr(row, name, stands if name != "what" and _is_same(told, stands) else told)

    @property
    def wrong(self) -> bool:
        return bool(self.problem) or any(row.errors for row in self.rows)

    def one_more(self) -> None:
        """Another line to be typed; what is not finished is no slip yet."""
        self.rows.append(TypedLine(f"n{sum(row.line is None for row in self.rows) + 1}"))
        self.focus = self.rows[-1].key
        for row in self.rows:
            row.errors.clear()

    def told(self) -> list[Told] | None:
        """The lines that stay and the new ones; None where one cannot be read, which is then said at its input."""
        found: list[Told] = []
        self.told_rows = [row for row in self.rows if not row.struck and not row.is_blank]
        for row in self.told_rows:
            try:
                found.append((row.line.ordinal if row.line else None, self._line(row)))
            except Refused as refused:
                row.errors[refused.where or "what"] = refused.message
        return None if self.wrong else found

    def refuse(self, refused: Refused) -> None:
        """Says what the deed refused where it belongs."""
        _lines, _dot, rest = (refused.where or "").partition(".")
        place, _dot, name = rest.partition(".")
        if place.isdigit():
            row = self.told_rows[int(place)]
            name = _INPUTS.get(name, name)
            row.errors[name if name in ("what", *row.figures) else "what"] = refused.message
        elif struck := [row for row in self.rows if row.line and row.line.ordinal == refused.more.get("ordinal")]:
            struck[0].errors["struck"] = refused.message
        else:
            self.problem = refused.message

    def amount_of(self, ordinal: int | None, line: NewLine) -> int:
        """What a line comes to, in 1/10,000: as the deed reckons it."""
        amount = line.amount
        sold = next((row.line.returns for row in self.rows if row.line and row.line.ordinal == ordinal), None)
        if amount is None and sold is not None:
            amount = rounded(sold.amount * line.quantity, sold.quantity)
        if amount is None:
            amount = rounded((line.price or 0) * line.quantity, SCALE)
        return -amount if line.kind in ("return", "refund") else amount

    def _line(self, row: TypedLine) -> NewLine:
        what, quantity, price, amount = self.before[row.key]
        line = as_told(row.line) if row.line else NewLine(kind=row.kind)
        if row.what != what:
            line = self._named(line, row.what)
        stood = {"quantity": quantity, "price": price, "amount": amount}
        fresh = [name for name in row.figures if row.line is None or getattr(row, name) != stood[name]]
        figures = {name: _figure(name, getattr(row, name)) for name in fresh}
        line = line._replace(
            quantity=(figures["quantity"] or SCALE) if "quantity" in figures else line.quantity,
            price=figures.get("price", line.price),
            amount=figures.get("amount", line.amount),
        )
        if row.amount == amount and (row.quantity, row.price) != (quantity, price):
            line = line._replace(amount=None)  # price times quantity
        if line.product and line.amount is None and line.price is None:
            line = line._replace(price=self._listed(line.product))
        if line.amount is None and line.price is None and line.returns is None:
            raise Refused(_("Say what it costs: a price, or the amount."), where=row.figures[-2:][0])
        return line

    def _named(self, line: NewLine, what: str) -> NewLine:
        """The line with a product of this number, else with this text."""
        if not ean.is_valid(what):
            forbidden.refuse(what, where="what")
        product = Product.objects.filter(number=what).first() if what else None
        if product is None:
            return line._replace(product="", text=what, warranty_until=None)
        return line._replace(product=product.number, text=product.name, warranty_until=None)

    def _listed(self, number: str) -> int | None:
        """The price of a product in the purchase's currency."""
        found = Product.objects.filter(number=number, currency__in=("", self.currency))
        return found.values_list("price", flat=True).first()


def _standing(line: Line) -> TypedLine:
    told = as_told(line)
    return TypedLine(
        str(line.ordinal), line, line.kind, told.product or told.text, figure_told(told.quantity),
        figure_told(told.price, amount=True), figure_told(told.amount, amount=True),
    )  # fmt: skip


def _is_same(one: str, other: str) -> bool:
    """Whether two figures are one, `30.5` and `30.50`."""
    try:
        return bool(one and other) and clean_decimal(one) == clean_decimal(other)
    except Refused:
        return False


def _new(posted: Mapping[str, Any]) -> Iterator[str]:
    for place in range(1, MOST + 1):
        if f"what-n{place}" not in posted:
            return
        yield f"n{place}"


def _figure(name: str, text: str) -> int | None:
    if not text:
        return None
    try:
        value = clean_decimal(text)
    except Refused as refused:
        raise Refused(refused.message, where=name) from None
    if value < 0 or (name == "quantity" and not value):
        raise Refused(_("Write it without a sign, and above nought: what goes back counts by its kind."), where=name)
    return value
