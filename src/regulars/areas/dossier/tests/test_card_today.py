"""What the card puts first: what matters now, what to ask, how a letter begins, the timeline by kind."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.access.tests.people import browser_of
from regulars.areas.consent.actions import refuse
from regulars.areas.customers.actions import add_customer, edit_customer, give_standing, unmask
from regulars.areas.customers.card.salutation import salutation
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.dossier.face.asking import questions
from regulars.areas.dossier.face.matters import birthday_near, matters
from regulars.areas.journal.queries import kind_of, timeline_of

TODAY = date(2026, 3, 5)


def card_of(**facts: Any) -> dict[str, Any]:
    number = add_customer(card={"family_name": "Berg", **facts}, by=OLGA, at=NOW)
    return dict(card_json(OLGA, number))


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.dates(date(2020, 1, 1), date(2032, 12, 31)))
def test_a_birthday_is_near_for_ten_days_of_a_year(born: date, today: date) -> None:
    found = birthday_near(born.month * 100 + born.day, today)
    if found is not None:
        assert -2 <= (found - today).days <= 7
        assert (found.month, found.day) in ((born.month, born.day), (2, 28))
    anywhere = [birthday_near(born.month * 100 + born.day, today + timedelta(n)) for n in range(366)]
    assert sum(each is not None for each in anywhere) in (10, 11)  # two ends of one window, in a year and a day


def test_one_of_29_february_has_hers_on_the_28th() -> None:
    assert birthday_near(229, date(2026, 2, 26)) == date(2026, 2, 28)
    assert birthday_near(229, date(2028, 2, 26)) == date(2028, 2, 29)


@pytest.mark.django_db
def test_what_matters_now() -> None:
    card = card_of(phones=["+49309012345"], notes=[{"kind": "remember", "text": "a chair at the window"}])
    said = [each.text for each in matters(card, 307, TODAY)]
    assert said == ["Birthday on Saturday", "Asked us to remember: a chair at the window"]
    assert matters(card, None, TODAY)[0].icon == "bookmark"
    lost = card_of()
    assert "No phone, no e-mail, no address" in matters(lost, None, TODAY)[0].text
    give_standing(number=lost["number"], kind="deceased", by=OLGA, at=NOW, reason="")
    assert matters(card_json(OLGA, lost["number"]), 305, TODAY) == []  # nobody congratulates her


@pytest.mark.django_db
def test_what_to_ask_next() -> None:
    def asked(card: dict[str, Any], answered: bool = False, now: datetime = NOW) -> list[str]:
        old = (now - timedelta(730)).date()
        return [each.part for each in questions(card, answered=answered, old=old)]

    bare = card_of()
    assert asked(bare) == ["phones", "addresses", "origin"]
    full = {"emails": ["b@example.org"], "addresses": [{"city": "Ulm"}], "reason_chosen": "near", "source": "fair"}
    assert asked(card_of(**full)) == ["", "about", "reach"]
    assert asked(card_of(**full), answered=True) == ["about", "reach"]
    assert asked(card_of(**full, declined=["birth_date"], language="de"), answered=True) == []
    assert asked(card_of(**full, declined=["birth_date"], language="de"), True, NOW + timedelta(800)) == ["reach"]
    give_standing(number=bare["number"], kind="do_not_contact", by=OLGA, at=NOW, reason="")
    assert asked(dict(card_json(OLGA, bare["number"]))) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"given_name": "Anna", "family_name": "Berg", "gender": "female"}, "Dear Ms Berg"),
        ({"given_name": "Ben", "family_name": "Berg", "title": "Herr Dr."}, "Dear Dr. Berg"),
        ({"given_name": "Ben", "family_name": "Berg", "gender": "male"}, "Dear Mr Berg"),
        ({"given_name": "Kim", "family_name": "Berg"}, "Dear Kim Berg"),
        ({"title": "Dr.", "given_name": "Kim", "family_name": "Berg", "called_name": "Kimi"}, "Dear Dr. Kim Berg"),
        ({"called_name": "Kimi"}, "Dear Kimi"),
        ({"given_name": "Anna", "called_name": "Anni", "form_of_address": "familiar"}, "Dear Anni"),
        ({"greeting": "Ahoy Anna"}, "Ahoy Anna"),
        ({"kind": "organisation", "organisation_name": "Example GmbH"}, "Dear all at Example GmbH"),
        ({}, ""),
    ],
)
def test_how_a_letter_begins(facts: dict[str, str], said: str) -> None:
    assert salutation({"kind": "person", **facts}, otherwise="en") == said


def test_a_letter_begins_in_the_language_of_whom_it_goes_to() -> None:
    card = {"kind": "person", "family_name": "Berg", "gender": "female", "title": "Dr.", "language": "de-AT"}
    with translation.override("en"):
        assert salutation(card, otherwise="en") == "Sehr geehrte Frau Dr. Berg"
        assert salutation({**card, "language": "fr"}, otherwise="en") == "Dear Dr. Berg"


@pytest.mark.django_db
def test_the_timeline_by_kind() -> None:
    number = anna()
    edit_customer(number=number, card={"occupation": "Baker"}, by=OLGA, at=NOW)
    edit_customer(number=number, card={"notes": [{"text": "likes tea"}]}, by=OLGA, at=NOW)
    edit_customer(number=number, card={"occupation": "Cook", "notes": [{"text": "both"}]}, by=OLGA, at=NOW)
    unmask(number=number, fact="birth_date", key="", by=OLGA, at=NOW, reason="asked")
    refuse(number=number, channels=["email"], purposes=["offers"], by=OLGA, at=NOW)
    deeds, older = timeline_of(number, by=OLGA)
    assert [kind_of(each) for each in deeds] == ["allowed", "look", "change", "note", "change", "change"]
    assert older is None
    notes, older = timeline_of(number, by=OLGA, kind="note")
    assert [each.changeset for each in notes] == [deeds[3].changeset] and older is None


@pytest.mark.django_db
def test_the_timeline_page_by_page_leaves_nothing_out() -> None:
    number = anna()
    for at in range(12):
        card = {"notes": [{"text": f"note {at}"}]} if at % 3 else {"occupation": f"job {at}"}
        edit_customer(number=number, card=card, by=OLGA, at=NOW + timedelta(minutes=at))
    for kind in ("", "note", "change"):
        whole, _none = timeline_of(number, by=OLGA, kind=kind, limit=100)
        read, before = [], None
        while True:
            page, before = timeline_of(number, by=OLGA, kind=kind, before=before, limit=3)
            read += page
            if before is None:
                break
        assert [each.changeset for each in read] == [each.changeset for each in whole]


@pytest.mark.django_db
def test_the_card_shows_the_part_asked_for() -> None:
    number, browser = anna(), browser_of()
    edit_customer(number=number, card={"notes": [{"text": "likes tea"}]}, by=OLGA, at=datetime.now(UTC))
    page = browser.get(f"/customers/{number}/").content.decode()
    assert "Ask next" in page and "added card" in page
    part = browser.get(f"/customers/{number}/history/?kind=note&brief", headers={"HX-Request": "true"})
    assert "likes tea" in part.content.decode() and "added card" not in part.content.decode()
    assert "<html" not in part.content.decode()
