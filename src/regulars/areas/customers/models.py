"""The card: one row for the customer, one row for each value of what she may have several of.

Row ids never leave the house; `number` is what people say. Columns ending in `_fold`, `key` and `sort_key` are derived
(`derive`) and hold the folded form in which values are compared, searched and sorted.
"""

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.models import Journaled, JournaledRow
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold, sort_key, sort_keys

KINDS = (("person", _("Person")), ("organisation", _("Organisation")))
GENDERS = (("female", _("Female")), ("male", _("Male")), ("other", _("Other")))
HOWS = (
    ("told", _("Told by the customer")),
    ("observed", _("Observed")),
    ("worked_out", _("Worked out")),
    ("third_party", _("From a third party")),
)
STANDINGS = (
    ("archived", _("Archived")),
    ("deceased", _("Deceased")),
    ("do_not_contact", _("Do not contact")),
    ("minor", _("Minor")),
    ("secret_address", _("Secret address")),
)


class Customer(Journaled):
    """One person or organisation. `version` is the link in which anything of the card last changed."""

    journal_subject = "number"
    journal_stamped = True
    journal_derived = ("sort_key", "given_fold", "family_fold", "organisation_fold", "birth_day")
    sort_language: ClassVar[str] = "en"  # the house's language, set where settings are read

    number = models.BigIntegerField(primary_key=True, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS, default="person")
    title = models.CharField(max_length=60, blank=True)
    given_name = models.CharField(max_length=200, blank=True)
    middle_name = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=60, blank=True)
    called_name = models.CharField(max_length=200, blank=True)
    name_spoken = models.CharField(max_length=200, blank=True)
    form_of_address = models.CharField(max_length=10, blank=True)
    organisation_name = models.CharField(max_length=300, blank=True)
    birth_date = models.CharField(max_length=10, blank=True)
    age = models.SmallIntegerField(null=True)
    age_band = models.CharField(max_length=20, blank=True)
    gender = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=20, blank=True)
    preferred_channel = models.CharField(max_length=20, blank=True)
    preferred_hours = models.CharField(max_length=100, blank=True)
    income_range = models.CharField(max_length=40, blank=True)
    children = models.SmallIntegerField(null=True)
    education = models.CharField(max_length=100, blank=True)
    occupation = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=100, blank=True)
    reason_chosen = models.CharField(max_length=200, blank=True)
    referred_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    territory = models.CharField(max_length=60, blank=True)
    representative = models.CharField(max_length=60, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    greeting = models.CharField(max_length=200, blank=True)
    how = models.CharField(max_length=12, blank=True)
    hows = models.JSONField(default=dict)
    declined = models.JSONField(default=list)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    sort_key = KeyField(editable=False)
    given_fold = KeyField(editable=False)
    family_fold = KeyField(editable=False)
    organisation_fold = KeyField(editable=False)
    birth_day = models.SmallIntegerField(null=True, editable=False)
    version = models.BigIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["sort_key", "number"], name="customer_sort"),
            models.Index(fields=["family_fold", "given_fold"], name="customer_family"),
            models.Index(fields=["given_fold"], name="customer_given"),
            models.Index(fields=["organisation_fold"], name="customer_org"),
            models.Index(fields=["middle_name"], name="customer_middle", condition=models.Q(middle_name__gt="")),
            models.Index(fields=["called_name"], name="customer_called", condition=models.Q(called_name__gt="")),
            models.Index(
                fields=["referred_by"], name="customer_referred", condition=models.Q(referred_by__isnull=False)
            ),
            models.Index(fields=["merged_into"], name="customer_merged", condition=models.Q(merged_into__isnull=False)),
        ]

    @property
    def name(self) -> str:
        """What the customer is called on a screen: `Dr. Jürgen Müller`, or the organisation, or the number."""
        parts = (self.title, self.given_name, self.middle_name, self.family_name, self.suffix)
        return " ".join(filter(None, parts)) or self.organisation_name or str(self.number)

    def derive(self) -> None:
        self.given_fold = fold(self.given_name)
        self.family_fold = fold(self.family_name)
        self.organisation_fold = fold(self.organisation_name)
        self.sort_key = sort_key(self.sorted_as, self.sort_language)
        self.birth_day = int(self.birth_date[-5:].replace("-", "")) if self.birth_date else None

    def may_hold(self, column: str, value: Any) -> bool:
        """A sort key of the alphabet that was the house's when the card was written."""
        return column == "sort_key" and value in sort_keys(self.sorted_as)

    @property
    def sorted_as(self) -> str:
        """Family name first, then given name; an organisation by its name."""
        if self.kind == "organisation":
            return self.organisation_name or self.family_name
        return f"{self.family_name} {self.given_name}".strip() or self.organisation_name or self.called_name


