"""What comes in at the door, as forms: shape only. They never save and never look at a password."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.access.models import ABOUT_ROLE, RIGHTS, Role, Theme
from regulars.areas.house import countries
from regulars.areas.house.forms import OwnNames
from regulars.kernel.actor import Own
from regulars.kernel.errors import Refused
from regulars.kernel.forms import ChangingForm


def roles() -> list[tuple[str, SafeString]]:
    """Each role with what it is for."""
    about = ((role, role.label, ABOUT_ROLE[role]) for role in Role)
    return [
        (role, format_html('<span>{}<span class="second">{}</span></span>', label, told)) for role, label, told in about
    ]


class Askable(forms.Form):
    """A form that can show a refusal of the action beside its field."""

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.where if refused.where in self.fields else None, refused.message)


def _secret(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """A password field: never filled in again, never stripped."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=4096, help_text=help_text)


_LONG = gettext_lazy("At least 15 characters: a sentence or four words do well. Nothing else is asked.")
_LONG_OR_GUARDED = gettext_lazy(
    "At least 15 characters, or 8 if you have a second factor: a sentence or four words do well."
)
_AGAIN = gettext_lazy("Password again")


class TypedTwice(Askable):
    """A new password, typed twice."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        return given


class SignInForm(Askable):
    login = forms.CharField(
        label=gettext_lazy("E-mail or name"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = _secret(gettext_lazy("Password"), "current-password")

    def refuse(self, refused: Refused) -> None:
        """The name stays as it was typed: the password is what one types again."""
        super().refuse(refused)
        del self.fields["login"].widget.attrs["autofocus"]
        self.fields["password"].widget.attrs["autofocus"] = True


class ForgottenForm(Askable):
    login = forms.CharField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "autofocus": True}
        ),
    )


class CodeForm(Askable):
    """The second factor, typed: the code that the app shows now."""

    code = forms.CharField(
        label=gettext_lazy("Code from your app"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "pattern": "[0-9 ]*", "class": "mono"}
        ),
    )


class RecoveryForm(Askable):
    recovery = forms.CharField(
        label=gettext_lazy("Recovery code"),
        max_length=40,
        help_text=gettext_lazy("One of the ten you wrote down. It works once."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "class": "mono"}
        ),
    )


class SetUpCodeForm(CodeForm):
    """The first code proves that the app has the secret."""


class PasskeyForm(Askable):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("So that you know later which it is: “My telephone”, “Key on the ring”."),
    )


class ProveForm(Askable):
    your_password = _secret(gettext_lazy("Your password"), "current-password")


class PasswordForm(TypedTwice):
    """The new password of an invitation or a forgotten one."""

    password = _secret(gettext_lazy("New password"), "new-password", _LONG_OR_GUARDED)
    again = _secret(_AGAIN, "new-password")


class ChangePasswordForm(TypedTwice):
    your_password = _secret(gettext_lazy("Password until now"), "current-password")
    password = _secret(gettext_lazy("New password"), "new-password", _LONG_OR_GUARDED)
    again = _secret(_AGAIN, "new-password")


class FirstStartForm(TypedTwice):
    """The owner and the house. What the country says is filled in from it and may be changed."""

    house = forms.CharField(
        label=gettext_lazy("Name of the house"),
        max_length=120,
        help_text=gettext_lazy("As your customers know you."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=countries.names,
        widget=forms.Select(attrs={"hx-get": "", "hx-target": "#places"}),  # sends the country alone
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=countries.currencies)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=countries.time_zones)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of your customers"),
        choices=countries.languages,
        widget=OwnNames,
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    login = forms.CharField(
        label=gettext_lazy("E-mail, or a name to sign in with"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of your screen"), choices=countries.languages)
    password = _secret(gettext_lazy("Password"), "new-password", _LONG)
    again = _secret(_AGAIN, "new-password")

    def settings(self) -> dict[str, Any]:
        given, languages = self.cleaned_data, tuple(self.cleaned_data["languages"])
        return {
            "name": given["house"],
            "country": given["country"],
            "currency": given["currency"],
            "time_zone": given["time_zone"],
            "languages": languages,
            "default_language": given["language"] if given["language"] in languages else languages[0],
        }

    def owner(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "login", "password", "language")}

    def refuse(self, refused: Refused) -> None:
        refused.where = None if refused.where == "name" else refused.where
        super().refuse(refused)


class ProfileForm(Askable):
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Language of your screen"), choices=countries.languages)
    theme = forms.ChoiceField(label=gettext_lazy("Light or dark"), choices=Theme.choices, widget=forms.RadioSelect)


class Proving(Askable):
    """A dangerous act: asks for one's own password unless it was given within the last five minutes (A8)."""

    your_password = _secret(gettext_lazy("Your own password, to be sure it is you"), "current-password")

    def __init__(self, *args: Any, fresh: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fresh:
            del self.fields["your_password"]


class PersonForm(Proving):
    """Somebody new."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    login = forms.CharField(label=gettext_lazy("E-mail, or a name to sign in with"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=roles, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=gettext_lazy("Language of the screen"), choices=countries.languages)

    field_order = ("name", "login", "role", "language", "your_password")


class RoleForm(Proving):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=roles, widget=forms.RadioSelect)

    field_order = ("role", "your_password")


class ChargesForm(ChangingForm, Proving):
    """For which customers somebody is responsible: codes as on the cards, commas between several."""

    representatives = forms.CharField(
        label=gettext_lazy("Representative"),
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("The code that stands on the cards as their representative. Several: commas between."),
    )
    territories = forms.CharField(
        label=gettext_lazy("Territories"),
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("As they stand on the cards. Several: commas between."),
    )

    field_order = ("representatives", "territories", "your_password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="charges_%s", **kwargs)  # it stands beside another that asks for the password
        self.carry(*dict(self.FACTS))

    @classmethod
    def begun(cls, own: Own, **kwargs: Any) -> "ChargesForm":
        codes = dict(own)
        told = {name: ", ".join(codes[fact]) for name, fact in cls.FACTS}
        return cls(initial=told, **kwargs)

    FACTS = (("representatives", "representative"), ("territories", "territory"))

    def codes(self) -> dict[str, list[str]]:
        """Those that were touched."""
        touched = self.touched()
        return {name: touched[name].split(",") for name, _fact in self.FACTS if name in touched}


class TokenForm(Proving):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("The program or shop that will use it.")
    )
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("The program may"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("It ends after"),
        coerce=int,
        initial=90,
        choices=[
            (7, gettext_lazy("one week")),
            (30, gettext_lazy("a month")),
            (90, gettext_lazy("three months")),
            (365, gettext_lazy("a year")),
        ],
    )

    field_order = ("name", "rights", "days", "your_password")

    def __init__(self, *args: Any, rights: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rights"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(right, RIGHTS[right]) for right in rights]
