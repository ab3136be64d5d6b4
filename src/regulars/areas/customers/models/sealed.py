"""Values enciphered for themselves (decision 6)."""

from django.db import models

from regulars.areas.customers.models.cards import CardRow
from regulars.kernel.databases import KeyField


class Sealed(CardRow):
    """A value enciphered for itself (decision 6): `sealed` by the person's key, `blind` for `=`, `masked` to show."""

    journal_together = (("sealed", "blind", "masked"),)

    sealed = models.BinaryField()
    blind = KeyField(editable=False)
    masked = models.CharField(max_length=60)

    class Meta:
        abstract = True


class IdentityNumber(Sealed):
    kind = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "blind"], name="identity_once")]
        indexes = [models.Index(fields=["blind"], name="identity_blind")]


class BankAccount(Sealed):
    kind = models.CharField(max_length=10, default="iban")
    country = models.CharField(max_length=2, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    bank = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "blind"], name="bank_once")]
        indexes = [models.Index(fields=["blind"], name="bank_blind")]
