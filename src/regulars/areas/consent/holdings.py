"""What this room keeps about a customer, and what becomes of it."""

from django.utils.translation import gettext_lazy as _

from regulars.areas.consent.models import Answer
from regulars.kernel.registries import Holding

HOLDINGS = [
    Holding(
        model="consent.Answer",
        by=("customer",),
        on_merge="stricter",
        stricter=Answer.is_stricter,
        on_forget="erase",
        export=("channel", "purpose", "answer", "day", "heard", "wording"),
        label=_("What they allow"),
    ),
]
