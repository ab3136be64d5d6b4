"""The search page and its proposals; what a card opened last does to their order."""

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer, archive_customer, give_standing
from regulars.areas.customers.models import SearchText
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.house.queries import house
from regulars.areas.segments.actions import save_segment

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def html(response) -> str:
    return " ".join(response.content.decode().split())


def named(given: str, family: str) -> int:
    return add_customer(card={"given_name": given, "family_name": family}, by=OLGA, at=NOW)


def test_proposals_are_options_of_a_list_box() -> None:
    number = anna()
    add_customer(card={"kind": "organisation", "organisation_name": "Ærø Bryggeri"}, by=OLGA, at=NOW)
    page = html(browser_of("staff").get("/search/", {"q": "ærø"}, headers=HTMX))
    assert "<html" not in page and page.count('role="option"') == 2
    assert f'id="found-{number}" href="/customers/{number}/"' in page and ">Organisations<" in page
    assert "Berlin" in page and "+49 1512 3456789" in page and "2 customers found" in page


def test_without_a_script_it_is_a_page() -> None:
    anna()
    named("Anna", "Berg")
    page = html(browser_of().get("/search/", {"q": "anna"}))
    assert "<html" in page and page.count('class="found-list"') == 1 and "Anna Berg" in page


def test_enter_on_one_customer_alone_opens_her_card() -> None:
    number = anna()
    assert browser_of().get("/search/", {"q": "0151 23456789"})["Location"] == f"/customers/{number}/"


def test_nobody_and_nothing() -> None:
    anna()
    assert "Nobody fits" in html(browser_of().get("/search/", {"q": "zz"}))
    assert "Nobody fits" in html(browser_of().get("/search/", {"q": "zz"}, headers=HTMX))
    assert "Nobody fits" not in html(browser_of().get("/search/"))


def test_saved_segments_are_found_by_name() -> None:
    rules, ask = house(), 'family_name = "Müller"'
    save_segment(name="Müller & co", criteria=ask, by=OLGA, at=NOW, today=rules.day(NOW), zone=rules.zone)
    page = html(browser_of().get("/search/", {"q": "muller"}))
    assert "criteria=segment%20%22M%C3%BCller%20%26%20co%22" in page


def test_what_is_to_be_known_before_one_speaks_to_them_is_marked() -> None:
    number = anna()
    give_standing(number=number, kind="do_not_contact", by=OLGA, at=NOW)
    give_standing(number=number, kind="prospect", by=OLGA, at=NOW)
    archive_customer(number=number, by=OLGA, at=NOW)
    page = html(browser_of().get("/search/", {"q": "anna"}, headers=HTMX))
    assert all(f">{mark}<" in page for mark in ("Archived", "Do not contact", "Not yet a customer"))


def test_whose_card_was_opened_last_comes_first() -> None:
    first, second = named("Anna", "Berg"), named("Anna", "Berg")
    browser = browser_of("staff")

    def order() -> bool:
        page = html(browser.get("/search/", {"q": "anna"}, headers=HTMX))
        return page.index(f"found-{first}") < page.index(f"found-{second}")

    assert not order()
    browser.get(f"/customers/{first}/")
    assert order()
    browser.cookies["opened"] = f"somebody:{first}"  # another's
    assert not order()
    browser.cookies["opened"] = ":x.²." + "9" * 30
    assert not order()


def test_while_it_is_learning_it_says_so() -> None:
    from regulars.kernel.models import Mark

    anna()
    SearchText.objects.all().delete()
    Mark.objects.create(name="search keys", value="due")
    assert "still learning" in html(browser_of().get("/search/", {"q": "anna"}))
