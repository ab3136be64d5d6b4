"""The export on screen: looking changes nothing, the file is a deed."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.areas.access.models import Session
from regulars.areas.access.tests.people import actor, browser_of
from regulars.areas.customers.actions import add_customer, archive_customer, give_standing
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.actions import agreeing
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.tests.people import AT
from regulars.kernel.sheets import unshield

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers() -> list[int]:
    olga = actor("owner")

    def add(name: str, city: str) -> int:
        card = {"given_name": name, "addresses": [{"city": city}], "phones": [{"value": "+4930901820"}]}
        return add_customer(card={**card, "birth_date": "1980-03-07"}, by=olga, at=AT)

    made = [add("Anna", "Berlin"), add("Bert", "Potsdam"), add("Carl", "Berlin"), add("Dora", "Berlin")]
    archive_customer(number=made[2], by=olga, at=AT)
    give_standing(number=made[3], kind="deceased", by=olga, at=AT)
    return made


def rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_page_says_how_many_go_and_what_stays(numbers):
    deeds = Changeset.objects.count()
    page = browser_of("owner").get("/customers/export/", {"criteria": 'city = "Berlin"', "columns": "name,city"})
    html = page.content.decode()
    assert page.status_code == 200 and "<strong>2</strong> customers go" in html and "1 customer has died" in html
    assert 'name="columns" value="name,city"' in html and Changeset.objects.count() == deeds


def test_the_file_holds_the_list_and_the_journal_the_deed(numbers):
    browser = browser_of("owner")
    answer = browser.post("/customers/export/", {"criteria": 'city = "Berlin"', "format": "csv", "which": "all"})
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"].startswith("text/csv")
    anna, dora = rows(answer)
    assert (anna["given_name"], unshield(anna["phone"]), anna["birth_date"]) == ("Anna", "+4930901820", "1980-03-07")
    assert (dora["given_name"], dora["phone"], dora["city"]) == ("Dora", "", "")
    newest = Changeset.objects.order_by("-number").first()
    assert newest
    assert (newest.verb, newest.particulars["count"], newest.by_name) == ("segments.exported", 2, "Olga")


def test_no_others_go_than_the_page_said(numbers):
    browser, asked = browser_of("owner"), {"criteria": 'city = "Berlin"', "order": "-given_name"}
    page = browser.get("/customers/export/", asked).content.decode()
    form = {**asked, "format": "csv", "whom": page.partition('name="whom" value="')[2].partition('"')[0]}
    archive_customer(number=numbers[0], by=actor("owner"), at=AT)
    deeds = Changeset.objects.count()
    answer = browser.post("/customers/export/", form)
    assert answer.status_code == 409 and Changeset.objects.count() == deeds
    page = answer.content.decode()
    assert "has changed since you looked" in page and "<strong>1</strong> customer goes" in page
    form["whom"] = page.partition('name="whom" value="')[2].partition('"')[0]
    assert [row["given_name"] for row in rows(browser.post("/customers/export/", form))] == ["Dora"]


def test_the_columns_of_the_list_and_the_archived_too(numbers):
    asked = {
        "criteria": 'city = "Berlin"',
        "archived": "yes",
        "columns": "name,city",
        "which": "shown",
        "format": "csv",
    }
    found = rows(browser_of("owner").post("/customers/export/", asked))
    assert found == [
        {"name": "Anna", "city": "Berlin"},
        {"name": "Carl", "city": "Berlin"},
        {"name": "Dora", "city": ""},
    ]


def test_masked_facts_stay_with_who_may_not_unmask(numbers):
    (anna, *_rest) = rows(browser_of("marketer").post("/customers/export/", {"format": "csv"}))
    assert "birth_date" not in anna


def test_who_may_not_gets_nothing(numbers):
    assert browser_of("staff").post("/customers/export/", {"format": "csv"}).status_code == 403
    browser = browser_of("owner")
    assert browser.post("/customers/export/", {"format": "doc"}).status_code == 422
    assert browser.post("/customers/export/", {"format": "csv", "criteria": "citty = 1"}).status_code == 422
    assert not Changeset.objects.filter(verb="segments.exported").exists()


def test_reading_costs_the_same_for_one_and_for_many(numbers, django_assert_max_num_queries):
    from regulars.areas.house.queries import house

    rules = house()
    out = Export("", by=actor("owner"), today=rules.day(AT), zone=rules.zone)
    with django_assert_max_num_queries(60):
        assert len(list(out.rows())) == 4


def test_more_than_a_hundred_go_out_only_after_asking_once_more(numbers, monkeypatch):
    monkeypatch.setattr(agreeing, "UNASKED", 1)
    browser = browser_of("owner")
    Session.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    form = {"criteria": 'city = "Berlin"', "format": "csv", "which": "all"}
    answer = browser.post("/customers/export/", form)
    back = "/customers/export/?criteria=city%20%3D%20%22Berlin%22"
    assert answer.status_code == 303 and answer["Location"].startswith("/account/prove/?next=%2Fcustomers%2Fexport")
    assert not Changeset.objects.filter(verb="segments.exported").exists()
    assert browser.get(back).status_code == 200, "looking how many go is not asked"
    few = browser.post("/customers/export/", {**form, "criteria": 'city = "Potsdam"'})
    assert few.status_code == 200 and rows(few)
    Session.objects.update(proved_at=timezone.now())
    assert browser.post("/customers/export/", form).status_code == 200


def test_what_is_more_is_a_hundred():
    assert agreeing.UNASKED == 100
