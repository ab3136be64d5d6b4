"""Facts of the business's own: defined once, they behave as built-in ones everywhere."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.text import clean, fold

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def define_field(
    *, label: str, type: str, by: Actor, at: datetime, name: str = "", choices: list[str] | None = None, **more: Any
) -> str:
    """Defines a custom field and returns its name (`custom.NAME` in criteria). `more`: purpose, keep, protection."""
    label = clean(label)[:100]
    name = name or re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:60]
    if not label or not _NAME.fullmatch(name):
        raise Refused(_("A field needs a label with at least one Latin letter, or a name of a to z."), where="name")
    if type not in dict(models.CustomField.TYPES):
        raise Refused(
            _("A field is one of: %(words)s.") % {"words": ", ".join(dict(models.CustomField.TYPES))}, where="type"
        )
    words = [each for each in map(clean, choices or []) if each]
    if type == "code" and not words:
        raise Refused(_("A choice needs the words to choose from."), where="choices")
    with deed(verb="customers.field_defined", by=by, at=at, particulars={"label": label, "field": name}) as link:
        if models.CustomField.objects.filter(name=name).exists():
            raise Refused(_("There is a field called %(name)s already.") % {"name": name}, where="name")
        link.add(models.CustomField(name=name, label=label, type=type, choices=words, **_known(more)))
    return name


def change_field(*, name: str, by: Actor, at: datetime, **values: Any) -> int | None:
    """Changes a field's label, choices, purpose, keep or protection. Its name and type stay: values rest on them."""
    with deed(verb="customers.field_changed", by=by, at=at, particulars={"field": name}) as link:
        field = models.CustomField.objects.filter(name=name).first()
        if field is None:
            raise NotFound(_("There is no field called %(name)s.") % {"name": name})
        link.particulars["label"] = values.get("label") or field.label
        link.change(field, **_known(values, "label", "choices"))
    return link.changeset


def _known(values: dict[str, Any], *further: str) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k in ("purpose", "keep", "protection", *further) and v is not None}
