from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.areas.consent.models import CHANNELS, PURPOSES

ANSWERS = (("given", _("Yes")), ("refused", _("No")), ("none", _("No answer")))


class AnswerForm(forms.Form):
    """One answer typed by a colleague."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[*CHANNELS, ("all", _("All channels"))])
    purpose = forms.ChoiceField(label=_("Purpose"), choices=[*PURPOSES, ("all", _("All purposes"))])
    answer = forms.ChoiceField(label=_("Answer"), choices=ANSWERS)
    heard = forms.CharField(label=_("How we heard it"), required=False, max_length=200)
    wording = forms.CharField(label=_("What she agreed to"), required=False, max_length=5000)
