"""One row for each channel and purpose that a customer has answered; what she answered before is in the twin."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models import CardRow

CHANNELS = (("email", _("E-mail")), ("phone", _("Phone")), ("sms", _("SMS")), ("post", _("Post")))
PURPOSES = (("offers", _("Offers and news")), ("surveys", _("Surveys")), ("service", _("Service and orders")))
ANSWERS = (("refused", _("No")), ("claimed", _("Yes, unproved")), ("given", _("Yes")))


class Answer(CardRow):
    """What one customer said to one purpose over one channel.

    `heard` says how we know; `wording` is the text she agreed to. For an answer found in a file, `intake` and `row`
    name the upload and the line: the proof lies there byte-exact.
    """

    journal_together = (("answer", "day", "heard", "wording", "intake", "row", "by"),)

    channel = models.CharField(_("Channel"), max_length=8, choices=CHANNELS)
    purpose = models.CharField(_("Purpose"), max_length=12, choices=PURPOSES)
    answer = models.CharField(_("Answer"), max_length=8, choices=ANSWERS)
    day = models.DateField(_("Day"))
    heard = models.CharField(_("How we know"), max_length=200, blank=True)
    wording = models.TextField(_("Words agreed to"), blank=True)
    intake = models.CharField(max_length=64, blank=True)
    row = models.IntegerField(null=True)
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "channel", "purpose"], name="answer_once")]
        indexes = [models.Index(fields=["channel", "purpose", "answer", "customer"], name="answer_asked")]

    @staticmethod
    def outranks(given: Mapping[str, Any], standing: Mapping[str, Any]) -> bool:
        """Whether an answer found in a file takes the place of the one that stands: only a no does, and at once."""
        return bool(given["answer"] == "refused" and standing["answer"] != "refused")

    def is_stricter(self, standing: "Answer") -> bool:
        """Whether this answer counts before another of the same person to the same question: a no before anything, and
        a yes with its proof before one that is only claimed, which is less to go by than no answer."""
        order = ("claimed", "given", "refused")
        return order.index(self.answer) > order.index(standing.answer)
