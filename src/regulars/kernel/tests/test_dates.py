import contextlib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.dates import MONTH_LANGUAGES, Evidence, clean_birthday, clean_date, clean_moment
from regulars.kernel.errors import Refused

TODAY = date(2026, 11, 23)
MARCH = date(1958, 3, 7)


def birthday(text, order=None, serial=False):
    return clean_birthday(text, today=TODAY, order=order, serial=serial)


def evidence(*texts):
    found = Evidence()
    for text in texts:
        found.add(text, TODAY)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "1958-03-07",
        "1958/03/07",
        "1958. 03. 07.",
        "7.3.1958",
        "07.03.1958",
        "7.3.58",
        "7. März 1958",
        "7. marts 1958",
        "7 Maart 1958",
        "7 मार्च 1958",
        "March 7, 1958",
        "March 7th 1958",
        "7 Mar 58",
        "7-Mar-58",
        "19580307",
        "1958-03-07 00:00:00",
        "1958-03-07T00:00:00Z",
        "Freitag, den 7. März 1958",
        "Fri, 7 March 1958",
        "07.03.1958 00:00",
    ],
)
def test_a_date_with_one_reading_needs_no_order(text):
    assert birthday(text) == "1958-03-07"


def test_a_date_with_two_readings_is_never_guessed():
    with pytest.raises(Refused):
        birthday("3/7/1958")
    assert birthday("3/7/1958", "mdy") == "1958-03-07"
    assert birthday("3/7/1958", "dmy") == "1958-07-03"
    assert birthday("5/5/1990") == "1990-05-05"
    assert birthday("2/29/2000") == "2000-02-29"


@pytest.mark.parametrize("text", ["0/0/00", "00.00.0000", "0000-00-00", "0.0.00", "-", "", "  "])
def test_no_date_is_nothing(text):
    assert birthday(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "31.02.1990",
        "2/29/2001",
        "13/13/1990",
        "1958-13-07",
        "n/a",
        "1958",
        "heute",
        "99999",
        "7 Foo 1990",
        "2030-01-01",
        "9" * 500,
    ],
)
def test_an_impossible_date_is_refused(text):
    with pytest.raises(Refused):
        birthday(text, "mdy", serial=True)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("--03-07", "--03-07"),
        (" --11-27", "--11-27"),
        ("07.03.", "--03-07"),
        ("7 March", "--03-07"),
        ("1604-02-29", "--02-29"),
        ("07.03.1604", "--03-07"),
    ],
)
def test_a_birthday_may_lack_the_year(text, kept):
    assert birthday(text) == kept
    with pytest.raises(Refused):
        clean_date(text, today=TODAY)


def test_a_birth_year_of_two_digits_is_never_ahead():
    assert birthday("1.1.29") == "1929-01-01"
    assert birthday("1.1.26") == "2026-01-01"
    assert clean_date("1.1.29", today=TODAY) == date(2029, 1, 1)
    with pytest.raises(Refused):
        clean_date("1.1.29")


def test_a_day_number_is_read_only_where_it_is_said_to_be_one():
    with pytest.raises(Refused):
        birthday("21251")
    assert birthday("21251", serial=True) == "1958-03-07"
    assert birthday("1", serial=True) == "1900-01-01"
    assert birthday("61", serial=True) == "1900-03-01"
    with pytest.raises(Refused):
        birthday("60", serial=True)


def test_a_moment_is_kept_in_utc():
    read = clean_moment("2024-05-01 09:30:00 +0200", today=TODAY, zone=UTC)
    assert read == datetime(2024, 5, 1, 7, 30, tzinfo=UTC)
    assert clean_moment("1.5.2024 09:30", today=TODAY, zone=ZoneInfo("Europe/Berlin")) == read


def test_one_value_over_twelve_decides_the_column():
    assert evidence("3/7/1958", "12/31/1990", "0/0/00").decided == "mdy"
    assert evidence("3/7/1958", "31/12/1990").decided == "dmy"
    assert evidence("03/04/05", "99/01/31").decided == "ymd"


def test_a_column_that_cannot_tell_is_asked():
    found = evidence("3/7/1958", "1/2/1990", "n/a")
    assert (found.decided, found.choices, found.examples, found.unread) == (
        None,
        ("dmy", "mdy"),
        ["3/7/1958", "1/2/1990"],
        1,
    )
    assert evidence("1/1/2000", "5/5/1990").choices == ()
    assert evidence("1958-03-07", "7.3.1958").choices == ()
    assert evidence("13/1/2000", "1/13/2000", "3/4/2000").choices == ("dmy", "mdy")
    assert evidence("21251").serials == ["21251"]


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(MONTH_LANGUAGES), st.sampled_from(("medium", "long", "full")))
def test_every_date_is_read_back_in_every_language(day, language, width):
    text = format_date(day, width, locale=language)
    assert clean_date(text, today=TODAY, order="mdy" if language == "en" else "dmy") == day


@given(
    st.lists(st.dates(date(1930, 1, 1), TODAY), min_size=1),
    st.sampled_from(("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%y/%m/%d")),
)
def test_a_column_is_never_decided_wrongly(days, shape):
    order = {"%d": "dmy", "%m": "mdy", "%y": "ymd"}[shape[:2]]
    found = evidence(*(day.strftime(shape) for day in days))
    assert found.decided in (order, None)
    assert order in (found.choices or (order,))


@given(st.text(max_size=60), st.sampled_from((None, "dmy", "mdy", "ymd")), st.booleans())
def test_nothing_but_a_refusal_is_raised(text, order, serial):
    for read in (
        lambda: birthday(text, order, serial),
        lambda: clean_date(text, today=TODAY, order=order),
        lambda: evidence(text),
    ):
        with contextlib.suppress(Refused):
            read()


def test_the_reading_of_march():
    assert clean_date("1958-03-07") == MARCH
