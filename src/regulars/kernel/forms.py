"""Forms that change what stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ChangingForm(forms.Form):
    """Carries what its fields said when they were shown, so that an old view brings nothing back: what somebody else
    changed meanwhile, and nobody touched here, stays as it is now."""

    def carry(self, *names: str) -> None:
        """From here on, with the fields of these names; with all that it has now where none is named."""
        for name in names or self.fields:
            self.fields[name].show_hidden_initial = True

    def touched(self) -> dict[str, Any]:
        """What was typed where it differs from what was shown; all of it where nobody says what that was."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.changed_data or self[name].html_initial_name not in self.data
        }


class AskingForm(forms.Form):
    """Makes something new, of which the same may stand already: with *back* and Enter a browser sends again what it
    sent before. Asks then, and makes a second one when told so."""

    def ask(self, stands: str) -> None:
        """Says what stands already and offers to make a second one."""
        self.add_error(None, stands)
        self.fields["second"] = forms.BooleanField(label=_("Make a second one all the same"), required=False)

    @property
    def means_a_second(self) -> bool:
        return bool(self.data.get("second"))
