"""What is done to pairs, in one sentence each."""

from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb

VERBS = [
    Verb(name="matching.rejected", sentence=_("noted that cards %(a)s and %(b)s are two people"), typed=False),
]
