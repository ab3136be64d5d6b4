import contextlib

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.errors import Refused
from regulars.kernel.money import Marks, clean_decimal, clean_money, in_coins, plain


@pytest.mark.parametrize(
    ("text", "units", "currency"),
    [
        ("1.234,56", 12345600, "DKK"),
        ("1,234.56", 12345600, "DKK"),
        ("R 1 234,56", 12345600, "ZAR"),
        ("1,23,456.78", 1234567800, "DKK"),
        ("1'234.50", 12345000, "DKK"),
        ("€ 12,-", 120000, "EUR"),
        ("(12.50)", -125000, "DKK"),
        ("12.50-", -125000, "DKK"),
        ("kr. 12,50", 125000, "DKK"),
        ("₹1,23,456", 1234560000, "INR"),
        ("1849,90 €", 18499000, "EUR"),
        ("१२३", 1230000, "DKK"),
        ("USD 5", 50000, "USD"),
        ("0,0001", 1, "DKK"),
    ],
)
def test_an_amount_is_read_exactly(text, units, currency):
    assert clean_money(text, "DKK") == (units, currency)


@pytest.mark.parametrize(
    "text", ["1,234", "12.34567", "5 XYZ", "1.2.3", "abc", "", "5 EUR 6", "1e5", "9" * 17, "1,2,3"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refused):
        clean_money(text, "DKK")


def test_three_digits_after_a_mark_are_asked():
    assert clean_decimal("1.234", mark=".") == 12340
    assert clean_decimal("1.234", mark=",") == 12340000
    found = Marks()
    for text in ("1.234", "5"):
        found.add(text)
    assert found.choices == (".", ",")
    found.add("1,5")
    assert found.decided == ","
    assert not found.choices


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(("en", "de", "da", "af", "hi")))
def test_every_amount_is_read_back_in_every_language(amount, language):
    text = format_decimal(amount, "#,##0.00" if language != "hi" else "#,##,##0.00", locale=language)
    assert clean_decimal(text) == int(amount * 10_000)


@given(st.integers(-(10**17), 10**17))
def test_plain_text_is_read_back(units):
    assert clean_decimal(plain(units)) == units


@given(st.text(max_size=40))
def test_nothing_but_a_refusal_is_raised(text):
    Marks().add(text)
    for mark in (None, ".", ","):
        with contextlib.suppress(Refused):
            clean_money(text, "EUR", mark=mark)


@pytest.mark.parametrize(
    ("exact", "currency", "coins"),
    [(293_215, "EUR", 293_200), (293_250, "EUR", 293_300), (-293_250, "EUR", -293_300), (293_215, "JPY", 290_000)],
)
def test_an_amount_in_whole_coins(exact: int, currency: str, coins: int) -> None:
    assert in_coins(exact, currency) == coins
