"""What somebody has agreed to pay, and the yearly receipts for what she gave."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from regulars.areas.customers.models import Customer
from regulars.areas.journal.models import Counted, JournaledRow
from regulars.areas.trade.models.goods import Product
from regulars.kernel import saying
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold

AGREED = (("subscription", _("Subscription")), ("pledge", _("Pledge")))
EVERY = (
    ("once", _("Once")), ("month", _("Every month")), ("quarter", _("Every quarter")), ("year", _("Every year")),
)  # fmt: skip
MONTHS = {"once": 0, "month": 1, "quarter": 3, "year": 12}


class Agreement(JournaledRow):
    """A subscription or a pledge of one customer: `amount` (1/10,000 of `currency`) at the beginning of every period,
    the first of which begins on `since`; no period begins after `until_day`. A subscription is over a product, or over
    what `purpose` calls it; a pledge for a purpose, or for none in particular. What came of it is worked out from the
    lines of purchases (`counting.promised`)."""

    journal_subject = "customer_id"
    journal_derived = ("key",)
    journal_together = (("amount", "currency"), ("until_day", "why"))
    journal_told = {"product_id": _("Product"), "why": _("Ended because"), "note": _("Note")}
    journal_said = {"amount": saying.bare_amount}
    journal_silent = ("serial",)

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    serial = models.BigIntegerField(unique=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=AGREED)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(_("Purpose"), max_length=300, blank=True)
    amount = models.BigIntegerField(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3)
    every = models.CharField(_("How often"), max_length=8, choices=EVERY)
    since = models.DateField(_("First day"))
    until_day = models.DateField(_("Last day"), null=True)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    why = models.CharField(max_length=200, blank=True)
    key = KeyField(editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "kind", "since"], name="agreement_customer"),
            models.Index(fields=["product"], name="agreement_product", condition=models.Q(product__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.purpose or (str(self.product) if self.product else str(self.get_kind_display()))

    def derive(self) -> None:
        self.key = fold(self.purpose) or self.purpose


class GivingReceipt(JournaledRow):
    """The receipt for what one customer gave in a year of the house, as it was given out: `gifts` are the donations on
    it, `[day, what for, amount, currency, worth]` each, `amount` what they come to in `currency`, the house's of then.
    Where two of a year stand, the one with the higher serial counts."""

    journal_subject = "customer_id"
    journal_together = (("amount", "currency", "gifts"),)
    journal_said = {"amount": saying.bare_amount}
    journal_silent = ("serial", "at", "given_by", "gifts")
    journal_counted = Counted(
        "receipts",
        ngettext_lazy("receipt for donations goes again", "receipts for donations go again", "count"),
        ngettext_lazy("receipt becomes what it was before", "receipts become what they were before", "count"),
    )

    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    serial = models.BigIntegerField(unique=True)
    year = models.IntegerField(_("Year"))
    amount = models.BigIntegerField(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3)
    gifts = models.JSONField(default=list)
    at = models.DateTimeField()
    given_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "year"], name="givingreceipt_customer")]

    def __str__(self) -> str:
        return str(self.serial)
