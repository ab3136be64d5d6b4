import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.emails import DOUBT_ROLE, DOUBT_TYPO, clean_email, doubt, email_key, probable_domain, split_emails
from regulars.kernel.errors import Refused


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain@example.com", "plain@example.com"),
        ("o'brien@example.ie", "o'brien@example.ie"),
        (" space@example.com ", "space@example.com"),
        ("jürgen@müller.example", "jürgen@müller.example"),
        ("mailto:a@example.com", "a@example.com"),
        ("Anna Meier <anna@example.com>", "anna@example.com"),
        ("a@example.com\u200b", "a@example.com"),
        ("a@hotmail.de.", "a@hotmail.de"),
        ("PRIYA@EXAMPLE.COM", "PRIYA@EXAMPLE.COM"),
    ],
)
def test_an_address_is_kept_as_typed(text, kept):
    assert clean_email(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "a@example",
        "a.example.com",
        ".a@example.com",
        "a b@example.com",
        "a@-example.com",
        "n/a",
        "",
        "a@@example.com",
        "a@example.com,b@example.com",
        "x" * 65 + "@example.com",
        "a@exa_mple.com",
        "a..b@example.com",
        "a@" + "x" * 300 + ".com",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(Refused):
        clean_email(text)


def test_several_addresses_of_a_cell_are_told_apart():
    assert split_emails("a@example.com, b@example.com;c@example.com") == [
        "a@example.com",
        "b@example.com",
        "c@example.com",
    ]
    assert split_emails("a@example.es ::: b@example.es") == ["a@example.es", "b@example.es"]
    assert split_emails("a@example.com") == ["a@example.com"]


def test_the_key_folds_case_and_international_domains():
    assert email_key("Priya@EXAMPLE.com") == "priya@example.com"
    assert email_key("a@MÜLLER.example") == email_key("A@xn--mller-kva.example")


def test_odd_addresses_are_doubted_not_refused():
    assert doubt("a@gmial.com") == DOUBT_TYPO
    assert probable_domain("a@gmial.com") == "gmail.com"
    assert doubt("noreply@example.com") == DOUBT_ROLE
    assert doubt("anna@example.com") == ""


@given(st.text(max_size=80))
def test_nothing_but_a_refusal_is_raised(text):
    for part in split_emails(text):
        with contextlib.suppress(Refused):
            assert clean_email(clean_email(part)) == clean_email(part)
