from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb

VERBS = [
    Verb(name="consent.refused", sentence=_("noted a no of card %(number)s: %(what)s")),
    Verb(name="consent.given", sentence=_("noted a yes of card %(number)s: %(what)s")),
    Verb(name="consent.corrected", sentence=_("took an answer off card %(number)s: %(what)s")),
]
