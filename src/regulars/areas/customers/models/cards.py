"""The customer's own row, and what every row of her card has."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.areas.journal.models import Journaled, JournaledRow
from regulars.kernel.databases import KeyField
from regulars.kernel.text import House, fold, sort_key, sort_keys

KINDS = (("person", _("Person")), ("organisation", _("Organisation")))
GENDERS = (("female", _("Female")), ("male", _("Male")), ("other", pgettext_lazy("a gender", "Other")))
HOWS = (
    ("told", _("Told by the customer")),
    ("observed", _("Observed")),
    ("worked_out", _("Worked out")),
    ("third_party", _("From a third party")),
)


NAMED = ("title", "given_name", "middle_name", "family_name", "suffix", "organisation_name")


def called(title: str, given: str, middle: str, family: str, suffix: str, organisation: str) -> str:
    """The name made of the columns `NAMED`; empty where all of them are."""
    return " ".join(filter(None, (title, given, middle, family, suffix))) or organisation


class Customer(Journaled):
    """One person or organisation. `version` is the link in which anything of the card last changed."""

    journal_subject = "number"
    journal_stamped = True
    journal_tree = ("referred_by_id",)
    journal_joined = "merged_into_id"
    journal_derived = ("sort_key", "given_fold", "family_fold", "organisation_fold", "birth_day")

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
    tell_by = models.DateField(null=True)
    told_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
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
            models.Index(fields=["given_fold", "family_fold"], name="customer_given"),
            models.Index(fields=["organisation_fold"], name="customer_org"),
            models.Index(fields=["middle_name"], name="customer_middle", condition=models.Q(middle_name__gt="")),
            models.Index(fields=["called_name"], name="customer_called", condition=models.Q(called_name__gt="")),
            models.Index(
                fields=["referred_by"], name="customer_referred", condition=models.Q(referred_by__isnull=False)
            ),
            models.Index(fields=["tell_by"], name="customer_tell_by", condition=models.Q(tell_by__isnull=False)),
            models.Index(fields=["merged_into"], name="customer_merged", condition=models.Q(merged_into__isnull=False)),
        ]

    @property
    def name(self) -> str:
        """What the customer is called on a screen: `Dr. Jürgen Müller`, or the organisation, or the number."""
        return called(*(getattr(self, column) for column in NAMED)) or str(self.number)

    def derive(self) -> None:
        self.given_fold = fold(self.given_name)
        self.family_fold = fold(self.family_name)
        self.organisation_fold = fold(self.organisation_name)
        self.sort_key = sort_key(self.sorted_as, House.language)
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
