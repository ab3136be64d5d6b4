"""The business's own facts (decision 12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models.cards import CardRow
from regulars.areas.customers.models.sealed import sealed_for
from regulars.areas.journal.models import JournaledRow
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold


class CustomField(JournaledRow):
    """A typed fact of the business's own. Once declared it behaves as a built-in one everywhere."""

    TYPES = (
        ("text", _("Text")),
        ("number", _("Whole number")),
        ("decimal", _("Decimal number")),
        ("money", _("Amount of money")),
        ("date", _("Date")),
        ("code", _("Choice")),
        ("yesno", _("Yes or no")),
        ("sealed", _("Sealed text")),
    )
    LONGEST_KEPT = 36_500  # days after the relation ends
    name = models.CharField(max_length=60, unique=True)
    label = models.CharField(max_length=100)
    type = models.CharField(max_length=10, choices=TYPES, default="text")
    choices = models.JSONField(default=list)
    purpose = models.CharField(max_length=300, blank=True)
    keep = models.IntegerField(null=True)
    protection = models.CharField(max_length=10, default="open")


class CustomValue(CardRow):
    """The value of one custom field on one card, in the column of its type (decision 12)."""

    journal_derived = ("key",)
    journal_together = (("text", "number", "currency", "day", "yes", "sealed", "masked", "blind"),)
    journal_enciphered = ("sealed",)

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    key = KeyField(editable=False)
    number = models.BigIntegerField(null=True)  # decimals and money: 1/10,000 of the unit
    currency = models.CharField(max_length=3, blank=True)
    day = models.DateField(null=True)
    yes = models.BooleanField(null=True)
    sealed = models.BinaryField(null=True)
    masked = models.CharField(max_length=60, blank=True)
    blind = KeyField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "field"], name="customvalue_once")]
        indexes = [
            models.Index(fields=["field", "key"], name="customvalue_key"),
            models.Index(
                fields=["field", "number"], name="customvalue_number", condition=models.Q(number__isnull=False)
            ),
            models.Index(fields=["field", "day"], name="customvalue_day", condition=models.Q(day__isnull=False)),
        ]

    def derive(self) -> None:
        self.key = fold(self.text)[:200]

    def move_to(self, subject: int | None) -> None:
        if self.sealed is not None:
            assert subject is not None
            self.sealed = sealed_for(self, subject, self.sealed)
        super().move_to(subject)