class CardRow(JournaledRow):
    """A row of somebody's card."""

    journal_subject = "customer_id"

    # Tables with a uniqueness per customer have their index by customer in that; the others declare one.
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class ContactPoint(CardRow):
    """An e-mail address or a phone (E.164). One of each kind is primary."""

    journal_derived = ("key",)

    kind = models.CharField(max_length=5, choices=(("email", _("E-mail")), ("phone", _("Phone"))))
    value = models.CharField(max_length=320)
    key = KeyField(editable=False)
    label = models.CharField(max_length=60, blank=True)
    primary = models.BooleanField(default=False)
    how = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "key"], name="contactpoint_once"),
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=models.Q(primary=True), name="contactpoint_one_primary"
            ),
        ]
        indexes = [models.Index(fields=["key", "kind"], name="contactpoint_key")]

    def derive(self) -> None:
        self.key = fold(self.value)


class Address(CardRow):
    """A postal address in parts, with the days between which it holds."""

    journal_derived = ("key", "city_fold", "postcode_fold")

    label = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=300, blank=True)
    street2 = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=150, blank=True)
    region = models.CharField(max_length=150, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    how = models.CharField(max_length=12, blank=True)
    key = KeyField(editable=False)
    city_fold = KeyField(editable=False)
    postcode_fold = KeyField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="address_once")]
        indexes = [
            models.Index(fields=["city_fold"], name="address_city"),
            models.Index(fields=["postcode_fold"], name="address_postcode"),
        ]

    def derive(self) -> None:
        self.key = address_key(self.street, self.street2, self.postcode, self.city, self.region, self.country)
        self.city_fold = fold(self.city)
        self.postcode_fold = fold(self.postcode)


def address_key(*parts: str) -> str:
    """Two addresses are the same when their folded parts are: 16 hex digits of their digest."""
    return hashlib.blake2b("|".join([fold(part) for part in parts]).encode(), digest_size=8).hexdigest()


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


class Employment(CardRow):
    """A person works at an organisation. Both are customers."""

    organisation = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    job_title = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True)
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "organisation"], name="employment_once")]


class SocialHandle(CardRow):
    journal_derived = ("key",)

    network = models.CharField(max_length=40)
    handle = models.CharField(max_length=200)
    followers = models.IntegerField(null=True)
    influence = models.CharField(max_length=40, blank=True)
    key = KeyField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="social_once")]

    def derive(self) -> None:
        self.key = fold(f"{self.network} {self.handle.lstrip('@')}") or self.handle


class Sealed(CardRow):
    """A value enciphered for itself (decision 6): `sealed` by the person's key, `blind` for `=`, `masked` to show."""

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


class Household(JournaledRow):
    """People who live together, as a thing of its own."""

    name = models.CharField(max_length=200)
    income_range = models.CharField(max_length=40, blank=True)
    children = models.SmallIntegerField(null=True)


class HouseholdMember(CardRow):
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, blank=True)
    since = models.DateField(null=True)
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "household"], name="household_member_once")]


class Relation(CardRow):
    """What `other` is to this customer: partner, child, guardian, lives with, buys for."""

    KINDS = (
        ("partner", _("Partner")),
        ("child", _("Child")),
        ("parent", _("Parent")),
        ("guardian", _("Guardian")),
        ("lives_with", _("Lives with")),
        ("buys_for", _("Buys for")),
        ("other", _("Other")),
    )
    other = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS, default="other")
    since = models.DateField(null=True)
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "other", "kind"], name="relation_once")]


class Standing(CardRow):
    """A state somebody gave the card: archived, deceased, do not contact, minor, secret address."""

    kind = models.CharField(max_length=20, choices=STANDINGS)
    since = models.DateField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "kind"], name="standing_once")]
        indexes = [models.Index(fields=["kind", "customer"], name="standing_kind")]


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

    fact = models.CharField(max_length=100)
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer"], name="look_customer")]
