import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import numbers
from regulars.kernel.errors import Refused
from regulars.kernel.numbers import clean_iban, clean_identity, kinds, masked, masked_iban

# From python-stdnum's own test lists.
RIGHT = [
    ("DK", "cpr", "110591-4773", "1105914773"),
    ("DE", "idnr", "73 705 649 216", "73705649216"),
    ("ZA", "idnr", "881106 0071 083", "8811060071083"),
    ("IN", "aadhaar", "5867 9876 6020", "586798766020"),
    ("IN", "pan", "JNUCC5802M", "JNUCC5802M"),
    ("DK", "cvr", "59049828", "59049828"),
    ("DE", "leitweg", "991-03730-19", "991-03730-19"),
    ("", "vat", "ATU 15159209", "ATU15159209"),
    ("DK", "vat", "13 58 56 28", "DK13585628"),
    ("FI", "hetu", "131052-308T", "131052-308T"),
    ("SE", "personnummer", "880320-0016", "880320-0016"),
    ("EE", "ik", "36805280109", "36805280109"),
    ("NO", "fodselsnummer", "151086 95088", "15108695088"),
    ("LT", "asmens", "33309240064", "33309240064"),
    ("AU", "other", " 1804974  b", "1804974 b"),
]


@pytest.mark.parametrize(("country", "kind", "text", "value"), RIGHT)
def test_a_right_number_is_kept_compact(country, kind, text, value):
    assert clean_identity(text, kind=kind, country=country).value == value


@pytest.mark.parametrize(
    ("country", "kind", "text"),
    [
        ("DK", "cpr", "7706373051"),
        ("DE", "idnr", "17496750885"),
        ("ZA", "idnr", "7612155077108"),
        ("IN", "aadhaar", "864408879465"),
        ("", "vat", "ATU 15169209"),
        ("DK", "cvr", "8632048"),
        ("DK", "shoe", "1"),
        ("DE", "", "abc"),
        ("DK", "", ""),
    ],
)
def test_a_wrong_number_is_refused_without_being_repeated(country, kind, text):
    with pytest.raises(Refused) as refused:
        clean_identity(text, kind=kind, country=country)
    assert len(text) < 4 or text not in refused.value.message


def test_a_number_states_birth_date_and_gender():
    found = clean_identity("8811060071083", country="ZA")
    assert (found.kind, found.birth_date, found.gender) == ("idnr", date(1988, 11, 6), "female")


def test_a_country_without_checks_keeps_what_was_given():
    assert clean_identity("AB  12", kind="passport", country="VA").value == "AB 12"


def test_every_kind_has_its_check():
    for country in numbers.PERSONAL.keys() | numbers.COMPANY.keys() | numbers._VAT_ELSEWHERE.keys():
        for kind in kinds(country):
            with pytest.raises(Refused):
                clean_identity("!x!", kind=kind, country=country)


def test_an_iban_tells_bank_and_bic():
    account = clean_iban("DE89 3704 0044 0532 0130 00")
    assert (account.iban, account.bic, account.bank) == ("DE89370400440532013000", "COBADEFFXXX", "Commerzbank")


@pytest.mark.parametrize(
    "text", ["AT611804300234573201", "DE8937040044053201300", "", "XX00", "AL48212110090000000235698741"]
)
def test_a_wrong_iban_is_refused(text):
    with pytest.raises(Refused):
        clean_iban(text)


def test_a_masked_number_can_be_recognised_and_not_used():
    assert masked("1105914773") == "•••••••773"
    assert masked_iban("DE89370400440532013000") == "DE89 •••• 3000"


@given(st.text(max_size=40), st.sampled_from(("DE", "DK", "ZA", "IN", "GB", "")))
def test_nothing_but_a_refusal_is_raised(text, country):
    for kind in ("", *kinds(country)):
        with contextlib.suppress(Refused):
            clean_identity(text, kind=kind, country=country)
