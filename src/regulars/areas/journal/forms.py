"""What the journal's page may be asked for. Shape only."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from re import sub
from typing import Any, Literal

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

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
    """Who, what, on which day, to which customer. An unknown name in the address is an error, never ignored."""

    by = forms.CharField(label=_("Who"), required=False, max_length=200)
    verb = forms.ChoiceField(label=_("What"), required=False, choices=lazy(_verbs, list)())
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    customer = forms.IntegerField(label=_("Customer"), required=False, min_value=1)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["by"].widget.attrs.update({"list": "people", "autocomplete": "off"})
        self.fields["customer"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def asked(self) -> dict[str, Any]:
        """The arguments of `queries.changes`."""
        given = self.cleaned_data
        asked: dict[str, Any] = {name: given[name] for name in ("by", "verb", "customer", "before") if given.get(name)}
        if day := given.get("day"):
            begins = timezone.make_aware(datetime.combine(day, time.min))
            asked.update(since=begins, until=timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)))
        return asked
