"""What the journal's page may be asked for. Shape only."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from re import sub
from typing import Any

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
