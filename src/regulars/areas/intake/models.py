"""What was handed over and how far it has come; which files came in; which mapping goes with which headings."""

import json
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.models import JournaledRow


class Original(JournaledRow):
    """A file that came into the register. Its bytes lie enciphered under `home/originals`, by their digest."""

    token = models.CharField(max_length=32)
    name = models.CharField(_("File"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    source = models.CharField(_("Where the list comes from"), max_length=100)
    read_as = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    rows = models.IntegerField(_("Rows"))

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="original_sha256")]


class SavedMapping(JournaledRow):
    """Which column goes where, for files with these headings (`shape`), under a name that is its source as well."""

    name = models.CharField(max_length=100, unique=True)
    shape = models.CharField(max_length=16)
    mapping = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["shape"], name="savedmapping_shape")]


class Intake(models.Model):
    """One file handed over, from upload to result. A row of work, not of knowledge: it is not journaled.

    `position` counts the rows done (of purchases the frames), `pending` the places within the chunk at hand that wait
    for their round, `counts` what became of them: all three are written in the transaction that wrote the rows.
    `beat_at` is the last sign of life of whoever brings it in; `resumed_at` and `resumed_from` when, and after how many
    rows, that one began.
    """

    STATES = (
        ("waiting", _("Waits for your word")),
        ("trying", _("On trial")),
        ("running", _("Coming in")),
        ("stopped", _("Stopped")),
        ("done", _("In")),
        ("failed", _("Not brought in")),
    )
    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    by = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    inspected = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    trial = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    position = models.IntegerField(default=0)
    pending = models.JSONField(null=True)
    changeset = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    resumed_from = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    error = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="intake_sha256"),
            models.Index(fields=["state"], name="intake_state"),
        ]

    @property
    def rows(self) -> int:
        """How many rows the file holds."""
        return int(self.inspected.get("rows", 0))

    @property
    def asked(self) -> str:
        """A digest of how it is to come in: the columns and the rules."""
        return sha256(json.dumps([self.mapping, self.options], sort_keys=True).encode()).hexdigest()[:16]

    @property
    def options_or(self) -> dict[str, Any]:
        return {
            "as": "customers",
            "existing": "",
            "country": "",
            "source": "",
            "how": "",
            "prospects": "",
            **self.options,
        }


class Refusal(models.Model):
    """The rows of one chunk that were refused, with their reasons, enciphered: they are as private as cards.

    With `blacked`: where a card number or a password was blacked out of rows that came in; never what it was. With
    `doubted`: what looks wrong in rows that came in.
    """

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="refusals")
    trial = models.BooleanField(default=False)
    blacked = models.BooleanField(default=False)
    doubted = models.BooleanField(default=False)
    place = models.IntegerField()
    count = models.IntegerField()
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["intake", "trial", "place"], name="refusal_in_order")]


class Shop(JournaledRow):
    """An online shop that tells of its orders. `name` is the source of their numbers, `token` its address here."""

    KINDS = (("shopify", "Shopify"), ("woocommerce", "WooCommerce"))

    name = models.CharField(_("Name"), max_length=60, unique=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=KINDS)
    token = models.CharField(max_length=32, unique=True)
    place = models.CharField(_("Place"), max_length=40, blank=True)


class ShopSecret(models.Model):
    """The sealed secret by which a shop signs. It stands in a table without a twin (decision 34)."""

    token = models.CharField(max_length=32, primary_key=True)
    sealed = models.BinaryField()


class ShopCall(models.Model):
    """What came of the latest calls of a shop. A row of work, not of knowledge: not journaled, and it names nobody.
    `changed_at`: when the order changed to what the call says of it."""

    token = models.CharField(max_length=32)
    at = models.DateTimeField()
    topic = models.CharField(max_length=60)
    number = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=10)
    serial = models.BigIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["token", "-id"], name="shopcall_latest")]
