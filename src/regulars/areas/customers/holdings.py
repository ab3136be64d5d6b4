"""What this room keeps about a customer, and what becomes of it."""

import hashlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from regulars.areas.customers import models
from regulars.areas.customers.card import filing, keys
from regulars.kernel.registries import Holding, Problem

keep = keys.keep


def _held(model: str, *export: str, by: tuple[str, ...] = ("customer",), join: bool = False) -> Holding:
    return Holding(
        model=f"customers.{model}", by=by, on_merge="join" if join else "move", on_forget="erase", export=export
    )


HOLDINGS = [
    Holding(
        model="customers.Customer",
        by=("number", "referred_by", "merged_into"),
        on_merge="join",
        on_forget="blank",
        export=("*",),
        why=_("The number stays taken, so that it never comes to mean somebody else."),
    ),
    _held("ContactPoint", "kind", "value", "label", "primary", join=True),
    _held(
        "Address",
        "label",
        "street",
        "street2",
        "city",
        "region",
        "postcode",
        "country",
        "valid_from",
        "valid_to",
        join=True,
    ),
    _held("Tag", "tag", join=True),
    _held("Reference", "source", "value"),
    _held("Note", "kind", "day", "text", "by"),
    _held("Employment", "job_title", "department", "since", "until_day", by=("customer", "organisation"), join=True),
    _held("SocialHandle", "network", "handle", "followers", "influence", join=True),
    _held("IdentityNumber", "kind", "country", "sealed", join=True),
    _held("BankAccount", "kind", "country", "sealed", "bic", "bank", join=True),
    _held("HouseholdMember", "role", "since", "until_day", join=True),
    _held("Relation", "kind", "since", "until_day", by=("customer", "other"), join=True),
    _held("Standing", "kind", "since", "reason", join=True),
    _held("CustomValue", "text", "number", "currency", "day", "yes", join=True),
    _held("Look", "fact", "reason", "by", "seen_at"),
    _held("Attachment", "name", "content_type", "size", "added_at"),
    # Worked out from the card: `keys.keep` takes it away, the words that only she had too, once her card is blanked.
    _held("SearchText", "text", by=("number",), join=True),
]


def check() -> Iterator[Problem]:
    """Every file that a card names lies in the home and is what was put there; nobody is hidden from search."""
    yield from _files()
    for number in keys.astray():
        yield Problem(
            "row_differs", f"{keys.TEXT}/{number}", gettext_noop("What search finds this customer by is not her card.")
        )


def _files() -> Iterator[Problem]:
    for sha256 in models.Attachment.objects.values_list("sha256", flat=True).distinct().order_by("sha256"):
        where = f"files/{sha256[:2]}/{sha256}"
        try:
            whole = hashlib.sha256(filing.read(sha256)).hexdigest() == sha256
        except FileNotFoundError:
            yield Problem("file_differs", where, gettext_noop("A file that a card names is missing."))
            continue
        except filing.Tampered:
            whole = False
        if not whole:
            yield Problem("file_differs", where, gettext_noop("A file on a card is not what was put there."))
