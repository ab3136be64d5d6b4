"""Identity, tax and company numbers by country (python-stdnum), bank accounts by IBAN (python-stdnum, schwifty)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final

from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

PERSONAL: Final[dict[str, tuple[str, ...]]] = {
    "AR": ("dni",), "AT": ("vnr", "tin"), "AU": ("tfn",), "BE": ("nn", "bis"), "BG": ("egn", "pnf"), "BR": ("cpf",),
    "CA": ("sin",), "CH": ("ssn",), "CL": ("rut",), "CN": ("ric",), "CZ": ("rc",), "DE": ("idnr", "stnr"),
    "DK": ("cpr",),
    "EC": ("ci",), "EE": ("ik",), "ES": ("dni", "nie", "nif"), "FI": ("hetu",), "FR": ("nir", "nif"), "GB": ("utr",
    "nhs"),
    "GR": ("amka",), "HR": ("oib",), "ID": ("nik",), "IE": ("pps",), "IL": ("idnr",), "IN": ("aadhaar", "pan", "epic"),
    "IS": ("kennitala",), "IT": ("codicefiscale",), "JP": ("in",), "KR": ("rrn",), "LT": ("asmens",), "LV": ("pk",),
    "MX": ("curp",), "MY": ("nric",), "NL": ("bsn",), "NO": ("fodselsnummer",), "NZ": ("ird",), "PE": ("cui",),
    "PK": ("cnic",), "PL": ("pesel",), "PT": ("cc", "nif"), "RO": ("cnp",), "SE": ("personnummer",), "SI": ("emso",),
    "SK": ("rc",), "TH": ("pin",), "TR": ("tckimlik",), "UA": ("rntrc",), "US": ("ssn", "itin"), "ZA": ("idnr", "tin"),
}  # fmt: skip
COMPANY: Final[dict[str, tuple[str, ...]]] = {
    "AT": ("businessid",), "AU": ("abn", "acn"), "BR": ("cnpj",), "CA": ("bn",), "CH": ("uid",), "CN": ("uscc",),
    "DE": ("handelsregisternummer", "leitweg"), "DK": ("cvr",), "EE": ("registrikood",), "ES": ("cif",),
    "FI": ("ytunnus",),
    "FR": ("siren", "siret"), "IN": ("gstin",), "NO": ("orgnr",), "PL": ("regon", "nip"), "RO": ("cui",),
    "SE": ("orgnr",),
    "US": ("ein",),
}  # fmt: skip
_EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
_VAT_ELSEWHERE = {
    "CH": "vat",
    "GB": "vat",
    "NO": "mva",
    "IN": "gstin",
    "IS": "vsk",
    "AU": "abn",
    "ZA": "tin",
    "RS": "pib",
    "TR": "vkn",
}
_MODULES = {("LV", "pk"): "pvn", ("JP", "in"): "in_"}  # where stdnum's module has another name than our kind
OTHER: Final = "other"  # a number by which somebody is known elsewhere, and that no rule can check
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Identity:
    """A number right by its own rules, `value` compact; birth date and gender where the number states them."""

    kind: str
    country: str
    value: str
    birth_date: date | None = None
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account found from its IBAN; `bic` and `bank` are '' where the registry does not know them."""

    iban: str
    country: str
    bic: str
    bank: str
    number: str


def kinds(country: str) -> tuple[str, ...]:
    """The kinds of number that can be checked for this country: personal ones first, then `vat`, then companies'."""
    vat = ("vat",) if country in _EUROPEAN_UNION or country in _VAT_ELSEWHERE else ()
    return (*PERSONAL.get(country, ()), *vat, *COMPANY.get(country, ()))


def clean_identity(text: str, *, kind: str = "", country: str = "") -> Identity:
    """A checked identity, tax or company number.

    `kind` is one of `kinds(country)`; `vat` needs no country where the number begins with it. Without a kind it is
    read as the first personal kind of the country that it is right for. A country without checks keeps what was given,
    and so does the kind `other`.
    Raises `Refused` for a wrong check digit, length or date, and for an unknown kind.
    """
    if len(text) > _LONGEST or not any(ch.isalnum() for ch in text):
        raise refusal(_("“{text}” is not an identity number."), text=short(text))
    kind, country = kind.lower().strip(), country.upper().strip()
    if kind == "vat":
        return _vat(text, country)
    if kind == OTHER:
        return Identity(kind, country, " ".join(text.split()))
    if kind and kind not in kinds(country) and kinds(country):
        raise refusal(
            _("{country} has no number of the kind {kind} that can be checked. It has: {kinds}."),
            country=country, kind=kind, kinds=", ".join((*kinds(country), OTHER)),
        )  # fmt: skip
    if not kinds(country):
        return Identity(kind or "id", country, " ".join(text.split()))
    return _of_kind(text, kind, country) if kind else _of_any_kind(text, country)


