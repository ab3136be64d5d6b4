"""The lines of a purchase that is being taken down, as the page carries them from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from stdnum import ean

from regulars.areas.trade.actions import NewLine
from regulars.areas.trade.models import Product
from regulars.kernel import forbidden, saying
from regulars.kernel.errors import Refused
from regulars.kernel.money import SCALE, clean_decimal, clean_money, plain

MOST = 200  # lines of one receipt


@dataclass(slots=True)
class Goods:
    """One line: `number` of a product or '', what it is called, figures in 1/10,000; `given` is a donation."""

    number: str
    text: str
    quantity: int
    price: int
    currency: str
    given: bool = False

    @property
    def amount(self) -> int:
        return (self.quantity * self.price * 2 + SCALE) // (2 * SCALE)

    @property
    def said(self) -> dict[str, str]:
        """The figures as the reader's language writes them."""
        return {
            "quantity": saying.decimal(self.quantity),
            "price": saying.amount((self.price, self.currency), exact=True),
            "amount": saying.amount((self.amount, self.currency)),
        }

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the page carries along of this line."""
        figures = [("q", plain(self.quantity)), ("p", plain(self.price))]
        return [("n", self.number), ("t", self.text), *figures, ("d", "1" if self.given else "")]


@dataclass(slots=True)
class Basket:
    """The lines so far. `typed` is what stands in the fields for the next one, where it could not be taken."""

    currency: str
    goods: list[Goods] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    asks_price: bool = False

    @classmethod
    def of(cls, posted: Mapping[str, Any], currency: str) -> "Basket":
        """The lines that the page carried, without the one that was taken off."""
        basket, gone = cls(currency), posted.get("off", "")
        for at in range(MOST):
            if f"q-{at}" not in posted:
                break
            if str(at) != gone:
                basket.goods.append(_carried(posted, at, currency))
        return basket

    def take(self, posted: Mapping[str, Any], *, given: bool = False) -> None:
        """Takes in the line that is typed: a product by its number, or goods in words with their price; `given`, a
        donation, of which the words say what for. Nothing typed is no line. Raises Refused."""
        what, price = str(posted.get("what", "")).strip(), str(posted.get("price", "")).strip()
        count = str(posted.get("quantity", "")).strip() or "1"
        if not what:
            return
        self.typed = {"what": what, "price": price, "quantity": count}
        if len(self.goods) >= MOST:
            raise Refused(_("A receipt has %(most)s lines at most.") % {"most": MOST}, where="what")
        if not ean.is_valid(what):
            forbidden.refuse(what, where="what")
        product = None if given else _product(what)
        listed = product.price if product and product.currency in ("", self.currency) else None
        if not price and listed is None:
            self.asks_price = True
            known = product.name or what if product else what
            raise Refused(_("What does “%(what)s” cost?") % {"what": known[:60]}, where="price")
        self.asks_price = bool(price)
        if ean.is_valid(price):
            self.typed["price"] = ""
            message = _("%(number)s was scanned and is no price. Say first what “%(what)s” costs, or empty its field.")
            raise Refused(message % {"number": price, "what": what[:60]}, where="price")
        figure = clean_money(price, self.currency)[0] if price else int(listed or 0)
        self.asks_price = False
        quantity = clean_decimal(count)
        if quantity <= 0 or figure < 0:
            raise Refused(_("Quantity and price are above nought. What comes back is a return."), where="quantity")
        number, text = (product.number, product.name) if product else ("", what[:300])
        for each in self.goods:
            if each.number and (each.number, each.price) == (number, figure):
                each.quantity += quantity  # scanned once more
                break
        else:
            self.goods.append(Goods(number, text or what, quantity, figure, self.currency, given))
        self.typed = {}

    def lines(self) -> list[NewLine]:
        """The lines for the deed. Raises Refused for none."""
        if not self.goods:
            raise Refused(_("Nothing is bought yet: type or scan what goes over the counter."), where="what")
        return [
            NewLine(each.number, each.text, each.quantity, each.price, kind="donation" if each.given else "sale")
            for each in self.goods
        ]

    @property
    def total_said(self) -> str:
        return saying.amount((sum(each.amount for each in self.goods), self.currency))


def _carried(posted: Mapping[str, Any], at: int, currency: str) -> Goods:
    number, text = str(posted.get(f"n-{at}", ""))[:60], str(posted.get(f"t-{at}", ""))[:300]
    quantity, price = (clean_decimal(str(posted.get(f"{name}-{at}", "")), mark=".") for name in ("q", "p"))
    return Goods(number, text, quantity, price, currency, bool(posted.get(f"d-{at}")))


def _product(typed: str) -> Product | None:
    """The product of this number; in other letters, upper or lower, where none is written so and one alone is."""
    found = Product.objects.filter(number=typed).first()
    alike = [] if found else list(Product.objects.filter(number__iexact=typed)[:2])
    return found or (alike[0] if len(alike) == 1 else None)
