"""Whether the journal is signed in time and proved, and whether the clock went back."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.chain import heads
from regulars.areas.journal.models import Link
from regulars.areas.journal.queries import proofs
from regulars.kernel.checks import Answer, Check, Seen

_UNSIGNED = timedelta(minutes=5)  # the promise is 60 seconds (security L4)
_PROOF_OLD = timedelta(hours=50)  # it runs every night: one may fall out
_BACK = timedelta(minutes=2)


def _heads(at: datetime) -> Seen:
    newest = Link.objects.order_by("-number").values_list("number", "at").first()
    if newest is None:
        return Seen("empty")
    number, written = newest
    signed = heads.last()
    links = signed.links if signed else 0
    if links >= number or at - written < _UNSIGNED:
        return Seen("signed", {"count": number})
    return Seen("late", {"age": at - written})


def _proof(at: datetime) -> Seen:
    known = proofs()
    if not known:
        return Seen("none")
    newest = known[0]
    told = {"age": at - newest.at}
    if newest.error:
        return Seen("broken off", told)
    if not newest.ok:
        return Seen("found", {"count": len(newest.problems), **told})
    return Seen("old" if at - newest.at > _PROOF_OLD else "well", told)


def _clock(at: datetime) -> Seen | None:
    last = Link.objects.order_by("-number").values_list("at", flat=True).first()
    if last is None:
        return None
    return Seen("back", {"age": last - at, "at": last}) if last - at > _BACK else Seen("on")


CHECKS = [
    Check(
        name="journal.heads", title=_("Signed journal"), group="copies", find=_heads, every=60, database=True,
        answers={
            "empty": Answer("good", _("Nothing is written yet.")),
            "signed": Answer("good", _("Every link of the chain is signed: %(count)s.")),
            "late": Answer(
                "bad",
                _("What was written %(age)s ago is not signed yet: cutting it off would not be noticed."),
                _("Restart “regulars serve”, and see that it may write beside the key file."),
            ),
        },
    ),
    Check(
        name="journal.proof", title=_("Proof of the register"), group="copies", find=_proof, every=60, database=True,
        page="proof",
        answers={
            "well": Answer("good", _("Proved %(age)s ago: all is as it was written.")),
            "none": Answer(
                "note", _("It has not been proved yet."), _("It is proved every night; “regulars verify” does it now.")
            ),
            "old": Answer(
                "watch",
                _("It was proved %(age)s ago; it should be every night."),
                _("Let “regulars serve” run at night, or prove it now."),
            ),
            "broken off": Answer(
                "watch",
                _("The last proof, %(age)s ago, did not come to its end."),
                _("Prove it again; if that fails too, run “regulars verify” at the machine."),
            ),
            "found": Answer(
                "bad",
                _("The last proof, %(age)s ago, found what is not as it was written: %(count)s."),
                _("See the proof. Find out who could reach the database before you go on."),
            ),
        },
    ),
    Check(
        name="journal.clock", title=_("Clock goes forward"), group="machine", find=_clock, every=60, database=True,
        answers={
            "on": Answer("good", _("It stands after the last change.")),
            "back": Answer(
                "bad",
                _("It stands %(age)s before the last change, which was written %(at)s: one of the two times is wrong."),
                _("Set the clock of the machine right. What was written meanwhile keeps the time it got."),
            ),
        },
    ),
]  # fmt: skip
