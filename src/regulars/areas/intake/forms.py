"""The shape of what comes from the screen: a file; what it was taken for, corrected."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class Upload(forms.Form):
    file = forms.FileField(
        label=_("File"), error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")}
    )


def answers_in(posted: QueryDict) -> dict[int, dict[str, str]]:
    """`ask-3-order=dmy` → {3: {"order": "dmy"}}."""
    found: dict[int, dict[str, str]] = {}
    for name, value in posted.items():
        kind, _dash, rest = name.partition("-")
        index, _dash, asks = rest.partition("-")
        if kind == "ask" and index.isdigit() and asks in ("order", "serial", "mark") and value:
            found.setdefault(int(index), {})[asks] = str(value)
    return found


def options_in(posted: QueryDict) -> dict[str, str]:
    """The options that the form carries; those it does not carry stay as they are."""
    names = ("existing", "country", "source", "how", "prospects", "sheet", "encoding", "delimiter")
    return {name: str(posted[name]) for name in names if name in posted}


def places_in(posted: QueryDict, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The columns with the places chosen for them. Several columns of one place stand one after the other.

    A choice is a path without its number (`emails.value`); the second column that goes there becomes `emails[2].value`.
    A column whose choice was left alone keeps its path.
    """
    taken: dict[str, int] = {}
    changed = []
    for place, each in enumerate(columns):
        index = int(each.get("index", place))
        chosen = posted.get(f"to-{index}")
        if chosen is None or chosen == unnumbered(each["to"]):
            base, to = unnumbered(each["to"]), each["to"]
            changed.append(each)
        else:
            base, to = chosen, ""
            changed.append({**each, "to": to, "why": "chosen", "confidence": 1.0})
        taken[base] = taken.get(base, 0) + 1
        if not to:
            changed[-1]["to"] = numbered(base, taken[base])
    return changed


def unnumbered(path: str) -> str:
    """`emails[2].value` → `emails.value`."""
    group, bracket, rest = path.partition("[")
    return f"{group}{rest.partition(']')[2]}" if bracket else path


def numbered(path: str, count: int) -> str:
    """`emails.value`, 2 → `emails[2].value`; a place of which there is one only stays as it is."""
    group, dot, key = path.partition(".")
    many = dot and group not in ("custom", "refusal", "claim", "standing", "notes", "tags", "references")
    return f"{group}[{count}].{key}" if many and count > 1 else path
