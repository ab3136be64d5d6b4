"""Five languages: each is known everywhere, and reads and sorts as its people write, with or without a catalogue."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import override

from regulars.areas.customers.actions import order_is_due, sort_anew
from regulars.areas.customers.models import Customer
from regulars.areas.house.actions import change_settings
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import deed
from regulars.areas.journal.queries import as_of, moment_at
from regulars.areas.segments.language.names import LOCALES
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.dates import MONTH_LANGUAGES
from regulars.kernel.languages import NAMED_IN
from regulars.kernel.text import House, sort_key

OLGA = Actor(kind="user", name="Olga", rights=frozenset("*"), through="page")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
CODES = tuple(code for code, _name in settings.LANGUAGES)


def test_every_place_knows_the_same_languages() -> None:
    assert CODES == NAMED_IN == LOCALES == MONTH_LANGUAGES


@pytest.mark.parametrize(
    ("language", "day", "short", "number", "money"),
    [
        ("en", "7 March 2026", "7 Mar 2026", "1,234,567", "₹1,234,567.50"),
        ("de", "7. März 2026", "07.03.2026", "1.234.567", "1.234.567,50\u00a0₹"),
        ("da", "7. marts 2026", "07.03.2026", "1.234.567", "1.234.567,50\u00a0₹"),
        ("af", "7 Maart 2026", "2026-03-07", "1\u00a0234\u00a0567", "₹1\u00a0234\u00a0567,50"),
        ("hi", "7 मार्च 2026", "07-03-2026", "12,34,567", "₹12,34,567.50"),
    ],
)
def test_dates_numbers_and_money(language: str, day: str, short: str, number: str, money: str) -> None:
    with override(language):
        assert saying.day("2026-03-07") == day
        assert date_format(date(2026, 3, 7), "SHORT_DATE_FORMAT") == short
        assert saying.count(1234567) == number
        assert saying.amount("1234567.5 INR") == money
        assert saying.moment(datetime(2026, 3, 7, 14, 5, tzinfo=UTC)).endswith("14:05")


def test_months_in_hindi_are_spelt_as_they_are_written() -> None:
    with override("hi"):
        months = [date_format(date(2026, month, 7), "DATE_FORMAT").split()[1] for month in (9, 11, 12)]
    assert months == ["सितंबर", "नवंबर", "दिसंबर"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", CODES)
def test_a_page_says_its_language(client: Client, language: str) -> None:
    page = client.get("/sign-in/", headers={"accept-language": language})
    assert page.status_code == 200 and f'<html lang="{language}"' in page.content.decode()


def test_the_danish_alphabet_ends_in_ae_oe_and_aa() -> None:
    names = ["Aagaard", "Ærø", "Zander", "Østergaard", "Berg", "Ågren"]
    assert sorted(names, key=lambda name: sort_key(name, "da")) == [
        "Berg", "Zander", "Ærø", "Østergaard", "Ågren", "Aagaard",
    ]  # fmt: skip
    assert sorted(names, key=lambda name: sort_key(name, "de"))[:2] == ["Aagaard", "Ærø"]


@pytest.mark.django_db(transaction=True)
def test_another_main_language_sorts_everybody_anew() -> None:
    house()
    with deed(verb="customers.added", by=OLGA, at=AT) as link:
        for number, name in zip(link.numbers(2), ("Åse", "Berg"), strict=True):
            link.add(Customer(number=number, family_name=name, created_at=AT))
    assert _sorted() == ["Åse", "Berg"] and not order_is_due()
    change_settings(by=OLGA, at=AT, values={"languages": ["da"], "default_language": "da"})
    assert order_is_due() and sort_anew() == 1 and not order_is_due()
    assert _sorted() == ["Berg", "Åse"]


def _sorted() -> list[str]:
    return list(Customer.objects.order_by("sort_key").values_list("family_name", flat=True))


@pytest.mark.django_db
def test_who_looks_back_leaves_todays_alphabet_to_those_who_write() -> None:
    change_settings(by=OLGA, at=AT, values={"languages": ["en", "da"], "default_language": "en"})
    then = moment_at(AT + timedelta(hours=1))
    change_settings(by=OLGA, at=AT + timedelta(hours=2), values={"default_language": "da"})
    house()
    with as_of(then):
        assert house().default_language == "en"
    assert House.language == "da"
