"""Who is named in words is found however she is written, and nobody else."""

import pytest

from regulars.kernel.mentions import Mentions

KNOWN = ["Weißkäs", "Clara Sonntag", "clara@example.org", "+4915123456789", "Anna", "ø", "शर्मा"]


def cleaned(words: str) -> str:
    return Mentions(KNOWN, lambda text: text != "Anna", "X").cleaned(words)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("for WEISSKÄS, Weisskaes and weisskas", "for X, X and X"),
        ("umzug_Weißkäs_2026.csv", "umzug_X_2026.csv"),
        ("Ka\u0308s and Weißka\u0308s", "Ka\u0308s and X"),
        ("clara  sonntag; Clara_Sonntag.pdf", "X; X.pdf"),
        ('email = "Clara@Example.org"', 'email = "X"'),
        ("call 0151 234 567-89, +49 (0) 151/23456789 or 0049 15123456789", "call X, X or X"),
        ("mit शर्मा", "mit X"),
    ],
)
def test_however_she_is_written(words: str, left: str) -> None:
    assert cleaned(words) == left
    named = Mentions(KNOWN, lambda _text: True, "X")
    assert named.cleaned(words, named.within(["something", words])) == left


def test_a_nickname_in_quotes_is_part_of_the_name() -> None:
    known = Mentions(['Johann "Hans" Berg', "Clara Sonntag"], lambda _text: True, "X")
    assert known.cleaned('Für Johann "Hans" Berg') == known.cleaned("Für JOHANN Hans Berg") == "Für X"
    assert known.cleaned('"Clara" or "Sonntag"') == '"Clara" or "Sonntag"'


@pytest.mark.parametrize(
    "words",
    [
        "Weißkäserei",
        "Clara",
        'in ("Clara", "Sonntag")',
        "Clara\nSonntag",
        "115123456789",
        "0151 234567890",
        "Anna",
        "शर्म",
    ],
)
def test_nobody_else_is_taken_for_her(words: str) -> None:
    assert cleaned(words) is words
