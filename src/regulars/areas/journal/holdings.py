"""What the journal keeps of a customer, and what becomes of it when she is forgotten."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from regulars.areas.journal.chain import ledger
from regulars.areas.journal.models import Forgotten
from regulars.kernel import jobs
from regulars.kernel.registries import Problem, Store

if TYPE_CHECKING:
    from regulars.areas.journal.actions import Erasure


def _forget_work(erasure: "Erasure") -> None:
    jobs.clean(erasure.mentions)


def check() -> Iterator[Problem]:
    """Every line of the ledger of the forgotten is what was written, and everybody who was forgotten stands in it."""
    for line in ledger.damaged():
        said = gettext_noop("Line %(line)s of the ledger of the forgotten is not what was written.")
        yield Problem("edited", f"ledger line {line}", said, {"line": line})
    noted = {code for entry in ledger.entries() for code in entry.codes.get("number", ())}
    for number in Forgotten.objects.order_by("number").values_list("number", flat=True).iterator():
        if ledger.code_of("number", str(number)) not in noted:
            said = gettext_noop("Customer %(number)s was forgotten, and the ledger of the forgotten does not say so.")
            yield Problem("removed", f"customer {number}", said, {"number": number})


STORES = [
    Store(
        name="journal.history",
        label=_("Their history: what deeds changed on the card"),
        on_forget="blank",
        why=_("That there was a deed, when and by whom stays, so that the journal can be proved; not what it said."),
        found=lambda erasure: erasure.deeds,
    ),
    Store(
        name="journal.words",
        label=_("Deeds in whose sentence this customer is named"),
        on_forget="blank",
        why=_("The sentence stays; in the place of the name, the address or the number stands that somebody was "
              "forgotten."),
        found=lambda erasure: len(erasure.deeds_naming()),
    ),
    Store(
        name="journal.jobs",
        label=_("Work of the background"),
        on_forget="blank",
        why=_("What was asked for and what came of it goes where it names this customer; that it was done stays."),
        found=lambda erasure: jobs.naming(erasure.mentions),
        forget=_forget_work,
    ),
    Store(
        name="journal.ledger",
        label=_("The ledger of the forgotten, beside the keys"),
        on_forget="keep",
        why=_("Codes from which nobody can be told: by them an older version that is put back forgets again."),
    ),
]  # fmt: skip
