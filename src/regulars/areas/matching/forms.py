"""The shape of what is asked before two cards are merged."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.customers.queries import visible
from regulars.kernel.actor import Actor


class WhichCard(forms.Form):
    """The number of the card that is merged into this one."""

    other = forms.IntegerField(
        label=gettext_lazy("Number of the other card"),
        help_text=gettext_lazy("It stands on the card, and beside the name in the list."),
        min_value=1,
        max_value=2**53 - 1,
    )

    def __init__(self, *given: Any, number: int, by: Actor, **told: Any) -> None:
        super().__init__(*given, **told)
        self.number, self.by = number, by

    def clean_other(self) -> int:
        other: int = self.cleaned_data["other"]
        if other == self.number:
            raise forms.ValidationError(_("This is the same card. Type the number of the other one."))
        if not visible(self.by).filter(pk=other).exists():
            raise forms.ValidationError(_("There is no customer %(number)s.") % {"number": other})
        return other
