"""The shape of how the house is kept: the room of versions, the second place. Nothing is saved here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.areas.safekeeping.keeping.arrangement import Arrangement, Elsewhere
from regulars.kernel.forms import ChangingForm

KINDS = (
    ("", _("None: the versions lie on this machine alone")),
    ("folder", _("A folder, on another disk or a share")),
    ("sftp", _("An SFTP server")),
    ("s3", _("An S3 bucket")),
)
_NEEDED = {"folder": ("path",), "sftp": ("host", "user"), "s3": ("bucket", "user")}
_SECRETS = ("password", "private_key")


class ArrangementForm(ChangingForm):
    """One field for each thing that any kind of place may need; `elsewhere` gives those of the kind that was chosen."""

    budget = forms.IntegerField(
        label=_("Percent of the disk that versions may take"), min_value=5, max_value=90,
        help_text=_("When they need more, hourly ones go first. Two proved ones always stay."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Second place"), choices=KINDS, required=False)
    path = forms.CharField(
        label=_("Folder"), max_length=1000, required=False,
        help_text=_("For a folder: its whole path. For SFTP: the folder on the server, empty for the first one."),
    )  # fmt: skip
    host = forms.CharField(label=_("Server"), max_length=253, required=False, help_text=_("For SFTP."))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, required=False, help_text=_("Usually 22."))
    host_key = forms.CharField(
        label=_("Fingerprint of the server's key"), max_length=200, required=False,
        help_text=_("Leave it empty to be shown it. Compare it with what the server's administrator says."),
    )  # fmt: skip
    endpoint = forms.CharField(
        label=_("Address of the service"), max_length=500, required=False,
        help_text=_("For S3: https://…, as your provider names it."),
    )  # fmt: skip
    region = forms.CharField(
        label=pgettext_lazy("of a store", "Region"), max_length=60, required=False, help_text=_("For S3.")
    )
    bucket = forms.CharField(label=_("Bucket"), max_length=255, required=False, help_text=_("For S3."))
    inside = forms.CharField(label=_("Folder in the bucket"), max_length=500, required=False, help_text=_("For S3."))
    user = forms.CharField(
        label=_("User or access key"), max_length=200, required=False, help_text=_("For SFTP and S3.")
    )
    password = forms.CharField(
        label=_("Password or secret key"), max_length=1000, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("It is kept enciphered and never shown. Empty leaves the one that is kept."),
    )  # fmt: skip
    private_key = forms.CharField(
        label=_("Private key"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For SFTP, in place of a password: the whole key file. Empty leaves the one that is kept."),
    )  # fmt: skip
    never_delete = forms.BooleanField(
        label=_("Never delete anything there"), required=False,
        help_text=_("Otherwise old versions go there by the same rule as here, if the place allows it."),
    )  # fmt: skip

    def __init__(self, *args: Any, standing: Arrangement, **kwargs: Any) -> None:
        self.standing = standing
        kwargs["initial"] = _initial(standing)
        super().__init__(*args, **kwargs)
        self.carry(*(name for name in self.fields if name not in _SECRETS))

    def clean(self) -> dict[str, Any]:
        """What is to stand: what was typed, and what stands by now where nothing was touched."""
        super().clean()
        given: dict[str, Any] = dict.fromkeys(self.fields, "") | _initial(self.standing) | self.touched()
        for name in _NEEDED.get(given["kind"], ()):
            if not given[name]:
                self.add_error(name, _("This is needed for the place you chose."))
        return given

    def elsewhere(self) -> Elsewhere | None:
        """The place as it is to be; secrets that were left empty stay as they are for a place of the same kind."""
        given = self.cleaned_data
        kind = given["kind"]
        if not kind:
            return None
        before = self.standing.elsewhere
        kept = before.secrets if before and before.kind == kind else {}
        typed = {name: given[name] for name in _SECRETS if given[name]}
        names = ("path", "host", "user", "host_key", "endpoint", "region", "bucket")
        told = {name: str(given[name] or "").strip() for name in names}
        told |= {"prefix": given["inside"].strip(), "port": str(given["port"] or 22)}
        return Elsewhere(kind, told, typed or dict(kept), bool(given["never_delete"]))

    def refuse(self, where: str | None, message: str) -> None:
        """Puts a refusal of the action beside its field."""
        self.add_error(where if where in self.fields else None, message)


def _initial(standing: Arrangement) -> dict[str, Any]:
    place = standing.elsewhere
    told: dict[str, Any] = {"port": "22"}
    if place:
        told = {**place.told, "inside": place.told.get("prefix", ""), "kind": place.kind}
        told["never_delete"] = place.never_delete
    return {**told, "budget": standing.budget}
