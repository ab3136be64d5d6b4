"""Who still comes in by a password alone."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from regulars.areas.access.models import Noticed, Role, User
from regulars.areas.access.queries import guarded_users
from regulars.kernel.checks import Answer, Check, Seen


def _second_factors(at: datetime) -> Seen:
    guarded = guarded_users()
    people = User.objects.filter(active=True, password__isnull=False).values_list("pk", "role")
    bare = [role for pk, role in people if pk not in guarded]
    if not bare:
        return Seen("all")
    return Seen("an owner" if Role.OWNER in bare else "some", {"count": len(bare)})


def _reading(at: datetime) -> Seen:
    count = Noticed.objects.count()
    return Seen("much", {"count": count}) if count else Seen("usual")


CHECKS = [
    Check(
        name="access.reading", title=_("How much is read"), group="keys", find=_reading, every=0, database=True,
        page="people", urgent=True,
        answers={
            "usual": Answer("good", _("Nobody reads more than one does at work.")),
            "much": Answer(
                "bad",
                _("People who read more than 500 customers within ten minutes: %(count)s. They read slowly now."),
                _(
                    "See who under People and rights, and ask. Not her doing? End her sessions and tokens, give her a "
                    "new password. All right? Say so on her page."
                ),
            ),
        },
    ),
    Check(
        name="access.second_factors", title=_("Second factor"), group="keys", find=_second_factors, every=600,
        database=True, page="people",
        answers={
            "all": Answer("good", _("Everybody who comes in has one.")),
            "some": Answer(
                "watch",
                _("People who come in by a password alone: %(count)s."),
                _("Ask them to set one up, or ask it of everybody under Settings."),
            ),
            "an owner": Answer(
                "watch",
                _("People who come in by a password alone: %(count)s, an owner among them."),
                _("Begin with the owner: your account, second factor. Then ask it of everybody under Settings."),
            ),
        },
    ),
]  # fmt: skip
