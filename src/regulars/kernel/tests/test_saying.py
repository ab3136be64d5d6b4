"""Figures as the reader's language writes them."""

import pytest
from django.utils import translation

from regulars.kernel import saying


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["€22.50", "€0.03", "¥700", "€1,234,567.00"]),
        ("de", ["22,50 €", "0,03 €", "700 ¥", "1.234.567,00 €"]),
    ],
)
def test_an_amount_is_told_in_coins(language: str, told: list[str]) -> None:
    figures = [(22_5000, "EUR"), (255, "EUR"), (700_0000, "JPY"), "1234567 EUR"]
    with translation.override(language):
        assert [saying.amount(each).replace("\N{NO-BREAK SPACE}", " ") for each in figures] == told


def test_what_one_costs_keeps_its_last_digit() -> None:
    figures = [(255, "EUR"), (22_5000, "EUR"), (700_0000, "JPY"), (1_2345, "EUR")]
    assert [saying.amount(each, exact=True) for each in figures] == ["€0.0255", "€22.50", "¥700", "€1.2345"]


def test_a_quantity_keeps_its_last_digit() -> None:
    assert [saying.decimal(each) for each in (1255, 1_0000, "0.1255", 2_5000)] == ["0.1255", "1", "0.1255", "2.5"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["22.50", "0.0255", "25", "-3.50", "1,234,567.50"]),
        ("de", ["22,50", "0,0255", "25", "-3,50", "1.234.567,50"]),
        ("hi", ["22.50", "0.0255", "25", "-3.50", "12,34,567.50"]),
    ],
)
def test_an_amount_whose_currency_stands_elsewhere_reads_as_money(language: str, told: list[str]) -> None:
    with translation.override(language):
        assert [saying.bare_amount(each) for each in (22_5000, 255, 25_0000, -3_5000, 1_234_567_5000)] == told
