"""The list on screen: asked, sorted, turned, with its errors; segments kept from it."""

import re
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from django.utils import translation

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer, archive_customer
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.segments.models import Segment
from regulars.areas.segments.pages.lists import as_criteria
from regulars.areas.segments.pages.words import section_of
from regulars.areas.segments.queries.vocabulary import vocabulary

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return " ".join(response.content.decode().split())


def add(given: str, family: str = "Berg", **more) -> int:
    return add_customer(card={"given_name": given, "family_name": family, **more}, by=OLGA, at=NOW)


def asked(criteria: str = "", **more: str):
    rest = "".join(f"&{name}={value}" for name, value in more.items())
    return browser_of().get(f"/customers/?criteria={quote(criteria)}{rest}")


def test_an_empty_house_says_what_to_do() -> None:
    assert "No customers yet" in html(browser_of().get("/customers/"))
    assert "No customers then" in html(browser_of().get("/customers/?at=2020-01-01"))
    assert "The register is empty" in html(browser_of().get("/"))


def test_criteria_count_and_sentence() -> None:
    add("Anna", gender="female", addresses=[{"city": "Berlin"}])
    add("Jonas", addresses=[{"city": "Aarhus"}])
    page = html(asked('gender = female and city = "Berlin"'))
    assert "Anna Berg" in page and "Jonas Berg" not in page and '<strong class="num">1</strong> found: women' in page


def test_a_slip_is_pointed_at_and_the_nearest_name_offered() -> None:
    answer = asked('citty = "Berlin"')
    page = html(answer)
    assert answer.status_code == 422 and "<mark>citty</mark>" in page
    assert '<a class="chip" href="?criteria=city+%3D+%22Berlin%22">city</a>' in page


def test_the_builder_begins_with_a_condition_to_fill_in() -> None:
    empty, asked = (html(browser_of().get(f"/customers/builder/{query}")) for query in ("", "?criteria=minor"))
    assert 'id="q-0-fact" aria-label="Fact" autofocus' in empty and "all customers" in empty
    assert not any('id="q-1-fact"' in page for page in (empty, asked)) and "autofocus" not in asked


def test_an_unknown_parameter_is_an_error() -> None:
    assert browser_of().get("/customers/?citty=Berlin").status_code == 422


def test_archived_ones_are_hidden_by_a_condition_one_can_remove() -> None:
    archive_customer(number=add("Anna"), by=OLGA, at=NOW)
    page = html(asked())
    assert "Anna Berg" not in page and 'href="?archived=yes"' in page
    assert "Anna Berg" in html(asked(archived="yes")) and "Anna Berg" in html(asked("archived"))


def test_any_column_sorts_both_ways() -> None:
    add("Anna", addresses=[{"city": "Zwickau"}])
    add("Jonas", addresses=[{"city": "Aachen"}])
    up, down = html(asked(order="city")), html(asked(order="-city"))
    assert up.index("Jonas") < up.index("Anna") and down.index("Anna") < down.index("Jonas")
    assert 'aria-sort="ascending"' in up and 'aria-sort="descending"' in down


def test_columns_are_chosen_and_remembered() -> None:
    add("Anna", occupation="Nurse")
    browser = browser_of()
    assert "Nurse" in html(browser.get("/customers/?columns=name&columns=occupation"))
    assert "Nurse" in html(browser.get("/customers/"))
    assert browser.get("/customers/?columns=nonsense").status_code == 422


def test_hidden_facts_stay_hidden_in_a_column() -> None:
    add("Anna", birth_date="1958-03-07")
    page = html(asked(columns="name,birth_date"))
    assert "1958" not in page and "•••" in page


def test_pages_are_turned_forth_and_back() -> None:
    for each in range(120):
        add(f"N{each:03}")
    browser = browser_of()

    def link(page: str, rel: str) -> str:
        return page.split(f'rel="{rel}" href="')[1].split('"')[0].replace("&amp;", "&")

    first = html(browser.get("/customers/"))
    second = html(browser.get(urljoin("/customers/", link(first, "next"))))
    third = html(browser.get(urljoin("/customers/", link(second, "next"))))
    assert "1–50 of 120" in first and "51–100 of 120" in second and "101–120 of 120" in third
    again = html(browser.get(urljoin("/customers/", link(third, "prev"))))
    assert "51–100 of 120" in again and "N050" in again and 'rel="prev"' in again
    assert "1–50 of 120" in html(browser.get(urljoin("/customers/", link(again, "prev"))))


