"""The house asks everybody for a second factor: who has none sets one up before anything else."""

import pytest
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.models import Factor
from regulars.areas.access.tests.people import OPERATOR, browser_of, person
from regulars.areas.access.tests.test_second_factor import SECRET, code
from regulars.areas.house.actions import change_settings
from regulars.areas.house.queries import house
from regulars.areas.journal.models import Changeset
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def ask_everybody(wanted: bool = True) -> None:
    change_settings(by=OPERATOR, at=timezone.now(), values={"second_factor_for_all": wanted})


def test_it_is_off_until_somebody_chooses_it() -> None:
    assert not house().second_factor_for_all
    assert browser_of("reader").get("/").status_code == 200


def test_from_then_on_everything_leads_to_the_page_that_sets_one_up() -> None:
    browser = browser_of("owner")
    ask_everybody()
    for path in ("/", "/customers/", "/people/", "/settings/", "/account/tokens/", "/customers/export/"):
        answer = browser.get(path)
        assert (answer.status_code, answer["Location"]) == (303, "/account/second-factor/"), path
    assert browser.post("/people/add/", {"name": "Eve"}).status_code == 303
    assert browser.get("/customers/", headers=HTMX)["HX-Redirect"] == "/account/second-factor/"
    assert b"asks everybody" in browser.get("/account/second-factor/").content
    assert Changeset.objects.filter(verb="house.settings_changed").exists()


def test_the_way_there_and_out_stays_open() -> None:
    browser = browser_of("staff")
    ask_everybody()
    assert browser.get("/account/").status_code == browser.get("/account/second-factor/code/").status_code == 200
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"


def test_who_has_one_notices_nothing_and_keeps_it() -> None:
    stefan, at = person("staff"), timezone.now()
    ask_everybody()
    actions.add_code(by=OPERATOR, at=at, user=stefan, secret=SECRET, typed=code(at))
    assert browser_of(stefan).get("/").status_code == 200
    with pytest.raises(Refused, match="asks everybody"):
        actions.remove_factor(by=OPERATOR, at=at, user=stefan, public=Factor.objects.get(kind="code").public)
    ask_everybody(False)
    actions.remove_factor(by=OPERATOR, at=at, user=stefan, public=Factor.objects.get(kind="code").public)


def test_who_has_none_is_told_on_the_first_page() -> None:
    stefan, at = person("staff"), timezone.now()
    assert b"Set up a second factor" in browser_of(stefan).get("/").content
    actions.add_code(by=OPERATOR, at=at, user=stefan, secret=SECRET, typed=code(at))
    assert b"Set up a second factor" not in browser_of(stefan).get("/").content


@pytest.mark.parametrize("wrong", ["yes", 1, None, "false"])
def test_the_setting_is_yes_or_no(wrong: object) -> None:
    with pytest.raises(Refused, match="yes or no"):
        change_settings(by=OPERATOR, at=timezone.now(), values={"second_factor_for_all": wrong})
