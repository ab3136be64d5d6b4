"""Forms that change what stands."""

from typing import Any

from django import forms


class ChangingForm(forms.Form):
    """Carries what its fields said when they were shown, so that an old view brings nothing back: what somebody else
    changed meanwhile, and nobody touched here, stays as it is now."""

    def carry(self) -> None:
        """From here on, with the fields that it has now."""
        for field in self.fields.values():
            field.show_hidden_initial = True

    def touched(self) -> dict[str, Any]:
        """What was typed where it differs from what was shown; all of it where nobody says what that was."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.changed_data or self[name].html_initial_name not in self.data
        }
