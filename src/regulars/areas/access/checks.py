"""Who still comes in by a password alone."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from regulars.areas.access.models import Role, User
from regulars.areas.access.queries import guarded_users
from regulars.kernel.checks import Answer, Check, Seen


def _second_factors(at: datetime) -> Seen:
    guarded = guarded_users()
    people = User.objects.filter(active=True, password__isnull=False).values_list("pk", "role")
    bare = [role for pk, role in people if pk not in guarded]
    if not bare:
        return Seen("all")
    return Seen("an owner" if Role.OWNER in bare else "some", {"count": len(bare)})


CHECKS = [
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
