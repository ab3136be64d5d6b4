"""Numbers and amounts as people write them, to exact integers in 1/10,000 of the unit (decision 13). No floats.

`1.234,56` (de, da), `1,234.56` (en), `1 234,56` (af), `1,23,456.78` (hi), `1'234.50` (de-CH) each have one reading.
`1.234` and `1,234` have two, and only the column (`Marks`) or the person can tell.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

SCALE = 10_000
RATE = 1_000_000_000  # of one unit's worth in another currency, exactly
Mark = Literal[".", ","]
_LONGEST = 60
_MOST = 10**14  # units; ten thousand times it still fits a 64-bit column

_SYMBOLS = {
    "€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "₹": "INR", "Rs": "INR", "Rs.": "INR", "रु": "INR", "रु.": "INR",
    "R": "ZAR", "zł": "PLN", "Kč": "CZK", "Fr.": "CHF", "SFr.": "CHF", "¥": "JPY",
}  # fmt: skip
_KRONER = frozenset(("kr", "kr."))  # Danish, Norwegian, Swedish, Icelandic: the house knows which
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s()+\-−.,']*\.?)\s*(?P<sign>[-+−])?\s*(?P<front>[^\d\s()+\-−.,']*\.?)\s*"
    r"(?P<number>\d[\d\s.,'’٬]*?)(?:,-|,--|,—|\.-)?\s*(?P<after>[^\d\s()+−-]*)\s*(?P<last>[-−])?"
)
_GROUPED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+|\d{1,3}(?:[ '’]\d{2,3})*[ '’]\d{3}")
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"})
_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
_RATE = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_PLAIN = re.compile(r"-?\d{1,14}(?:\.\d{1,2})?", re.ASCII)


@dataclass(slots=True)
class Marks:
    """What a whole column says about its decimal mark. Feed it every value (or every different one)."""

    marks: set[Mark] = field(default_factory=lambda: {".", ","})
    examples: list[str] = field(default_factory=list)
    unread: int = 0

    def add(self, text: str) -> None:
        """Takes one value in. What is no number counts as `unread` and decides nothing."""
        try:
            readings = _readings(_taken_apart(text)[1])
        except Refused:
            self.unread += 1
            return
        if len({value for _mark, value in readings}) > 1 and len(self.examples) < 5:
            self.examples.append(text)
        if readings and len(readings) < 2:
            self.marks &= {readings[0][0]}

    @property
    def decided(self) -> Mark | None:
        """The one mark that fits every value; None where both fit, or neither."""
        return next(iter(self.marks)) if len(self.marks) == 1 else None

    @property
    def choices(self) -> tuple[Mark, ...]:
        """What to ask; () where nothing needs asking."""
        return (".", ",") if self.examples and self.decided is None else ()


def clean_decimal(text: str, *, mark: Mark | None = None) -> int:
    """The number in 1/10,000, exactly.

    `mark` is the column's or the house's decimal mark. Without it a point alone is a decimal point, as programs write
    it (`1.234`), and a comma before exactly three digits is refused, for it has two readings. Raises `Refused` for
    more than four decimals (nothing is rounded), for what is no number, and for what is too large.
    """
    if _PLAIN.fullmatch(text):
        return _scaled(Decimal(text), text)
    currency, number, sign = _taken_apart(text)
    if currency:
        raise _no_number(text)
    return sign * _scaled(_value(number, text, mark), text)


def clean_money(text: str, currency: str, *, mark: Mark | None = None) -> tuple[int, str]:
    """The amount in 1/10,000 of the unit and its currency (ISO 4217): the one written beside it, else `currency`.

    `€ 12,-`, `R 1 234,56`, `12,50 kr.`, `(12.50)` and `12.50-` are read. Raises `Refused` as `clean_decimal`.
    """
    if _PLAIN.fullmatch(text):
        return _scaled(Decimal(text), text), currency
    written, number, sign = _taken_apart(text)
    return sign * _scaled(_value(number, text, mark), text), _currency(written, currency, text)


def clean_rate(text: str, *, mark: Mark | None = None) -> int:
    """What one unit is worth in another currency, in 1/1,000,000,000, exactly: `0.917431193`.

    Without a `mark` the last of point and comma is the decimal one. Raises `Refused` for what is no number above
    nought, or has more than nine decimals.
    """
    bare = text.strip().translate(_DIGITS).translate(_BLANKS).replace(" ", "")
    decimal = mark or ("," if bare.rfind(",") > bare.rfind(".") else ".")
    bare = bare.replace("." if decimal == "," else ",", "").replace(",", ".")
    if not _RATE.fullmatch(bare):
        raise refusal(NO_RATE)
    worth = int(Decimal(bare).scaleb(9))
    if not worth:
        raise refusal(NO_RATE)
    return worth


NO_RATE = _("A rate is a number above nought with at most nine decimals.")


def plain(scaled: int) -> str:
    """An integer in 1/10,000 as a plain decimal text (`12.5`), as `clean_decimal` reads it back."""
    sign, value = ("-" if scaled < 0 else ""), abs(scaled)
    whole, rest = divmod(value, SCALE)
    decimals = f"{rest:04}".rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def in_coins(exact: int, currency: str) -> int:
    """The amount in whole smallest coins of its currency, half a coin as one (293215 in EUR: 293200); in 1/10,000."""
    coin = coin_of(currency)
    return (1 if exact >= 0 else -1) * ((2 * abs(exact) + coin) // (2 * coin)) * coin


def coin_of(currency: str) -> int:
    """The smallest coin of a currency, in 1/10,000 of the unit."""
    from babel.numbers import get_currency_precision

    return int(10 ** (4 - get_currency_precision(currency)))


def _taken_apart(text: str) -> tuple[str, str, int]:
    """The words beside the number, the number as written, and its sign."""
    if len(text) > _LONGEST:
        raise _no_number(text)
    asked = text.translate(_BLANKS).strip()
    if not asked.isascii():
        asked = asked.translate(_DIGITS)
    sign = 1
    if asked.startswith("(") and asked.endswith(")"):
        asked, sign = asked[1:-1].strip(), -1
    match = _AMOUNT.fullmatch(asked)
    if match is None:
        raise _no_number(text)
    if match["sign"] in ("-", "−") or match["last"]:
        sign = -1
    words = [word for word in (match["before"], match["front"], match["after"]) if word]
    if len(words) > 1:
        raise _no_number(text)
    return "".join(words), match["number"].strip(), sign


def _readings(number: str) -> list[tuple[Mark, Decimal]]:
    """The values that the digits can mean, with the decimal mark that each supposes. Both marks for a bare integer."""
    readings: list[tuple[Mark, Decimal]] = []
    for mark, group in ((".", ","), (",", ".")):
        value = _read_with(number, mark, group)
        if value is not None:
            readings.append((mark, value))  # type: ignore[arg-type]
    return readings


def _read_with(number: str, mark: str, group: str) -> Decimal | None:
    whole, point, decimals = number.partition(mark)
    if mark in decimals or group in decimals or (point and not decimals.isdigit()):
        return None
    if group in whole or " " in whole or "'" in whole:
        separators = {ch for ch in whole if not ch.isdigit()}
        if len(separators) != 1 or not _GROUPED.fullmatch(whole.replace(group, " ")):
            return None
        whole = re.sub(r"\D", "", whole)
    return Decimal(f"{whole}.{decimals or 0}") if whole.isdigit() else None


def _value(number: str, text: str, mark: Mark | None) -> Decimal:
    readings = dict(_readings(number))
    if mark is not None and mark in readings:
        return readings[mark]
    if not readings or mark is not None:
        raise _no_number(text)
    if len(set(readings.values())) == 1:
        return next(iter(readings.values()))
    if "," not in number:
        return readings["."]
    raise refusal(
        _("“{text}” can be read in two ways. Say whether the comma stands before decimals."), text=short(text)
    )


def _scaled(value: Decimal, text: str) -> int:
    if value >= _MOST:
        raise refusal(_("“{text}” is too large."), text=short(text))
    scaled = value * SCALE
    if scaled != int(scaled):
        raise refusal(_("“{text}” has more than four decimals."), text=short(text))
    return int(scaled)


def _currency(written: str, house: str, text: str) -> str:
    if not written or (written.casefold() in _KRONER and house in ("DKK", "NOK", "SEK", "ISK")):
        return house
    if written == "$" and house.endswith("D"):
        return house  # the dollars of a house that counts in dollars
    found = _SYMBOLS.get(written) or (written.upper() if len(written) == 3 and written.isascii() else "")
    if found and found in _currencies():
        return found
    raise refusal(
        _("“{text}” names no currency that is known. Write its three letters, as in 12.50 EUR."), text=short(text)
    )


def _currencies() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def _no_number(text: str) -> Refused:
    return refusal(_("“{text}” is not a number."), text=short(text))
