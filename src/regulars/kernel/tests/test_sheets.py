"""What is written to a spreadsheet computes nothing and comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.sheets import printable, shield, unshield

SIGNS = st.text(st.sampled_from("'=+-@\t\r\n＝＋－＠aé 1"))


@given(SIGNS | st.text())
def test_a_cell_comes_back_as_it_was(text):
    assert unshield(shield(text)) == text


@given(SIGNS | st.text())
def test_no_cell_begins_with_a_formula(text):
    assert shield(text)[:1] not in tuple("=+-@\t\r\n\0＝＋－＠")


@pytest.mark.parametrize("text", ["'t Hooft", "Anna", "", "1-2", "'"])
def test_what_is_harmless_stays(text):
    assert shield(text) == text


def test_a_phone_is_shielded():
    assert shield("+4930901820") == "'+4930901820"


def test_control_characters_leave_an_xlsx():
    assert printable("a\x00b\x1f\n\t") == "ab\n\t"
