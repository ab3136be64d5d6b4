"""How she is reached: e-mail, phone, postal address, handle."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.areas.customers.models.cards import CardRow
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold, fold_once

# The words that say which of several. Any other text may stand in their place; it stays as it was written.
LABELS = (
    ("home", pgettext_lazy("which phone, e-mail or address", "home")),
    ("work", pgettext_lazy("which phone, e-mail or address", "work")),
    ("mobile", pgettext_lazy("which phone, e-mail or address", "mobile")),
    ("fax", pgettext_lazy("which phone, e-mail or address", "fax")),
    ("home fax", pgettext_lazy("which phone, e-mail or address", "home fax")),
    ("work fax", pgettext_lazy("which phone, e-mail or address", "work fax")),
    ("car", pgettext_lazy("which phone, e-mail or address", "car")),
    ("company", pgettext_lazy("which phone, e-mail or address", "company")),
    ("assistant", pgettext_lazy("which phone, e-mail or address", "assistant")),
    ("billing", pgettext_lazy("which phone, e-mail or address", "billing")),
    ("delivery", pgettext_lazy("which phone, e-mail or address", "delivery")),
    ("holiday", pgettext_lazy("which phone, e-mail or address", "holiday")),
    ("other", pgettext_lazy("which phone, e-mail or address", "other")),
)


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
        self.key = fold_once(self.value)


class Address(CardRow):
    """A postal address in parts, with the days between which it holds."""

    journal_derived = ("key", "city_fold", "postcode_fold", "region_fold")
    journal_together = (("street", "street2", "postcode", "city", "region", "country"),)

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
    region_fold = KeyField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="address_once")]
        indexes = [
            models.Index(fields=["city_fold"], name="address_city"),
            models.Index(fields=["postcode_fold"], name="address_postcode"),
            models.Index(fields=["region_fold"], name="address_region"),
        ]

    def derive(self) -> None:
        city, postcode, region = fold(self.city), fold(self.postcode), fold(self.region)
        self.city_fold, self.postcode_fold, self.region_fold = city, postcode, region
        streets = fold_once(self.street), fold_once(self.street2)
        self.key = key_of_folded(*streets, postcode, city, region, fold(self.country))


def address_key(*parts: str) -> str:
    """Two addresses are the same when their folded parts are: 16 hex digits of their digest."""
    return key_of_folded(*map(fold, parts))


def key_of_folded(*parts: str) -> str:
    return hashlib.blake2b("|".join(parts).encode(), digest_size=8).hexdigest()


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
