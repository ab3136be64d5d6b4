"""How a fact is asked for: the form field of its type, and what stands in it. Rules stay with the actions."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.kernel import saying
from regulars.kernel.registries import Fact
from regulars.kernel.text import sort_key

HIDDEN = saying.HIDDEN
_LONG = ("text", "note")
_CODES = 40  # as many choices as a select shows without effort


def input_of(fact: Fact, *, hides: bool = False) -> forms.Field:
    """The form field in which this fact is typed or chosen; `hides` where a hidden value stands that may be replaced.

    Nothing is required here: the action says what is.
    """
    told: dict[str, Any] = {"label": capfirst(str(fact.label)), "required": False, "help_text": _help(fact, hides)}
    field = _field(fact, told)
    field.show_hidden_initial = True  # what stood there when the form was opened, so that only changes are sent
    field.widget.attrs.update(_attributes(fact, hides))
    return field


def _field(fact: Fact, told: dict[str, Any]) -> forms.Field:
    if fact.type == "yesno":
        return forms.ChoiceField(choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], **told)
    if fact.choices:
        return forms.ChoiceField(choices=[("", "—"), *fact.choices], **told)
    if fact.type == "country":
        return forms.ChoiceField(choices=lazy(countries, list)(), **told)
    if fact.type == "language":
        return forms.ChoiceField(choices=lazy(languages, list)(), **told)
    if fact.type == "date":
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **told)
    if fact.name == "note":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **told)
    return forms.CharField(max_length=20_000, **told)


def _help(fact: Fact, hides: bool) -> Any:
    if hides:
        return _("Hidden. Type to replace it; - takes it away.")
    if fact.type == "birthday":
        return _("As 1958-03-07, or --03-07 where the year is not known.")
    if fact.type == "sealed":
        return fact.help or _("Enciphered for itself; its last signs only are shown.")
    return fact.help


def _attributes(fact: Fact, hides: bool) -> Mapping[str, str]:
    attributes: dict[str, str] = {}
    match fact.type:
        case "email":
            attributes = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        case "phone":
            attributes = {"inputmode": "tel"}
        case "number":
            attributes = {"inputmode": "numeric"}
        case "decimal" | "money":
            attributes = {"inputmode": "decimal"}
        case "customer":
            attributes = {"data-picks": "yes", "list": "pick"}
    if hides:
        attributes["placeholder"] = HIDDEN
    if fact.words:
        attributes["list"] = "labels"
    if fact.name == "time_zone":
        attributes["list"] = "zones"
    return {"autocomplete": "off", **attributes}


def initial_of(fact: Fact, value: Any) -> str:
    """The kept value as it stands in its field; a hidden one never does."""
    if value is None or fact.protection != "open" or fact.type == "sealed":
        return ""
    if fact.type == "yesno":
        return "yes" if value else "no"
    return saying.said(fact, value) if fact.words else str(value)


def value_of(fact: Fact, typed: str) -> Any:
    """What was typed, as the card takes it; None takes the value away."""
    if fact.protection != "open" and typed.strip() == "-":
        return None
    return saying.kept_word(fact, typed) if typed != "" else None


def countries() -> Sequence[tuple[str, str]]:
    names = {code: name for code, name in saying.locale().territories.items() if len(code) == 2 and code.isalpha()}
    return [
        ("", "—"),
        *sorted(
            ((c, str(n)) for c, n in names.items() if c not in ("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB")),
            key=_by_name,
        ),
    ]


def languages() -> Sequence[tuple[str, str]]:
    names = [(code, str(name)) for code, name in saying.locale().languages.items() if len(code) == 2]
    return [("", "—"), *sorted(((code, capfirst(name)) for code, name in names), key=_by_name)]


def _by_name(pair: tuple[str, str]) -> str:
    return sort_key(pair[1], get_language() or "en")


def zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
