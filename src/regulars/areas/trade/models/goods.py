"""What is sold, and where."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from regulars.areas.journal.models import Counted, JournaledRow
from regulars.kernel import saying
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold

PLACES = (("branch", _("Branch")), ("till", _("Till")), ("online", _("Online shop")))


class ProductType(JournaledRow):
    """A kind of goods: Books, Toys. Found by its folded name, so that books and BOOKS are one."""

    journal_derived = ("key",)

    name = models.CharField(_("Type"), max_length=100)
    key = KeyField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="product_type_once")]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        self.key = fold(self.name) or self.name


class Product(JournaledRow):
    """One thing that is sold, under the house's own number. `price` is today's, of one unit; None where it varies.
    `warranty` is for how many months from the day it was bought, None for none: lines sold from then on carry it."""

    journal_derived = ("key",)
    journal_together = (("price", "currency"),)
    journal_told = {"type_id": _("Type")}
    journal_said = {"price": saying.bare_amount, "warranty": saying.count}
    journal_counted = Counted(
        "products",
        ngettext_lazy("product goes again", "products go again", "count"),
        ngettext_lazy("product becomes what it was before", "products become what they were before", "count"),
    )

    number = models.CharField(_("Product number"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=300, blank=True)
    type = models.ForeignKey(ProductType, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    price = models.BigIntegerField(_("Price"), null=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    warranty = models.IntegerField(_("Months of warranty"), null=True)
    key = KeyField(editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["key"], name="product_key"),
            models.Index(fields=["type"], name="product_type"),
        ]

    def __str__(self) -> str:
        return self.name or self.number

    def derive(self) -> None:
        self.key = fold(self.name)


class Place(JournaledRow):
    """A branch, a till in one, or an online shop. `code` is what programs call it by."""

    journal_tree = ("within_id",)
    journal_told = {"within_id": _("Stands in")}

    code = models.CharField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=PLACES, default="branch")
    within = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    territory = models.CharField(_("Territory"), max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name
