"""The shape of what comes from the screen: a file; what it was taken for, corrected."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from regulars.areas.intake.models import Shop

READ_AS = ("sheet", "encoding", "delimiter", "repair", "feet")
AS_IT_IS, NOTHING = "=", "-"  # what a word may mean besides another word


class Upload(forms.Form):
    file = forms.FileField(
        label=_("File"), error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")}
    )


class ShopForm(forms.Form):
    name = forms.CharField(
        label=_("What it is called here"), max_length=60,
        help_text=_("Its orders are kept under this name. The same as in lists that came from it."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=Shop.KINDS)
    place = forms.CharField(label=_("Code of the place"), max_length=40, required=False)
    secret = forms.CharField(
        label=_("Secret"), max_length=200, required=False, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Shopify shows it under its webhooks. For WooCommerce leave it empty: one is made."),
    )  # fmt: skip


def answers_in(posted: QueryDict) -> dict[int, dict[str, str]]:
    """`ask-3-order=dmy` → {3: {"order": "dmy"}}."""
    found: dict[int, dict[str, str]] = {}
    for name, value in posted.items():
        kind, _dash, rest = name.partition("-")
        index, _dash, asks = rest.partition("-")
        if kind == "ask" and index.isdigit() and asks in ("order", "serial", "mark", "repair") and value:
            found.setdefault(int(index), {})[asks] = str(value)
    return found


def options_in(posted: QueryDict) -> dict[str, str]:
    """The options that the form carries; those it does not carry stay as they are."""
    names = ("as", "existing", "country", "source", "how", "prospects", *READ_AS)
    return {name: str(posted[name]) for name in names if name in posted}


def mapping_in(posted: QueryDict, mapping: dict[str, Any]) -> dict[str, Any]:
    """The mapping with what the form says of it: places, meanings of words, columns put together, fixed values."""
    taken: dict[str, int] = {}
    columns = _places_in(posted, mapping["columns"], taken)
    made = [each for place, each in enumerate(mapping.get("made", ())) if f"unmade-{place}" not in posted]
    for each in made:
        base = unnumbered(each["to"])
        taken[base] = taken.get(base, 0) + 1
    for new in _made_in(posted):
        base = new["to"]
        taken[base] = taken.get(base, 0) + 1
        made.append({**new, "to": numbered(base, taken[base])})
    return {**mapping, "columns": columns, "made": made}


def _places_in(posted: QueryDict, columns: list[dict[str, Any]], taken: dict[str, int]) -> list[dict[str, Any]]:
    """The columns with the places chosen for them. Several columns of one place stand one after the other.

    A choice is a path without its number (`emails.value`); the second column that goes there becomes `emails[2].value`.
    A column whose choice was left alone keeps its path.
    """
    changed = []
    for place, each in enumerate(columns):
        index = int(each.get("index", place))
        each = _with_values(posted, index, each)
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


def _with_values(posted: QueryDict, index: int, column: dict[str, Any]) -> dict[str, Any]:
    """`said-3-0=Mr`, `meant-3-0=male` → {"Mr": "male"}; a word that means what it says has no meaning of its own."""
    values = dict(column.get("values") or {})
    for name in posted:
        kind, _dash, rest = name.partition("-")
        if kind == "said" and rest.partition("-")[0] == str(index):
            said, meant = str(posted[name]), str(posted.get(f"meant-{rest}") or AS_IT_IS).strip()
            values.pop(said, None)
            if meant != AS_IT_IS:
                values[said] = "" if meant == NOTHING else meant
    return {**column, "values": values}


def _made_in(posted: QueryDict) -> Iterator[dict[str, Any]]:
    """The columns to be put together, and the value to be the same everywhere, where the form is filled in."""
    of = [int(index) for index in posted.getlist("join-of") if index.isdigit()]
    if of and posted.get("join-to"):
        yield {"to": posted["join-to"], "of": [{"index": each} for each in of], "joined": posted.get("join-sign", " ")}
    text = str(posted.get("fixed-text") or "").strip()
    if text and posted.get("fixed-to"):
        yield {"to": posted["fixed-to"], "text": text}


def unnumbered(path: str) -> str:
    """`emails[2].value` → `emails.value`."""
    group, bracket, rest = path.partition("[")
    return f"{group}{rest.partition(']')[2]}" if bracket else path


def numbered(path: str, count: int) -> str:
    """`emails.value`, 2 → `emails[2].value`; a place of which there is one only stays as it is."""
    group, dot, key = path.partition(".")
    many = dot and group not in ("custom", "refusal", "claim", "standing", "notes", "tags", "references",
                                   "purchase", "line")  # fmt: skip
    return f"{group}[{count}].{key}" if many and count > 1 else path
