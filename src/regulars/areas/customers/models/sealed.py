"""Values enciphered for themselves (decision 6)."""

from django.db import models

from regulars.areas.customers.models.cards import CardRow
from regulars.kernel import personkeys
from regulars.kernel.databases import KeyField


def place_of(row: CardRow, column: str = "sealed") -> str:
    """Where a cipher text is at home: its table, row and column."""
    return f"{row._meta.db_table}|{row.pk}|{column}"


def sealed_for(row: CardRow, number: int, sealed: bytes | memoryview) -> bytes:
    """The row's cipher text as one of another customer's: opened under her key, closed under the other's."""
    text = personkeys.open_value(row.customer_id, place_of(row), bytes(sealed))
    return personkeys.seal_value(number, place_of(row), text)


class Sealed(CardRow):
    """A value enciphered for itself (decision 6): `sealed` by the person's key, `blind` for `=`, `masked` to show."""

    journal_together = (("sealed", "blind", "masked"),)
    journal_enciphered = ("sealed",)

    sealed = models.BinaryField()
    blind = KeyField(editable=False)
    masked = models.CharField(max_length=60)

    class Meta:
        abstract = True

    def move_to(self, subject: int | None) -> None:
        assert subject is not None
        self.sealed = sealed_for(self, subject, self.sealed)
        super().move_to(subject)


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
