"""What this room keeps about a customer, and what becomes of it."""

from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Holding

HOLDINGS = [
    Holding(
        model="consent.Answer",
        by=("customer",),
        on_merge="join",
        on_forget="erase",
        export=("channel", "purpose", "answer", "day", "heard", "wording"),
        label=_("What they allow"),
    ),
]
