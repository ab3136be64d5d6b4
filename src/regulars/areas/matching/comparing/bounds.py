"""What two cards can weigh at most, told from a few small numbers: most strangers need not be compared any further.

Spoken of are only people whom one matter opposes so strongly that no third card helps them: two known given names that
surely are two, or births many years apart. Such two are *apart*, so that what they share besides is worth little. Each
line here says what the degrees of `model` can come to; a property test holds the two to each other.
"""

from functools import lru_cache

from regulars.areas.matching.comparing.features import Features

_LETTERS, _MARKS = 31, 63
COLUMNS = [
    ("given_letters", "BIGINT"), ("family_letters", "BIGINT"), ("given_marks", "BIGINT"), ("sound_marks", "BIGINT"),
    ("email_marks", "BIGINT"), ("phone_marks", "BIGINT"), ("street_marks", "BIGINT"), ("place_marks", "BIGINT"),
    ("numbered", "INTEGER"),
]  # fmt: skip


def row_of(told: Features) -> tuple[int, ...]:
    """The numbers, in the order of `COLUMNS`. They mean something within one process."""
    return (
        letters(told.given),
        letters(told.family),
        mark(told.given) | marks(told.names) | marks(told.groups),
        mark(told.given_sound),
        marks(told.emails),
        marks(told.phones),
        marks(told.streets),
        marks(told.postcodes) | marks(told.towns) | marks(told.places),
        1 if told.identities else 0,
    )


@lru_cache(100_000)
def letters(word: str) -> int:
    """The letters of a word, each as a bit. One typing error changes two of them at most."""
    return sum({1 << ord(letter) % _LETTERS for letter in word})


def mark(word: str) -> int:
    """A bit for a word, the same for the same."""
    return 1 << hash(word) % _MARKS


def marks(words: list[str]) -> int:
    """A bit for each word, 0 of none: where two sets share a word they share a bit."""
    found = 0
    for word in words:
        found |= 1 << hash(word) % _MARKS
    return found


def _unlike(one: str, other: str) -> str:
    """More letters differ than two typing errors change."""
    return f"bit_count(xor({one}_l, {other}_r)) > 4"


def _both(column: str, what: str = "") -> str:
    return f"({column}_l {what} AND {column}_r {what})"


def _meet(column: str) -> str:
    """The sets may share something."""
    return f"({column}_l & {column}_r <> 0)"


_CROSSED = f"NOT ({_unlike('given_letters', 'family_letters')} AND {_unlike('family_letters', 'given_letters')})"
_KNOWN = f"({_both('given_known', '= 1')} AND {_both('spelled_out', '= 1')})"
_NAMED_OTHERWISE = f"({_KNOWN} AND NOT {_meet('given_marks')} AND NOT {_meet('sound_marks')} AND NOT ({_CROSSED}))"
_YEARS_APART = f"({_both('year', '> 0')} AND abs(year_l - year_r) >= 15)"
_ONE_DAY = "(birth_month_l = birth_month_r AND birth_day_l = birth_day_r)"


def _other(column: str, shared: float, other: float) -> str:
    return f"CASE WHEN {_meet(column)} THEN {shared} WHEN {_both(column, '<> 0')} THEN {other} ELSE 0 END"


_PARTS = (
    f"CASE WHEN {_NAMED_OTHERWISE} THEN -18 WHEN {_CROSSED} THEN 15"
    " WHEN given_l = given_r THEN greatest(given_rare_l, given_rare_r, 6) ELSE 6 END",
    "CASE WHEN family_l = family_r THEN greatest(family_rare_l, family_rare_r, 6) ELSE 6 END",
    f"CASE WHEN {_YEARS_APART} THEN (CASE WHEN {_ONE_DAY} THEN -8 ELSE -10 END)"
    " WHEN birth_l = birth_r AND birth_l <> '' THEN 13 ELSE 7 END",
    f"CASE WHEN {_both('numbered', '= 1')} THEN 32 ELSE 0 END",
    _other("email_marks", 1, -2),
    _other("phone_marks", 0.5, -1.5),
    f"CASE WHEN {_meet('place_marks')} THEN 5 ELSE (CASE WHEN NOT {_both('street_marks', '<> 0')} THEN 2"
    f" WHEN {_meet('street_marks')} THEN 1 ELSE -3 END) END",
    "1.7",  # a suffix, a gender
)
# SQL: bits that no pair exceeds without the prior; NULL of pairs that nothing is told of so quickly.
MOST = (
    f"CASE WHEN {_both('person', '= 1')} AND ({_NAMED_OTHERWISE} OR {_YEARS_APART})"
    f" THEN CAST({' + '.join(f'({part})' for part in _PARTS)} AS DOUBLE) END"
)
