"""The journal on screen: what was done, one deed, and taking it back."""

import re
from typing import Any

import pytest

from regulars.areas.access.tests.people import actor, browser_of, person, token_of
from regulars.areas.consent.actions import refuse
from regulars.areas.customers.actions import edit_customer
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.house.actions import change_settings
from regulars.areas.journal.pages import undoing
from regulars.areas.journal.queries import changes
from regulars.kernel.jobs import run_due

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return " ".join(response.content.decode().split())


def latest() -> int:
    return changes(verb="customers", limit=1)[0].changeset


def test_the_house_reads_what_was_done() -> None:
    number = anna()
    page = html(browser_of().get("/changes/"))
    assert f"added card {number}" in page and "Olga" in page and "on screen" in page


def test_who_it_was_done_to_is_named_to_those_who_may_know_her() -> None:
    number = anna()
    card = rf'<a href="/customers/{number}/">(?:Dr. )?%s Ærøskøbing</a>'
    assert re.search(card % "Anna", html(browser_of().get("/changes/")))
    edit_customer(number=number, card={"given_name": "Annika"}, by=OLGA, at=NOW)
    page = html(browser_of().get("/changes/"))
    assert re.search(card % "Annika", page) and not re.search(card % "Anna", page)  # what she is called today


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


def edited_twice() -> tuple[int, int]:
    """A card and the deed that made its owner a nurse called Berta; since then she is a doctor."""
    number = anna()
    edit_customer(number=number, card={"occupation": "Nurse", "given_name": "Berta"}, by=OLGA, at=NOW)
    deed = latest()
    edit_customer(number=number, card={"occupation": "Doctor"}, by=OLGA, at=NOW)
    return number, deed


def test_what_was_edited_since_is_kept_unless_somebody_decides_otherwise() -> None:
    number, deed = edited_twice()
    browser = browser_of()
    page = html(browser.get(f"/changes/{deed}/undo/"))
    assert "The deed wrote “Nurse”." in page and "<strong>Doctor</strong>" in page and "Berta" in page
    assert "1</strong><span>thing was edited since: it is kept" in page
    browser.post(f"/changes/{deed}/undo/", {"later": "keep"})
    assert (card_json(OLGA, number)["given_name"], card_json(OLGA, number)["occupation"]) == ("Anna", "Doctor")
    assert "What was edited since was kept." in html(browser.get("/changes/"))


def test_each_later_edit_is_decided_by_a_choice_or_all_by_a_rule() -> None:
    number, deed = edited_twice()
    browser = browser_of()
    (field,) = set(re.findall(r'name="(decide-\w+)"', html(browser.get(f"/changes/{deed}/undo/"))))
    assert 'value="overwrite" checked' in html(browser.get(f"/changes/{deed}/undo/?later=overwrite"))
    browser.post(f"/changes/{deed}/undo/", {"later": "keep", field: "overwrite"})
    assert card_json(OLGA, number)["occupation"] is None


def test_what_somebody_did_not_see_she_does_not_overwrite() -> None:
    number, deed = edited_twice()
    browser = browser_of()
    (seen,) = re.findall(r'name="seen" value="(\d+)"', html(browser.get(f"/changes/{deed}/undo/")))
    edit_customer(number=number, card={"occupation": "Pilot"}, by=OLGA, at=NOW)
    browser.post(f"/changes/{deed}/undo/", {"later": "overwrite", "seen": seen})
    assert card_json(OLGA, number)["occupation"] == "Pilot"


def test_everything_edited_since_is_there_as_a_file() -> None:
    _number, deed = edited_twice()
    answer = browser_of().get(f"/changes/{deed}/undo/conflicts.csv")
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Card,What,Before,Then,Now") and ",Occupation,,Nurse,Doctor,Olga," in lines[1]
    assert browser_of("staff").get(f"/changes/{deed}/undo/conflicts.csv").status_code == 403


def test_where_nothing_is_left_to_take_back_nothing_is_done() -> None:
    number = anna()
    edit_customer(number=number, card={"occupation": "Nurse"}, by=OLGA, at=NOW)
    deed, browser = latest(), browser_of()
    later = edit_customer(number=number, card={"occupation": "Doctor"}, by=OLGA, at=NOW)
    browser.post(f"/changes/{deed}/undo/")
    assert "Nothing was taken back" in html(browser.get("/changes/")) and latest() == later


def test_a_long_deed_is_taken_back_in_the_background(monkeypatch: Any) -> None:
    monkeypatch.setattr(undoing, "_BY_A_JOB", 0)
    number, browser = anna(), browser_of()
    deed = latest()
    answer = browser.post(f"/changes/{deed}/undo/")
    assert answer["Location"] == f"/changes/{deed}/" and card_json(OLGA, number)
    assert "It is being taken back" in html(browser.get(f"/changes/{deed}/"))
    run_due()
    assert not Customer.objects.exists()


def test_staff_undo_their_own_deed_of_today_and_no_other() -> None:
    number = anna()
    staff, others = browser_of("staff"), latest()
    staff.post(f"/customers/{number}/edit/about/", {"seen": 0, "occupation": "Nurse", "initial-occupation": ""})
    assert staff.post(f"/changes/{others}/undo/").status_code == 403
    assert staff.post(f"/changes/{latest()}/undo/").status_code == 303
    assert card_json(OLGA, number)["occupation"] is None


def test_who_may_undo_only_her_own_deeds_does_not_take_back_what_others_did_since() -> None:
    number = anna()
    staff = browser_of("staff")
    staff.post(f"/customers/{number}/edit/about/", {"seen": 0, "occupation": "Nurse", "initial-occupation": ""})
    own = latest()
    edit_customer(number=number, card={"occupation": "Doctor"}, by=OLGA, at=NOW)
    page = html(staff.get(f"/changes/{own}/undo/?later=overwrite"))
    assert "Somebody went on working here: that is kept." in page and 'value="overwrite"' not in page
    staff.post(f"/changes/{own}/undo/", {"later": "overwrite"})
    assert card_json(OLGA, number)["occupation"] == "Doctor"


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
