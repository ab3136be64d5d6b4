"""Long is welcome, common is not, the hash is slow (A2, A3)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.access.door import passwords
from regulars.kernel.errors import Refused

GOOD = "correct horse battery staple"


def test_a_sentence_will_do() -> None:
    passwords.check(GOOD, "Olga", "olga@example.com", "Buchladen")


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=14))
def test_shorter_than_fifteen_is_refused(word: str) -> None:
    with pytest.raises(Refused) as refused:
        passwords.check(word[: passwords.SHORTEST - 1] if len(passwords._normal(word)) < 15 else "short")
    assert refused.value.where == "password"


@given(st.text(alphabet="abcdefghijklmnop rstuvwxyz", min_size=64, max_size=200))
def test_long_ones_need_no_signs_or_digits(word: str) -> None:
    if len(set(word.replace(" ", ""))) > 12:
        passwords.check(word)


@pytest.mark.parametrize(
    "word",
    [
        "passwordpassword", "Password12345678", "123456789012345", "qwertyuiopasdfgh", "aaaaaaaaaaaaaaaaaaaa",
        "letmeinletmeinletmein", "abcdefghijklmnopq", "!!!iloveyou!!!!!!!", "ababababababababab",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(word: str) -> None:
    with pytest.raises(Refused, match="everybody tries first"):
        passwords.check(word)


def test_the_own_name_again_and_again_is_refused() -> None:
    with pytest.raises(Refused, match="little more than your name"):
        passwords.check("olga petersen olga!", "Olga Petersen", "olga@example.com")


def test_the_list_is_long() -> None:
    assert len(passwords._common()) >= 3_000


def test_the_hash_is_argon2id_of_the_asked_strength() -> None:
    kept = passwords.hashed(GOOD)
    found = re.search(r"argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)
    assert found and int(found[1]) >= 19 * 1024 and int(found[2]) >= 2 and int(found[3]) == 1


def test_only_the_right_one_fits_however_it_was_typed() -> None:
    kept = passwords.hashed("Über die Brücke gehen wir")
    assert passwords.fits("U\u0308ber die Bru\u0308cke gehen wir", kept)
    assert not passwords.fits("über die Brücke gehen wir", kept)
    assert not passwords.fits("Über die Brücke gehen wir", None)
