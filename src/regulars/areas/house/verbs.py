from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb

VERBS = [
    Verb(name="house.settings_changed", sentence=_("changed the settings of the house: %(settings)s")),
]
