"""How the house is kept: the newest proved version, the second place, the weekly drill."""

from datetime import datetime

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.models import Link
from regulars.areas.safekeeping.keeping import arrangement, slips
from regulars.areas.safekeeping.queries import drills, newest_proved, trouble, versions
from regulars.kernel import places
from regulars.kernel.checks import Answer, Check, Seen
from regulars.kernel.errors import Refused


def _newest(at: datetime) -> Seen | None:
    if not places.home_path().exists():
        return None
    known = versions()
    proved = newest_proved(known)
    if proved is None:
        return Seen("only damaged" if known and not any(each.good for each in known) else _yet(at))
    if known[0].state == "doubtful":
        return Seen("doubtful", {"age": at - proved.at})
    return Seen("old" if at - proved.at > slips.LATE else "fresh", {"age": at - proved.at})


def _yet(at: datetime) -> str:
    """Whether the house was opened less than a night ago."""
    try:
        first = Link.objects.order_by("number").values_list("at", flat=True).first()
    except (DatabaseError, Refused):
        return "none"
    return "not yet" if first is None or at - first < slips.LATE else "none"


def _made(_at: datetime) -> Seen | None:
    why = trouble()
    return Seen("no", {"why": why}) if why else None


def _elsewhere(at: datetime) -> Seen | None:
    if not places.home_path().exists():
        return None
    if arrangement.arrangement().elsewhere is None:
        return Seen("nowhere")
    carried = max((each.elsewhere for each in versions() if each.elsewhere), default=None)
    if carried is None:
        return Seen("not there")
    return Seen("late" if at - carried > 2 * slips.LATE else "there", {"age": at - carried})


def _drilled(at: datetime) -> Seen | None:
    last = next(iter(drills(1)), None)
    if last is None:
        return None
    return Seen("came back" if last.ok else "did not", {"age": at - last.at})


_PAGE = "safekeeping:versions"
_MAKE = _("Make one now: “regulars backup”. See that “regulars serve” runs at night and the disk has room.")
_REACH = _("See on the page Safekeeping whether the place can be reached: the disk mounted, the server up, room left.")

CHECKS = [
    Check(
        name="safekeeping.newest", title=_("Newest proved version"), group="copies", find=_newest, every=60, page=_PAGE,
        answers={
            "fresh": Answer("good", _("It is %(age)s old.")),
            "old": Answer("bad", _("It is %(age)s old; there should be one every night."), _MAKE),
            "doubtful": Answer(
                "bad",
                _("It is %(age)s old. The newest version is a true copy of a register that is not as it was written."),
                _("See under Changes, Prove the register, what is wrong and where."),
            ),
            "not yet": Answer("note", _("There is none yet; the first is made tonight."), _MAKE),
            "none": Answer("bad", _("There is none."), _MAKE),
            "only damaged": Answer(
                "bad",
                _("There is none: every version was found damaged."),
                _("The disk may be failing. Make one on another disk: regulars backup --to PLACE"),
            ),
        },
    ),
    Check(
        name="safekeeping.made", title=_("Last version"), group="copies", find=_made, every=60, page=_PAGE,
        database=True,
        answers={"no": Answer("watch", _("It could not be made: %(why)s"), _MAKE)},
    ),
    Check(
        name="safekeeping.elsewhere", title=_("Second place"), group="copies", find=_elsewhere, page=_PAGE,
        answers={
            "there": Answer("good", _("The newest version there is %(age)s old.")),
            "nowhere": Answer(
                "note",
                _("There is none: a fire or a thief would take the register and its versions together."),
                _("Name another disk, a server or a bucket on the page Safekeeping."),
            ),
            "not there": Answer("watch", _("No version has come there yet."), _REACH),
            "late": Answer("bad", _("The newest version there is %(age)s old."), _REACH),
        },
    ),
    Check(
        name="safekeeping.drill", title=_("Bringing back, on trial"), group="copies", find=_drilled, page=_PAGE,
        database=True,
        answers={
            "came back": Answer("good", _("The last trial succeeded, %(age)s ago.")),
            "did not": Answer(
                "bad",
                _("The last trial failed, %(age)s ago: the version did not come back as a register."),
                _("See on the page Safekeeping why; prove the older versions, and make a new one."),
            ),
        },
    ),
]  # fmt: skip
