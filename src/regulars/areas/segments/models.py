from django.db import models

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
