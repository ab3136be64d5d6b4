"""How a letter to a customer begins, in her language: `Sehr geehrte Frau Dr. Schmidt`, `Kære Anne`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.kernel.genders import gender_of_title


def salutation(card: Mapping[str, Any], *, otherwise: str) -> str:
    """What her card says (`greeting`); else made from her name, title, gender and form of address. '' where she has no
    name. In her language where it is one of the product's, else in `otherwise`, the house's."""
    if card.get("greeting"):
        return str(card["greeting"])
    known = {code for code, _name in settings.LANGUAGES}
    own = str(card.get("language") or "").partition("-")[0]
    with translation.override(own if own in known else otherwise):
        return _made(card)


def _made(card: Mapping[str, Any]) -> str:
    names = {name: str(card.get(name) or "") for name in ("title", "given_name", "family_name", "called_name")}
    if card["kind"] == "organisation":
        return _("Dear all at %(name)s") % {"name": card["organisation_name"]} if card.get("organisation_name") else ""
    gender = card.get("gender") or gender_of_title(names["title"])
    names["title"] = " ".join(word for word in names["title"].split() if not gender_of_title(word))  # `Frau Dr.`: `Dr.`
    near = names["called_name"] or names["given_name"]
    if near and (card.get("form_of_address") == "familiar" or not (names["given_name"] or names["family_name"])):
        return pgettext("letter to a friend", "Dear %(given_name)s") % {"given_name": near}
    if names["family_name"] and gender == "female":
        return (
            pgettext("letter to a woman with a title", "Dear %(title)s %(family_name)s") % names
            if names["title"]
            else pgettext("letter to a woman", "Dear Ms %(family_name)s") % names
        )
    if names["family_name"] and gender == "male":
        return (
            pgettext("letter to a man with a title", "Dear %(title)s %(family_name)s") % names
            if names["title"]
            else pgettext("letter to a man", "Dear Mr %(family_name)s") % names
        )
    name = " ".join(filter(None, (names["title"], names["given_name"], names["family_name"])))
    return pgettext("letter to whoever is called so", "Dear %(name)s") % {"name": name} if name else ""
