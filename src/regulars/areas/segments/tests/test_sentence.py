"""Criteria as a sentence."""

import pytest

from regulars.areas.segments import queries
from regulars.areas.segments.tests.people import HERE, OWNER

pytestmark = pytest.mark.django_db

SENTENCES = [
    ("", "all customers"),
    ("gender = female", "women"),
    (
        'gender = female and (city = "Berlin" or postcode startswith "10")',
        "women whose city is “Berlin” or whose postcode begins with “10”",
    ),
    (
        'gender = male and country = de and (tag "vip" or archived)',
        "men whose country is Germany and (tagged “vip” or marked “Archived”)",
    ),
    ("birthday in next 7 days", "customers whose birthday is in the next 7 days"),
    ("created_at before 60 days ago", "customers whose date of entry is before 60 days ago"),
    ('not tag "staff" and email is empty', "customers not tagged “staff” and without e-mail"),
    (
        "not (gender = female and children > 2)",
        "customers but not those (whose gender is female and whose children is above 2)",
    ),
    ("top 10% by followers", "customers among the highest 10 % by followers"),
    ("kind = organisation and postcode in (1, 2, 3)", "organisations whose postcode is 1, 2 or 3"),
    ("archived = no", "customers not marked “Archived”"),
    ("birth_date = --02-29", "customers whose birth date is 29 February"),
]


@pytest.mark.parametrize(("text", "said"), SENTENCES)
def test_criteria_are_said(text: str, said: str) -> None:
    assert queries.sentence(text, by=OWNER, **HERE) == said
