"""What this room keeps about a customer, and what becomes of it."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from regulars.areas.customers import models, queries
from regulars.areas.customers.card import at_rest, filing, keys
from regulars.areas.customers.queries.reach import refuse_strangers
from regulars.areas.journal.actions import Erasure
from regulars.kernel import personkeys
from regulars.kernel.registries import Holding, Problem, Store, Text
from regulars.kernel.tables import table_of

keep, rest, guard = keys.keep, at_rest.rest, refuse_strangers


def _held(
    model: str,
    label: Text,
    *export: str,
    by: tuple[str, ...] = ("customer",),
    join: bool = False,
    names: tuple[str, ...] = (),
    **merged: Any,
) -> Holding:
    told: dict[str, Any] = {"on_merge": "join" if join else "move", **merged}
    return Holding(
        model=f"customers.{model}", by=by, on_forget="erase", export=export, label=label, names=names, **told
    )


HOLDINGS = [
    Holding(
        model="customers.Customer",
        by=("number", "referred_by", "merged_into"),
        on_merge="fields",
        on_forget="blank",
        export=("*",),
        label=_("The card: name, birth date, and what else stands on it"),
        why=_("The number stays taken, so that it never comes to mean somebody else."),
        names=(
            "given_name", "middle_name", "family_name", "called_name", "name_spoken", "organisation_name", "greeting",
        ),
    ),
    _held("ContactPoint", _("E-mail addresses and phones"), "kind", "value", "label", "primary", join=True,
          names=("value",)),
    _held("Address", _("Postal addresses"), "label", "street", "street2", "city", "region", "postcode", "country",
          "valid_from", "valid_to", join=True, names=("street", "street2")),
    _held("Tag", _("Tags"), "tag", join=True),
    _held("Reference", _("Numbers in other systems"), "source", "value", names=("value",)),
    _held("Note", _("Notes"), "kind", "day", "text", "by"),
    _held("Employment", _("Where they work"), "job_title", "department", "since", "until_day",
          by=("customer", "organisation"), join=True),
    _held("SocialHandle", _("Social networks"), "network", "handle", "followers", "influence", join=True,
          names=("handle",)),
    _held("IdentityNumber", _("Identity numbers"), "kind", "country", "sealed", join=True),
    _held("BankAccount", _("Bank accounts"), "kind", "country", "sealed", "bic", "bank", join=True),
    _held("HouseholdMember", _("Households"), "role", "since", "until_day", join=True),
    _held("Relation", _("Related people"), "kind", "since", "until_day", by=("customer", "other"), join=True),
    _held("Standing", _("Marks such as archived or deceased"), "kind", "since", "reason", on_merge="stricter",
          stricter=lambda row, standing: row.since < standing.since, while_both={"kind": ("prospect",)}),
    _held("CustomValue", _("Facts of our own"), "text", "number", "currency", "day", "yes", join=True, names=("text",)),
    _held("Proposal", _("What orders say otherwise"), "kind", "value", "said", "day", "state", join=True,
          names=("told",)),
    _held("Look", _("Who looked at masked values"), "fact", "reason", "by", "seen_at"),
    _held("Attachment", _("Files, by name"), "name", "content_type", "size", "added_at", names=("name",)),
    # Worked out from the card: `keys.keep` takes it away, the words that only she had too, once her card is gone.
    _held("SearchText", _("What the search finds them by"), "text", by=("number",), on_merge="worked_out"),
]  # fmt: skip


# --- beside the rows --------------------------------------------------------------------------------------------------


def _own_files(erasure: Erasure) -> set[str]:
    """The digests of the files that stand, or stood, on no other card."""
    hers = erasure.values("customers.attachment", "sha256")
    kept = set[str]()
    for rows in (models.Attachment.objects, models.Attachment.past._default_manager):
        others = rows.filter(sha256__in=hers).exclude(customer_id__in=erasure.numbers)
        kept |= set(others.values_list("sha256", flat=True))
    return hers - kept


def _forget_files(erasure: Erasure) -> None:
    for digest in sorted(_own_files(erasure)):
        erasure.let_go("customers.files", digest)


def _let_go_of_file(digest: str) -> None:
    """Destroys a file, unless it was put on a card again meanwhile."""
    if not models.Attachment.objects.filter(sha256=digest).exists():
        filing.destroy(digest)


def _own_households(erasure: Erasure) -> set[int]:
    """The households in which nobody else is or was, but by a merge that was taken apart."""
    hers = erasure.values("customers.householdmember", "household_id")
    lent = erasure.elsewhere.get(table_of(models.HouseholdMember), ())
    for rows in (models.HouseholdMember.objects, models.HouseholdMember.past._default_manager):
        others = rows.filter(household_id__in=hers).exclude(customer_id__in=erasure.numbers)
        hers -= {each for pk, link, each in others.values_list("id", "link", "household_id") if (pk, link) not in lent}
    return hers


def _forget_households(erasure: Erasure) -> None:
    if own := _own_households(erasure):
        erasure.erase_of_house(models.Household, own)


def _keys(erasure: Erasure) -> int:
    return len(personkeys.keys_for(erasure.numbers))


def _forget_key(erasure: Erasure) -> None:
    for number in personkeys.keys_for(erasure.numbers):
        erasure.let_go("customers.key", str(number))


def _notes_of_others(erasure: Erasure) -> int:
    """Notes on other cards in which her e-mail address, her phone or her whole name stands."""
    people = [each.row for each in erasure.versions("customers.customer")]
    whole = {
        f"{row['given_name']} {row['family_name']}" for row in people if {"given_name", "family_name"} <= row.keys()
    }
    asked = Q()
    for text in whole | erasure.values("customers.contactpoint", "value"):
        asked |= Q(text__icontains=text)
    notes = models.Note.objects.exclude(customer_id__in=erasure.numbers)
    return notes.filter(asked).count() if asked else 0


def _files_of_others(erasure: Erasure) -> int:
    """Files on other cards in whose name she is named."""
    others = models.Attachment.objects.exclude(customer_id__in=erasure.numbers)
    names = list(others.values_list("name", flat=True))
    among = erasure.mentions.within(names)
    return sum(erasure.mentions.cleaned(name, among) != name for name in names) if among else 0


def _forget_worked_out(erasure: Erasure) -> None:
    """Everything that rooms work out from cards, for searching and counting, is told of her numbers when the deed ends
    (`registries.keepers`): with no card behind a number, what was worked out from it goes."""
    erasure.link.subjects.update(erasure.numbers)


STORES = [
    Store(
        name="customers.files",
        label=_("Files"),
        on_forget="erase",
        why=_("A file that stands on another card too stays there."),
        found=lambda erasure: len(_own_files(erasure)),
        forget=_forget_files,
        let_go=_let_go_of_file,
    ),
    Store(
        name="customers.households",
        label=_("Households in which nobody else is"),
        on_forget="erase",
        why=_("A household with others in it is theirs and stays, under its name."),
        found=lambda erasure: len(_own_households(erasure)),
        forget=_forget_households,
    ),
    Store(
        name="customers.key",
        label=_("The key of sealed values"),
        on_forget="erase",
        why=_("Without it, identity numbers and bank accounts cannot be read in older versions either."),
        found=_keys,
        forget=_forget_key,
        let_go=lambda number: personkeys.destroy(int(number)),
    ),
    Store(
        name="customers.worked_out",
        label=_("What was worked out for searching"),
        on_forget="erase",
        why=_("It follows from the card and goes with it."),
        forget=_forget_worked_out,
    ),
    Store(
        name="customers.notes",
        label=_("Notes on other cards that name this customer"),
        on_forget="keep",
        why=_("They tell of somebody else. Read them there, and take the name out by hand."),
        found=_notes_of_others,
    ),
    Store(
        name="customers.files_of_others",
        label=_("Files on other cards whose name names this customer"),
        on_forget="keep",
        why=_("They belong to somebody else. Read them there, and give them another name if need be."),
        found=_files_of_others,
    ),
]


def check() -> Iterator[Problem]:
    """Every file that a card names lies in the home and is what was put there; nobody is hidden from search, and nobody
    who was forgotten is back."""
    yield from _files()
    for found in personkeys.problems():
        said = gettext_noop("The keys of the customers' sealed values cannot be read whole: %(what)s")
        yield Problem("page", "keys.db", said, {"what": found})
    for number in keys.astray():
        yield Problem(
            "row_differs", f"{keys.TEXT}/{number}", gettext_noop("What search finds this customer by is not her card.")
        )
    for number in queries.returned():
        back = gettext_noop(
            "Customer %(number)s was forgotten and is here again, with an older version. Run `regulars forget --again`."
        )
        yield Problem("rolled_back", f"customer {number}", back, {"number": number})


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
