"""The shape of what is asked of purchases, and of what is typed about them. Money comes as text and leaves exact."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import get_format
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.areas.trade.models import CHANNELS, PLACES, REASONS, Place, ProductType
from regulars.areas.trade.queries import days_of
from regulars.kernel.errors import Refused
from regulars.kernel.forms import ChangingForm
from regulars.kernel.money import clean_decimal, clean_money, plain


def any_place() -> Sequence[tuple[str, str]]:
    return [("", _("everywhere")), *Place.objects.order_by("name").values_list("code", "name")]  # type: ignore[list-item]


def _branches() -> Sequence[tuple[str, str]]:
    found = Place.objects.filter(within=None, kind="branch").order_by("name").values_list("code", "name")
    return [("", "—"), *found]


def day_field(label: Any) -> forms.DateField:
    # the browser writes the day as the reader does, and wants it in ISO 8601 whatever the language
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class WhichPurchases(forms.Form):
    """Where, through which channel, from which day to which, of which customer, of what; all, or those late alone."""

    place = forms.ChoiceField(label=_("Place"), required=False, choices=lazy(any_place, list)())
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("any")), *CHANNELS])
    since = day_field(pgettext_lazy("from one day to another", "From"))
    until = day_field(pgettext_lazy("from one day to another", "To"))
    customer = forms.IntegerField(label=_("Customer number"), required=False, min_value=1, max_value=2**53 - 1)
    product = forms.CharField(label=_("Product number"), required=False, max_length=60)
    late = forms.BooleanField(label=_("Late deliveries only"), required=False)

    def asked(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}


class WhichDeliveries(forms.Form):
    """By what, and from which day to which; left out, by product, and the last 90 days."""

    each = forms.ChoiceField(
        label=pgettext_lazy("a list by product, by place", "By"), required=False,
        choices=[("product", _("Product")), ("type", _("Type")), ("place", _("Place")), ("channel", _("Channel"))],
    )  # fmt: skip
    since = day_field(pgettext_lazy("from one day to another", "From"))
    until = day_field(pgettext_lazy("from one day to another", "To"))

    def asked(self, today: date) -> dict[str, Any]:
        told = self.cleaned_data
        since, until = days_of(told["since"], told["until"], today)
        return {"each": told["each"] or "product", "since": since, "until": until}


class WhatGoesBack(forms.Form):
    """A quantity for each line that something is left of, `line-2`; the reason for all of it."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose one")), *REASONS])
    remark = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def __init__(self, *given: Any, lines: Sequence[Any], **told: Any) -> None:
        super().__init__(*given, **told)
        self.ordinals = [line.ordinal for line in lines if line.left > 0]

    def items(self) -> list[tuple[int, int]]:
        """(ordinal, quantity in 1/10,000) of what was typed. Raises Refused for what is no number."""
        typed = [(ordinal, str(self.data.get(f"line-{ordinal}", "")).strip()) for ordinal in self.ordinals]
        return [(ordinal, clean_decimal(text)) for ordinal, text in typed if text and clean_decimal(text)]


class Correction(ChangingForm):
    """What may be put right of a purchase as a whole."""

    customer = forms.IntegerField(
        label=_("Customer number"), required=False, min_value=1, max_value=2**53 - 1,
        help_text=_("Empty where nobody knows who bought."),
    )  # fmt: skip
    place = forms.ChoiceField(label=_("Place"), choices=lazy(any_place, list)())
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    served_by = forms.CharField(
        label=_("Served by"), required=False, max_length=100, widget=forms.TextInput(attrs={"list": "staff"})
    )
    promised = day_field(_("Delivery promised"))
    sent = day_field(_("Sent"))
    delivered = day_field(_("Delivered"))
    damaged = forms.BooleanField(label=_("Arrived damaged"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        self.carry()


class VoidWhy(forms.Form):
    """Why a purchase is void. Its fields have ids of their own: it stands beside the form that takes lines back."""

    reason = forms.CharField(label=_("Why is it void?"), max_length=200)

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **{"auto_id": "void_%s"} | told)


class ProductForm(ChangingForm):
    """A product. `number` is asked for a new one alone."""

    number = forms.CharField(label=_("Product number"), max_length=60)
    name = forms.CharField(label=_("Name"), required=False, max_length=300)
    type = forms.CharField(
        label=_("Type"), required=False, max_length=100, help_text=_("Books, toys: what it is counted by."),
        widget=forms.TextInput(attrs={"list": "types"}),
    )  # fmt: skip
    price = forms.CharField(label=_("Price of one"), required=False, max_length=40)
    warranty = forms.IntegerField(
        label=_("Months of warranty"), required=False, min_value=0, max_value=1200,
        help_text=_("Of what is sold from now on; empty for none."),
    )  # fmt: skip

    def __init__(self, *given: Any, currency: str, known: bool = False, **told: Any) -> None:
        super().__init__(*given, **told)
        self.currency = currency
        self.types = list(ProductType.objects.order_by("name").values_list("name", flat=True)[:200])
        if known:
            del self.fields["number"]
            self.carry()

    def clean_price(self) -> tuple[int, str] | None:
        text = self.cleaned_data["price"].strip()
        if not text:
            return None
        try:
            return clean_money(text, self.currency)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None

    def values(self) -> dict[str, Any]:
        touched = self.touched()
        told: dict[str, Any] = {name: touched[name] for name in ("name", "type") if name in touched}
        told |= {"warranty": touched["warranty"] or 0} if "warranty" in touched else {}
        price = touched.get("price")
        return told | ({"price": price[0], "currency": price[1]} if price else {})


class PlaceForm(ChangingForm):
    """A place. `code` is asked for a new one alone."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("What programs and files call it by."))
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=PLACES)
    within = forms.ChoiceField(label=_("Stands in"), required=False, choices=lazy(_branches, list)())
    territory = forms.CharField(label=_("Territory"), required=False, max_length=60)

    def __init__(self, *given: Any, known: bool = False, **told: Any) -> None:
        super().__init__(*given, **told)
        if known:
            del self.fields["code"]
            self.carry()

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.touched().items() if name != "code"}


def figure_told(value: int | None, *, amount: bool = False) -> str:
    """A figure as one types it in the reader's language (`1,5`, an amount `1,50`), where that is read back the same."""
    if value is None:
        return ""
    text = plain(value)
    if amount and text[-2:-1] == ".":
        text += "0"
    local = text.replace(".", get_format("DECIMAL_SEPARATOR"))
    try:
        return local if clean_decimal(local) == value else text
    except Refused:
        return text


def price_told(price: int | None, currency: str) -> str:
    """A price as it is typed: `12.50 EUR`."""
    return "" if price is None else f"{figure_told(price, amount=True)} {currency}".strip()
