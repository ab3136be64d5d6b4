"""Dates as people write them: five languages, spreadsheets' day numbers, birthdays without a year.

Which number is the day is never guessed: `03/07/1958` has two readings, and only the whole column (`Evidence`) or the
person can tell. Dots mean day first (CLDR knows no locale that writes the month first with dots), a year of four
digits in front means year, month, day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Final, Literal, cast, get_args

from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
MONTH_LANGUAGES = ("en", "de", "da", "af", "hi")

_TIME = (
    r"(?:[T\s,]+(?:um |kl\.? ?|at )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?"
    r"\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\.?\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{1,2})\.?" + _TIME, re.IGNORECASE)
_THREE = re.compile(r"(\d{1,2})\s?([-/.\s])\s?(\d{1,2})\s?[-/.\s]\s?(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_TWO = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})(\.?)")
_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})")
_DAY_WORD = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th)?[\s\-/.]*(?:of\s)?([^\W\d_][^\d\s,/-]*?)\.?(?:[\s\-/,.]+'?(\d{4}|\d{2}))?" + _TIME,
    re.IGNORECASE,
)
_WORD_DAY = re.compile(
    r"([^\W\d_][^\d\s,/-]*?)\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?(?:[\s\-/,]+'?(\d{4}|\d{2}))?" + _TIME, re.IGNORECASE
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{1,5})(?:[.,]\d+)?")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])\.(?:1[89]|20)\d\d")  # a month and its year: no day number with a fraction
_FIRST_WORD = re.compile(r"([^\d\s,.]+)\.?(?:,\s*|\s+)(?:den\s+|d\.\s*)?(?=\S)|(?:den|d\.)\s+(?=\d)", re.IGNORECASE)
_NOTHING = re.compile(r"[0\s./-]*(?:00:00(?::00)?)?|[-–—]+")
_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
_FIRST_DAY = date(1899, 12, 30)  # Excel's day 0: its 1900 has a 29 February that never was
_PHANTOM = 60
_LAST_SERIAL = 73050  # 31 December 2099
_LONGEST = 60
_OLDEST = 1800
_NO_YEAR_OF_APPLE = 1604  # stands for a birthday without its year, in Outlook's files of such contacts too
_NEWEST = 2199


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text can mean: a date per order, all the same where only one reading exists.

    `year` 0 in a reading's tuple means that no year was given. `serial` marks a bare number that may be a
    spreadsheet's day number; it has no reading until that is said.
    """

    days: tuple[tuple[Order, tuple[int, int, int]], ...]
    time: tuple[int, int, int] = (0, 0, 0)
    zone: tzinfo | None = None
    serial: int = 0

    def fixed(self) -> tuple[int, int, int] | None:
        """The one date that every reading gives, None where they differ."""
        first = self.days[0][1] if self.days else None
        return first if all(day == first for _order, day in self.days) else None


@dataclass(slots=True)
class Evidence:
    """What a whole column says about its dates. Feed it every value (or every different one)."""

    orders: set[Order] = field(default_factory=lambda: set(ORDERS))
    against: dict[Order, str] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    serials: list[str] = field(default_factory=list)
    read: int = 0
    unread: int = 0

    def add(self, text: str, today: date) -> None:
        """Takes one value in. What is no date counts as `unread` and decides nothing."""
        if _ISO.match(text):
            self.read += 1  # the year in front: nothing to decide
            return
        try:
            reading = read_date(text, today)
        except Refused:
            self.unread += 1
            return
        if reading is None:
            return
        self.read += 1
        if reading.serial:
            self._keep(self.serials, text)
        elif len(reading.days) > 1 and reading.fixed() is None:
            self._keep(self.examples, text)
            self._narrow(text, {order for order, _day in reading.days})
        elif len(reading.days) < len(ORDERS) and _order_matters(text):
            self._narrow(text, {order for order, _day in reading.days})

    def _narrow(self, text: str, possible: set[Order]) -> None:
        for order in self.orders - possible:
            self.against.setdefault(order, text)
        self.orders &= possible

    @staticmethod
    def _keep(into: list[str], text: str) -> None:
        if len(into) < 5:
            into.append(text)

    @property
    def decided(self) -> Order | None:
        """The one order that fits every value; None where several fit, or none."""
        return next(iter(self.orders)) if len(self.orders) == 1 else None

    @property
    def choices(self) -> tuple[Order, ...]:
        """What to ask: the orders that fit, in a fixed sequence; () where nothing needs asking.

        Where no order fits every value the column is mixed: day and month are asked, and what then does not fit is
        refused row by row.
        """
        if not self.examples or self.decided:
            return ()
        return tuple(order for order in ORDERS if order in self.orders) or ("dmy", "mdy")


