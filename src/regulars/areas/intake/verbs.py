from django.utils.translation import gettext_lazy as _

from regulars.areas.trade.counting.keeping import retype_again
from regulars.kernel.registries import Verb
from regulars.kernel.saying import count

VERBS = [
    Verb(
        name="intake.brought_in",
        sentence=_("brought in “%(file)s”: %(created)s new, %(updated)s brought up to date, %(refused)s refused"),
        said=dict.fromkeys(("created", "updated", "refused"), count),
    ),
    Verb(
        name="intake.purchases_brought_in",
        kind="bought",
        sentence=_(
            "brought in the purchases of “%(file)s”: %(purchases)s purchases, %(returns)s returns, "
            "%(refused)s rows refused"
        ),
        said=dict.fromkeys(("purchases", "returns", "refused"), count),
        after_undo=retype_again,
    ),
    Verb(
        name="intake.order_taken",
        kind="bought",
        typed=False,
        sentence=_("took purchase %(purchase)s from outside"),
        after_undo=retype_again,
    ),
    Verb(name="intake.shop_added", sentence=_("joined the shop “%(name)s”")),
    Verb(name="intake.shop_removed", sentence=_("parted from the shop “%(name)s”")),
    Verb(name="intake.mapping_saved", sentence=_("kept the mapping “%(name)s”")),
    Verb(name="intake.mapping_renamed", sentence=_("called the mapping “%(name)s” “%(to)s”")),
    Verb(name="intake.mapping_removed", sentence=_("took away the mapping “%(name)s”")),
]
