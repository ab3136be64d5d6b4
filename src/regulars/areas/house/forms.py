"""The settings as a form, made from their declarations. It reads input; it never saves."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.areas.house import countries
from regulars.areas.house.models import GROUPS, SETTINGS, Declared
from regulars.areas.house.queries import House

_MONDAY = date(2024, 1, 1)


class SettingsForm(forms.Form):
    """One field per declared setting, hours as one field per weekday (`hours_0` is Monday)."""

    def __init__(self, *args: Any, standing: House, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(standing)
        super().__init__(*args, **kwargs)
        for declared in SETTINGS:
            for name, field in _fields(declared):
                self.fields[name] = field

    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(name, heading, fields) of each group, in order."""
        return [(name, str(label), self.fields_of(name)) for name, label in GROUPS]

    def fields_of(self, group: str) -> list[forms.BoundField]:
        names = [name for each in SETTINGS if each.group == group for name, _field in _fields(each)]
        return [self[name] for name in names if not name.startswith("hours_")]

    def hours(self) -> list[forms.BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]

    def values(self) -> dict[str, Any]:
        """What was typed, by setting."""
        given = {each.name: self.cleaned_data[each.name] for each in SETTINGS if each.name in self.cleaned_data}
        return {**given, "hours": tuple(self.cleaned_data[f"hours_{day}"] for day in range(7))}

    def refuse(self, where: str | None, message: str) -> None:
        """Puts a refusal of the action beside its field."""
        self.add_error("hours_0" if where == "hours" else where if where in self.fields else None, message)


def _initial(standing: House) -> dict[str, Any]:
    hours = {f"hours_{day}": text for day, text in enumerate(standing.hours)}
    return {**{each.name: getattr(standing, each.name) for each in SETTINGS}, **hours}


def _fields(declared: Declared) -> Sequence[tuple[str, forms.Field]]:
    if declared.kind == "hours":
        return [(f"hours_{day}", _hours_field(day)) for day in range(7)]
    return [(declared.name, _field(declared))]


def _hours_field(day: int) -> forms.Field:
    label = date_format(_MONDAY + timedelta(days=day), "l")
    widget = forms.TextInput(attrs={"placeholder": _("closed")})
    return forms.CharField(label=label, required=False, max_length=60, widget=widget)


def _field(declared: Declared) -> forms.Field:
    told: dict[str, Any] = {"label": declared.label, "help_text": declared.help, "required": bool(declared.default)}
    match declared.kind:
        case "number":
            return forms.IntegerField(min_value=declared.least, max_value=declared.most, **told)
        case "country":
            return forms.ChoiceField(choices=countries.names, **told)
        case "currency":
            return forms.ChoiceField(choices=countries.currencies, **told)
        case "zone":
            return forms.ChoiceField(choices=countries.time_zones, **told)
        case "language":
            return forms.ChoiceField(choices=countries.languages, **told)
        case "languages":
            return forms.MultipleChoiceField(choices=countries.languages, widget=forms.CheckboxSelectMultiple, **told)
        case "email":
            return forms.EmailField(**told)
        case _:
            return forms.CharField(max_length=120, **told)