def day_of(value: date | str) -> date:
    """A day as a driver gives it, or as a canonical form has it: a date, or its text in ISO 8601."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def months_later(day: date, count: int) -> date:
    """The same day so many months later (earlier if negative), or the last of a month that has none such (Regulation
    1182/71 Art. 3(2)(c)). OverflowError beyond the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("This day lies beyond the calendar.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def clean_date(
    text: str, *, today: date | None = None, order: Order | None = None, serial: bool = False
) -> date | None:
    """The day, None for nothing (`0/0/00`, `00.00.0000`, `-`).

    `order` says which number is the day where the text alone does not; `serial` reads a bare number as a
    spreadsheet's day number (1900 system). Two-digit years lie within 80 years before and 19 after `today`; without
    `today` they are refused. Raises `Refused` for a day that does not exist, a text that is no date, a date with two
    readings and no order.
    """
    reading = read_date(text, today, serial=serial)
    if reading is None:
        return None
    year, month, day = _chosen(reading, text, order)
    if not year:
        raise refusal(_("“{text}” has no year. Give the whole date."), text=short(text))
    return date(year, month, day)


def clean_birthday(text: str, *, today: date, order: Order | None = None, serial: bool = False) -> str | None:
    """A birth date as `1958-03-07`, or `--03-07` where the year is not given; None for nothing.

    A two-digit year is never in the future. Raises `Refused` as `clean_date`, and for a date after today.
    """
    if _ISO.fullmatch(text) and text <= today.isoformat() and _exists(text):
        return text
    reading = read_date(text, today, serial=serial, past=True)
    if reading is None:
        return None
    year, month, day = _chosen(reading, text, order)
    if not year:
        return f"--{month:02}-{day:02}"
    if date(year, month, day) > today:
        raise refusal(_("“{text}” lies in the future. A birth date cannot."), text=short(text))
    return f"{year:04}-{month:02}-{day:02}"


def clean_moment(text: str, *, today: date, zone: tzinfo, order: Order | None = None) -> datetime | None:
    """An instant in UTC; a time without a zone is in `zone` (the house's). None and refusals as `clean_date`."""
    reading = read_date(text, today)
    if reading is None:
        return None
    year, month, day = _chosen(reading, text, order)
    hour, minute, second = reading.time
    local = datetime(year or today.year, month, day, hour, minute, second, tzinfo=reading.zone or zone)
    return local.astimezone(UTC)


def read_date(text: str, today: date | None, *, serial: bool = False, past: bool = False) -> Reading | None:
    """Every reading of the text. None for nothing. Raises `Refused` where there is none."""
    asked = text.strip()
    if not asked or _NOTHING.fullmatch(asked):
        return None
    if not asked.isascii():
        asked = asked.translate(_DIGITS)
    if not asked[0].isdigit():
        asked = _without_weekday(asked)
    reading = None
    if len(asked) <= _LONGEST:
        reading = (
            _iso(asked) or _numbers(asked, today, past) or _words(asked, today, past) or _bare(asked, today, serial)
        )
    if reading is None:
        raise refusal(_("“{text}” is not a date. Write it as 1958-03-07."), text=short(text))
    if not reading.days and not reading.serial:
        raise refusal(_("“{text}” is a day that does not exist. Check day and month."), text=short(text))
    return reading


def _without_weekday(text: str) -> str:
    first = _FIRST_WORD.match(text)
    named = first is not None and (first[1] is None or first[1].casefold() in _weekdays())
    return text[first.end() :] if first and named else text


def _chosen(reading: Reading, text: str, order: Order | None) -> tuple[int, int, int]:
    fixed = reading.fixed()
    if fixed is not None and (len(reading.days) > 1 or order is None or not _order_matters(text)):
        return fixed
    days = dict(reading.days)
    if order is not None and order in days:
        return days[order]
    if reading.serial:
        raise refusal(_("“{text}” is a bare number. Say whether this column holds day numbers."), text=short(text))
    if order is None:
        raise refusal(
            _("“{text}” can be read in two ways. Say whether the day or the month comes first."), text=short(text)
        )
    if order == "ymd" and fixed is not None:
        return fixed
    raise refusal(_("“{text}” is not a date when read as {order}."), text=short(text), order=ORDER_WORDS[order])


ORDER_WORDS: dict[Order, str] = {"dmy": "DD/MM/YYYY", "mdy": "MM/DD/YYYY", "ymd": "YYYY/MM/DD"}


def _order_matters(text: str) -> bool:
    """Whether the text is of the kind that has an order: numbers with slashes, hyphens or blanks, year not in front."""
    three = _THREE.fullmatch(text.strip())
    if three:
        return three[2] != "."
    two = _TWO.fullmatch(text.strip())
    return two is not None and two[2] != "."


def _iso(text: str) -> Reading | None:
    partial = _NO_YEAR.fullmatch(text)
    if partial:
        return _same(0, int(partial[1]), int(partial[2]))
    first = _YEAR_FIRST.fullmatch(text)
    return _same(int(first[1]), int(first[2]), int(first[3]), first.groups()[3:]) if first else None


