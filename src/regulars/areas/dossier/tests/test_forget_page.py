"""Forgetting on screen: what goes is shown, the number is typed, and the address says it from then on."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.areas.access.models import Session
from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers import actions
from regulars.areas.customers.models import Customer
from regulars.areas.customers.tests.people import NOW, OLGA, anna

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]


def words(page: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))  # type: ignore[attr-defined]


def test_the_owner_reads_what_goes_types_the_number_and_it_is_done() -> None:
    number = anna()
    friend = actions.add_customer(card={"given_name": "Sören", "referred_by": number}, by=OLGA, at=NOW)
    owner = browser_of("owner")
    assert f"/customers/{number}/forget/" in owner.get(f"/customers/{number}/").content.decode()
    asked = owner.get(f"/customers/{number}/forget/")
    told = words(asked)
    assert asked.status_code == 200 and "E-mail addresses and phones 2" in told and "Sören" in told
    assert "What goes" in told and "What stays" in told and "ledger of the forgotten" in told
    wrong = owner.post(f"/customers/{number}/forget/", {"number": "1"})
    assert wrong.status_code == 422 and f"type {number}" in words(wrong)
    assert Customer.objects.filter(number=number).exists()
    done = owner.post(f"/customers/{number}/forget/", {"number": f" {number}"})
    assert (done.status_code, done["Location"]) == (303, f"/customers/{number}/")
    gone = owner.get(f"/customers/{number}/")
    assert gone.status_code == 410 and f"Customer {number} was forgotten" in words(gone)
    assert "Ærø" not in words(gone) and "Anna" not in words(gone)
    assert owner.get(f"/customers/{number}/forget/").status_code == 410
    assert owner.get(f"/customers/{number}/history/").status_code == 410
    assert "a forgotten customer" in words(owner.get(f"/customers/{friend}/history/"))


def test_nobody_else_is_offered_it() -> None:
    number = anna()
    manager = browser_of("manager")
    assert "/forget/" not in manager.get(f"/customers/{number}/").content.decode()
    assert manager.post(f"/customers/{number}/forget/", {"number": str(number)}).status_code == 403
    assert Customer.objects.filter(number=number).exists()


def test_a_deleted_card_is_forgotten_from_where_it_stood() -> None:
    number = anna()
    actions.delete_customer(number=number, by=OLGA, at=NOW)
    owner = browser_of("owner")
    assert f"/customers/{number}/forget/" in owner.get(f"/customers/{number}/").content.decode()
    assert owner.get(f"/customers/{number}/forget/").status_code == 200
    assert owner.post(f"/customers/{number}/forget/", {"number": str(number)}).status_code == 303
    assert owner.get(f"/customers/{number}/").status_code == 410
    assert owner.get("/customers/99999/forget/").status_code == 404


def test_who_signed_in_long_ago_says_again_who_she_is() -> None:
    number = anna()
    owner = browser_of("owner")
    Session.objects.update(proved_at=timezone.now() - timedelta(hours=1))
    assert "Your own password" in words(owner.get(f"/customers/{number}/forget/"))
    assert owner.post(f"/customers/{number}/forget/", {"number": str(number)}).status_code == 422
    wrong = owner.post(f"/customers/{number}/forget/", {"number": str(number), "your_password": "not it"})
    assert 400 <= wrong.status_code < 500 and Customer.objects.filter(number=number).exists()
