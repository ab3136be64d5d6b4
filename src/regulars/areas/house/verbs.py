from django.utils.translation import gettext_lazy as _

from regulars.areas.house.models import setting_said
from regulars.kernel.registries import Verb


def _labels(names: str) -> str:
    return ", ".join(setting_said(name) for name in names.split(", "))


VERBS = [
    Verb(
        name="house.settings_changed",
        sentence=_("changed the settings of the house: %(settings)s"),
        said={"settings": _labels},
    ),
]
