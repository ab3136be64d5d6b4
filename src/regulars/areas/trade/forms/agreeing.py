"""The shape of what is asked of agreements and donations, and of what is typed about them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.areas.trade.forms.purchases import day_field, price_told
from regulars.areas.trade.models import AGREED, EVERY, Agreement, Product
from regulars.areas.trade.queries.giving import FIRST_YEAR, LAST_YEAR
from regulars.kernel.errors import Refused
from regulars.kernel.forms import AskingForm, ChangingForm
from regulars.kernel.money import clean_money


class WhichAgreements(forms.Form):
    """Subscriptions, pledges or both; all, or those alone that something due of has not come; of one customer."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("any")), *AGREED])
    customer = forms.IntegerField(label=_("Customer number"), required=False, min_value=1, max_value=2**53 - 1)
    behind = forms.BooleanField(label=_("Only what is behind"), required=False)


class AgreementForm(ChangingForm, AskingForm):
    """What is agreed. Whose it is and its kind are asked for a new one alone; `what` is the number of a product, or
    words."""

    customer = forms.IntegerField(label=_("Customer number"), min_value=1, max_value=2**53 - 1)
    kind = forms.ChoiceField(label=_("Kind"), choices=AGREED)
    what = forms.CharField(
        label=_("Over what"), required=False, max_length=300,
        help_text=_("Of a subscription the product’s number, or what it is. Of a pledge the purpose; left empty, any "
                    "donation counts."),
    )  # fmt: skip
    amount = forms.CharField(label=_("Amount each time"), max_length=40)
    every = forms.ChoiceField(label=_("How often"), choices=EVERY, initial="month")
    since = day_field(_("First day"))
    until = day_field(_("Last day"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *given: Any, currency: str, row: Agreement | None = None, **told: Any) -> None:
        super().__init__(*given, **told)
        self.currency, self.row = currency, row
        self.fields["since"].required = True
        if row is not None:
            del self.fields["customer"], self.fields["kind"]
            self.initial = {
                "what": row.product.number if row.product else row.purpose, "every": row.every, "since": row.since,
                "amount": price_told(row.amount, row.currency), "until": row.until_day, "note": row.note,
            }  # fmt: skip
            self.carry()

    def clean_amount(self) -> tuple[int, str]:
        try:
            return clean_money(self.cleaned_data["amount"].strip(), self.currency)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None

    def values(self) -> dict[str, Any]:
        """What was typed, of one that stands what was changed, as the deeds take it but whose it is."""
        touched = self.touched()
        told: dict[str, Any] = {name: touched[name] for name in ("every", "since", "until", "note") if name in touched}
        if "amount" in touched:
            told["amount"], told["currency"] = touched["amount"]
        if "what" not in touched:
            return told
        kind, what = self.row.kind if self.row else touched["kind"], touched["what"].strip()
        is_product = kind == "subscription" and what and Product.objects.filter(number=what).exists()
        return told | {"product": what if is_product else "", "purpose": "" if is_product else what}

    def refuse(self, refused: Refused) -> None:
        """Says what a deed refused beside the field that it is about. Raises what is about none."""
        where = {"product": "what", "purpose": "what", "currency": "amount"}.get(refused.where or "", refused.where)
        if where not in self.fields:
            raise refused
        self.add_error(where, refused.message)


class EndForm(forms.Form):
    """When an agreement ends, and why. Its fields have ids of their own: it stands beside the form that changes it."""

    until = day_field(_("Last day"))
    why = forms.CharField(label=_("Why does it end?"), max_length=200)

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **{"auto_id": "end_%s"} | told)
        self.fields["until"].required = True


class WhichYear(forms.Form):
    year = forms.IntegerField(label=_("Year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
