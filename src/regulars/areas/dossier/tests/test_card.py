"""The card as it is read and edited in place."""

import pytest

from regulars.areas.access.tests.people import actor, browser_of, person
from regulars.areas.customers.actions import add_customer, define_field, edit_customer, give_standing
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.journal.queries import changes

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def html(response) -> str:
    return " ".join(response.content.decode().split())


def seen(number: int) -> int:
    return int(card_json(OLGA, number)["version"])


def test_the_card_shows_what_is_known() -> None:
    page = html(browser_of().get(f"/customers/{anna()}/"))
    assert "Dr. Anna Ærøskøbing" in page and 'href="mailto:anna@example.org"' in page
    assert 'href="tel:+4915123456789"' in page and "Straße des 17. Juni 135<br>10623 Berlin" in page


def test_who_died_is_not_one_touch_away() -> None:
    number = anna()
    give_standing(number=number, kind="deceased", by=OLGA, at=NOW)
    page = html(browser_of().get(f"/customers/{number}/"))
    assert "Leave in peace" in page and "mailto:" not in page and "tel:" not in page


def test_hidden_facts_stay_hidden_on_the_card_and_in_its_forms() -> None:
    define_field(label="Credit limit", type="money", protection="masked", by=OLGA, at=NOW)
    number = anna(custom={"credit_limit": "1500 EUR"})
    browser = browser_of()
    for address in ("", "edit/about/", "history/"):
        assert "1958" not in html(browser.get(f"/customers/{number}/{address}"))
        assert "1500" not in html(browser.get(f"/customers/{number}/{address}"))


def test_a_part_is_edited_in_place_and_offers_its_undo() -> None:
    number = anna()
    form = {"seen": seen(number), "occupation": "Publisher", "how": "told"}
    answer = browser_of().post(f"/customers/{number}/edit/about/", form, headers=HTMX)
    page = html(answer)
    assert answer.status_code == 200 and 'id="block-about"' in page and "Publisher" in page
    assert 'id="head" hx-swap-oob="true"' in page and f"/changes/{changes(limit=1)[0].changeset}/undo/" in page
    assert "Look at it" not in page, "nowhere else is more of it"
    assert card_json(OLGA, number)["hows"] == {"occupation": "told"}


def test_without_a_script_the_form_is_a_page_and_leads_back() -> None:
    number = anna()
    browser = browser_of()
    assert "<form" in html(browser.get(f"/customers/{number}/edit/about/"))
    answer = browser.post(f"/customers/{number}/edit/about/", {"seen": seen(number), "occupation": "Publisher"})
    assert (answer.status_code, answer["Location"]) == (303, f"/customers/{number}/#block-about")
    assert "Undo" in html(browser.get(f"/customers/{number}/"))


def test_only_what_was_changed_is_sent() -> None:
    """A form opened before somebody else's edit does not take that edit back by sending its old values along."""
    number = anna()
    old = seen(number)
    edit_customer(number=number, card={"occupation": "Nurse"}, by=OLGA, at=NOW)
    form = {"seen": old, "occupation": "", "initial-occupation": "", "education": "School", "initial-education": ""}
    assert browser_of().post(f"/customers/{number}/edit/about/", form).status_code == 303
    card = card_json(OLGA, number)
    assert (card["occupation"], card["education"]) == ("Nurse", "School")


def test_an_edit_on_an_old_view_shows_the_newer_value_and_asks() -> None:
    number = anna()
    old = seen(number)
    edit_customer(number=number, card={"occupation": "Nurse"}, by=OLGA, at=NOW)
    browser, form = browser_of(), {"seen": old, "occupation": "Publisher"}
    answer = browser.post(f"/customers/{number}/edit/about/", form, headers=HTMX)
    page = html(answer)
    assert answer.status_code == 412 and "Olga changed Occupation to “Nurse”" in page
    assert "Save mine" in page and "Keep theirs" in page and 'value="Publisher"' in page
    assert f'name="seen" value="{seen(number)}"' in page
    browser.post(f"/customers/{number}/edit/about/", {**form, "seen": seen(number)}, headers=HTMX)
    assert card_json(OLGA, number)["occupation"] == "Publisher"


def test_a_refusal_stands_beside_its_field() -> None:
    number = anna()
    answer = browser_of().post(f"/customers/{number}/edit/emails/", {"seen": seen(number), "email": "anna@"})
    page = html(answer)
    assert answer.status_code == 422 and 'aria-invalid="true"' in page and "errorlist" in page


