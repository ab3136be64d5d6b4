"""Facts of the business's own: defined once, they behave as built-in ones everywhere."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.journal.actions import deed
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.text import clean, fold

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def define_field(
    *, label: str, type: str, by: Actor, at: datetime, name: str = "", choices: list[str] | None = None, **more: Any
) -> str:
    """Defines a custom field and returns its name (`custom.NAME` in criteria). `more`: purpose, keep, protection."""
    label = clean(label)
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
        link.add(models.CustomField(name=name, type=type, choices=words, **_known({"label": label, **more}, "label")))
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
    """Those that are said. Raises Refused for what a field cannot hold."""
    said = {k: v for k, v in values.items() if k in ("purpose", "keep", "protection", *further) and v is not None}
    texts = {"label": (_("What it is called"), 100), "purpose": (_("Why it is kept"), 300)}
    for name, (label, longest) in texts.items():
        if len(said.get(name, "")) > longest:
            message = _("%(where)s takes at most %(longest)s characters.")
            raise Refused(message % {"where": label, "longest": longest}, where=name)
    if not 1 <= said.get("keep", 1) <= models.CustomField.LONGEST_KEPT:
        message = _("A field is kept from one to %(most)s days after the relation ends, or as long as the card.")
        raise Refused(message % {"most": saying.count(models.CustomField.LONGEST_KEPT)}, where="keep")
    return said
