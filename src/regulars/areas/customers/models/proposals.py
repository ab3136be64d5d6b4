"""What somebody else said of a card and nobody has taken yet."""

from hashlib import blake2b

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models.cards import CardRow
from regulars.kernel.text import fold

PROPOSED = (("email", _("E-mail")), ("phone", _("Phone")), ("address", _("Address")))


class Proposal(CardRow):
    """A contact point or an address that an order names and the card does not: to be taken, or left.

    `value` is one item of the card's JSON; `token` its kind and value folded, by which the same is proposed once, even
    after it was left. `told` is the part of it by which she may be named elsewhere (`holdings`). `said` is where it
    stood, `day` when.
    """

    STATES = (("open", _("Proposed")), ("accepted", _("Taken")), ("declined", _("Left as it was")))

    kind = models.CharField(max_length=8, choices=PROPOSED)
    token = models.CharField(max_length=16)
    value = models.JSONField(default=dict)
    told = models.CharField(max_length=320, blank=True)
    said = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    state = models.CharField(max_length=8, choices=STATES, default="open")
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "token"], name="proposal_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The value in one line, as a person reads it."""
        parts = ("street", "street2", "postcode", "city", "region", "country")
        return str(
            self.value.get("value") or ", ".join(str(self.value[each]) for each in parts if self.value.get(each))
        )


def token_of(kind: str, value: dict[str, str]) -> str:
    """Sixteen hex digits that the same value gives however it is written."""
    told = [kind, *(f"{name}={fold(str(each))}" for name, each in sorted(value.items()) if each and name != "label")]
    return blake2b(orjson.dumps(told), digest_size=8).hexdigest()