def test_a_row_is_added_changed_and_taken_off() -> None:
    number, browser = anna(), browser_of()
    browser.post(
        f"/customers/{number}/edit/phones/", {"seen": seen(number), "phone": "030 901820", "phone_label": "work"}
    )
    key = next(each["key"] for each in card_json(OLGA, number)["phones"] if each["label"] == "work")
    form = {"seen": seen(number), "phone": "030 901820", "initial-phone": "030 901820", "phone_label": "desk"}
    browser.post(f"/customers/{number}/edit/phones/{key}/", {**form, "initial-phone_label": "work"})
    assert [each["label"] for each in card_json(OLGA, number)["phones"]] == [None, "desk"]
    browser.post(f"/customers/{number}/remove/phones/{key}/")
    assert len(card_json(OLGA, number)["phones"]) == 1


def test_which_phone_it_is_reads_and_is_typed_in_ones_own_language() -> None:
    number = anna(phones=[{"value": "030 901820", "label": "work ext. 12"}])
    german = browser_of(person("staff", language="de"))
    page = html(german.get(f"/customers/{number}/"))
    assert '<span class="badge">privat</span>' in page
    assert '<span class="badge">geschäftlich Durchwahl 12</span>' in page
    assert '<option value="mobil">' in page
    german.post(
        f"/customers/{number}/edit/phones/", {"seen": seen(number), "phone": "030 901821", "phone_label": "Mobil"}
    )
    phones = card_json(OLGA, number)["phones"]
    assert [each["label"] for each in phones] == ["work ext. 12", "mobile"]
    page = html(german.get(f"/customers/{number}/edit/phones/{phones[1]['key']}/"))
    assert 'value="mobil"' in page and "mobile" not in page
    question = f'phone_label = "mobil" and number = {number}'
    assert "Ærøskøbing" in html(german.get("/customers/", {"criteria": question}))


def test_several_tags_at_once() -> None:
    number = anna()
    browser_of().post(f"/customers/{number}/edit/tags/", {"seen": seen(number), "tag": "reading, wholesale"})
    assert card_json(OLGA, number)["tags"] == ["reading", "VIP", "wholesale"]


def test_another_card_is_named_by_name() -> None:
    number = anna()
    jonas = add_customer(card={"given_name": "Jonas", "family_name": "Berg"}, by=OLGA, at=NOW)
    browser_of().post(f"/customers/{number}/edit/origin/", {"seen": seen(number), "referred_by": "jonas berg"})
    assert card_json(OLGA, number)["referred_by"] == jonas
    assert "Who sent whom" in html(browser_of().get(f"/customers/{jonas}/"))


def test_a_name_that_several_have_or_nobody_is_not_guessed() -> None:
    number = anna()
    for _each in range(2):
        add_customer(card={"given_name": "Jonas", "family_name": "Berg"}, by=OLGA, at=NOW)
    browser = browser_of()
    for typed, said in (("jonas berg", "Several are called so: Jonas Berg (1000"), ("jo bergg", "Nobody is called")):
        form = {"seen": seen(number), "relation": "partner", "relation.number": typed}
        answer = browser.post(f"/customers/{number}/edit/relations/", form, headers=HTMX)
        assert answer.status_code == 422 and said in html(answer)
    assert not card_json(OLGA, number)["relations"]


def test_nothing_seems_hidden_where_nothing_is() -> None:
    number = anna()  # of whom the birth date is known, the income is not
    page = html(browser_of().get(f"/customers/{number}/edit/about/"))
    assert page.count("Type to replace it") == 1
    new = html(browser_of().get(f"/customers/{number}/edit/bank_accounts/"))
    assert "Type to replace it" not in new and "its last signs only are shown" in new


def test_how_long_somebody_worked_there_stands_on_both_cards() -> None:
    firm = add_customer(card={"organisation_name": "Tea Ltd", "kind": "organisation"}, by=OLGA, at=NOW)
    for name, span in (("Ada", {"to": "2024-06-30"}), ("Bea", {"from": "2024-07-01"}), ("Cleo", {})):
        number = add_customer(
            card={"given_name": name, "works_at": [{"number": firm, "job_title": "Buyer", **span}]}, by=OLGA, at=NOW
        )
        page = html(browser_of().get(f"/customers/{number}/"))
        assert ("until 30 June 2024" in page, "since 1 July 2024" in page) == (name == "Ada", name == "Bea")
    page = html(browser_of().get(f"/customers/{firm}/"))
    assert page.index("Bea") < page.index("Cleo") < page.index("Ada")  # who left stands last
    assert "Buyer · until 30 June 2024" in page


