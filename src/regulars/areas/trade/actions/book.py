"""What purchases are made of, known or made on the way: places, products, types, customers, the lines taken back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import keeper_of
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import Link
from regulars.areas.trade.actions.shapes import Named, NewLine
from regulars.areas.trade.counting import keeping
from regulars.areas.trade.models import RATE, Line, Place, Product, ProductType, Purchase
from regulars.kernel.actor import Actor
from regulars.kernel.databases import among
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.tables import table_of
from regulars.kernel.text import fold

MAIN = "main"  # the code of the place that stands for the house where none is named
_LINE, _PURCHASE = Line._meta.db_table, Purchase._meta.db_table


class Known(NamedTuple):
    """A product as lines need it: `warranty` in months, 0 for none."""

    id: int
    price: int | None = None
    currency: str = ""
    warranty: int = 0


@dataclass(slots=True)
class Sold:
    """A line that was sold: what of it is left to be taken back."""

    id: int
    customer: int | None
    product: int | None
    quantity: int
    amount: int
    price: int | None
    currency: str
    left: int
    unpaid: int  # of the amount


class Book:
    """Looks up what purchases name, once each; makes products, or places, where it may. One for a deed or an import.
    `as_told`: what went back elsewhere is kept as it is told there, also where that is more than was paid."""

    def __init__(
        self,
        *,
        by: Actor,
        at: datetime,
        make_products: bool = False,
        make_places: bool = False,
        as_told: bool = False,
    ) -> None:
        self.by, self.at, self.as_told = by, at, as_told
        self.make_products, self.make_places = make_products, make_places
        self.house = house()
        self.places: dict[str, Place] = {place.code: place for place in Place.objects.all()}
        self.products: dict[str, Known] = {}  # by number
        self.untyped: dict[str, int] = {}  # of them those that have no type: number, id
        self.types: dict[str, int] = {}  # by name
        self.rates: dict[str, int] = {}
        self.sold: dict[Named, Sold] = {}

    # --- what they name -----------------------------------------------------------------------------------------------

    def place(self, link: Link, code: str, where: str = "place") -> Place:
        """The place of this code; the house's own is made at first need. Raises Refused."""
        code = code.strip() or MAIN
        found = self.places.get(code)
        if found is None:
            if code != MAIN and not self.make_places:
                message = _("There is no place “%(code)s”. Make it first, or name one that is there.")
                raise Refused(message % {"code": code[:40]}, where=where)
            found = Place(code=code, name=self.house.name if code == MAIN else code)
            link.add(found)
            self.places[code] = found
        return found

    def learn_products(self, link: Link, lines: Iterable[NewLine]) -> None:
        """Looks up the products that lines name; makes those that are not there, with the text beside them. One without
        a type gets the line's; one that has another keeps it."""
        lines = [line for line in lines if line.product]
        wanted = {line.product: line.text for line in lines if line.product not in self.products}
        columns = ("number", "id", "price", "currency", "warranty", "type_id")
        rows = table_of(Product).pick(columns, "number", sorted(wanted))
        self.products |= {
            number: Known(pk, price, currency, warranty or 0) for number, pk, price, currency, warranty, _type in rows
        }
        self.untyped |= {number: pk for number, pk, *_rest, type_id in rows if type_id is None}
        if not self.make_products:
            return
        types: dict[str, str] = {}
        for line in lines:
            if line.type.strip():
                types.setdefault(line.product, line.type)
        missing = [number for number in wanted if number not in self.products and len(number) <= 60]
        made = [
            Product(number=number, name=wanted[number], type_id=self._type(link, types.get(number, "")))
            for number in missing
        ]
        if made:
            link.add(*made)
            self.products |= {each.number: Known(each.pk) for each in made}
            self.untyped |= {each.number: each.pk for each in made if each.type_id is None}
        self._give_types(link, {number: name for number, name in types.items() if number in self.untyped})

    def _give_types(self, link: Link, types: dict[str, str]) -> None:
        """Products that had no type get one; what was bought of them counts under it."""
        rows = {row.pk: row for row in Product.objects.filter(pk__in=[self.untyped[number] for number in types])}
        for number, name in types.items():
            link.change(rows[self.untyped.pop(number)], type_id=self._type(link, name))
        if rows:
            keeping.retype(rows)

    def _type(self, link: Link, name: str) -> int | None:
        if name not in self.types and (found := type_named(link, name[:100])) is not None:
            self.types[name] = found.pk
        return self.types.get(name)

    def product(self, number: str, where: str) -> Known:
        """The product of this number. Raises Refused."""
        found = self.products.get(number)
        if found is None:
            message = _("There is no product %(number)s. Make it first, or write the goods as a text.")
            raise Refused(message % {"number": number[:60]}, where=where)
        return found

    def rate(self, currency: str) -> int:
        """What one unit is worth in the house's currency: as with the latest purchase in it. Raises Refused."""
        if currency == self.house.currency:
            return RATE
        if currency not in self.rates:
            last = Purchase.objects.filter(currency=currency, base=self.house.currency).order_by("-day", "-serial")
            rate = last.values_list("rate", flat=True).first()
            if rate is None:
                told = {"currency": currency, "house": self.house.currency}
                message = _("Say what 1 %(currency)s is worth in %(house)s: no purchase in it is kept yet.")
                raise Refused(message % told, where="rate")
            self.rates[currency] = rate
        return self.rates[currency]

    def learn_sold(self, named: Collection[Named]) -> None:
        """Looks up the lines that are to be taken back, with what is left of each."""
        wanted = {each for each in named if each not in self.sold}
        if not wanted:
            return
        numbers, values = among(connection, "p.number", sorted({number for _source, number, _ordinal in wanted}))
        rows: dict[int, tuple[Named, Sold]] = {}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.source, p.number, l.ordinal, l.id, l.customer_id, l.product_id, l.quantity, l.amount, "
                f"l.price, l.currency FROM {_PURCHASE} p JOIN {_LINE} l ON l.purchase_id = p.id "
                f"WHERE {numbers} AND l.kind = 'sale'",
                values,
            )
            for source, number, ordinal, pk, customer, product, quantity, amount, price, currency in cursor.fetchall():
                if (name := (source, number, ordinal)) in wanted:
                    sold = Sold(pk, customer, product, quantity, amount, price, currency, quantity, amount)
                    rows[pk] = name, sold
            gone, values = among(connection, "returns_id", sorted(rows))
            cursor.execute(
                f"SELECT returns_id, SUM(quantity), SUM(amount) FROM {_LINE} "
                f"WHERE returns_id IS NOT NULL AND {gone} GROUP BY returns_id",
                values,
            )
            for pk, quantity, amount in cursor.fetchall():
                rows[pk][1].left += int(quantity)  # what went back is negative
                rows[pk][1].unpaid += int(amount)
        self.sold |= dict(rows.values())

    def customers(self, numbers: Collection[int]) -> dict[int, int]:
        """The customers of these numbers, each by the number of the card that is kept. Others are left out."""
        rows = table_of(Customer).pick(("number", "merged_into_id"), "number", sorted(numbers))
        return {number: number if into is None else keeper_of(number) for number, into in rows}


def no_customer(number: int) -> NotFound:
    return NotFound(_("There is no customer %(number)s.") % {"number": number}, where="customer")


def type_named(link: Link, name: str) -> ProductType | None:
    """The type of goods of this name, made at first need; none for no name."""
    name = " ".join(name.split())
    if not name:
        return None
    found = ProductType.objects.filter(key=fold(name) or name).first()
    if found is None:
        found = ProductType(name=name)
        link.add(found)
    return found
