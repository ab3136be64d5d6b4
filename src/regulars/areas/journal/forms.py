"""What the journal's page may be asked for. Shape only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from re import ASCII, fullmatch, sub
from typing import Any, Literal

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.areas.journal.queries import listed
from regulars.kernel import registries


def _verbs() -> Sequence[tuple[str, str]]:
    """Each verb by its sentence, its particulars as a gap."""
    told = [(v.name, capfirst(listed(sub(r"%\(\w+\)s", "…", str(v.sentence))))) for v in registries.verbs().values()]
    return [("", "—"), *sorted(told, key=lambda each: each[1])]


class HowToUndo:
    """What to do with later edits, from a form or an address: `later` the rule, `decide-KEY` one by one, `seen` how far
    the journal had come when it was asked. Anything unreadable is the cautious answer."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def rule(self) -> Literal["keep", "overwrite"]:
        return "overwrite" if self.given.get("later") == "overwrite" else "keep"

    def decisions(self) -> dict[str, Literal["keep", "overwrite"]]:
        told = {name.removeprefix("decide-"): self.given[name] for name in self.given if name.startswith("decide-")}
        return {key: "overwrite" if each == "overwrite" else "keep" for key, each in told.items()}

    def seen(self) -> int | None:
        return self._number("seen")

    def skip(self) -> int:
        return min(self._number("skip") or 0, 10_000_000)

    def _number(self, name: str) -> int | None:
        text = str(self.given.get(name, ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


class WhichDeeds(forms.Form):
    """Who, what, from which day to which (both included; `day` in an address is one), to which customer. An unknown
    name in the address is an error, never ignored."""

    by = forms.CharField(label=_("Who"), required=False, max_length=200)
    verb = forms.ChoiceField(label=_("What"), required=False, choices=lazy(_verbs, list)())
    since = forms.DateField(
        label=pgettext_lazy("from one day to another", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=pgettext_lazy("from one day to another", "To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    customer = forms.IntegerField(label=_("Customer"), required=False, min_value=1)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, given: Mapping[str, Any], *, people: Sequence[str] = ()) -> None:
        day = given.get("day")
        super().__init__({**{name: given[name] for name in given}, "since": day, "until": day} if day else given)
        self.people = people
        self.fields["by"].widget.attrs.update({"list": "people", "autocomplete": "off"})
        self.fields["customer"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def asked(self) -> dict[str, Any]:
        """The arguments of `queries.changes`."""
        given = self.cleaned_data
        asked: dict[str, Any] = {name: given[name] for name in ("by", "verb", "customer", "before") if given.get(name)}
        if since := given.get("since"):
            asked["since"] = _beginning(since)
        if until := given.get("until"):
            asked["until"] = _beginning(until + timedelta(days=1))
        return asked


def _beginning(day: date) -> datetime:
    """The first moment of a house day."""
    return timezone.make_aware(datetime.combine(day, time.min))


class WhichPart:
    """Which part of a deed: after which place, of which customer. Anything unreadable is the beginning, and all."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def after(self) -> tuple[int, int]:
        found = fullmatch(r"(\d{1,17})\.(\d{1,9})", str(self.given.get("after", "")), ASCII)
        return (int(found[1]), int(found[2])) if found else (0, -1)

    def customer(self) -> int | None:
        text = str(self.given.get("customer", ""))
        return int(text) if fullmatch(r"\d{1,17}", text, ASCII) else None
