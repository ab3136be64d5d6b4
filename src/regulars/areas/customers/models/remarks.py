"""What is set down about her: tags, numbers elsewhere, notes, states, files, and who looked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models.cards import CardRow
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold

STANDINGS = (
    ("archived", _("Archived")),
    ("deceased", _("Deceased")),
    ("do_not_contact", _("Do not contact")),
    ("minor", _("Minor")),
    ("secret_address", _("Secret address")),
    ("prospect", _("Not yet a customer")),
)


class Tag(CardRow):
    journal_derived = ("key",)

    tag = models.CharField(max_length=100)
    key = KeyField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="tag_once")]
        indexes = [models.Index(fields=["key"], name="tag_key")]

    def derive(self) -> None:
        self.key = fold(self.tag) or self.tag  # an accent alone folds to nothing


class Reference(CardRow):
    """The number under which another system knows this customer."""

    source = models.CharField(max_length=100)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value", "source"], name="reference_once")]  # found by value too
        indexes = [models.Index(fields=["customer"], name="reference_customer")]


class Note(CardRow):
    """What was said, needed, expected, or asked to be remembered, with its day."""

    KINDS = (
        ("note", _("Note")),
        ("need", _("Needs")),
        ("expectation", _("Expects")),
        ("remember", _("Asked us to remember")),
    )
    kind = models.CharField(max_length=12, choices=KINDS, default="note")
    day = models.DateField()
    text = models.TextField()
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer"], name="note_customer")]


class Standing(CardRow):
    """A state somebody gave the card: archived, deceased, do not contact, minor, secret address, prospect."""

    journal_told = {"reason": _("Reason")}

    kind = models.CharField(max_length=20, choices=STANDINGS)
    since = models.DateField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "kind"], name="standing_once")]
        indexes = [models.Index(fields=["kind", "customer"], name="standing_kind")]


class Attachment(CardRow):
    """A file on the card. Its bytes lie enciphered outside the web root, under the digest of what they are."""

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer"], name="attachment_customer")]


class Look(CardRow):
    """Somebody looked at a masked or sealed value of this card."""

    journal_told = {"reason": _("Reason")}

    fact = models.CharField(max_length=100)
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer"], name="look_customer")]
