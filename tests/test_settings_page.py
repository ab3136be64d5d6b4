"""The page of the settings."""

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.house.queries import house

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Teehaus", "country": "DK", "currency": "DKK", "time_zone": "Europe/Copenhagen", "languages": ["da", "de"],
    "default_language": "da", "quiet_after_days": "60", "lost_after_days": "400", "gold_percent": "20",
    "check_after_months": "24",
    "session_idle_minutes": "15", "session_hours": "10", "hours_0": "9-18", "hours_6": "",
}  # fmt: skip


def test_what_was_typed_is_kept_and_told() -> None:
    browser = browser_of("manager")
    assert browser.post("/settings/", FORM).status_code == 303
    now = house()
    assert (now.name, now.country, now.languages, now.hours[0]) == ("Teehaus", "DK", ("da", "de"), "09:00-18:00")
    page = browser.get("/settings/").content.decode()
    assert "The settings of the house are changed." in page and "What was changed" in page and "Mette" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("lost_after_days", "30"), ("hours_0", "late"), ("country", "XX"), ("email", "x"), ("name", "")],
)
def test_what_does_not_fit_is_said_beside_its_field(field: str, value: str) -> None:
    answer = browser_of("owner").post("/settings/", {**FORM, field: value})
    assert answer.status_code == 422 and answer.context["form"].errors[field] and house().name == "Regulars"


def test_the_page_asks_few_questions(django_assert_max_num_queries: object) -> None:
    browser = browser_of("owner")
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        browser.get("/settings/")
