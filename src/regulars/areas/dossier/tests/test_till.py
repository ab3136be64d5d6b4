"""Till and telephone: found and shown, one of several chosen, a card in three fields; pages and deeds by name."""

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA

pytestmark = pytest.mark.django_db


def berg(given_name: str, phone: str) -> int:
    return add_customer(card={"given_name": given_name, "family_name": "Berg", "phones": [phone]}, by=OLGA, at=NOW)


def test_by_the_last_digits_the_person_stands_there() -> None:
    berg("Anna", "+49309018201")
    page = browser_of("staff").get("/till/?q=18201").content.decode()
    assert "Anna Berg" in page and "+49 30 9018201" in page and "Ask next" in page


def test_one_of_several_is_chosen() -> None:
    first, second = berg("Anna", "+49309018201"), berg("Ben", "+49309018202")
    browser = browser_of("staff")
    page = browser.get("/till/?q=berg").content.decode()
    assert f"/till/?customer={first}" in page and f"/till/?customer={second}" in page and "Ask next" not in page
    assert "Ben Berg" in browser.get(f"/till/?customer={second}").content.decode()
    assert browser.get("/till/?customer=999999").status_code == 404
    for nonsense in ("²", "9" * 40, "-1", "x"):
        assert "Ben Berg" in browser.get(f"/till/?customer={nonsense}&q=ben+berg").content.decode()
        assert browser.get(f"/customers/{first}/history/?before={nonsense}").status_code in (200, 403)


def test_whose_number_it_is_stands_there_at_once_and_who_else_fits_below() -> None:
    first = berg("Anna", "+49309018201")
    second = berg("Ben", f"+4930{first}9")
    page = browser_of("staff").get(f"/till/?q={first}").content.decode()
    card, _sep, below = page.partition("This fits, too")
    assert "Ask next" in page and 'id="till-name">Anna Berg' in card and "Ben Berg" not in card
    assert f"/till/?customer={second}" in below and f"/till/?customer={first}" not in below


def test_who_is_not_known_gets_a_card_in_three_fields() -> None:
    browser = browser_of("staff")
    page = browser.get("/till/?q=030 901 82 77").content.decode()
    assert 'name="phone" value="030 901 82 77"' in page
    made = browser.post("/till/caller/", {"name": "Dr. Anna Berg", "phone": "030 9018277", "email": ""})
    page = browser.get(made["Location"]).content.decode()
    card = card_json(OLGA, Customer.objects.get().number)
    assert (card["title"], card["given_name"], card["family_name"]) == ("Dr.", "Anna", "Berg")
    assert card["phones"][0]["value"] == "+49309018277"
    assert made.status_code == 303 and "Anna Berg" in page and f"Card {card['number']} is made." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "phone": "", "email": ""}, "Type a name, a phone number or an e-mail address."),
        ({"name": "Anna", "phone": "12", "email": ""}, "phone"),
    ],
)
def test_a_card_that_cannot_be_made_says_why_and_keeps_what_was_typed(typed: dict[str, str], said: str) -> None:
    answer = browser_of("staff").post("/till/caller/", typed)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert f'value="{typed["name"]}"' in answer.content.decode() or not typed["name"]
    assert not Customer.objects.exists()


def test_who_may_not_edit_is_offered_no_card() -> None:
    page = browser_of("auditor").get("/till/?q=nobody").content.decode()
    assert "Not known yet" not in page and "Nobody fits" in page
    assert browser_of("auditor").post("/till/caller/", {"name": "Anna"}).status_code == 403


def test_pages_and_deeds_are_found_by_their_words() -> None:
    asked = {"HX-Request": "true"}
    owner, staff = browser_of(), browser_of("staff")
    everything = owner.get("/search/?q=", headers=asked).content.decode()
    assert "People and rights" in everything and "New customer" in everything
    page = owner.get("/search/?q=rig peo", headers=asked).content.decode()
    assert "People and rights" in page and "Settings" not in page
    assert "People and rights" not in staff.get("/search/?q=", headers=asked).content.decode()
