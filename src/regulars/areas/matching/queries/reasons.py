"""What speaks for a pair and what against, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Text

SENTENCES: Mapping[str, Text] = {
    "given_same": _("The given name is the same."),
    "names_swapped": _("Given name and family name are swapped."),
    "names_crossed": _("One card's given name is the other's family name."),
    "given_part": _("One given name is part of the other."),
    "given_nickname": _("One given name is a short form or another spelling of the other."),
    "given_sound": _("The given names sound the same."),
    "given_initial": _("The given name has the same first letter."),
    "given_slip": _("The given names differ by a typing error."),
    "given_other": _("The given names are different."),
    "family_same": _("The family name is the same."),
    "family_slip": _("The family names differ by a typing error."),
    "family_sound": _("The family names sound the same."),
    "family_part": _("The family names share a part."),
    "family_other": _("The family names are different."),
    "firm_same": _("The name of the organisation is the same."),
    "firm_slip": _("The names of the organisations differ by a typing error."),
    "firm_part": _("One organisation's name is part of the other's."),
    "firm_other": _("The names of the organisations are different."),
    "birth_same": _("The birth date is the same."),
    "birthday_same": _("The birthday is the same; of one the year is not known."),
    "birth_slip": _("The birth dates differ by a typing error."),
    "birth_near": _("The birth dates are close to each other."),
    "birth_generation": _("The birthday is the same, but the years are a generation apart."),
    "birth_other": _("The birth dates are different."),
    "suffix_same": _("The suffix of the name is the same."),
    "suffix_other": _("One is the elder, the other the younger of this name."),
    "gender_same": _("The gender is the same."),
    "gender_other": _("The gender is different."),
    "identity_same": _("An identity number is the same."),
    "identity_other": _("Identity numbers of the same kind are different."),
    "email_same": _("An e-mail address is the same."),
    "email_shared": _("They share an e-mail address, as people of one household do."),
    "email_slip": _("The e-mail addresses differ by a typing error."),
    "mailbox_same": _("The e-mail addresses are the same before the @."),
    "email_other": _("The e-mail addresses are different."),
    "phone_same": _("A telephone number is the same."),
    "phone_shared": _("They share a telephone number, as people of one household or colleagues do."),
    "phone_other": _("The telephone numbers are different."),
    "home_same": _("The address is the same."),
    "home_shared": _("They share an address, as people of one household do."),
    "home_slip": _("The addresses differ by a typing error."),
    "street_same": _("The street is the same."),
    "postcode_same": _("The postcode is the same."),
    "town_same": _("The town is the same."),
    "town_slip": _("The towns differ by a typing error."),
    "home_other": _("The addresses are different."),
    "same_third": _("Both are the same person as a third card."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, its weight in bits (below 0 it speaks against), its sentence."""

    code: str
    bits: float
    text: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def in_words(reasons: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """The reasons with their sentences, in the language of this moment."""
    return [Reason(each["code"], each["bits"], str(SENTENCES[each["code"]])) for each in reasons]
