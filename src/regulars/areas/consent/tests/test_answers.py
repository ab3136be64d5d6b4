"""What a customer allows: the newest word counts, a claim allows nothing, a yes says how it was heard."""

from datetime import UTC, datetime

import pytest

from regulars.areas.access.tests.people import actor, browser_of
from regulars.areas.consent import actions, queries
from regulars.areas.consent.models import Answer
from regulars.areas.customers.actions import add_customer, give_standing
from regulars.areas.journal.actions import undo
from regulars.kernel import registries
from regulars.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def anna() -> int:
    return add_customer(card={"given_name": "Anna"}, by=actor(), at=NOON)


def refuse(number, channel="email", purpose="offers"):
    return actions.refuse(number=number, channels=[channel], purposes=[purpose], by=actor(), at=NOON)


def give(number, channel="email", purpose="offers", heard="on paper"):
    return actions.give(number=number, channels=[channel], purposes=[purpose], by=actor(), at=NOON, heard=heard)


def test_who_was_not_asked_gets_no_offers_by_mail_but_her_orders(anna):
    assert not queries.may_contact(anna, "email", "offers")
    assert queries.may_contact(anna, "email", "service")


def test_a_yes_allows_what_it_names_and_nothing_else(anna):
    give(anna)
    assert queries.may_contact(anna, "email", "offers")
    assert not queries.may_contact(anna, "sms", "offers")


def test_a_no_ends_a_yes_and_a_yes_ends_a_no(anna):
    give(anna)
    refuse(anna)
    assert not queries.may_contact(anna, "email", "offers")
    give(anna)
    assert queries.may_contact(anna, "email", "offers")


def test_a_no_to_service_is_obeyed(anna):
    refuse(anna, purpose="service")
    assert not queries.may_contact(anna, "email", "service")


def test_a_claim_allows_nothing(anna):
    give(anna)
    Answer.objects.update(answer="claimed")
    verdict = queries.may_contact(anna, "email", "offers")
    assert not verdict and "proof" in verdict.why


def test_all_stands_for_each(anna):
    refuse(anna, "all", "all")
    assert Answer.objects.filter(customer=anna, answer="refused").count() == 12


def test_a_yes_without_how_it_was_heard_is_refused(anna):
    with pytest.raises(Refused) as refused:
        give(anna, heard=" ")
    assert refused.value.where == "heard"


def test_who_wants_no_contact_gets_none_whatever_she_answered(anna):
    give(anna)
    give_standing(number=anna, kind="do_not_contact", by=actor(), at=NOON)
    assert not queries.may_contact(anna, "email", "offers")
    assert not queries.may_contact(anna, "email", "service")


def test_the_same_answer_again_is_no_deed(anna):
    assert refuse(anna)
    assert refuse(anna) is None


def test_an_answer_is_taken_back_by_undo(anna):
    give(anna)
    changeset = refuse(anna)
    assert changeset
    undo(changeset=changeset, by=actor(), at=NOON)
    assert queries.may_contact(anna, "email", "offers")


def test_a_slip_is_taken_off(anna):
    refuse(anna)
    actions.correct(number=anna, channels=["email"], purposes=["offers"], by=actor(), at=NOON)
    assert not Answer.objects.exists()


def test_an_unknown_word_names_what_there_is(anna):
    with pytest.raises(Refused, match="email"):
        refuse(anna, "pigeon")


def test_a_stranger_cannot_be_asked_about(anna):
    with pytest.raises(NotFound):
        queries.for_card(actor(), 99999)


def test_every_answer_is_a_fact_to_ask_for():
    asked = registries.facts()["consent"].source
    assert isinstance(asked, registries.Asked)
    assert [name for name, _column, _words in asked.parameters] == ["channel", "purpose"]


def test_the_page_notes_an_answer_and_shows_it(anna):
    browser = browser_of("staff")
    page = browser.post(f"/customers/{anna}/consent/", {"channel": "email", "purpose": "all", "answer": "refused"})
    assert page.status_code == 303
    assert Answer.objects.filter(customer=anna, answer="refused").count() == 3
    assert "badge bad" in browser.get(f"/customers/{anna}/consent/").content.decode()


def test_the_page_says_what_is_missing(anna):
    page = browser_of("staff").post(
        f"/customers/{anna}/consent/", {"channel": "email", "purpose": "offers", "answer": "given"}
    )
    assert page.status_code == 422
    assert "how you heard" in page.content.decode()


def test_an_answer_noted_in_place_is_confirmed_with_its_undo(anna):
    form = {"channel": "email", "purpose": "offers", "answer": "refused"}
    address = f"/customers/{anna}/consent/"
    page = browser_of().post(address, form, headers={"HX-Request": "true"}).content.decode()
    assert "The answer is noted." in page and "/undo/" in page
    assert f'<a href="/customers/{anna}/">Anna</a>' in browser_of().get(address).content.decode()
