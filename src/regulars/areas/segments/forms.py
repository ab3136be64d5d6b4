"""The shape of what is typed about a list and a segment."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SegmentForm(forms.Form):
    """A criterion to be kept under a name."""

    marks_optional = True  # of two fields one need not be filled in
    name = forms.CharField(label=_("Name"), max_length=100)
    criteria = forms.CharField(required=False, widget=forms.HiddenInput)
    description = forms.CharField(label=_("What for"), required=False, max_length=500)


class RenameForm(forms.Form):
    to = forms.CharField(label=_("New name"), max_length=100)
