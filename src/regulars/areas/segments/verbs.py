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
]
