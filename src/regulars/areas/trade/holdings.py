"""What this room keeps about a customer, and what becomes of it."""

from collections.abc import Iterator

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from regulars.areas.journal.actions import Erasure
from regulars.areas.journal.actions.deeds import take
from regulars.areas.trade.counting import keeping, proving
from regulars.areas.trade.models import Line, Place, Product, ProductType, Purchase
from regulars.kernel.registries import Holding, Naming, Problem, Store

keep = keeping.keep


def _named(model: type[Model]) -> Naming:
    """Rows of the house by what they are called."""
    return lambda _by, keys: {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys)}


NAMING = {"trade.Place": _named(Place), "trade.Product": _named(Product), "trade.ProductType": _named(ProductType)}

HOLDINGS = [
    Holding(
        model="trade.Purchase",
        by=("customer",),
        on_merge="move",
        on_forget="blank",
        export=(
            "serial", "source", "number", "at", "channel", "served_by", "currency", "promised", "sent", "delivered",
            "note",
        ),
        label=_("Purchases"),
        why=_("The law has a business keep what it sold: the figures stay, without the person."),
    ),
    Holding(
        model="trade.Line",
        by=("customer",),
        on_merge="move",
        on_forget="blank",
        export=("day", "kind", "text", "quantity", "price", "amount", "currency", "reason", "remark", "warranty_until"),
        label=_("Lines of purchases"),
        why=_("The law has a business keep what it sold: the figures stay, without the person."),
    ),
    Holding(
        model="trade.Reservation",
        by=("customer",),
        on_merge="move",
        on_forget="erase",
        export=("serial", "day", "text", "quantity", "wanted_by", "state", "kept_until", "note"),
        label=_("Reservations"),
    ),
    Holding(
        model="trade.Rollup",
        by=("number",),
        on_merge="worked_out",
        on_forget="erase",
        export=(),
        label=_("What their purchases come to"),
    ),
    Holding(
        model="trade.TypeRollup",
        by=("number",),
        on_merge="worked_out",
        on_forget="erase",
        export=(),
        label=_("What they bought by type"),
    ),
]  # fmt: skip


def _count(erasure: Erasure) -> int:
    return Purchase.objects.filter(customer__in=erasure.numbers).count()


def _without_the_person(erasure: Erasure) -> None:
    """Puts her purchases down anew as somebody's nobody knows: with other ids, without what was noted of her. What
    stood is erased with its history."""
    purchases = list(Purchase.objects.filter(customer__in=erasure.numbers).order_by("pk"))
    lines = list(Line.objects.filter(customer__in=erasure.numbers).order_by("pk"))
    for rows in (Line.objects, Purchase.objects):
        rows.filter(customer__in=erasure.numbers)._raw_delete("default")  # foreign keys are looked at when all is done
    first = take("row", len(purchases) + len(lines))
    anew = {row.pk: first + place for place, row in enumerate([*purchases, *lines])}
    for purchase in purchases:
        purchase.pk, purchase.customer_id, purchase.note = anew[purchase.pk], None, ""
        purchase.void = erasure.mentions.cleaned(purchase.void)[:200]
    for line in lines:
        line.pk, line.customer_id, line.remark = anew[line.pk], None, ""
        line.purchase_id, line.returns_id = anew[line.purchase_id], anew.get(line.returns_id or 0)
        line.text = erasure.mentions.cleaned(line.text)[:300]
    erasure.link.add(*purchases, *lines)


STORES = [
    Store(
        name="trade.figures",
        label=_("Figures of what was sold"),
        on_forget="keep",
        why=_("Each purchase stays as a sale to somebody unknown: day, place, goods, amounts, its number."),
        found=_count,
        forget=_without_the_person,
    ),
]


def check() -> Iterator[Problem]:
    """What purchases come to is what their lines say."""
    for number in proving.astray():
        said = gettext_noop("What the purchases of this customer come to is not what their lines say.")
        yield Problem("row_differs", f"trade_rollup/{number}", said)
