from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb

VERBS = [
    Verb(name="journal.undone", typed=False, sentence=_("took back deed %(undoes)s")),
]
