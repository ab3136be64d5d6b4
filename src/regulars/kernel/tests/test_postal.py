import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.errors import Refused
from regulars.kernel.genders import clean_gender, gender_of_title
from regulars.kernel.languages import clean_language
from regulars.kernel.postal import (
    address_lines,
    clean_country,
    clean_postcode,
    doubt_of_postcode,
    required_parts,
    with_lost_zeros,
)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("DE", ["Germany", "Deutschland", "Tyskland", "Duitsland", "जर्मनी", "DEU", "de"]),
        ("GB", ["UK", "England", "United Kingdom", "GBR"]),
        ("US", ["USA", "U.S.A.", "United States"]),
        ("ZA", ["South Africa", "Suid-Afrika", "Südafrika"]),
        ("NL", ["Holland"]),
        ("DK", ["Danmark", "Dänemark", "Denemarke"]),
        ("IN", ["India", "Indien", "भारत"]),
    ],
)
def test_a_country_is_known_by_any_of_its_names(code, names):
    assert {clean_country(name) for name in names} == {code}


def test_a_place_that_is_no_country_is_refused():
    for text in ("Atlantis", "XX", "", "EU", "n/a"):
        with pytest.raises(Refused):
            clean_country(text)


def test_a_language_is_known_by_code_or_name():
    named = [clean_language(text) for text in ("Deutsch", "tysk", "de_AT", "pt-BR", "हिन्दी", "English", "eng")]
    assert named == ["de", "de", "de-AT", "pt-BR", "hi", "en", "en"]
    with pytest.raises(Refused):
        clean_language("Klingonese")


def test_gender_words_of_five_languages():
    words = ("weiblich", "kvinde", "Frau", "vroulik", "महिला", "f")
    assert {clean_gender(word) for word in words} == {"female"}
    assert {clean_gender(word) for word in ("Herr", "Mr.", "mand", "manlik", "पुरुष", "männlich")} == {"male"}
    assert (clean_gender("divers"), clean_gender("unbekannt")) == ("other", None)
    assert {clean_gender(word) for word in ("Unspecified", "Keine Angabe", "Ikke oplyst", "अनिर्दिष्ट")} == {None}
    assert (gender_of_title("Frau Dr."), gender_of_title("Prof.")) == ("female", None)
    with pytest.raises(Refused):
        clean_gender("blue")


def test_a_postcode_is_kept_as_its_country_writes_it():
    written = [
        clean_postcode(text, country)
        for text, country in (
            ("DK-1051", "DK"),
            ("d-10623", "DE"),
            ("sw1a1aa", "GB"),
            ("D02AF30", "IE"),
            ("0001", "ZA"),
            ("Box 7", "DE"),
        )
    ]
    assert written == ["1051", "10623", "SW1A 1AA", "D02 AF30", "0001", "BOX 7"]
    assert doubt_of_postcode("1067", "DE")
    assert not doubt_of_postcode("01067", "DE")


@pytest.mark.parametrize(
    ("number", "country", "postcode"),
    [
        ("1067", "DE", "01067"), ("106", "DE", ""), ("5020", "DE", ""), ("10115", "DE", ""), ("1000", "FR", "01000"),
        ("2134", "US", "02134"), ("501", "US", "00501"), ("2", "ZA", "0002"), ("118", "IT", "00118"),
        ("101", "AT", ""), ("1310100", "BR", "01310100"), ("1001", "SK", "010 01"), ("1067a", "DE", ""), ("1", "", ""),
    ],
)  # fmt: skip
def test_a_postcode_that_was_a_number_has_its_noughts_back(number: str, country: str, postcode: str) -> None:
    assert with_lost_zeros(number, country) == postcode


def test_an_address_is_written_as_its_country_does():
    nyhavn = {"street": "Nyhavn 17", "street2": "2. tv.", "postcode": "1051", "city": "København K", "country": "DK"}
    assert address_lines(nyhavn, name="Søren", at_home="DE") == [
        "Søren",
        "Nyhavn 17",
        "2. tv.",
        "1051 KØBENHAVN K",
        "DENMARK",
    ]
    assert address_lines(nyhavn, at_home="DK")[-1] == "1051 KØBENHAVN K"
    assert "region" in required_parts("US")
    assert "region" not in required_parts("DE")


@given(st.text(max_size=40))
def test_nothing_but_a_refusal_is_raised(text):
    for clean in (clean_country, clean_language, clean_gender):
        with contextlib.suppress(Refused):
            clean(text)
    clean_postcode(text, "GB")
    address_lines({"street": text, "city": text, "country": "DE"}, name=text)
