"""The shape of what is typed about the business's own facts, and of a file for a card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models import CustomField
from regulars.kernel.errors import Refused
from regulars.kernel.forms import ChangingForm

_KEPT = ("label", "type", "purpose", "keep", "protection")


class FieldForm(ChangingForm):
    """A fact of the business's own: its label, what kind of value it takes, why it is kept."""

    label = forms.CharField(label=_("What it is called"), max_length=100)
    type = forms.ChoiceField(label=_("What it holds"), choices=CustomField.TYPES)
    choices = forms.CharField(
        label=_("To choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. Only for a choice."),
    )
    purpose = forms.CharField(
        label=_("Why it is kept"), required=False, max_length=300, help_text=_("Customers may ask. One sentence.")
    )
    keep = forms.IntegerField(
        label=_("Keep for days"),
        required=False,
        min_value=1,
        max_value=CustomField.LONGEST_KEPT,
        help_text=_("Empty: as long as the card."),
    )
    protection = forms.ChoiceField(
        label=_("On the card"), choices=[("open", _("Shown")), ("masked", _("Hidden until asked for, and recorded"))]
    )

    def __init__(self, *args: Any, field: CustomField | None = None, **kwargs: Any) -> None:
        if field is not None:
            standing: dict[str, Any] = {name: getattr(field, name) for name in _KEPT}
            kwargs["initial"] = {**standing, "choices": "\n".join(field.choices)}
        super().__init__(*args, **kwargs)
        if field is not None:
            del self.fields["type"]  # values rest on it
            self.carry()

    def values(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        touched = self.touched()
        if "choices" in touched:
            touched["choices"] = [word.strip() for word in touched["choices"].splitlines() if word.strip()]
        return touched

    def refuse(self, refused: Refused) -> None:
        where = "label" if refused.where == "name" else refused.where
        self.add_error(where if where in self.fields else None, refused.message)


class FileForm(forms.Form):
    """A file for the card."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput, allow_empty_file=True
    )  # the action says what is wrong
