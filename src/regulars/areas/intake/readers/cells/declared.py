"""Facts by their declared type: numbers, money, days, choices, yes and no."""

from typing import Any

from regulars.areas.intake.readers.cells.answers import says_yes
from regulars.areas.intake.readers.cells.context import Context, Declared
from regulars.areas.intake.readers.cells.places import known_country, known_language
from regulars.areas.intake.readers.cells.texts import NOTHING, Cleaner, bare, remembered, text_of
from regulars.areas.intake.readers.mapping import Column
from regulars.kernel import dates, emails, money, phones
from regulars.kernel.sheets import unshield
from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short


def declared(spec: Declared, column: Column, context: Context) -> Cleaner:
    """The cleaner of a declared fact. What it gives reads the same everywhere: `12.5`, `12.50 EUR`, an ISO day."""
    made = _of_type(spec, column, context)
    return made if spec.type in ("text", "code") else bare(made)


def _of_type(spec: Declared, column: Column, context: Context) -> Cleaner:
    mark: Any = column.mark or None
    if spec.type in ("decimal", "number"):
        return _decimal(spec.type, mark)
    if spec.type == "money":
        return _money(context.currency, mark)
    if spec.type in ("date", "birthday"):
        return remembered(day(column, context) if spec.type == "date" else birthday(column, context))
    if spec.type == "yesno":
        return remembered(_yes_or_no)
    if spec.type == "code" and spec.choices:
        return remembered(_choice(spec))
    if spec.type in _OF_TYPE:
        return remembered(_OF_TYPE[spec.type])
    if spec.type == "phone":
        return lambda text: phones.clean_phone(text, context.country) if text.strip() else None
    return text_of(spec.longest)


def _decimal(kind: str, mark: Any) -> Cleaner:
    def read(text: str) -> Any:
        if text.strip() in NOTHING or not text.strip():
            return None
        scaled = money.clean_decimal(text.strip(), mark=mark)
        if kind == "decimal":
            return money.plain(scaled)
        if scaled % money.SCALE or abs(scaled) >= 2**31 * money.SCALE:
            raise refusal(_("“{text}” is not a whole number."), text=short(text))
        return scaled // money.SCALE

    return read


def _money(currency: str, mark: Any) -> Cleaner:
    def read(text: str) -> str | None:
        if text.strip() in NOTHING or not text.strip():
            return None
        scaled, found = money.clean_money(text.strip(), currency, mark=mark)
        return f"{money.plain(scaled)} {found}"

    return read


def _yes_or_no(text: str) -> bool | None:
    said = says_yes(text)
    if said is None:
        raise refusal(_("“{text}” is neither yes nor no."), text=short(text))
    return said if text.strip() else None


def _choice(spec: Declared) -> Cleaner:
    known = {fold(spelling): word for spelling, word in spec.spellings} | {fold(each): each for each in spec.choices}

    def read(text: str) -> str | None:
        word = fold(unshield(text))
        if word and word not in known:
            raise refusal(_("“{text}” is none of: {choices}."), text=short(text), choices=", ".join(spec.choices))
        return known.get(word)

    return read


def birthday(column: Column, context: Context) -> Cleaner:
    order = column.order or None
    return lambda text: dates.clean_birthday(text, today=context.today, order=order, serial=bool(column.serial))  # type: ignore[arg-type]


def day(column: Column, context: Context) -> Cleaner:
    order = column.order or None

    def read(text: str) -> str | None:
        day = dates.clean_date(text, today=context.today, order=order, serial=bool(column.serial))  # type: ignore[arg-type]
        return day.isoformat() if day else None

    return read


def whole(text: str) -> int | None:
    if text.strip() in NOTHING or not text.strip():
        return None
    scaled = money.clean_decimal(text.strip())
    if scaled % money.SCALE or not 0 <= scaled < 2**31 * money.SCALE:
        raise refusal(_("“{text}” is not a whole number."), text=short(text))
    return scaled // money.SCALE


def up_to_150(text: str) -> int | None:
    value = whole(text)
    if value is not None and value > 150:
        raise refusal(_("“{text}” is too large."), text=short(text))
    return value


_OF_TYPE: dict[str, Cleaner] = {
    "country": known_country,
    "language": known_language,
    "customer": whole,
    "email": lambda text: emails.clean_email(text) if text.strip() else None,
}
