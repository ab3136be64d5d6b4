"""The journal on screen: what was done, one deed, and taking it back."""

import pytest

from regulars.areas.access.tests.people import actor, browser_of, person, token_of
from regulars.areas.consent.actions import refuse
from regulars.areas.customers.actions import edit_customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.house.actions import change_settings
from regulars.areas.journal.queries import changes

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return " ".join(response.content.decode().split())


def latest() -> int:
    return changes(verb="customers", limit=1)[0].changeset


def test_the_house_reads_what_was_done() -> None:
    number = anna()
    page = html(browser_of().get("/changes/"))
    assert f"added card {number}" in page and "Olga" in page and "on screen" in page


def test_deeds_are_found_by_person_verb_day_and_customer() -> None:
    number = anna()
    edit_customer(number=number, card={"occupation": "Nurse"}, by=OLGA, at=NOW)
    browser = browser_of()
    for asked in ("by=Olga", "verb=customers.edited", "day=2026-11-23", f"customer={number}"):
        assert f"edited card {number}" in html(browser.get(f"/changes/?{asked}")), asked
    for asked in ("by=Nobody", "verb=customers.deleted", "day=2020-01-01", "customer=99999"):
        assert "Nothing like that was done" in html(browser.get(f"/changes/?{asked}")), asked


def test_an_unknown_question_is_an_error() -> None:
    assert browser_of().get("/changes/?bey=Olga").status_code == 422
    assert browser_of().get("/changes/?verb=nonsense").status_code == 422


def test_one_deed_shows_what_it_changed_and_hides_what_is_hidden() -> None:
    number = anna()
    edit_customer(number=number, card={"occupation": "Nurse", "birth_date": "1960-01-02"}, by=OLGA, at=NOW)
    page = html(browser_of().get(f"/changes/{latest()}/"))
    assert "<dt>Occupation</dt><dd><ins>Nurse</ins>" in page and "1960" not in page and "1958" not in page


def test_a_deed_is_undone_after_asking() -> None:
    number = anna()
    edit_customer(number=number, card={"occupation": "Nurse"}, by=OLGA, at=NOW)
    browser, deed = browser_of(), latest()
    assert "becomes what it was before" in html(browser.get(f"/changes/{deed}/undo/"))
    assert card_json(OLGA, number)["occupation"] == "Nurse"
    answer = browser.post(f"/changes/{deed}/undo/", {"next": f"/customers/{number}/"})
    assert answer["Location"] == f"/customers/{number}/" and card_json(OLGA, number)["occupation"] is None
    assert "undone" in html(browser.get("/changes/"))


def test_where_later_edits_rest_on_it_they_are_listed() -> None:
    number = anna()
    edit_customer(number=number, card={"occupation": "Nurse"}, by=OLGA, at=NOW)
    deed = latest()
    edit_customer(number=number, card={"occupation": "Doctor"}, by=OLGA, at=NOW)
    page = html(browser_of().get(f"/changes/{deed}/undo/"))
    assert "Nurse" in page and "Doctor" in page and ">Undo</button>" not in page
    assert browser_of().post(f"/changes/{deed}/undo/").status_code == 409
    assert card_json(OLGA, number)["occupation"] == "Doctor"


def test_staff_undo_their_own_deed_of_today_and_no_other() -> None:
    number = anna()
    staff, others = browser_of("staff"), latest()
    staff.post(f"/customers/{number}/edit/about/", {"seen": 0, "occupation": "Nurse", "initial-occupation": ""})
    assert staff.post(f"/changes/{others}/undo/").status_code == 403
    assert staff.post(f"/changes/{latest()}/undo/").status_code == 303
    assert card_json(OLGA, number)["occupation"] is None


def test_nobody_is_sent_to_another_house() -> None:
    anna()
    answer = browser_of().post(f"/changes/{latest()}/undo/", {"next": "https://evil.example/"})
    assert answer["Location"].startswith("/")


def test_what_was_done_to_people_and_programs_reads_in_words() -> None:
    token_of("owner", "customers.view", "customers.edit")
    made = changes(verb="access.token_made", limit=1)[0].changeset
    page = html(browser_of().get(f"/changes/{made}/"))
    assert "<ins>see customers; add and edit customers</ins>" in page and "customers.view" not in page
    assert "<dt>User</dt><dd><ins>Olga</ins>" in page and "<dt>Public</dt>" not in page
    person("auditor")
    german = browser_of(person("manager", language="de"))
    assert "Anton mit der Rolle „Prüfung“" in html(german.get("/changes/"))


def test_answers_and_settings_read_in_words() -> None:
    number = anna()
    refuse(number=number, channels=["email"], purposes=["offers"], by=OLGA, at=NOW)
    change_settings(values={"quiet_after_days": 30}, by=OLGA, at=NOW)
    page = html(browser_of().get("/changes/"))
    assert f"noted a no of card {number}: E-mail: Offers and news" in page
    assert "changed the settings of the house: Quiet after (days)" in page


def test_the_list_of_deeds_asks_few_questions(django_assert_max_num_queries) -> None:
    for _each in range(20):
        anna(emails=[])
    browser = browser_of()
    actor()
    with django_assert_max_num_queries(9):
        browser.get("/changes/")
