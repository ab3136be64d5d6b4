"""Changing the settings of the house: one deed, each value checked against its declaration."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _

from regulars.areas.house import countries
from regulars.areas.house.models import DECLARED, SETTINGS, Declared, Setting
from regulars.areas.house.queries import as_kept, house
from regulars.areas.journal.actions import Link, deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.text import clean

_SPAN = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?$")


def change_settings(*, by: Actor, at: datetime, values: Mapping[str, Any]) -> int | None:
    """Sets the named settings; the others stay. Gives the changeset's number, None if nothing differs.

    Raises NotAllowed without the right `house.settings`; Refused, naming the setting, for one that is not declared or
    a value that is not of its kind.
    """
    if not by.may("house.settings"):
        raise NotAllowed(_("Your account may not change the settings of the house."))
    ready = checked(values)
    with deed(verb="house.settings_changed", by=by, at=at) as link:
        link.particulars["settings"] = ", ".join(write(link, ready))
    return link.changeset


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises Refused, naming the setting, for one that is unknown or of another kind."""
    chosen = _checked("country", values["country"]) if "country" in values else house().country
    ready = {name: _checked(name, value, chosen) for name, value in values.items()}
    _check_together({**_standing(), **ready})
    return ready


def write(link: Link, ready: Mapping[str, Any], *, chosen: bool = False) -> list[str]:
    """Within a deed: writes checked values and gives the names of those that differ.

    With `chosen` also those that equal their default: somebody chose them, a later default shall not change them.
    """
    rows = {row.name: row for row in Setting.objects.filter(name__in=ready)}
    usual = {} if chosen else as_kept({each.name: each.default for each in SETTINGS})
    stood = {**usual, **{name: row.value for name, row in rows.items()}}
    new = {name: value for name, value in as_kept(ready).items() if name not in stood or stood[name] != value}
    link.add(*(Setting(name=name, value=value) for name, value in new.items() if name not in rows))
    link.rewrite([(rows[name], {"value": value}) for name, value in new.items() if name in rows])
    return list(new)


def _standing() -> dict[str, Any]:
    now = house()
    return {name: getattr(now, name) for name in DECLARED}


def _check_together(values: Mapping[str, Any]) -> None:
    if values["lost_after_days"] <= values["quiet_after_days"]:
        raise Refused(_("A customer is lost later than quiet: choose more days."), where="lost_after_days")
    if values["default_language"] not in values["languages"]:
        raise Refused(_("The main language must be one of the languages of your customers."), where="default_language")


def _checked(name: str, value: Any, country: str = "") -> Any:
    """`country` is the one by which a phone is read: the house's, or the one chosen with it."""
    declared = DECLARED.get(name)
    if declared is None:
        raise Refused(_("There is no setting “%(name)s”.") % {"name": name}, where=name)
    return _phone(declared, value, country) if declared.kind == "phone" else _CHECKS[declared.kind](declared, value)


def _text(declared: Declared, value: Any) -> str:
    text = clean(str(value or ""))
    if not text and declared.default:
        raise Refused(_("%(label)s must not be empty.") % {"label": declared.label}, where=declared.name)
    if len(text) > 120:
        raise Refused(_("%(label)s may have 120 characters at most.") % {"label": declared.label}, where=declared.name)
    return text


def _email(declared: Declared, value: Any) -> str:
    if not (text := clean(str(value or ""))):
        return ""
    from email_validator import EmailNotValidError, validate_email  # slow to load

    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Refused(_("This is not an e-mail address."), where=declared.name) from None


def _phone(declared: Declared, value: Any, country: str) -> str:
    if not (text := clean(str(value or ""))):
        return ""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise Refused(_("This is not a phone number."), where=declared.name) from None
    if not phonenumbers.is_possible_number(number):
        raise Refused(_("This is not a phone number."), where=declared.name)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _number(declared: Declared, value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = declared.least - 1
    if not declared.least <= number <= declared.most:
        bounds = {"label": declared.label, "least": declared.least, "most": declared.most}
        raise Refused(_("%(label)s: a whole number from %(least)s to %(most)s.") % bounds, where=declared.name)
    return number


def _yes(declared: Declared, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(_("%(label)s: yes or no.") % {"label": declared.label}, where=declared.name)
    return value


def _one_of(declared: Declared, value: Any) -> str:
    known = {"country": countries.names, "currency": countries.currencies, "zone": countries.time_zones,
             "language": countries.languages, "languages": countries.languages}[declared.kind]()  # fmt: skip
    if value not in dict(known):
        told = {"label": declared.label, "value": str(value)[:40]}
        raise Refused(_("%(label)s: “%(value)s” is not known.") % told, where=declared.name)
    return str(value)


def _languages(declared: Declared, value: Any) -> tuple[str, ...]:
    asked = [value] if isinstance(value, str) else list(value or ())
    if not asked:
        raise Refused(_("Choose at least one language."), where=declared.name)
    return tuple(dict.fromkeys(_one_of(declared, each) for each in asked))


def _hours(declared: Declared, value: Any) -> tuple[str, ...]:
    days = list(value) if isinstance(value, list | tuple) else []
    if len(days) != 7:
        raise Refused(_("Opening hours are seven entries, from Monday to Sunday."), where=declared.name)
    return tuple(", ".join(_span(declared, span) for span in str(day or "").split(",") if span.strip()) for day in days)


def _span(declared: Declared, text: str) -> str:
    found = _SPAN.match(text.strip())
    if found:
        start, end = (int(found[i]) * 60 + int(found[i + 1] or 0) for i in (1, 3))
        if start < end <= 24 * 60 and int(found[2] or 0) < 60 and int(found[4] or 0) < 60:
            return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    raise Refused(
        _("“%(text)s” are no opening hours. Write them like 9:00-18:00 or 9-12:30, 14-18.")
        % {"text": text.strip()[:30]},
        where=declared.name,
    )


_CHECKS = {
    "yes": _yes, "text": _text, "email": _email, "number": _number, "hours": _hours,
    "country": _one_of, "currency": _one_of, "zone": _one_of, "language": _one_of, "languages": _languages,
}  # fmt: skip
