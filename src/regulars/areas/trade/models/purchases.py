"""One document and its lines."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from regulars.areas.customers.models import Customer
from regulars.areas.journal.models import Counted, JournaledRow
from regulars.areas.trade.models.goods import Place, Product
from regulars.kernel import money, saying
from regulars.kernel.dates import day_of

RATE = money.RATE
CHANNELS = (("shop", _("In the shop")), ("web", _("Online")), ("phone", _("By phone")), ("post", _("By post")))
LINES = (("sale", _("Sale")), ("return", _("Return")), ("refund", _("Refund")), ("donation", _("Donation")))
REASONS = (
    ("defect", _("Defective")),
    ("damaged", _("Damaged on the way")),
    ("wrong", _("Wrong goods")),
    ("late", _("Came too late")),
    ("unfit", _("Does not fit or suit")),
    ("mind", _("Changed their mind")),
    ("other", _("Other")),
)


class Traded(JournaledRow):
    """A row of a customer's card, or of the house where nobody knows who bought."""

    journal_subject = "customer_id"

    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Purchase(Traded):
    """One receipt or order. `number` is unique in its `source`; the house's own have the source "" and their serial.

    `at` is when, `day` the house day of it. `rate` says what one unit of `currency` is worth in `base`, the house's
    currency of then, in 1/1,000,000,000. A void purchase keeps its number and has no lines any more.
    """

    journal_derived = ("late",)
    journal_together = (("currency", "base", "rate"), ("at", "day"))
    journal_told = {"void": _("Void because"), "note": _("Note"), "place_id": _("Place")}
    journal_silent = ("serial", "day", "base", "rate")
    journal_counted = Counted(
        "purchases",
        ngettext_lazy("purchase goes again", "purchases go again", "count"),
        ngettext_lazy("purchase becomes what it was before", "purchases become what they were before", "count"),
    )

    serial = models.BigIntegerField(unique=True)
    source = models.CharField(_("Source"), max_length=60, blank=True)
    number = models.CharField(_("Number"), max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(_("Channel"), max_length=8, choices=CHANNELS, default="shop")
    served_by = models.CharField(_("Served by"), max_length=100, blank=True)
    territory = models.CharField(_("Territory"), max_length=60, blank=True)
    at = models.DateTimeField(_("When"))
    day = models.DateField()
    currency = models.CharField(_("Currency"), max_length=3)
    base = models.CharField(max_length=3)
    rate = models.BigIntegerField(default=RATE)
    promised = models.DateField(_("Delivery promised"), null=True)
    sent = models.DateField(_("Sent"), null=True)
    delivered = models.DateField(_("Delivered"), null=True)
    late = models.IntegerField(null=True, editable=False)
    damaged = models.BooleanField(_("Arrived damaged"), default=False)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    void = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "source"], name="purchase_once")]
        indexes = [
            models.Index(fields=["customer", "day"], name="purchase_customer"),
            models.Index(fields=["day", "serial"], name="purchase_day"),
            models.Index(fields=["place", "day"], name="purchase_place"),
            # Whole: whose deliveries were late is read from this index alone.
            models.Index(
                fields=["promised", "customer", "delivered", "void"],
                name="purchase_promised",
                condition=models.Q(promised__isnull=False),
            ),
            models.Index(fields=["late"], name="purchase_late", condition=models.Q(late__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number

    def late_on(self, today: date) -> int:
        """How many days late it came, or is by now where it has not come; 0 where it is not."""
        if self.void or self.promised is None:
            return 0
        return max(0, ((self.delivered or today) - self.promised).days)

    def derive(self) -> None:
        """`late`: days between the day promised and the day delivered; None while one of them is not known."""
        promised, came = self.promised, self.delivered
        self.late = (day_of(came) - day_of(promised)).days if promised and came else None


def _quantity(value: int) -> str:
    return saying.decimal(value) if value else ""  # who gives counts no pieces


class Line(Traded):
    """One line. `quantity` and `amount` are negative where goods or money go back; `amount` is what was paid, in the
    purchase's currency, `worth` the same in the house's. `returns` names the line that is taken back; a return without
    one is unmatched. `warranty_until` is the last day of its warranty."""

    journal_together = (("amount", "worth"),)
    journal_whole = "purchase_id"
    journal_told = {"text": _("Text"), "product_id": _("Product")}
    journal_silent = ("purchase_id", "ordinal", "worth", "currency", "day", "returns_id")
    journal_said = {"quantity": _quantity, "price": saying.bare_amount, "amount": saying.bare_amount}
    journal_counted = Counted(
        "lines",
        ngettext_lazy("line of a purchase goes again", "lines of purchases go again", "count"),
        ngettext_lazy(
            "line of a purchase becomes what it was before", "lines of purchases become what they were before", "count"
        ),
    )

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="lines", db_index=False)
    ordinal = models.IntegerField()
    kind = models.CharField(_("Kind"), max_length=8, choices=LINES, default="sale")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(_("Text"), max_length=300, blank=True)
    quantity = models.BigIntegerField(_("Quantity"), default=10_000)
    price = models.BigIntegerField(_("Unit price"), null=True)
    amount = models.BigIntegerField(_("Amount"))
    worth = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    day = models.DateField()
    returns = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(_("Reason"), max_length=20, blank=True)
    remark = models.CharField(_("Remark"), max_length=200, blank=True)
    warranty_until = models.DateField(_("Warranty until"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purchase", "ordinal"], name="line_once")]
        indexes = [
            # Whole: what a customer's lines come to is read from this index alone.
            models.Index(fields=["customer", "day", "purchase", "kind", "worth", "product"], name="line_customer"),
            models.Index(fields=["day", "customer", "kind", "worth"], name="line_day"),
            models.Index(fields=["product", "customer", "day"], name="line_product"),
            models.Index(fields=["returns"], name="line_returns", condition=models.Q(returns__isnull=False)),
            models.Index(
                fields=["warranty_until", "customer"],
                name="line_warranty",
                condition=models.Q(warranty_until__isnull=False),
            ),
        ]

    left = 0  # what of it can still be taken back, where that was looked up
    unpaid = 0  # what of its amount has not been paid back, likewise
    of: int | None = None  # the serial of the purchase that it gives back, likewise
    of_number = ""  # and its number

    def __str__(self) -> str:
        return self.text or str(self.ordinal)
