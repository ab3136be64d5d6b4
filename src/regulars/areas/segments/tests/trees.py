"""Random trees for the property tests: any tree there is, and criteria that fit the cast."""

import string
from datetime import date, datetime

from hypothesis import strategies as st

from regulars.areas.segments.language import tree as t

_SAFE = st.from_regex(r"[a-z]{1,3}z[a-z0-9_]{0,4}(\.[a-z0-9]{1,4})?", fullmatch=True)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_DIGITS = st.from_regex(r"[+-]?[0-9]{1,6}(\.[0-9]{1,4})?", fullmatch=True)
_UNITS = st.sampled_from(t.UNITS)
_COUNTS = st.integers(0, 400)
_DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
_CURRENCIES = st.sampled_from(["EUR", "USD", "DKK", "JPY"])

windows = st.one_of(
    st.builds(t.Window, st.sampled_from(["last", "next"]), _COUNTS, _UNITS),
    st.builds(t.Window, st.sampled_from(["last", "next", "this"]), st.none(), _UNITS),
    st.tuples(_DAYS, _DAYS).map(lambda days: t.Days(min(days), max(days))),
    st.dates(date(1, 1, 1), t.NO_END).map(lambda day: t.Days(day, t.NO_END)),
)
values = st.one_of(
    st.builds(t.Text, _TEXTS),
    st.builds(t.Word, _SAFE),
    st.builds(t.Number, _DIGITS),
    st.builds(t.Money, _DIGITS, _CURRENCIES),
    st.builds(t.Day, _DAYS),
    st.builds(t.Yearless, st.integers(1, 12), st.integers(1, 28)) | st.just(t.Yearless(2, 29)),
    st.builds(t.Moment, st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))),
    st.builds(t.Relative, st.integers(-400, 400), _UNITS).map(
        lambda r: t.Relative(0, "day") if r.count == 0 and r.unit == "day" else r
    ),
    st.builds(t.Duration, _COUNTS, _UNITS),
)
arguments = st.one_of(
    st.builds(t.Argument, values | windows),
    st.builds(
        t.Argument, values, _SAFE.filter(lambda s: "." not in s), st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    ),
)
asks = st.builds(t.Ask, _SAFE, st.lists(arguments, max_size=3).map(tuple))


@st.composite
def tests(draw: st.DrawFn) -> t.Test:
    operator = draw(st.sampled_from(sorted(t.OPERATORS)))
    ask = draw(asks)
    wanted = t.OPERATORS[operator]
    if operator == "in window":
        return t.Test(ask, operator, (draw(windows),))
    if operator == "in list":
        return t.Test(ask, operator, (t.Text(draw(_TEXTS)),))
    count = draw(st.integers(1, 4)) if wanted is None else wanted
    return t.Test(ask, operator, tuple(draw(values) for _ in range(count)))


leaves = st.one_of(
    tests(),
    st.builds(t.Segment, _TEXTS),
    st.builds(t.Listed, _TEXTS),
    st.builds(t.Top, st.sampled_from(["10", "2.5", "100"]), st.just(True), asks),
    st.builds(t.Top, st.sampled_from(["10", "1"]), st.just(False), asks),
)
trees = st.just(t.Every()) | st.recursive(
    leaves,
    lambda part: st.one_of(
        st.builds(t.Not, part),
        st.lists(part, min_size=2, max_size=3).map(lambda parts: t.both(*parts)),
        st.lists(part, min_size=2, max_size=3).map(lambda parts: t.either(*parts)),
    ),
    max_leaves=8,
)
_PIECES = [
    *string.printable,
    *"äß“”„→",
    " and ",
    " or ",
    "not ",
    "city = ",
    "in (",
    "last 30 days",
    "tag ",
    "top 10% by ",
]
nonsense = st.lists(st.sampled_from(_PIECES), max_size=20).map("".join)
