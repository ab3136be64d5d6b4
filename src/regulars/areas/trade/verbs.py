from django.utils.translation import gettext_lazy as _

from regulars.areas.trade.counting import keeping
from regulars.kernel import saying
from regulars.kernel.registries import Verb

VERBS = [
    Verb(
        name="trade.recorded",
        kind="bought",
        sentence=_("took down purchase %(purchase)s"),
        typed=False,
        after_undo=keeping.retype_again,
    ),
    Verb(
        name="trade.recorded_many",
        kind="bought",
        sentence=_("took down %(purchases)s purchases"),
        one=_("took down one purchase"),
        said={"purchases": saying.count},
        typed=False,
        after_undo=keeping.retype_again,
    ),
    Verb(name="trade.returned", kind="bought", sentence=_("took back lines of purchase %(purchase)s"), typed=False),
    Verb(name="trade.corrected", kind="bought", sentence=_("corrected purchase %(purchase)s"), typed=False),
    Verb(name="trade.voided", kind="bought", sentence=_("made purchase %(purchase)s void"), typed=False),
    Verb(name="trade.agreed", kind="bought", sentence=_("took down agreement %(agreement)s"), typed=False),
    Verb(name="trade.agreement_changed", kind="bought", sentence=_("changed agreement %(agreement)s"), typed=False),
    Verb(name="trade.agreement_ended", kind="bought", sentence=_("ended agreement %(agreement)s"), typed=False),
    Verb(
        name="trade.receipt_given",
        kind="bought",
        sentence=_("gave out the receipt for donations of %(year)s"),
        typed=False,
    ),
    Verb(
        name="trade.receipts_given",
        kind="bought",
        sentence=_("gave out %(count)s receipts for donations of %(year)s"),
        one=_("gave out a receipt for donations of %(year)s"),
        said={"count": saying.count},
        typed=False,
    ),
    Verb(name="trade.reserved", kind="bought", sentence=_("took down reservation %(reservation)s")),
    Verb(name="trade.reservation_changed", kind="bought", sentence=_("changed reservation %(reservation)s")),
    Verb(
        name="trade.reservations_ready",
        kind="bought",
        sentence=_("laid %(reservations)s reservations ready"),
        one=_("laid one reservation ready"),
        said={"reservations": saying.count},
    ),
    Verb(name="trade.reservation_fetched", kind="bought", sentence=_("handed reservation %(reservation)s over")),
    Verb(name="trade.reservation_dropped", kind="bought", sentence=_("dropped reservation %(reservation)s")),
    Verb(name="trade.product_set", sentence=_("set down product %(product)s"), after_undo=keeping.retype_again),
    Verb(name="trade.product_removed", sentence=_("took product %(product)s off")),
    Verb(name="trade.place_set", sentence=_("set down the place %(place)s")),
    Verb(name="trade.place_removed", sentence=_("took the place %(place)s off")),
]
