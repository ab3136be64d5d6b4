"""What two cards can weigh at most, told from small numbers and few conditions: most strangers are compared no further.

`MOST` speaks of any two. `MOST_OPPOSED` of people whom one matter opposes so strongly that no third card helps them, so
that they have to weigh more: two known given names that surely are two, or births many years apart. Such two are
*apart*, and what they share besides is worth little. Each line here says what the degrees of `model` can come to; a
property test holds the two to each other.
"""

from functools import lru_cache

from regulars.areas.matching.comparing import model
from regulars.areas.matching.comparing.conditions import alike, covers, meet
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


def _few(one: str, other: str, most: int) -> str:
    """So many letters differ at most: twice as many as there can be typing errors."""
    return f"bit_count(xor({one}_letters_l, {other}_letters_r)) <= {most}"


def _both(column: str, what: str = "") -> str:
    return f"({column}_l {what} AND {column}_r {what})"


def _meet(column: str) -> str:
    """The sets may share something."""
    return f"({column}_l & {column}_r <> 0)"


_CROSSED = f"({_few('given', 'family', 4)} OR {_few('family', 'given', 4)})"
_KNOWN = f"({_both('given_known', '= 1')} AND {_both('spelled_out', '= 1')})"
_NAMED_OTHERWISE = f"({_KNOWN} AND NOT {_meet('given_marks')} AND NOT {_meet('sound_marks')} AND NOT {_CROSSED})"
_YEARS_APART = f"({_both('year', '> 0')} AND abs(year_l - year_r) >= 15)"
_ONE_DAY = "(birth_month_l = birth_month_r AND birth_day_l = birth_day_r)"


def _other(column: str, shared: float, other: float) -> str:
    return f"CASE WHEN {_meet(column)} THEN {shared} WHEN {_both(column, '<> 0')} THEN {other} ELSE 0 END"


_PARTS_OPPOSED = (
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
# SQL: bits that no such pair exceeds without the prior; NULL of all others.
MOST_OPPOSED = (
    f"CASE WHEN {_both('person', '= 1')} AND ({_NAMED_OTHERWISE} OR {_YEARS_APART})"
    f" THEN CAST({' + '.join(f'({part})' for part in _PARTS_OPPOSED)} AS DOUBLE) END"
)


def _long(one: str, other: str, least: int) -> str:
    return f"length({one}_l) >= {least} AND length({other}_r) >= {least}"


def _crossing(one: str, other: str) -> str:
    """One's given name may be the other's family name: told more sharply than `_CROSSED` is, with the texts."""
    slip = f"({_few(one, other, 2)} AND {_long(one, other, 5)}) OR ({_long(one, other, 8)})"
    return f"CASE WHEN {_few(one, other, 4)} THEN ({one}_l <> '' AND {one}_l = {other}_r) OR {slip} ELSE false END"


_MAY_CROSS = f"(({_crossing('given', 'family')}) OR ({_crossing('family', 'given')}))"
_CLOSE = f"(CASE WHEN abs(month_l - month_r) < 2 THEN {model.BIRTH_CLOSE.sql} ELSE false END)"
# one figure that differs, or two that changed places
_DATES_ALIKE = "(CASE WHEN strlen(birth_l) = strlen(birth_r) THEN hamming(birth_l, birth_r) <= 2 ELSE true END)"
_EACH = (
    # given name
    "CASE WHEN given_l = '' OR given_r = '' THEN (CASE WHEN given_l = given_r THEN 0 ELSE 3 END)"
    " WHEN given_l = given_r AND given_rare_l = given_rare_r THEN given_rare_l"
    f" WHEN {_few('given', 'family', 2)} AND {_few('family', 'given', 2)} THEN 15"
    f" WHEN {_KNOWN} AND NOT {_meet('given_marks')} AND NOT {_meet('sound_marks')}"
    f" THEN (CASE WHEN {_MAY_CROSS} THEN 3 ELSE -18 END) ELSE 6 END",
    # family name
    "CASE WHEN family_l = '' OR family_r = '' THEN 0"
    " WHEN family_l = family_r AND family_rare_l = family_rare_r THEN family_rare_l"
    f" WHEN {model.FAMILY_SLIP.sql} THEN 6 WHEN family_sound_l = family_sound_r THEN 6"
    f" WHEN {meet('family_words').sql} THEN 5 WHEN {_MAY_CROSS} THEN 0 ELSE -5 END",
    # firm
    "CASE WHEN firm_l = '' OR firm_r = '' THEN 0 WHEN firm_l = firm_r THEN greatest(firm_rare_l, firm_rare_r, 6)"
    f" WHEN {model.FIRM_SLIP.sql} THEN 6 WHEN {covers('firm_words', 'firm_words').sql} THEN 4 ELSE -14 END",
    # birth
    "CASE WHEN month_l = 0 OR month_r = 0 THEN 0"
    " WHEN month_l <> month_r AND year_l <> year_r"  # then no two parts of it are the same
    f" THEN (CASE WHEN {_CLOSE} THEN 2 ELSE -8 END)"
    " WHEN birth_l = birth_r AND birth_l <> '' THEN 13"
    f" WHEN {_ONE_DAY} THEN (CASE WHEN {_YEARS_APART} THEN -8 ELSE 7 END)"
    " WHEN birth_l = birth_turned_r THEN 6"
    f" WHEN {model.TWO_OF_THREE.sql} THEN (CASE WHEN {_DATES_ALIKE} THEN 6 ELSE 3 END)"
    f" WHEN {_CLOSE} THEN 2 ELSE -8 END",
    # suffix, gender, identity number
    "CASE WHEN suffix_l = '' OR suffix_r = '' THEN 0 WHEN suffix_l = suffix_r THEN 1 ELSE -10 END",
    "CASE WHEN gender_l = '' OR gender_r = '' THEN 0 WHEN gender_l = gender_r THEN 0.7 ELSE -5 END",
    f"CASE WHEN {_both('numbered', '= 1')} THEN (CASE WHEN {meet('identities').sql} THEN 32 ELSE 0 END) ELSE 0 END",
    # e-mail
    f"CASE WHEN {_meet('email_marks')} THEN 14 WHEN NOT {_both('email_marks', '<> 0')} THEN 0"
    f" WHEN mailbox_figures_l = mailbox_figures_r AND {alike('mailbox', 0.8).sql} THEN 11"
    f" WHEN {meet('mailboxes').sql} THEN 9 ELSE -2 END",
    # phone
    _other("phone_marks", 9, -1.5),
    # home
    f"CASE WHEN NOT {_both('street_marks', '<> 0')} THEN (CASE WHEN {_meet('place_marks')} THEN 5 ELSE 2 END)"
    f" WHEN {_meet('street_marks')} THEN (CASE WHEN NOT {_meet('place_marks')} THEN 4"
    f" WHEN {meet('homes').sql} THEN 11 ELSE 8 END)"
    f" WHEN NOT {_meet('place_marks')} THEN -3 WHEN {alike('street', 0.8).sql} THEN 8"
    f" WHEN {meet('postcodes').sql} THEN 4 ELSE 0.5 END",
)
# SQL: bits that no pair exceeds without the prior.
MOST = f"CAST({' + '.join(f'({each})' for each in _EACH)} AS DOUBLE)"
