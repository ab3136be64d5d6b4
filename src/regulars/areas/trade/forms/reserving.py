"""The shape of what is asked of reservations, and of what is typed about them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from regulars.areas.trade.actions import Wish
from regulars.areas.trade.forms.purchases import any_place, day_field, figure_told
from regulars.areas.trade.models import STATES, Reservation
from regulars.kernel.errors import Refused
from regulars.kernel.forms import AskingForm, ChangingForm
from regulars.kernel.money import clean_decimal

_NUMBER: dict[str, Any] = {"required": False, "min_value": 1, "max_value": 2**53 - 1}


def _one_place() -> Sequence[tuple[str, str]]:
    return [("", "—"), *any_place()[1:]]


class WhichReservations(forms.Form):
    """In which state, of what, where, of whom; all that are open, or the overdue alone."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("open")), *STATES, ("all", _("all there ever were"))]
    )
    product = forms.CharField(label=_("Product number"), required=False, max_length=60)
    place = forms.ChoiceField(label=_("Place"), required=False, choices=lazy(any_place, list)())
    customer = forms.IntegerField(label=_("Customer number"), **_NUMBER)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)

    def asked(self, today: date) -> dict[str, Any]:
        told = self.cleaned_data
        named = {name: told[name] for name in ("product", "place", "customer") if told[name]}
        late = today if told["overdue"] else None
        return {"state": told["state"] or "open", "overdue_on": late, **named}


class _Quantity(ChangingForm):
    """A form with a quantity, in 1/10,000."""

    def clean_quantity(self) -> int:
        try:
            return clean_decimal(self.cleaned_data["quantity"])
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None


class WishForm(_Quantity, AskingForm):
    """What is to be kept. `customer` is asked for a new one alone, `kept_until` of one that is ready."""

    customer = forms.IntegerField(label=_("Customer number"), **{**_NUMBER, "required": True})
    product = forms.CharField(
        label=_("Product number"), required=False, max_length=60, help_text=_("Or write what it is.")
    )
    text = forms.CharField(label=_("What it is"), required=False, max_length=300)
    quantity = forms.CharField(label=_("Quantity"), max_length=24, widget=forms.TextInput({"inputmode": "decimal"}))
    place = forms.ChoiceField(label=_("To be fetched at"), required=False, choices=lazy(_one_place, list)())
    wanted_by = day_field(_("Needed by"))
    kept_until = day_field(_("Kept until"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *given: Any, row: Reservation | None = None, **told: Any) -> None:
        now = {"quantity": figure_told(10_000)}
        if row is not None:
            now = {name: getattr(row, name) for name in ("text", "wanted_by", "kept_until", "note")}
            now |= {"product": row.product.number if row.product else "", "quantity": figure_told(row.quantity)}
            now["place"] = row.place.code if row.place else ""
        super().__init__(*given, **{**told, "initial": now | told.get("initial", {})})
        if row is not None:
            del self.fields["customer"]
        if row is None or row.state != "ready":
            del self.fields["kept_until"]
        if row is not None:
            self.carry()

    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)


class CameForm(_Quantity):
    """So many of a product came, to be kept until a day."""

    product = forms.CharField(label=_("Product number"), max_length=60)
    quantity = forms.CharField(label=_("How many"), max_length=24, widget=forms.TextInput({"inputmode": "decimal"}))
    kept_until = day_field(_("Keep until"))


class KeepForm(forms.Form):
    """Until when what is ready is kept."""

    kept_until = day_field(_("Keep until"))
