"""Held against the facts: what is not there, or does not fit, is an error at its place with the nearest name."""

import pytest

from regulars.areas.segments import queries
from regulars.areas.segments.language import CriteriaError, parse
from regulars.areas.segments.language.check import check
from regulars.areas.segments.queries.ground import ground_of
from regulars.areas.segments.tests.people import HERE, OWNER, STAFF, TODAY, ZONE
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Asked, Fact

pytestmark = pytest.mark.django_db

MISTAKES = [
    ("citty = Berlin", "There is no fact “citty”", "city", 0, 5),
    ("spend(last 30 days) > 500", "There is no fact “spend”", None, 0, 19),
    ("Vorname = Anna", "There is no fact", None, 0, 7),
    ("gender = femal", "has no choice “femal”", "female", 9, 5),
    ("gender > female", "cannot be asked with “>”", None, 0, 15),
    ("children = many", "a whole number", None, 11, 4),
    ("children > 99999999999999999999", "too large", None, 11, 20),
    ("country = Germny", "There is no country", "Germany", 10, 6),
    ("language = Germn", "There is no language", "German", 11, 5),
    ('city = ""', "nothing in these quotes", None, 7, 2),
    ('city contains "´"', "nothing in these quotes", None, 14, 3),
    ("created_at = Berlin", "a date", None, 13, 6),
    ("created_at > 5 days", "a date", None, 13, 6),
    ("created_at before 99999 years ago", "beyond the calendar", None, 18, 15),
    ("archived = perhaps", "yes or no", None, 11, 7),
    ("city", "needs an operator", None, 0, 4),
    ("city(last 30 days) = Berlin", "takes nothing in brackets", None, 5, 12),
    ('number in list "X"', "There is no list “X”", None, 15, 3),
    ('in list "X"', "There is no list “X”", None, 0, 11),
    ('segment "Gold"', "There is no segment “Gold”", None, 0, 14),
    ("top 10% by city", "not a number", None, 11, 4),
    ("birthday = 1980-03-07", "--03-07", None, 11, 10),
    ('phone = "abc"', "", None, 8, 5),
    ('identity_number startswith "1"', "cannot be asked with “startswith”", None, 0, 30),
]


@pytest.mark.parametrize(("text", "said", "near", "offset", "length"), MISTAKES)
def test_a_mistake_is_pointed_at(text: str, said: str, near: str | None, offset: int, length: int) -> None:
    with pytest.raises(CriteriaError) as caught:
        queries.count(text, by=OWNER, **HERE)
    assert said in str(caught.value)
    assert (caught.value.more["offset"], caught.value.more["length"]) == (offset, length)
    if near:
        assert near in caught.value.more["nearest"]


def test_a_label_leads_to_its_fact() -> None:
    with pytest.raises(CriteriaError) as caught:
        queries.count("telephone = 5 or kind_of_note = x", by=OWNER, **HERE)
    assert "phone" in caught.value.more["nearest"]


def test_a_sealed_fact_is_asked_only_by_who_may_unmask_it() -> None:
    assert queries.count('identity_number = "123"', by=OWNER, **HERE) == 0
    with pytest.raises(CriteriaError) as caught:
        queries.count('identity_number = "123"', by=STAFF, **HERE)
    assert caught.value.status == 403
    assert "identity_number" not in {word.name for word in queries.vocabulary(STAFF)}


def test_a_masked_fact_is_searchable() -> None:
    assert queries.count("birth_date = 1980-03-07", by=STAFF, **HERE) == 0


def test_every_fact_has_an_example_that_can_be_asked() -> None:
    for word in queries.vocabulary(OWNER):
        assert queries.count(word.example, by=OWNER, **HERE) == 0, word.name
        assert word.operators and word.label


# --- a fact with parameters

_WORDS = (("channel", "kind", ("email", "phone")), ("purpose", "reason", ("offers", "news")))
_ASKED = Fact(name="consent", type="yesno", label="May", source=Asked("customers.Standing", _WORDS), purpose="")


def meaning(text: str) -> object:
    ground = ground_of(Actor("user", "x", rights=frozenset({"*"})), TODAY, ZONE)
    facts = {**ground.facts, "consent": _ASKED}
    from dataclasses import replace

    return check(parse(text), replace(ground, facts=facts))


def test_parameters_are_found_by_word_or_by_name() -> None:
    assert meaning("consent(email, offers)") == meaning("consent(offers, email)")
    assert meaning("consent(email, offers)") == meaning("consent(purpose = offers, channel = email)")
    assert meaning("consent(email, offers) = no") == meaning("not consent(email, offers)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("consent(email)", "needs its purpose"),
        ("consent", "needs its channel"),
        ("consent(email, offer)", "does not know “offer”"),
        ("consent(email, offers, news)", "does not know"),
        ("consent(chanel = email, offers)", "knows no “chanel”"),
        ("consent(email, last 30 days)", "takes words"),
        ("consent(email, offers) is empty", "with = or !="),
    ],
)
def test_a_parameter_that_is_not_there_is_refused(text: str, said: str) -> None:
    with pytest.raises(CriteriaError, match=said):
        meaning(text)
