"""The settings as a form, made from their declarations; the moment that a page looks back to. Nothing is saved here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from regulars.areas.house import countries
from regulars.areas.house.models import GROUPS, SETTINGS, Declared
from regulars.areas.house.queries import House, moment_asked, today
from regulars.areas.journal.queries import as_of
from regulars.kernel.forms import ChangingForm
from regulars.kernel.http import takes_at

_MONDAY = date(2024, 1, 1)


class SettingsForm(ChangingForm):
    """One field per declared setting, hours as one field per weekday (`hours_0` is Monday)."""

    def __init__(self, *args: Any, standing: House, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(standing)
        super().__init__(*args, **kwargs)
        for declared in SETTINGS:
            for name, field in _fields(declared):
                self.fields[name] = field
        self.standing = standing
        self.carry()

    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(name, heading, fields) of each group, in order."""
        return [(name, str(label), self.fields_of(name)) for name, label in GROUPS]

    def fields_of(self, group: str) -> list[forms.BoundField]:
        names = [name for each in SETTINGS if each.group == group for name, _field in _fields(each)]
        return [self[name] for name in names if not name.startswith("hours_")]

    def hours(self) -> list[forms.BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]

    def values(self) -> dict[str, Any]:
        """What was changed, by setting."""
        touched = self.touched()
        given = {each.name: touched[each.name] for each in SETTINGS if each.name in touched}
        hours = tuple(touched.get(f"hours_{day}", text) for day, text in enumerate(self.standing.hours))
        return {**given, "hours": hours}

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
    label = capfirst(date_format(_MONDAY + timedelta(days=day), "l"))
    widget = forms.TextInput(attrs={"placeholder": _("closed")})
    return forms.CharField(label=label, required=False, max_length=60, widget=widget)


class OwnNames(forms.CheckboxSelectMultiple):
    """Languages to tick, each called as its speakers call it and marked as theirs: it is read out by their rules, and
    no page loads a whole script for one word."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        own = format_html('<span lang="{}">{}</span>', value, label)
        return super().create_option(name, value, own, *args, **kwargs)


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
            return forms.MultipleChoiceField(choices=countries.languages, widget=OwnNames, **told)
        case "yes":
            return forms.BooleanField(**{**told, "required": False})
        case "email":
            return forms.EmailField(**told)
        case _:
            return forms.CharField(max_length=120, **told)


# --- the moment that a page looks back to -----------------------------------------------------------------------------

_READING = frozenset({"customers.view", "customers.unmask", "customers.export", "journal.view", "trade.view"})


@contextmanager
def looking(request: HttpRequest, asked: Mapping[str, str]) -> Iterator[datetime]:
    """The instant that `at` of what is asked names, and the register as it stood then, to be read and not changed; now
    without one.

    Puts `moment` on the request, None in the present, and `then`, what was asked. Raises Refused.
    """
    now = timezone.now()
    text = asked.get("at", "").strip()
    moment = moment_asked(text, now=now)
    request.moment, request.then = moment, text if moment else ""  # type: ignore[attr-defined]
    if moment is not None:
        request.only = _READING  # type: ignore[attr-defined]
    with as_of(moment):
        yield now if moment is None else moment.at


def looks_back(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that can be read as of `at`. The `day` and `hour` of its form become the `at` of its address."""

    @takes_at
    @wraps(view)
    def looked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "day" in request.GET:
            return HttpResponse(status=302, headers={"Location": _with_one_moment(request)})
        with looking(request, request.GET):
            return view(request, *args, **kwargs)

    return looked


def _with_one_moment(request: HttpRequest) -> str:
    asked = request.GET.copy()
    day, hour = asked.pop("day")[-1], "".join(asked.pop("hour", [""])[-1:])
    asked.pop("at", None)
    if day and not (day == today(timezone.now()).isoformat() and not hour):
        asked["at"] = f"{day}T{hour}" if hour else day
    return f"{request.path}?{asked.urlencode()}" if asked else request.path
