"""Card numbers and passwords are found; what only looks like them is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from regulars.kernel import forbidden
from regulars.kernel.errors import Refused

VISA = "4111111111111111"


@pytest.mark.parametrize("number", [
    VISA, "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111", "378282246310005", "3782 822463 10005",
    "5555555555554444", "2223003122003222", "6011111111111117", "3530111333300000", "30569309025904",
    "3056 930902 5904",
    "4222222222222", "4111\u00a01111\u00a01111\u00a01111", "6304000000000000", "४१११ ११११ ११११ ११११",
    "４１１１１１１１１１１１１１１１", "٤١١١١١١١١١١١١١١١", "4111 1111\n1111 1111", "4111 1111\r\n1111 1111",
    "4111/1111/1111/1111", "4111_1111_1111_1111", "4111 - 1111 - 1111 - 1111", "4111\t1111\t1111\t1111",
])  # fmt: skip
def test_a_card_number_is_found_wherever_it_stands(number: str) -> None:
    text = f"Paid with {number} 12/27, thanks."
    assert forbidden.suspect(text) and forbidden.blacked(text) == "Paid with •••• 12/27, thanks."
    assert forbidden.is_card(number)


@pytest.mark.parametrize("text", [
    "+49 4111 111111 11111", "0049 151 23456789", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000",
    "4111111111111112", "1234567890123", "order 41111111111111110000123", "ABC4111111111111111", "2026-11-28 10:15:30",
    "4111 **** **** 1111", "GB29 NWBK 6016 1331 9268 19", "9780306406157", "49 30 901820 11 22 33",
    "40123456/41111116", "40123456\n41111116", "2026/11/28 10/15/30",
])  # fmt: skip
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert forbidden.found_in(text) == [] and forbidden.blacked(text) == text


@pytest.mark.parametrize("text", [
    "Password: hunter2", "Passwort=geheim!", "kodeord : abc", "Adgangskode: x", "wagwoord:geheim", "पासवर्ड: गुप्त",
    "CVV: 123", "Kundenpasswort: abc", "pwd=abc",
])  # fmt: skip
def test_a_password_is_found_after_its_word(text: str) -> None:
    found = forbidden.blacked(f"Likes tea. {text} and cake")
    assert "••••" in found and found.startswith("Likes tea. ") and found.endswith(" and cake")
    assert all(word not in found for word in ("hunter2", "geheim", "abc", "123", "गुप्त"))


def test_every_password_of_a_text_is_found() -> None:
    text = "Kennwort = geheim; Passwort ist hunter2. pw: abc123  PIN: 9876 kodeord: hej, Tel: 030"
    assert forbidden.blacked(text) == "Kennwort = ••••; Passwort ist •••• pw: ••••  PIN: •••• kodeord: ••••, Tel: 030"


@pytest.mark.parametrize(("text", "left"), [
    ("Her password is Hunter", "Her password is ••••"), ("PASSWORT IST x1, ja", "PASSWORT IST ••••, ja"),
    ("kodeord er hejsa", "kodeord er ••••"), ("wagwoord is geheim", "wagwoord is ••••"),
    ("पासवर्ड गुप्त है", "पासवर्ड •••• है"), ("Kodeordet: hej", "Kodeordet: ••••"), ("PIN-Code: 9876", "PIN-Code: ••••"),
])  # fmt: skip
def test_a_password_is_found_in_a_sentence(text: str, left: str) -> None:
    assert forbidden.suspect(text) and forbidden.blacked(text) == left


@pytest.mark.parametrize("text", [
    "forgot her password", "asked: may she come", "http://example.org/?a=b", "the password is wrong",
    "Passwort ist nicht bekannt", "kodeord er glemt", "पासवर्ड गलत है", "PIN Code", "New Delhi, PIN: 110 001",
    "PIN Code: 110001", "Pin: 1 piece", "the next order is late",
])  # fmt: skip
def test_talk_of_passwords_is_no_password(text: str) -> None:
    assert not forbidden.found_in(text)


@pytest.mark.parametrize(("heading", "is_one"), [
    ("Password", True), ("user_password_hash", True), ("Passwort", True), ("Kundenkennwort", True), ("Kodeord", True),
    ("Wagwoord", True), ("पासवर्ड", True), ("CVC", True), ("Passport", False), ("Notes", False), ("PIN Code", False),
])  # fmt: skip
def test_a_column_of_passwords_is_known_by_its_heading(heading: str, is_one: bool) -> None:
    assert forbidden.is_password(heading) is is_one


def test_a_refusal_does_not_say_what_it_refuses() -> None:
    with pytest.raises(Refused) as caught:
        forbidden.refuse(f"Card {VISA}", where="note")
    assert VISA not in repr(caught.value.more) + str(caught.value) and caught.value.where == "note"


def test_a_numbering_passes_the_check_by_chance_alone() -> None:
    shaped, passing = forbidden.weighed(str(4_000_000_000_000_000 + count) for count in range(100))
    assert (shaped, passing) == (100, 10)


@given(st.integers(0, 10**9), st.text(st.characters(categories=["L", "Zs"]), max_size=20), st.integers(0, 2))
def test_whatever_stands_around_it_nothing_is_left_and_twice_is_once(seed: int, around: str, way: int) -> None:
    body = f"4{seed:014d}"
    number = body + luhn.calc_check_digit(body)
    written = [number, " ".join(number[at : at + 4] for at in range(0, 16, 4)),
               "-".join(number[at : at + 4] for at in range(0, 16, 4))][way]  # fmt: skip
    text = f"{around} ({written}) {around}"
    once = forbidden.blacked(text)
    assert written not in once and forbidden.blacked(once) == once
    assert once.replace("••••", written) == text


# The digits of a card number in a script or two, what may stand between them, and what may stand around.
_DIGITS = st.sampled_from(["4111111111111111", "378282246310005", "४१११११११११११११११", "4111१1111111१1१1"])
_SIGNS = ["", "", "", " ", ".", "-", "/", "_", "\n", "\t", "\r\n", " - ", "\u00a0", "\u202f", "\u2011"]
_GAPS = st.lists(st.sampled_from(_SIGNS), min_size=19, max_size=19)
_AROUND = st.text(st.sampled_from("0123456789+ .-/_\u00a0ü४４x:=\n\x1f"), max_size=6)
_WORDS = st.sampled_from(
    [
        "Passwort",
        "PASSWORD",
        "kodeord",
        "Kodeordet",
        "wagwoord",
        "पासवर्ड",
        "pw",
        "PIN",
        "pin code",
        "is",
        "IST",
        "er",
        "है",
        ":",
        "=",
        "\u0903",
        " ",
        "  ",
        "\n",
        "x",
        "9876",
        "+",
        "+49 171 234567",
        "/",
        "4222222222222",
        "4111 1111 1111 1111",
        "\x1f",
        ",",
        "\u00a0",
        "1",
        "\u212a",
        "ſ",
    ]
)


@given(st.text(max_size=60) | st.builds(
    lambda digits, gaps, before, behind: before + "".join(map("".join, zip(gaps, digits, strict=False))) + behind,
    _DIGITS, _GAPS, _AROUND, _AROUND,
) | st.lists(_WORDS, max_size=9).map("".join) | st.lists(_WORDS, max_size=9).map(" ".join))  # fmt: skip
def test_a_closer_look_is_never_missed(text: str) -> None:
    assert forbidden.suspect(text) or not forbidden.found_in(text)