def _numbers(text: str, today: date | None, past: bool) -> Reading | None:
    three = _THREE.fullmatch(text)
    if three:
        a, b, c = int(three[1]), int(three[3]), int(three[4])
        short_year = len(three[4]) == 2
        last = _full_year(c, today, past) if short_year else c
        readings: list[tuple[Order, tuple[int, int, int]]] = [("dmy", (last, b, a))]
        if three[2] != ".":
            readings.append(("mdy", (last, a, b)))
            if short_year:
                readings.append(("ymd", (_full_year(a, today, past), b, c)))
        return _timed(readings, three.groups()[4:])
    two = _TWO.fullmatch(text)
    if two is None:
        return None
    a, b = int(two[1]), int(two[3])
    days: list[tuple[Order, tuple[int, int, int]]] = [("dmy", (0, b, a))]
    if two[2] != ".":
        days += [("mdy", (0, a, b)), ("ymd", (0, a, b))]
    return _timed(days, ())


def _words(text: str, today: date | None, past: bool) -> Reading | None:
    """A month by its name: `7. März 1958`, `March 7th, 1958`, `7 मार्च 1958`, `7-Mar-58`."""
    for pattern, day_at, month_at in ((_DAY_WORD, 1, 2), (_WORD_DAY, 2, 1)):
        match = pattern.fullmatch(text)
        month = _months().get(match[month_at].casefold().rstrip(".")) if match else None
        if match and month:
            year = match[3]
            full = 0 if not year else _full_year(int(year), today, past) if len(year) == 2 else int(year)
            return _same(full, month, int(match[day_at]), match.groups()[3:])
    return None


def _bare(text: str, today: date | None, serial: bool) -> Reading | None:
    """Digits alone: `19580307`, or a spreadsheet's day number."""
    compact = _COMPACT.fullmatch(text)
    if compact and _OLDEST <= int(compact[1]) <= _NEWEST:
        return _same(int(compact[1]), int(compact[2]), int(compact[3]))
    number = _SERIAL.fullmatch(text)
    if (
        number is None
        or _MONTH.fullmatch(text)
        or not 0 < int(number[1]) <= _LAST_SERIAL
        or (len(number[1]) == 4 and _looks_a_year(number[1], today))
    ):
        return None
    count = int(number[1])
    if not serial:
        return Reading((), serial=count)
    if count == _PHANTOM:
        return Reading(())
    day = _FIRST_DAY + timedelta(days=count if count > _PHANTOM else count + 1)
    return _same(day.year, day.month, day.day)


def _looks_a_year(digits: str, today: date | None) -> bool:
    return _OLDEST <= int(digits) <= (today.year + 1 if today else _NEWEST)


def _same(year: int, month: int, day: int, time: tuple[str | None, ...] = ()) -> Reading:
    return _timed([(order, (year, month, day)) for order in ORDERS], time)


def _timed(readings: list[tuple[Order, tuple[int, int, int]]], time: tuple[str | None, ...]) -> Reading:
    told = ((order, (0 if day[0] == _NO_YEAR_OF_APPLE else day[0], *day[1:])) for order, day in readings)
    days = tuple((order, day) for order, day in told if _real(*day))
    if not time or time[0] is None:
        return Reading(days)
    hour, minute, second = int(time[0]), int(time[1] or 0), int(time[2] or 0)
    half = (time[3] or "").replace(".", "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return Reading(())
    return Reading(days, (hour, minute, second), _zone(time[4]))


def _zone(written: str | None) -> tzinfo | None:
    if not written:
        return None
    if written[0] not in "+-":
        return UTC
    sign = -1 if written[0] == "-" else 1
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(sign * timedelta(minutes=minutes)) if minutes < 24 * 60 else UTC


def _real(year: int, month: int, day: int) -> bool:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return not year or _OLDEST <= year <= _NEWEST


def _exists(iso: str) -> bool:
    return _real(int(iso[:4]), int(iso[5:7]), int(iso[8:10]))


def _full_year(two: int, today: date | None, past: bool) -> int:
    """The century of a two-digit year: not after this year where `past`, else at most 19 years ahead."""
    if today is None:
        raise refusal(_("The year has two digits. Write all four."))
    latest = today.year if past else today.year + 19
    year = latest - latest % 100 + two
    return year if year <= latest else year - 100


@cache
def _weekdays() -> frozenset[str]:
    """Names of the days in the product's languages, case folded, without the last dot."""
    from babel import Locale

    found: set[str] = set()
    for language in MONTH_LANGUAGES:
        for widths in Locale.parse(language).days.values():
            for names in widths.values():
                found.update(name.casefold().rstrip(".") for name in names.values())
    return frozenset(found)


@cache
def _months() -> dict[str, int]:
    """Month names and their abbreviations in the product's languages, case folded, without the last dot."""
    from babel.dates import get_month_names

    found: dict[str, int] = {"sept": 9, "mrz": 3, "maerz": 3, "jänner": 1, "feber": 2}
    for language in MONTH_LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = get_month_names(cast(Literal["wide"], width), cast(Literal["format"], context), language)
                for number, name in names.items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found
