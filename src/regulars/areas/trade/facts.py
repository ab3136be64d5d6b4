"""What can be asked about what customers bought: `spent(last 30 days)`, `bought(type = "Books", this year)`, `gold`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.areas.house.queries import house
from regulars.areas.trade.models import CHANNELS, EVERY, OPEN, STATES
from regulars.kernel.ledgers import Defined, Kept, KeptBy, Ledger, Parameter
from regulars.kernel.registries import Fact, Text

_SERVE = _("to serve the customer well and to know what suits her")
_WINDOWS = ((30, "day"), "30"), ((90, "day"), "90"), ((12, "month"), "year"), ((1, "year"), "year")
_GOODS = ("sale",)
_MONEY = ("sale", "return", "refund")
_PRODUCT = (("product_id", "trade.Product"),)
_TYPE = Parameter("type", "key", (*_PRODUCT, ("type_id", "trade.ProductType")), folded=True, label=_("Type"))
_BY_NUMBER = Parameter("product", "number", _PRODUCT, label=_("Product number"))
_PURCHASE = (("purchase_id", "trade.Purchase"),)
_PLACE = (("place_id", "trade.Place"),)
_PARAMETERS = (
    _TYPE,
    _BY_NUMBER,
    Parameter("channel", "channel", _PURCHASE, words=CHANNELS, label=_("Channel")),
    Parameter("place", "code", (*_PURCHASE, *_PLACE), label=_("Place"), within="within_id"),
)
_DELIVERY = (
    Parameter("channel", "channel", words=CHANNELS, label=_("Channel")),
    Parameter("place", "code", _PLACE, label=_("Place"), within="within_id"),
)
_AGREED = (
    Parameter("purpose", "key", folded=True, label=_("Purpose")),
    Parameter("every", "every", words=EVERY, label=_("How often")),
)
_RESERVED = (
    _TYPE,
    _BY_NUMBER,
    Parameter("state", "state", words=tuple(each for each in STATES if each[0] in OPEN), label=_("State")),
    Parameter("place", "code", _PLACE, label=_("Place"), within="within_id"),
)


def _kept(name: str, *windows: str, each: str = "", ends: tuple[str, str] = ("", "")) -> Kept:
    columns = [(None, name), *((window, f"{name}_{end}") for window, end in _WINDOWS if end in windows)]
    return Kept("trade.Rollup", tuple(columns), each=each, ends=ends)


def _fact(name: str, type: Any, label: Text, source: Any, help: Text = "", **more: Any) -> Fact:
    return Fact(name=name, type=type, label=label, source=source, help=help, purpose=_SERVE, writable=False, **more)


def _ledger(aggregate: Any, kinds: tuple[str, ...], measure: str = "", **more: Any) -> Ledger:
    paid = ("amount", "currency") if measure else ("", "")
    return Ledger(
        model="trade.Line", aggregate=aggregate, measure=measure, where=(("kind", kinds),), paid=paid,
        parameters=more.pop("parameters", _PARAMETERS), **more,
    )  # fmt: skip


def _late(aggregate: Any) -> Ledger:
    """Deliveries on the day they were promised for: those that came after it, or have not come though it is over."""
    return Ledger(
        model="trade.Purchase", aggregate=aggregate, day="promised", where=(("void", ""),), parameters=_DELIVERY,
        missed=("promised", "delivered"),
    )  # fmt: skip


def _agreed(kind: str, *more: Parameter) -> Ledger:
    """What somebody agreed to, by the day on which it begins."""
    where = (("kind", kind),)
    return Ledger(model="trade.Agreement", aggregate="any", day="since", where=where, parameters=(*_AGREED, *more))


def _warranty(aggregate: Any) -> Ledger:
    return Ledger(
        model="trade.Line", aggregate=aggregate, day="warranty_until", where=(("kind", _GOODS),),
        parameters=(_TYPE, _BY_NUMBER), left=("returns_id", "quantity"),
    )  # fmt: skip


def _under_warranty() -> str:
    return "warranty_ends >= today"


def _gold() -> str:
    return f"top {house().gold_percent}% by spent(last 12 months)"


def _active() -> str:
    return f"last_purchase >= {house().quiet_after_days} days ago"


def _quiet() -> str:
    rules = house()
    return f"last_purchase < {rules.quiet_after_days} days ago and last_purchase >= {rules.lost_after_days} days ago"


def _lost() -> str:
    return f"last_purchase < {house().lost_after_days} days ago"


FACTS = [
    _fact("spent", "money", _("Amount spent"), _ledger("sum", _MONEY, "worth", kept=_kept("spent", "30", "90", "year")),
          _("What was bought less what went back, each on its own day, as paid; donations apart.")),
    _fact("purchases", "number", _("Number of purchases"),
          _ledger("count", _GOODS, each="purchase_id", kept=_kept("count", "30", "90", "year"))),
    _fact("returned", "money", _("Amount returned"),
          _ledger("sum", ("return", "refund"), "worth", turned=True, kept=_kept("returned", "year")),
          _("The worth of what came back, and money paid back for what was kept.")),
    _fact("donated", "money", _("Amount donated"), _ledger("sum", ("donation",), "worth", kept=_kept("donated"))),
    _fact("first_purchase", "date", _("First purchase"), _ledger("first", _GOODS, kept=_kept("first"))),
    _fact("last_purchase", "date", _("Last purchase"), _ledger("last", _GOODS, kept=_kept("last"))),
    _fact("average_order", "money", _("Average purchase"),
          _ledger("average", _MONEY, "worth", each="purchase_id", counted=("kind", _GOODS), parameters=()),
          _("What was spent, by the number of purchases.")),
    _fact("days_between_purchases", "number", _("Days between purchases"),
          _ledger("pace", _GOODS, each="purchase_id",
                  kept=_kept("count", each="count", ends=("first", "last")), windows=False, parameters=())),
    _fact("bought", "yesno", _("Something bought"),
          _ledger("any", _GOODS, kept_by=KeptBy("trade.TypeRollup", "type", "type", "spent")),
          _("Whether anything was bought: of a type, a product, through a channel, at a place, in a window."),
          listed=False),
    _fact("favourite_type", "text", _("Favourite type"),
          _ledger("most", _GOODS, "worth", each="key", told="name", windows=False, parameters=(_TYPE,),
                  kept_by=KeptBy("trade.TypeRollup", "type", "type", "spent"))),
    _fact("late", "yesno", _("A delivery was late"), _late("any"),
          _("Whether one came after the day it was promised for, or has not come though that is over; a stretch of "
            "days means the days promised.")),
    _fact("late_deliveries", "number", _("Late deliveries"), _late("count")),
    _fact("pledged", "yesno", _("A pledge was made"), _agreed("pledge"),
          _("Whether somebody pledged to give, also where it has ended; a stretch of days means the first days.")),
    _fact("subscribed", "yesno", _("A subscription was made"),
          _agreed("subscription", _BY_NUMBER),
          _("Whether somebody subscribed, also where it has ended; a stretch of days means the first days.")),
    _fact("warranty", "yesno", _("A warranty ends"), _warranty("any"),
          _("Whether the warranty of something bought ends in the stretch of days; what came back whole is left out.")),
    _fact("warranty_ends", "date", _("Last day of warranty"), _warranty("last"),
          _("The last day of the longest warranty.")),
    _fact("under_warranty", "yesno", _("Under warranty"), Defined(_under_warranty)),
    _fact("reserved", "yesno", _("Something reserved"),
          Ledger(model="trade.Reservation", aggregate="any", where=(("state", OPEN),), parameters=_RESERVED),
          _("Whether something is waited for, or ready to be fetched; a stretch of days means when it was asked for.")),
    _fact("gold", "yesno", _("Gold"), Defined(_gold),
          _("The best customers by what they spent in the last 12 months; the house sets the share.")),
    _fact("active", "yesno", _("Active"), Defined(_active)),
    _fact("quiet", "yesno", _("Quiet"), Defined(_quiet)),
    _fact("lost", "yesno", _("Lost"), Defined(_lost)),
]  # fmt: skip
