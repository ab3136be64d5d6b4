import pytest
from hypothesis import given
from hypothesis import strategies as st
from nameparser import HumanName

from regulars.kernel.names import initials, split_name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("van der Merwe, Thabo", {"given_name": "Thabo", "family_name": "van der Merwe"}),
        ("Thabo van der Merwe Jr.", {"given_name": "Thabo", "family_name": "van der Merwe", "suffix": "Jr."}),
        ("Prof. Dr. Anna von der Heide", {"title": "Prof. Dr.", "given_name": "Anna", "family_name": "von der Heide"}),
        ("O'Brien, Siobhán Mary", {"given_name": "Siobhán", "middle_name": "Mary", "family_name": "O'Brien"}),
        ("Priya Raghunathan", {"given_name": "Priya", "family_name": "Raghunathan"}),
        ("Anna Maria Schmidt", {"given_name": "Anna", "middle_name": "Maria", "family_name": "Schmidt"}),
        ('Rob "Bobby" Smith', {"given_name": "Rob", "family_name": "Smith", "called_name": "Bobby"}),
        ("Anna", {"given_name": "Anna"}),
        ("", {}),
    ],
)
def test_a_full_name_is_taken_apart(text, parts):
    assert split_name(text).as_card() == parts


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("Erika Mustermann (geb. Gabler)", "geb. Gabler"),
        ("Dr. Erika Mustermann geb.Gabler", "geb.Gabler"),
        ("Mustermann, Erika, geb. von der Heide", "geb. von der Heide"),
        ("Erika Mustermann, geborene Gabler", "geborene Gabler"),
        ("Erika Mustermann née Gabler", "née Gabler"),
        ("Erika Mustermann (født Hansen)", "født Hansen"),
        ("Erika Mustermann Jr. (born Gabler)", "Jr. born Gabler"),
        ("Erika Mustermann (geb. 1961)", "geb. 1961"),
    ],
)
def test_the_name_she_was_born_with_is_no_part_of_what_she_is_addressed_by(text, suffix):
    parts = split_name(text)
    assert (parts.given_name, parts.family_name, parts.suffix) == ("Erika", "Mustermann", suffix)


@pytest.mark.parametrize(
    ("text", "given", "middle", "family"),
    [("Max Born", "Max", "", "Born"), ("Thi Nee Vo", "Thi", "Nee", "Vo"), ("Anna Geb Berg", "Anna", "Geb", "Berg")],
)
def test_nobody_was_born_as_what_is_a_name_of_theirs(text, given, middle, family):
    parts = split_name(text)
    assert (parts.given_name, parts.middle_name, parts.family_name, parts.suffix) == (given, middle, family, "")


WORDS = st.sampled_from(
    (
        "Anna",
        "Jürgen",
        "Müller-Lüdenscheidt",
        "van",
        "de",
        "Dr",
        "King",
        "Ali",
        "Santa",
        "Smith",
        "Bo",
        "Søren",
        "Maria",
        "Al",
        "Von",
        "Abdul",
        "Esq",
        "Lee",
        "Ma",
        "Grace",
        "Sir",
        "ÆRØ",
        "y",
        "José",
        "Jean-Luc",
        "MacDonald",
    )
)


@given(st.lists(WORDS, min_size=2, max_size=3))
def test_the_quick_way_gives_what_the_library_gives(words):
    name, parts = HumanName(" ".join(words)), split_name(" ".join(words))
    assert (parts.title, parts.given_name, parts.middle_name, parts.suffix) == (
        name.title,
        name.first,
        name.middle,
        name.suffix,
    )


@given(st.text(max_size=60))
def test_nothing_is_raised(text):
    split_name(text)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Anna Maria Berg", "AB"),
        ("Dr. Anna Berg jr.", "AB"),
        ("Prof. Dr. Öztürk", "Ö"),
        ("J. F. Kennedy", "JK"),
        ("Dr.", "D"),
        ("Tea & Co.", "T"),
        ("रीता ख़ान", "रख़"),
        ("प्रिया", "प"),
        ("", "·"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
