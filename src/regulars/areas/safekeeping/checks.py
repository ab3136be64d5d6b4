"""How old the newest sound version is."""

from datetime import datetime, timedelta

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.models import Link
from regulars.areas.safekeeping.queries import versions
from regulars.kernel import places
from regulars.kernel.checks import Answer, Check, Seen
from regulars.kernel.errors import Refused

_OLD = timedelta(hours=26)  # the promise: one every night, proved


def _newest(at: datetime) -> Seen | None:
    if not places.home_path().exists():
        return None
    known = versions()
    sound = next((version for version in known if version.good), None)
    if sound is None:
        return Seen("only damaged" if known else "not yet" if _is_new(at) else "none")
    return Seen("old" if at - sound.at > _OLD else "fresh", {"age": at - sound.at})


def _is_new(at: datetime) -> bool:
    """Whether the house was opened less than a night ago."""
    try:
        first = Link.objects.order_by("number").values_list("at", flat=True).first()
    except (DatabaseError, Refused):
        return False
    return first is None or at - first < _OLD


_MAKE = _("Make one now: “regulars backup”. See that “regulars serve” runs at night and the disk has room.")

CHECKS = [
    Check(
        name="safekeeping.newest", title=_("Newest sound copy"), group="copies", find=_newest, every=60,
        answers={
            "fresh": Answer("good", _("It is %(age)s old.")),
            "old": Answer("bad", _("It is %(age)s old; there should be one every night."), _MAKE),
            "not yet": Answer("note", _("There is none yet; the first is made tonight."), _MAKE),
            "none": Answer("bad", _("There is none."), _MAKE),
            "only damaged": Answer(
                "bad",
                _("There is none: every copy was found damaged."),
                _("The disk may be failing. Make one on another disk: regulars backup --to PLACE"),
            ),
        },
    ),
]  # fmt: skip
