"""Pairs that may be one person, worked out from cards, and what somebody said of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models.cards import CardRow
from regulars.kernel import saying


class Pair(models.Model):
    """Two customers who may be one, the lower number first. Worked out and made anew by any scan, so not journaled.

    `score` is the probability, `bits` the weight behind it; `reasons` are `[{"code", "bits"}]`, the weightiest first,
    and `codes` their codes in alphabetical order, by which a rejection knows whether anything has changed.
    """

    STATES = (("open", _("Open")), ("later", _("Put off")), ("rejected", _("Not the same")))
    VERDICTS = (("same", _("The same")), ("likely", _("Likely the same")), ("possible", _("Possibly the same")))

    a = models.BigIntegerField()
    b = models.BigIntegerField()
    score = models.FloatField()
    bits = models.FloatField()
    verdict = models.CharField(max_length=8, choices=VERDICTS)
    reasons = models.JSONField(default=list)
    codes = models.CharField(max_length=600)
    state = models.CharField(max_length=8, choices=STATES, default="open")
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="pair_once")]
        indexes = [
            models.Index(fields=["b"], name="pair_other"),
            models.Index(fields=["state", "-bits", "a", "b"], name="pair_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.a} {self.b}"


class Rejection(CardRow):
    """Somebody said that this customer and the one of the number `other` are two. `codes` are the reasons she saw: the
    pair comes back only when there are others."""

    journal_told = {"other": _("Not the same as card"), "day": _("Day"), "by": _("By")}

    other = models.BigIntegerField()
    codes = models.CharField(max_length=600, blank=True)
    day = models.DateField()
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "other"], name="rejection_once")]


class Later(CardRow):
    """Somebody put the question off whether this customer and the one of the number `other` are one: until a day, or
    until something on either card changes, or until other reasons than these speak for it."""

    journal_told = {
        "other": _("The same as card, or not"), "until_day": _("Put off until"), "day": _("Day"), "by": _("By"),
    }  # fmt: skip
    journal_said = {"until_day": saying.day}

    other = models.BigIntegerField()
    codes = models.CharField(max_length=600, blank=True)
    until_day = models.DateField()
    day = models.DateField()
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "other"], name="later_once")]
        indexes = [models.Index(fields=["until_day"], name="later_until")]
