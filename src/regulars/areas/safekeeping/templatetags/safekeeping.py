"""Versions in words: how long ago, why one was made, how it was proved."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Text

register = template.Library()
WHYS: Mapping[str, Text] = {
    "nightly": _("every night"),
    "hourly": _("something changed"),
    "backup": _("made by hand"),
    "upgrade": _("before an upgrade"),
    "restore": _("before bringing back"),
    "before-import": _("before a list came in"),
    "after-import": _("after a list came in"),
    "before-many": _("before a deed on many"),
    "after-many": _("after a deed on many"),
    "before-undo": _("before a deed was taken back"),
    "after-undo": _("after a deed was taken back"),
}
_KINDS: Mapping[str, Text] = {
    "whole": _("proved whole"),
    "new": _("proved, new rows"),
    "pages": _("readable"),
    "listed": _("readable"),
}
_STEPS: Mapping[str, Text] = {
    "migrated": _("brought to this release"),
    "counted": _("all customers there"),
    "listed": _("list opened"),
    "card": _("card opened"),
    "searched": _("found by search"),
    "entered": _("an owner signed in"),
    "reported": _("report opened"),
}


@register.filter
def why(code: str) -> str:
    return str(WHYS.get(code, code))


@register.filter
def kind(code: str) -> str:
    return str(_KINDS.get(code, code))


@register.filter
def step(code: str, said: str) -> str:
    """One step of the drill; what it said is a number, which the count of customers shows alone."""
    return f"{_STEPS.get(code, code)} ({said})" if code == "counted" else str(_STEPS.get(code, code))


@register.filter
def ago(at: datetime) -> str:
    minutes = max(0, int((timezone.now() - at).total_seconds() // 60))
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s day ago", "%(n)s days ago", minutes // 1440) % {"n": minutes // 1440}
