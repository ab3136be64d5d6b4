"""What is done to segments, in one sentence each."""

from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb
from regulars.kernel.saying import count

VERBS = [
    Verb(name="segments.saved", sentence=_("saved the segment “%(name)s”")),
    Verb(name="segments.renamed", sentence=_("renamed the segment “%(name)s” to “%(to)s”")),
    Verb(
        name="segments.exported",
        sentence=_("exported %(count)s customers as %(format)s: %(asked)s"),
        said={"count": count},
        undo="never",
        why_not=_("What has left the house does not come back."),
    ),
    Verb(name="segments.removed", sentence=_("removed the segment “%(name)s”")),
    Verb(name="segments.list_made", sentence=_("made the list “%(name)s”")),
    Verb(name="segments.list_changed", sentence=_("changed the list “%(name)s”")),
    Verb(name="segments.list_removed", sentence=_("removed the list “%(name)s” with %(count)s customers on it")),
    Verb(name="segments.many_tagged", sentence=_("tagged %(count)s customers “%(value)s”")),
    Verb(name="segments.many_untagged", sentence=_("took the tag “%(value)s” off %(count)s customers")),
    Verb(name="segments.many_territory", sentence=_("set the territory of %(count)s customers to “%(value)s”")),
    Verb(
        name="segments.many_representative", sentence=_("set the representative of %(count)s customers to “%(value)s”")
    ),
    Verb(name="segments.many_archived", sentence=_("archived %(count)s customers")),
    Verb(name="segments.many_unarchived", sentence=_("took %(count)s customers out of the archive")),
    Verb(name="segments.many_fact", sentence=_("set “%(label)s” of %(count)s customers")),
    Verb(name="segments.many_listed", sentence=_("put %(count)s customers on the list “%(value)s”")),
    Verb(name="segments.many_unlisted", sentence=_("took %(count)s customers off the list “%(value)s”")),
]