def clean_iban(text: str) -> Account:
    """The account with its bank. Raises `Refused` for a wrong length, check digit or national check."""
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        number = iban.validate(text[:_LONGEST], check_country=True)
    except (ValidationError, ValueError) as why:
        raise _wrong(text, "IBAN", why) from None
    bic, bank, account = _bank(number)
    return Account(number, number[:2], bic, bank, account)


def masked(value: str) -> str:
    """Enough of a number to recognise it by: all but the last three characters, or a third of a short one, hidden."""
    shown = min(3, len(value) // 3)
    return "•" * (len(value) - shown) + value[len(value) - shown :]


def masked_iban(iban: str) -> str:
    """`DE89 •••• 3000`: country, check digits and the last four."""
    return f"{iban[:4]} •••• {iban[-4:]}"


def _of_kind(text: str, kind: str, country: str) -> Identity:
    from stdnum.exceptions import ValidationError

    module = _module(country, kind)
    try:
        value = module.validate(text)
    except (ValidationError, ValueError, IndexError) as why:
        raise _wrong(text, f"{country} {kind}", why) from None
    return Identity(kind, country, value, _born(module, value), _gender(module, value))


def _of_any_kind(text: str, country: str) -> Identity:
    for kind in PERSONAL.get(country, ()):
        found = _right(text, kind, country)
        if found:
            return found
    raise refusal(
        _("“{text}” is not a right number of any kind of {country}. Check the digits, or say its kind: {kinds}."),
        text=_hidden(text), country=country, kinds=", ".join(kinds(country)),
    )  # fmt: skip


def _right(text: str, kind: str, country: str) -> Identity | None:
    try:
        return _of_kind(text, kind, country)
    except Refused:
        return None


def _vat(text: str, country: str) -> Identity:
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    if country in _VAT_ELSEWHERE:
        found = _of_kind(text, _VAT_ELSEWHERE[country], country)
        return Identity("vat", country, found.value)
    prefix = "EL" if country == "GR" else country
    compact = "".join(ch for ch in text.upper() if ch.isalnum())
    written = text if not prefix or compact.startswith(prefix) else prefix + text
    try:
        value = vat.validate(written)
    except (ValidationError, ValueError, IndexError) as why:
        raise _wrong(text, f"{country} VAT".strip(), why) from None
    found_country = "GR" if value.startswith("EL") else value[:2]
    return Identity("vat", found_country, value)


@cache
def _module(country: str, kind: str) -> ModuleType:
    folder = f"{country.lower()}_" if country in ("IN", "IS") else country.lower()
    return import_module(f"stdnum.{folder}.{_MODULES.get((country, kind), kind)}")


def _born(module: ModuleType, value: str) -> date | None:
    try:
        born = module.get_birth_date(value)
    except (AttributeError, ValueError, TypeError):
        return None
    return born if isinstance(born, date) else None


def _gender(module: ModuleType, value: str) -> str | None:
    try:
        letter = module.get_gender(value)
    except (AttributeError, ValueError, TypeError):
        return None
    return {"M": "male", "F": "female"}.get(str(letter or "").upper()[:1])


def _bank(iban: str) -> tuple[str, str, str]:
    """BIC, bank and national account number, as far as the offline registry knows them."""
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        known = IBAN(iban)
        bic = known.bic
        return str(bic) if bic else "", known.bank_name or "", known.account_code or ""
    except (SchwiftyException, ValueError, KeyError):
        return "", "", ""


def _wrong(text: str, kind: str, why: Exception) -> Refused:
    from stdnum import exceptions

    told = {"text": _hidden(text), "kind": kind}
    if isinstance(why, exceptions.InvalidChecksum):
        return refusal(
            _("“{text}” is not a right {kind} number: its check digit does not fit. Check the digits."), **told
        )
    if isinstance(why, exceptions.InvalidLength):
        return refusal(_("“{text}” is not a right {kind} number: it is too long or too short."), **told)
    if isinstance(why, exceptions.InvalidComponent):
        return refusal(_("“{text}” is not a right {kind} number: its date, place or bank does not exist."), **told)
    return refusal(_("“{text}” is not a right {kind} number: it is not of that form."), **told)


def _hidden(text: str) -> str:
    """A number that was refused may still be somebody's: messages travel further than cards."""
    return masked(short(text))