def test_customers_are_proposed_as_one_types() -> None:
    anna()
    add_customer(card={"organisation_name": "Ærø Bryggeri", "kind": "organisation"}, by=OLGA, at=NOW)
    for typed in ("anna", "ærø", "Ærøskøbing an", "anna ærø", "10001"):
        page = html(browser_of("staff").get("/customers/pick/", {"q": typed}, headers=HTMX))
        assert "Dr. Anna Ærøskøbing" in page, typed
    assert "Ærø Bryggeri" in html(browser_of().get("/customers/pick/", {"q": "aero"}, headers=HTMX))
    assert "Nobody of that name" in html(browser_of().get("/customers/pick/", {"q": "zz"}))


def test_declined_is_remembered() -> None:
    number = anna()
    browser = browser_of()
    browser.post(f"/customers/{number}/edit/about/", {"seen": seen(number), "declined": ["income_range"]})
    assert card_json(OLGA, number)["declined"] == ["income_range"]
    assert "declined to say" in html(browser.get(f"/customers/{number}/"))


def test_a_field_of_the_house_is_on_the_card_at_once() -> None:
    define_field(label="Shoe size", type="number", by=OLGA, at=NOW)
    number = anna()
    browser = browser_of()
    assert "Shoe size" in html(browser.get(f"/customers/{number}/edit/about/"))
    browser.post(f"/customers/{number}/edit/about/", {"seen": seen(number), "custom.shoe_size": "39"})
    assert card_json(OLGA, number)["custom"] == {"shoe_size": 39}


def test_to_look_at_a_hidden_fact_is_recorded() -> None:
    number, browser = anna(), browser_of()
    assert "1958" not in html(browser.get(f"/customers/{number}/show/birth_date/"))
    assert "7 March 1958" in html(browser.post(f"/customers/{number}/show/birth_date/", {"reason": "a parcel"}))
    assert changes(limit=1)[0].verb == "customers.unmasked"
    assert browser_of("staff").post(f"/customers/{number}/show/birth_date/", {"reason": "x"}).status_code == 403


def test_a_mark_is_given_and_taken() -> None:
    number, browser = anna(), browser_of()
    browser.post(f"/customers/{number}/mark/do_not_contact/", {"reason": "asked at the till"})
    assert "do_not_contact" in card_json(OLGA, number)["standings"]
    browser.post(f"/customers/{number}/mark/do_not_contact/", {"off": "yes"})
    assert not card_json(OLGA, number)["standings"]


def test_a_card_is_deleted_after_asking_and_comes_back() -> None:
    number, browser = anna(), browser_of()
    assert "Delete Dr. Anna Ærøskøbing?" in html(browser.get(f"/customers/{number}/delete/"))
    browser.post(f"/customers/{number}/delete/")
    assert browser.get(f"/customers/{number}/").status_code == 404
    browser.post(f"/changes/{changes(limit=1)[0].changeset}/undo/")
    assert browser.get(f"/customers/{number}/").status_code == 200


def test_a_card_that_others_name_is_not_deleted() -> None:
    number = anna()
    add_customer(card={"given_name": "Jonas", "referred_by": number}, by=OLGA, at=NOW)
    answer = browser_of().post(f"/customers/{number}/delete/")
    assert answer.status_code == 422 and "Other cards name this one" in html(answer)


def test_a_new_card_in_a_few_fields() -> None:
    browser = browser_of("staff")
    form = {"kind": "person", "given_name": "Thandiwe", "phone": "030 901820", "tag": "till, new", "city": "Pretoria"}
    answer = browser.post("/customers/new/", form)
    number = int(answer["Location"].strip("/").rpartition("/")[2])
    card = card_json(OLGA, number)
    assert (card["given_name"], card["tags"], card["addresses"][0]["city"]) == ("Thandiwe", ["new", "till"], "Pretoria")
    assert "is made" in html(browser.get(answer["Location"]))


def test_a_new_card_of_nobody_is_refused() -> None:
    answer = browser_of().post("/customers/new/", {"kind": "person"})
    assert answer.status_code == 422 and "A card needs a name" in html(answer)


def test_a_merged_or_unknown_number() -> None:
    assert browser_of().get("/customers/99999/").status_code == 404


def test_who_may_only_look_finds_no_forms() -> None:
    number = anna()
    page = html(browser_of("auditor").get(f"/customers/{number}/"))
    assert "/edit/" not in page and "Put a file" not in page
    assert browser_of("auditor").post(f"/customers/{number}/edit/about/", {"occupation": "x"}).status_code == 403


def test_the_card_asks_few_questions(django_assert_max_num_queries) -> None:
    """However many rows stand on the card."""
    number = anna(notes=[{"text": str(each)} for each in range(30)], tags=[str(each) for each in range(30)])
    browser = browser_of()
    actor()
    with django_assert_max_num_queries(110):
        browser.get(f"/customers/{number}/")
