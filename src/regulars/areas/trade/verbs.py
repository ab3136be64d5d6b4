from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb

VERBS = [
    Verb(name="trade.recorded", kind="bought", sentence=_("took down purchase %(purchase)s"), typed=False),
    Verb(name="trade.returned", kind="bought", sentence=_("took back lines of purchase %(purchase)s"), typed=False),
]
