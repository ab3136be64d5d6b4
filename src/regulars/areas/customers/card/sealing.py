"""Sealed values: what is written in their stead, and how they are opened again (decision 6).

The cipher text is bound to its customer, table, row and column, so one pasted elsewhere does not open. The
blind index is keyed and of the normalised value; it answers `=` and nothing else.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.customers.models.sealed import place_of as place_of
from regulars.kernel import crypto, forbidden, keyfile, numbers, personkeys
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Fact, Member

_STARS = 30  # of a long text the mask does not tell the length
Sealer = Callable[[models.CardRow], dict[str, Any]]


def blind(place: str, normalised: str) -> str:
    """The blind index of a normalised value, hex; `place` keeps equal texts of different facts apart."""
    return crypto.blind_index(keyfile.keys().index, place, normalised).hex()


def normalised(text: str) -> str:
    """The form in which sealed values are compared: letters and digits alone, upper case."""
    return "".join(ch for ch in text.upper() if ch.isalnum())


def masked(text: str) -> str:
    """Enough to recognise it by, not enough to use it: a third of its signs at most, `DK************1234`."""
    bare = normalised(text)
    shown = len(bare) // 3
    begin, end = (2, 4) if shown >= 6 else (0, min(shown, 4))
    return f"{bare[:begin]}{'*' * min(len(bare) - begin - end, _STARS)}{bare[len(bare) - end :]}"


def _sealer(text: str) -> Sealer:
    return lambda row: {"sealed": personkeys.seal_value(row.customer_id, place_of(row), text)}


def opened(row: Any) -> str:
    """The clear text of a sealed row. Only for a deed that records that somebody looked."""
    return personkeys.open_value(row.customer_id, place_of(row), bytes(row.sealed))


def sealed_identity(text: str, kind: str, country: str) -> tuple[Sealer, dict[str, Any]]:
    found = numbers.clean_identity(text, kind=kind, country=country)
    columns = {
        "kind": found.kind,
        "country": found.country,
        "blind": blind("identity", normalised(found.value)),
        "masked": masked(found.value),
    }
    return _sealer(found.value), columns


def sealed_bank_account(text: str, *, is_iban: bool, country: str, bic: str = "") -> tuple[Sealer, dict[str, Any]]:
    looks_like_iban = is_iban and text.strip()[:2].isalpha()
    if looks_like_iban:
        account = numbers.clean_iban(text)
        value, found = (
            account.iban,
            {"kind": "iban", "country": account.iban[:2], "bic": account.bic, "bank": account.bank},
        )
    else:
        forbidden.refuse(text, where="number")
        value = normalised(text)
        if not 4 <= len(value) <= 30:
            raise Refused(_("A bank account number has 4 to 30 letters and digits."), where="number")
        bic = normalised(bic)
        if bic and len(bic) not in (8, 11):
            raise Refused(_("A BIC has 8 or 11 letters and digits."), where="bic")
        found = {"kind": "national", "country": country, "bic": bic, "bank": ""}
    return _sealer(value), {**found, "blind": blind("bank", normalised(value)), "masked": masked(value)}


def sealed_custom(text: str, field_id: int) -> tuple[Sealer, dict[str, Any]]:
    return _sealer(text), {"blind": blind(f"custom {field_id}", normalised(text)), "masked": masked(text)}


def index_of(fact: Fact, text: str) -> str:
    """The blind index under which a sealed fact keeps this value: what `=` in criteria asks for."""
    if isinstance(fact.source, Member) and fact.source.group == "custom":
        return blind(f"custom {dict(fact.source.where)['field_id']}", normalised(text))
    return blind({"identity_number": "identity", "iban": "bank"}[fact.name], normalised(text))
