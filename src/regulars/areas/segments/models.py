"""Criteria kept under a name, lists of customers fixed by hand, and work on many customers at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models.cards import CardRow
from regulars.areas.journal.models import JournaledRow
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold


class Segment(JournaledRow):
    """A criterion under a name. `criteria` is canonical text; `key` is the folded name, unique in the house."""

    journal_derived = ("key",)

    name = models.CharField(max_length=100)
    key = KeyField(editable=False)
    criteria = models.TextField(blank=True)
    description = models.CharField(max_length=500, blank=True)
    saved_by = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="segment_once")]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        self.key = fold(self.name)


class FixedList(JournaledRow):
    """A fixed set of customers under a name. Nobody comes in or goes by herself."""

    journal_derived = ("key",)

    name = models.CharField(max_length=100)
    key = KeyField(editable=False)
    description = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="fixedlist_once")]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        self.key = fold(self.name)


class Listing(CardRow):
    """One customer on one list."""

    list = models.ForeignKey(FixedList, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "customer"], name="listing_once")]
        indexes = [models.Index(fields=["customer"], name="listing_customer")]


class Bulk(models.Model):
    """One deed on many customers, from the moment it is decided. A row of work, not of knowledge: it is not journaled.

    `numbers` are those it is for, ascending, as `queries.many.packed` writes them; emptied at the end. `position`
    counts those done, `changed` those of them who differed, `gone` those who were to be found no longer: all are
    written in the transaction that changed them. `into` is the list, which may get another name meanwhile.
    """

    STATES = (
        ("running", _("At work")), ("done", _("Done")), ("failed", _("Broken off")), ("stopped", _("Stopped")),
    )  # fmt: skip
    token = models.CharField(max_length=32, unique=True)
    deed = models.CharField(max_length=20)
    value = models.CharField(max_length=500, blank=True)
    field = models.CharField(max_length=100, blank=True)
    asked = models.TextField(blank=True)
    numbers = models.BinaryField()
    count = models.BigIntegerField()
    position = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    gone = models.BigIntegerField(default=0)
    into = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=STATES, default="running")
    changeset = models.BigIntegerField(null=True)
    by = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
