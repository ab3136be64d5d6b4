"""Ticked on the list, confirmed with counts, done, and taken back: on screen."""

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.models import Tag
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.segments.models import Bulk, FixedList, Listing
from regulars.areas.segments.tests.screens import asked

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def three() -> list[int]:
    return [
        add_customer(card={"given_name": name, "tags": ["VIP"] if name == "Anna" else []}, by=OLGA, at=NOW)
        for name in ("Anna", "Berta", "Clara")
    ]


def test_ticked_rows_are_tagged_after_a_look_at_the_counts(three: list[int]) -> None:
    browser = browser_of("staff")
    page = html(browser.get("/customers/"))
    assert f'name="n" value="{three[0]}"' in page and "everything found (3)" in page
    chosen = f"n={three[0]}&n={three[1]}"
    page = html(browser.get(f"/customers/many/?{chosen}"))
    assert "2 customers" in page and "Set the territory" in page and ">Archive<" not in page
    sure = browser.get(f"/customers/many/?{chosen}&deed=tag&value=vip")
    page = html(sure)
    assert "<strong>2</strong> customers" in page and "For 1 of them" in page
    assert Tag.objects.count() == 1
    answer = browser.post("/customers/many/", asked(sure))
    page = html(browser.get(answer["Location"]))
    assert answer.status_code == 303 and "<strong>1</strong> customer changed." in page
    assert "For 1 it was so already." in page and "/undo/" in page
    assert Tag.objects.count() == 2


def test_everything_found_goes_on_a_new_list(three: list[int]) -> None:
    browser = browser_of("marketer")
    sure = browser.get("/customers/many/?all=yes&criteria=not+tag+%22vip%22&deed=list&value=Spring")
    assert "There is no list “Spring” yet" in html(sure)
    browser.post("/customers/many/", asked(sure))
    assert FixedList.objects.get().name == "Spring"
    assert sorted(Listing.objects.values_list("customer_id", flat=True)) == three[1:]


def test_what_cannot_be_is_said_in_its_form_and_nobody_is_changed(three: list[int]) -> None:
    browser = browser_of()
    answer = browser.get(f"/customers/many/?n={three[0]}&deed=tag&value=")
    assert answer.status_code == 422 and "say which" in html(answer)
    assert browser.get("/customers/many/").status_code == 422
    assert (
        browser_of("auditor")
        .post("/customers/many/", {"n": three, "deed": "tag", "value": "x", "sure": "yes"})
        .status_code
        == 403
    )
    assert browser.get("/customers/many/nonsense/").status_code == 404
    assert not Bulk.objects.exists()
