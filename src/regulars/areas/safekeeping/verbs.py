from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb

VERBS = [
    Verb(
        name="safekeeping.arranged",
        sentence=_("arranged how versions are kept: %(budget)s %% of the disk, second place %(place)s"),
        undo="never",
        why_not=_("It changes no row of the register: change it on the page Safekeeping."),
        said={"budget": str},
    )
]
