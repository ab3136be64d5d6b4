"""Whom she belongs to: employers, households, people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models.cards import CardRow, Customer
from regulars.areas.journal.models import JournaledRow


class Employment(CardRow):
    """A person works at an organisation. Both are customers."""

    organisation = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    job_title = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True)
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "organisation"], name="employment_once")]


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
        ("colleague", _("Colleague")),
        ("buys_for", _("Buys for")),
        ("other", _("Other")),
    )
    other = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS, default="other")
    since = models.DateField(null=True)
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "other", "kind"], name="relation_once")]
