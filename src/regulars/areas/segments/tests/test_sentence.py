"""Criteria as a sentence."""

import pytest
from django.utils import translation

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
    ("created_at >= 30 days ago", "customers whose date of entry is 30 days ago or later"),
    ("created_at <= 30 days ago", "customers whose date of entry is 30 days ago or earlier"),
    ("created_at < 30 days ago", "customers whose date of entry is before 30 days ago"),
    ("created_at > yesterday", "customers whose date of entry is after yesterday"),
    ("not birth_date >= 1980-05-01", "customers whose birth date is not 1 May 1980 or later"),
    ("not refused(email, offers)", "customers without refusal (e-mail, offers and news)"),
    ("created_at before 60 days ago", "customers whose date of entry is before 60 days ago"),
    ('not tag "staff" and email is empty', "customers not tagged “staff” and without e-mail"),
    (
        "not (gender = female and children > 2)",
        "customers but not those (whose gender is female and whose children is above 2)",
    ),
    ("top 10% by followers", "customers among the highest 10% by followers"),
    ("kind = organisation and postcode in (1, 2, 3)", "organisations whose postcode is 1, 2 or 3"),
    ("archived = no", "customers not marked “Archived”"),
    ("birth_date = --02-29", "customers whose birth date is 29 February"),
]


@pytest.mark.parametrize(("text", "said"), SENTENCES)
def test_criteria_are_said(text: str, said: str) -> None:
    assert queries.sentence(text, by=OWNER, **HERE) == said


GERMAN = [
    ("", "alle Kundinnen und Kunden"),
    (
        'gender = female and (city = "Berlin" or postcode startswith "10")',
        "Frauen, deren Ort „Berlin“ ist oder deren Postleitzahl mit „10“ beginnt",
    ),
    (
        'gender = male and country = de and (tag "vip" or archived)',
        "Männer, deren Land Deutschland ist und (die das Schlagwort „vip“ tragen oder bei denen „Archiviert“ zutrifft)",
    ),
    ("birthday in next 7 days", "Kundinnen und Kunden, deren Geburtstag in den nächsten 7 Tagen ist"),
    ("created_at in last 1 week", "Kundinnen und Kunden, deren Aufnahmedatum in der letzten Woche ist"),
    ("created_at before 60 days ago", "Kundinnen und Kunden, deren Aufnahmedatum früher als vor 60 Tagen ist"),
    ("created_at after 2026-01-31", "Kundinnen und Kunden, deren Aufnahmedatum später als der 31. Januar 2026 ist"),
    (
        "created_at between 2026-01-31 and today",
        "Kundinnen und Kunden, deren Aufnahmedatum zwischen dem 31. Januar 2026 und heute liegt",
    ),
    (
        'not tag "staff" and email is empty',
        "Kundinnen und Kunden, die das Schlagwort „staff“ nicht tragen und bei denen E-Mail fehlt",
    ),
    (
        "not (gender = female and children > 2)",
        "Kundinnen und Kunden, die nicht zu jenen gehören (deren Geschlecht weiblich ist und deren Kinderzahl größer"
        " als 2 ist)",
    ),
    ("top 10% by followers", "Kundinnen und Kunden, die nach Followerzahl zu den höchsten 10 % gehören"),
    ("kind = organisation and postcode in (1, 2, 3)", "Organisationen, deren Postleitzahl 1, 2 oder 3 ist"),
    ("birth_date = --02-29", "Kundinnen und Kunden, deren Geburtsdatum der 29. Februar ist"),
    (
        "not consent(email, offers)",
        "Kundinnen und Kunden, bei denen Einwilligung (E-Mail, Angebote und Neues) fehlt",
    ),
]


@pytest.mark.parametrize(("text", "said"), GERMAN)
def test_criteria_are_said_in_german(text: str, said: str) -> None:
    with translation.override("de"):
        assert queries.sentence(text, by=OWNER, **HERE) == said
