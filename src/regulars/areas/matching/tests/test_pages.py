"""Merging on screen: which card, fact by fact, what comes along; and apart again, with what is asked."""

import re

import pytest

from regulars.areas.access.tests.people import actor, browser_of
from regulars.areas.consent import actions as consent
from regulars.areas.customers.models import Customer
from regulars.areas.journal.models import Changeset
from regulars.areas.matching.actions import merge_customers
from regulars.areas.matching.tests.people import NOON, anna, card, edited, shown

pytestmark = pytest.mark.django_db


def test_from_the_card_to_the_merge_and_apart_again() -> None:
    browser = browser_of("staff")
    keep, absorb = anna()
    assert f"/customers/{keep}/merge/" in browser.get(f"/customers/{keep}/").content.decode()
    sent = browser.get(f"/customers/{keep}/merge/", {"other": absorb})
    assert sent["Location"] == f"/customers/{keep}/merge/{absorb}/"
    page = browser.get(sent["Location"]).content.decode()
    assert "One of the two said no" in page and "E-mail: Offers and news" in page
    assert 'name="take given_name" value="keep" checked' in page and "1980" not in page
    versions = dict(re.findall(r'name="(version \d+)" value="(\d+)"', page))
    answer = browser.post(sent["Location"], {**versions, "take given_name": "absorb"})
    assert answer["Location"] == f"/customers/{keep}/"
    assert shown(keep)["given_name"] == "A."
    assert browser.get(f"/customers/{absorb}/")["Location"] == f"/customers/{keep}/"
    listed = " ".join(browser.get("/merges/").content.decode().split())
    assert f'>A. Berg <span class="soft num">{absorb}</span>' in listed  # who it was, not only her number
    page = browser.get(f"/customers/{keep}/").content.decode()
    assert f"A. Berg ({absorb}), on " in page
    edited(keep, tags=["since"])
    (there,) = re.findall(r'href="(/merges/\d+/)"', page)
    asked = browser.get(there).content.decode()
    assert f"and A. Berg ({absorb}) stand apart again" in asked
    (key,) = re.findall(r'name="(give \w+)" value="absorb"', asked)
    browser.post(there, {key: "absorb"})
    assert "since" in shown(absorb)["tags"] and Customer.objects.get(pk=absorb).merged_into_id is None
    again = browser.get(there)
    assert again.status_code == 422 and "taken back already" in again.content.decode()


def test_an_old_view_and_what_cannot_be_is_said_on_the_page() -> None:
    browser = browser_of("staff")
    keep, absorb = anna()
    firm = card(organisation_name="Bakery", kind="organisation")
    stale = browser.post(f"/customers/{keep}/merge/{absorb}/", {f"version {keep}": "1"})
    assert stale.status_code == 412 and "edited since" in stale.content.decode()
    page = browser.get(f"/customers/{keep}/merge/{firm}/")
    assert page.status_code == 422 and "What comes along" not in page.content.decode()
    assert browser.get(f"/customers/{keep}/merge/", {"other": keep}).status_code == 422
    assert browser.get(f"/customers/{keep}/merge/999999/").status_code == 404
    assert browser.get("/merges/999999/").status_code == 404
    assert not Changeset.objects.filter(verb="matching.merged").exists()


def test_what_is_asked_stands_as_the_card_says_it() -> None:
    keep, absorb = anna()
    changeset = merge_customers(keep=keep, absorb=absorb, by=actor(), at=NOON).changeset
    home = {"street": "Lindenweg 7", "postcode": "24937", "city": "Flensburg", "country": "DE"}
    edited(keep, notes=["moves house"], phones=["+4943117171"], addresses=[home], occupation="cook", tags=["Øl"])
    consent.refuse(number=keep, channels=["post"], purposes=["surveys"], by=actor(), at=NOON)
    page = " ".join(browser_of("manager").get(f"/merges/{changeset}/").content.decode().split())
    asked = re.findall(r"<legend>(.*?)</legend>", page)
    assert {"Notes: moves house", "Phone: +49 431 17171", "Tags: Øl", "Occupation: cook"} <= set(asked)
    assert "Address: Lindenweg 7, 24937 Flensburg" in asked
    assert any("No" in each and "Post" in each and "Surveys" in each for each in asked)
    assert f'<strong>A. Berg</strong><span class="hint">Card {absorb}</span>' in page
