"""What customers asked for that is to be kept for them, in the order in which they asked."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.trade.models.goods import Place, Product
from regulars.areas.trade.models.purchases import Traded
from regulars.kernel import saying

STATES = (
    ("waiting", _("Waiting")),
    ("ready", _("Ready to be fetched")),
    ("fetched", _("Fetched")),
    ("dropped", _("Not wanted any more")),
)
OPEN = ("waiting", "ready")


class Reservation(Traded):
    """Goods that somebody asked for: a product or a text. `serial` is the order of asking. `wanted_by` is the day they
    are needed by; once ready they are kept until `kept_until`, if a day was said."""

    journal_told = {"product_id": _("Product"), "place_id": _("Place")}
    journal_silent = ("serial", "day", "changed_on")
    journal_said = {"quantity": saying.decimal}

    serial = models.BigIntegerField(unique=True)
    day = models.DateField()
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(_("Text"), max_length=300, blank=True)
    quantity = models.BigIntegerField(_("Quantity"), default=10_000)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    wanted_by = models.DateField(_("Needed by"), null=True)
    state = models.CharField(_("State"), max_length=8, choices=STATES, default="waiting")
    changed_on = models.DateField(null=True)
    kept_until = models.DateField(_("Kept until"), null=True)
    note = models.CharField(_("Note"), max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "state", "day"], name="reservation_customer"),
            models.Index(fields=["product", "state", "serial"], name="reservation_product"),
            models.Index(fields=["state", "serial"], name="reservation_state"),
        ]

    def __str__(self) -> str:
        return self.text or (str(self.product) if self.product else str(self.serial))

    def is_overdue(self, today: date) -> bool:
        """Whether it was needed by a day that is over, or is kept longer than was said."""
        until = {"waiting": self.wanted_by, "ready": self.kept_until}.get(self.state)
        return until is not None and until < today
