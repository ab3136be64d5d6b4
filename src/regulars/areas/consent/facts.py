"""What can be asked about what a customer allows: `consent(email, offers)`, `refused(post, surveys)`."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.areas.consent.models import CHANNELS, PURPOSES
from regulars.kernel.registries import Asked, Fact, Present, Text

_LEAVE_IN_PEACE = _("to write only to those who want it, and to prove it")
_PARAMETERS = (
    ("channel", "channel", tuple(word for word, _label in CHANNELS)),
    ("purpose", "purpose", tuple(word for word, _label in PURPOSES)),
)


def _asked(name: str, label: Text, answer: str) -> Fact:
    return Fact(
        name=name,
        type="yesno",
        label=label,
        purpose=_LEAVE_IN_PEACE,
        basis="legal_duty",
        writable=False,
        source=Asked("consent.Answer", _PARAMETERS, (("answer", answer),), (*CHANNELS, *PURPOSES)),
    )


FACTS = [
    _asked("consent", _("Agreed"), "given"),
    _asked("refused", pgettext_lazy("a fact", "Refusal"), "refused"),
    _asked("claimed", _("Agreement claimed, unproved"), "claimed"),
    Fact(
        name="said_no",
        type="yesno",
        label=_("Said no to something"),
        purpose=_LEAVE_IN_PEACE,
        basis="legal_duty",
        writable=False,
        source=Present("consent.Answer", (("answer", "refused"),)),
    ),
    Fact(
        name="answered",
        type="yesno",
        label=_("Has answered a consent question"),
        purpose=_LEAVE_IN_PEACE,
        basis="legal_duty",
        writable=False,
        source=Present("consent.Answer"),
    ),
]