def test_what_is_typed_into_the_box_becomes_criteria() -> None:
    number = add("Anna")
    browser = browser_of()
    assert browser.get(f"/customers/?find={number}")["Location"] == f"/customers/{number}/"
    assert "name" in browser.get("/customers/?find=anna")["Location"]
    assert as_criteria("anna@x.org") == 'email contains "anna@x.org"'
    assert as_criteria("0151 / 23 45 678") == 'phone contains "1512345678"'
    assert as_criteria('O"Neil') == 'name ~ "O\\"Neil"'
    assert as_criteria("10623").startswith("postcode startswith")


def test_names_cannot_carry_markup() -> None:
    add("<script>alert(1)</script>")
    page = html(asked())
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_question_is_kept_as_a_segment_renamed_and_removed() -> None:
    add("Anna", gender="female")
    browser = browser_of("marketer")
    answer = browser.post("/segments/save/", {"name": "Women", "criteria": "gender = female"})
    assert answer.status_code == 303
    page = html(browser.get(answer["Location"]))
    assert "Saved as “Women”." in page and "Undo" in page and "Saved segments" in page
    assert "women" in html(browser.get("/segments/"))
    browser.post("/segments/rename/?name=Women", {"to": "Ladies"})
    assert Segment.objects.get().name == "Ladies"
    browser.post("/segments/remove/?name=Ladies")
    assert not Segment.objects.exists()


def test_a_segment_that_cannot_be_asked_is_refused_in_its_form() -> None:
    answer = browser_of().post("/segments/save/", {"name": "X", "criteria": "nonsense = 1"})
    assert answer.status_code == 422 and "nonsense" in html(answer)


def test_words_and_columns_are_told_from_the_facts() -> None:
    assert "birthday" in html(browser_of().get("/customers/words/"))
    assert 'value="occupation"' in html(browser_of().get("/customers/columns/"))


def test_the_list_asks_the_same_few_questions_for_any_number_of_rows(django_assert_num_queries) -> None:
    """Session, house, fields, segments, how many there are, who is left out, the page, a table for what is shown (3),
    who is gold. Whether somebody has no name is asked only where the page holds fewer than there are."""
    browser = browser_of()
    reach: Any = {"emails": ["n@example.org"], "phones": ["030 901820"], "addresses": [{"city": "Berlin"}]}
    for each in range(5):
        add(f"N{each}", **reach)
    with django_assert_num_queries(12):
        browser.get("/customers/?order=-name")
    for each in range(60):
        add(f"M{each}", **reach)
    with django_assert_num_queries(12):
        browser.get("/customers/?order=-name")


def test_prospects_are_apart_in_the_list_its_count_and_on_the_first_page() -> None:
    add_customer(card={"given_name": "Anna"}, standings=["prospect"], by=OLGA, at=NOW)
    add("Jonas")
    page = html(asked())
    assert "Anna" not in page and "1 customer" in page and 'href="?prospects=yes"' in page
    assert "Anna" in html(asked(prospects="yes")) and "Anna" in html(asked("prospect"))
    assert "Jonas" not in html(asked("prospect"))
    figures = html(browser_of().get("/", headers={"HX-Request": "true"}))
    assert ">1</strong>" in figures.replace(" ", "") and ">2</strong>" not in figures.replace(" ", "")


def test_what_is_missing_in_an_empty_register_says_what_to_do() -> None:
    told = html(browser_of().get("/completeness/"))
    assert "No customers yet" in told and 'href="/imports/"' in told and "<meter" not in told
    told = html(browser_of().get("/completeness/?at=2020-01-01"))
    assert "Nobody was in the register then." in told and 'class="button primary" href="/imports/"' not in told


def test_every_section_of_facts_is_named_in_the_readers_language() -> None:
    with translation.override("hi"):
        for word in vocabulary(OLGA):
            section = section_of(word.room, word.group_label)
            assert re.search("[\u0900-\u097f]", section), (word.name, section)
