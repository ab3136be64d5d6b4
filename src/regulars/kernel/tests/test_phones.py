"""The quick way and the library agree; what is invalid is refused."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.errors import Refused
from regulars.kernel.phones import clean_phone, country_of, international, split_extension

WRITTEN = [
    ("DE", "0049 (0)30 901820", "+4930901820"),
    ("DE", "030/90 18 20", "+4930901820"),
    ("DE", "Tel.: 030-901820", "+4930901820"),
    ("DE", "+４９ ３０ ９０１８２０", "+4930901820"),
    ("DK", "32 12 34 56", "+4532123456"),
    ("IN", "098765 43210", "+919876543210"),
    ("ZA", "082 123 4567", "+27821234567"),
    ("GB", "+44 (0)20 7946 0018", "+442079460018"),
    ("GB", "07400 123456", "+447400123456"),
    ("US", "(650) 253-0000", "+16502530000"),
    ("US", "650.253.0000 ext. 12", "+16502530000"),
    ("CA", "416 967 1111", "+14169671111"),
    ("IT", "06 6982", "+39066982"),
    ("CH", "044 668 18 00", "+41446681800"),
    ("AR", "011 15-2345-6789", "+5491123456789"),
    ("", "+353 85 012 3456", "+353850123456"),
]


@pytest.mark.parametrize(("country", "text", "e164"), WRITTEN)
def test_a_number_is_read_as_people_write_it(country, text, e164):
    assert clean_phone(text, country) == e164


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("DE", "12345"),
        ("DE", "+49"),
        ("US", "911"),
        ("ZA", "00000"),
        ("GB", "020 7946 00181234567"),
        ("DE", "n/a"),
        ("DE", "frag Frau Meier 030 901820"),
        ("DE", "030 901820 privat"),
        ("DE", "030 901820 neu"),
        ("DE", "030 901820 ab 18 Uhr"),
        ("DE", "030 901820 " + "1 ab " * 20_000),
        ("", "030 901820"),
        ("DE", "a@b.de"),
        ("AE", "2234567"),
        ("DE", ""),
    ],
)
def test_what_is_no_valid_number_is_refused(country, text):
    with pytest.raises(Refused):
        clean_phone(text, country)


REGIONS = ("DE", "DK", "GB", "US", "CA", "ZA", "IN", "FR", "IT", "AT", "CH", "PL", "BR", "MX", "AR", "RU", "LT", "AU")
SHAPES = (
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.E164,
)


def the_library(text, country):
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


def ours(text, country):
    try:
        return clean_phone(text, country)
    except Refused:
        return None


@st.composite
def near_numbers(draw):
    """Numbers around the real ones: a region's example with its last digits drawn anew, in one of three shapes."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(st.sampled_from((phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)))
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    digits = str(example.national_number)
    keep = draw(st.integers(1, len(digits)))
    fresh = draw(st.text("0123456789", min_size=0, max_size=len(digits) - keep + 1))
    number = phonenumbers.PhoneNumber(example.country_code, int(digits[:keep] + fresh))
    return region, phonenumbers.format_number(number, draw(st.sampled_from(SHAPES)))


@given(near_numbers())
def test_the_quick_way_gives_what_the_library_gives(case):
    region, text = case
    assert ours(text, region) == the_library(text, region)


@given(st.sampled_from(REGIONS), st.text("0123456789+", min_size=1, max_size=16))
def test_the_same_for_any_digits(region, text):
    assert ours(text, region) == the_library(text, region)


@given(st.text(max_size=40))
def test_nothing_but_a_refusal_is_raised(text):
    ours(text, "DE")


def test_an_extension_is_told_apart():
    assert split_extension("650.253.0000 ext. 12") == ("650.253.0000", "12")
    assert split_extension("030 901820") == ("030 901820", "")
    assert split_extension("030 901820 App. 12") == ("030 901820", "12")
    assert clean_phone("030 901820 Apparat 12", "DE") == clean_phone("030 901820 DW 12", "DE") == "+4930901820"
    assert clean_phone("1-800-FLOWERS", "US") == "+18003569377"


def test_a_number_is_shown_as_people_read_it():
    assert international("+4930901820") == "+49 30 901820"
    assert country_of("+4530123456") == "DK"
