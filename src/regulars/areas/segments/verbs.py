"""What is done to segments, in one sentence each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.areas.segments.queries.asked_for import still_asked
from regulars.kernel.registries import Text, Verb
from regulars.kernel.saying import count


def _many(name: str, sentence: Text, one: Text, **more: Any) -> Verb:
    return Verb(name=f"segments.{name}", sentence=sentence, one=one, said={"count": count}, **more)


VERBS = [
    Verb(name="segments.saved", sentence=_("saved the segment “%(name)s”"), after_undo=still_asked),
    Verb(
        name="segments.renamed",
        sentence=_("renamed the segment “%(name)s” to “%(to)s”"),
        after_undo=still_asked,
    ),
    Verb(
        name="segments.exported",
        sentence=_("exported %(count)s customers as %(format)s: %(asked)s"),
        one=_("exported one customer as %(format)s: %(asked)s"),
        said={"count": count},
        undo="never",
        why_not=_("What has left the house does not come back."),
    ),
    Verb(
        name="segments.export_agreed",
        sentence=_("agreed that %(name)s takes the whole register along"),
        undo="never",
        why_not=_("What has left the house does not come back."),
    ),
    Verb(name="segments.removed", sentence=_("removed the segment “%(name)s”"), after_undo=still_asked),
    Verb(name="segments.list_made", sentence=_("made the list “%(name)s”"), after_undo=still_asked),
    Verb(name="segments.list_changed", sentence=_("changed the list “%(name)s”"), after_undo=still_asked),
    _many("list_removed", _("removed the list “%(name)s” with %(count)s customers on it"),
          _("removed the list “%(name)s” with one customer on it"), after_undo=still_asked),
    _many("many_tagged", _("tagged %(count)s customers “%(value)s”"), _("tagged one customer “%(value)s”")),
    _many("many_untagged", _("took the tag “%(value)s” off %(count)s customers"),
          _("took the tag “%(value)s” off one customer")),
    _many("many_territory", _("set the territory of %(count)s customers to “%(value)s”"),
          _("set the territory of one customer to “%(value)s”")),
    _many("many_representative", _("set the representative of %(count)s customers to “%(value)s”"),
          _("set the representative of one customer to “%(value)s”")),
    _many("many_archived", _("archived %(count)s customers"), _("archived one customer")),
    _many("many_unarchived", _("took %(count)s customers out of the archive"),
          _("took one customer out of the archive")),
    _many("many_fact", _("set “%(label)s” of %(count)s customers"), _("set “%(label)s” of one customer")),
    _many("many_listed", _("put %(count)s customers on the list “%(value)s”"),
          _("put one customer on the list “%(value)s”"), after_undo=still_asked),
    _many("many_unlisted", _("took %(count)s customers off the list “%(value)s”"),
          _("took one customer off the list “%(value)s”")),
]  # fmt: skip
