"""The settings: their declarations, changing them, how they stood at a moment."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from regulars.areas.house import actions, countries, queries
from regulars.areas.house.models import SETTINGS, Setting
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
OWNER = Actor(kind="user", id=1, name="Olga", rights=frozenset({"*"}))
STAFF = Actor(kind="user", id=2, name="Stefan", rights=frozenset({"customers.edit"}))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def change(at: datetime = NOON, by: Actor = OWNER, **values: Any) -> int | None:
    return actions.change_settings(by=by, at=at, values=values)


def test_each_declared_setting_is_a_field_of_the_house() -> None:
    assert {each.name for each in SETTINGS} == {field.name for field in fields(queries.House)}


def test_a_house_nobody_settled_has_the_defaults() -> None:
    assert (queries.house().country, queries.house().currency) == ("DE", "EUR")


def test_a_change_shows_and_leaves_the_rest() -> None:
    change(name="Buchladen am Markt", country="DK", hours=("9-17:30", "9-12.30, 14-18", "", "", "", "", ""))
    now = queries.house()
    assert (now.name, now.country, now.currency) == ("Buchladen am Markt", "DK", "EUR")
    assert now.hours[:3] == ("09:00-17:30", "09:00-12:30, 14:00-18:00", "")


def test_the_same_again_is_no_deed() -> None:
    change(gold_percent=20)
    assert change(gold_percent="20") is None


def test_what_stays_at_its_default_is_not_written() -> None:
    change(gold_percent=10, quiet_after_days=91)
    assert list(Setting.objects.values_list("name", flat=True)) == ["quiet_after_days"]
    change(quiet_after_days=90)
    assert queries.house().quiet_after_days == 90 and queries.changes()[0].now == 90


def test_hours_are_told_by_weekday() -> None:
    change(hours=("9-18", "", "", "", "", "9-12", ""))
    assert (
        queries.changes()[0].now_text == "Mon 09:00-18:00, Sat 09:00-12:00" and queries.changes()[0].before_text == "–"
    )


def test_how_the_house_stood_before() -> None:
    change(gold_percent=20)
    change(NOON + timedelta(days=1), gold_percent=15, name="Later")
    assert queries.house(NOON - timedelta(days=1)).gold_percent == 10
    assert queries.house(NOON + timedelta(hours=1)).gold_percent == 20
    assert queries.house(NOON + timedelta(hours=1)).name == "Regulars"
    assert queries.house(NOON + timedelta(days=2)).gold_percent == 15


def test_who_changed_what_from_what() -> None:
    change(gold_percent=20)
    change(NOON + timedelta(days=1), gold_percent=15, languages=("da", "en"), default_language="da")
    told = [(each.setting.name, each.before_text, each.now_text, each.by) for each in queries.changes()]
    assert told[-1] == ("gold_percent", "10", "20", "Olga") and ("gold_percent", "20", "15", "Olga") in told
    assert ("languages", "English", "Danish, English", "Olga") in told and len(queries.changes(limit=2)) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gold_percent", 51), ("gold_percent", "many"), ("country", "XX"), ("currency", "DEM"), ("time_zone", "Berlin"),
        ("languages", ()), ("languages", ("en", "xx")), ("email", "olga"), ("phone", "abc"), ("name", " "),
        ("hours", ("18-9",) + ("",) * 6), ("hours", ("9-25",) + ("",) * 6), ("hours", ("9-17",)), ("session_hours", 25),
        ("colour", "red"), ("default_language", "da"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_kind_is_refused_and_changes_nothing(name: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        change(**{name: value, "gold_percent": value if name == "gold_percent" else 12})
    assert refused.value.where == name
    assert not Setting.objects.exists()


def test_lost_comes_after_quiet() -> None:
    with pytest.raises(Refused, match="later than quiet"):
        change(quiet_after_days=400)


def test_without_the_right_nothing_changes() -> None:
    with pytest.raises(NotAllowed):
        change(by=STAFF, gold_percent=20)


def test_the_house_has_its_own_day() -> None:
    change(time_zone="Pacific/Auckland")
    assert queries.today(NOON) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("country", "currency", "zone", "language"),
    [
        ("DE", "EUR", "Europe/Berlin", "de"), ("DK", "DKK", "Europe/Copenhagen", "da"),
        ("ZA", "ZAR", "Africa/Johannesburg", "en"), ("IN", "INR", "Asia/Kolkata", "hi"),
        ("AU", "AUD", "Australia/Sydney", "en"), ("PA", "PAB", "America/Panama", "en"),
    ],
)  # fmt: skip
def test_what_is_usual_in_a_country(country: str, currency: str, zone: str, language: str) -> None:
    usual = countries.usual(country)
    assert (usual.currency, usual.time_zone, usual.languages[0]) == (currency, zone, language)


@pytest.mark.parametrize(
    ("country", "languages"),
    [("DK", ("da",)), ("PL", ("en",)), ("BE", ("de",)), ("ZA", ("en", "af")), ("IN", ("hi", "en"))],
)
def test_a_house_begins_with_the_languages_of_the_whole_country(country: str, languages: tuple[str, ...]) -> None:
    assert countries.usual(country).languages == languages


def test_every_country_has_a_currency_and_a_zone_that_are_on_offer() -> None:
    offered, zones = dict(countries.currencies()), dict(countries.time_zones())
    wrong = [code for code, _name in countries.names() if countries.usual(code).time_zone not in zones]
    assert not wrong
    assert not [code for code, _name in countries.names() if countries.usual(code).currency not in offered]


@pytest.mark.parametrize(
    ("spoken", "country"),
    [("de-AT,de;q=0.9", "AT"), ("da", "DK"), ("en,de-DE;q=0.8", "DE"), ("", ""), ("xx", ""), ("zh-Hant-TW", "TW")],
)
def test_the_country_a_browser_speaks_of(spoken: str, country: str) -> None:
    assert countries.of_browser(spoken) == country


def test_a_phone_is_read_by_the_country_that_is_chosen_with_it() -> None:
    change(country="DK", phone="20 46 00 25")
    assert queries.house().phone == "+4520460025"
    change(phone="20 46 00 26")
    assert queries.house().phone == "+4520460026"


def test_what_was_changed_is_told_as_the_reader_calls_it() -> None:
    change(country="GB", phone="0117 496 0100")
    told = {each.setting.name: (each.before_text, each.now_text) for each in queries.changes()}
    assert told["country"] == ("Germany", "United Kingdom") and told["phone"] == ("–", "+44 117 496 0100")
