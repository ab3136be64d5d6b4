"""What is done to cards, in one sentence each. A card is named by its number alone: names stay out of the journal's
particulars, so that a person can be forgotten without rewriting what was done."""

from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb
from regulars.kernel.saying import count

SEEN = _("What was seen cannot be unseen.")
FORGOTTEN = _("Who was forgotten is gone for good: nothing was kept from which the card could come back.")

VERBS = [
    Verb(name="customers.added", typed=False, sentence=_("added card %(number)s")),
    Verb(name="customers.edited", typed=False, sentence=_("edited card %(number)s")),
    Verb(
        name="customers.confirmed",
        typed=False,
        sentence=_("found the contact details of card %(number)s to be still right"),
    ),
    Verb(
        name="customers.many_edited",
        typed=False,
        sentence=_("edited %(count)s cards"),
        one=_("edited one card"),
        said={"count": count},
    ),
    Verb(name="customers.archived", typed=False, sentence=_("archived card %(number)s")),
    Verb(name="customers.unarchived", typed=False, sentence=_("took card %(number)s out of the archive")),
    Verb(name="customers.became_customer", typed=False, sentence=_("made the prospect %(number)s a customer")),
    Verb(name="customers.standing_given", typed=False, sentence=_("marked card %(number)s: %(standing)s")),
    Verb(name="customers.standing_taken", typed=False, sentence=_("took the mark “%(standing)s” off card %(number)s")),
    Verb(name="customers.proposed", typed=False, sentence=_("proposed something for card %(number)s")),
    Verb(name="customers.proposal_accepted", typed=False, sentence=_("took what was proposed onto card %(number)s")),
    Verb(
        name="customers.proposal_declined",
        typed=False,
        sentence=_("left card %(number)s as it was: not what was proposed"),
    ),
    Verb(name="customers.deleted", typed=False, sentence=_("deleted card %(number)s")),
    Verb(
        name="customers.unmasked",
        kind="look",
        typed=False,
        sentence=_("looked at %(fact)s of card %(number)s"),
        undo="never",
        why_not=SEEN,
    ),
    Verb(
        name="customers.forgotten",
        typed=False,
        sentence=_("forgot customer %(number)s for good"),
        undo="never",
        why_not=FORGOTTEN,
    ),
    Verb(name="customers.file_added", kind="file", typed=False, sentence=_("put a file on card %(number)s")),
    Verb(name="customers.file_removed", kind="file", typed=False, sentence=_("took a file off card %(number)s")),
    Verb(name="customers.field_defined", sentence=_("defined the field “%(label)s”")),
    Verb(name="customers.field_changed", sentence=_("changed the field “%(label)s”")),
]
