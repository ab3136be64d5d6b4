"""The folded form is that of the whole text, though it is made letter by letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.text import fold, fold_once

SPELLED = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "’": "'"}
)


def whole(text: str) -> str:
    spelled = unicodedata.normalize("NFKD", text).casefold().translate(SPELLED)
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", spelled) if not 0x300 <= ord(ch) <= 0x36F)
    return " ".join(bare.split())


# Letters of our languages, ligatures, a syllable that falls apart, marks that stay in both orders.
LETTERS = "aZ ßẞÆøŁİıﬁΣς’é\u0301\u0323क्षक़\u093c\u094d\u0651\u064b한\u1100\u0f71\u0f72\u00a0\u2003"


@given(st.text(max_size=30) | st.text(st.sampled_from(LETTERS), max_size=12))
def test_letter_by_letter_is_as_the_whole(text: str) -> None:
    assert fold_once(text) == fold(text) == whole(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Sørensen", "sorensen"), ("Müller-Lüdenscheid", "muller-ludenscheid"), ("  Ein  Wort ", "ein wort"), ("", "")],
)
def test_case_marks_and_blanks_go(text: str, folded: str) -> None:
    assert fold_once(text) == folded
