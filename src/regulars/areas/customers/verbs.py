"""What is done to cards, in one sentence each. A card is named by its number alone: names stay out of the journal's
particulars, so that a person can be forgotten without rewriting what was done."""

from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb
from regulars.kernel.saying import count

SEEN = _("What was seen cannot be unseen.")

VERBS = [
    Verb(name="customers.added", sentence=_("added card %(number)s")),
    Verb(name="customers.edited", sentence=_("edited card %(number)s")),
    Verb(
        name="customers.many_edited",
        sentence=_("edited %(count)s cards"),
        one=_("edited one card"),
        said={"count": count},
    ),
    Verb(name="customers.archived", sentence=_("archived card %(number)s")),
    Verb(name="customers.unarchived", sentence=_("took card %(number)s out of the archive")),
    Verb(name="customers.became_customer", sentence=_("made the prospect %(number)s a customer")),
    Verb(name="customers.standing_given", sentence=_("marked card %(number)s: %(standing)s")),
    Verb(name="customers.standing_taken", sentence=_("took the mark “%(standing)s” off card %(number)s")),
    Verb(name="customers.deleted", sentence=_("deleted card %(number)s")),
    Verb(name="customers.unmasked", sentence=_("looked at %(fact)s of card %(number)s"), undo="never", why_not=SEEN),
    Verb(name="customers.file_added", sentence=_("put a file on card %(number)s")),
    Verb(name="customers.file_removed", sentence=_("took a file off card %(number)s")),
    Verb(name="customers.field_defined", sentence=_("defined the field “%(label)s”")),
    Verb(name="customers.field_changed", sentence=_("changed the field “%(label)s”")),
]
