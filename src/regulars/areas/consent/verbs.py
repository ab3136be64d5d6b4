from django.utils.translation import gettext_lazy as _

from regulars.areas.consent.models import CHANNELS, PURPOSES
from regulars.kernel.registries import Verb

_WORDS = dict((*CHANNELS, *PURPOSES))


def _pairs(what: str) -> str:
    """`email offers, post offers` in the reader's language."""
    pairs = (pair.split(" ") for pair in what.split(", "))
    return ", ".join(": ".join(str(_WORDS.get(word, word)) for word in pair) for pair in pairs)


_SAID = {"what": _pairs}
VERBS = [
    Verb(name="consent.refused", kind="allowed", sentence=_("noted a no of card %(number)s: %(what)s"), said=_SAID),
    Verb(name="consent.given", kind="allowed", sentence=_("noted a yes of card %(number)s: %(what)s"), said=_SAID),
    Verb(
        name="consent.corrected", kind="allowed", sentence=_("took an answer off card %(number)s: %(what)s"), said=_SAID
    ),
]
