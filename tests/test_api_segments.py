"""Lists, words and segments over HTTP."""

import json

import pytest

from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
BERLIN = 'city = "Berlin"'


@pytest.fixture
def till() -> Program:
    till = Program("owner")
    for name, city in (("Anna", "Berlin"), ("Bert", "Potsdam"), ("Carl", "Berlin")):
        assert till.post("/customers", {"given_name": name, "addresses": [{"city": city}]}).status_code == 201
    return till


def names(page) -> list[str]:
    return [each["given_name"] for each in page.json()["customers"]]


def ask(till, path="/customers", **query):
    from urllib.parse import urlencode

    return till.get(f"{path}?{urlencode(query)}")


def test_a_list_of_whole_customers(till):
    page = ask(till, criteria=BERLIN)
    assert page.json().keys() == {"count", "at", "customers", "next"}
    assert (page.json()["count"], names(page)) == (2, ["Anna", "Carl"])
    number = page.json()["customers"][0]["number"]
    assert page.json()["customers"][0] == till.get(f"/customers/{number}").json()


def test_a_list_of_columns_in_an_order(till):
    page = ask(till, columns="given_name,city", order="-given_name", limit=2)
    assert names(page) == ["Carl", "Bert"] and page.json()["customers"][1]["city"] == ["Potsdam"]
    assert page.json()["customers"][0].keys() == {"number", "given_name", "city"}


def test_pages_follow_each_other(till):
    first = ask(till, limit=2)
    second = till.get(till.following(first))
    assert (names(first), names(second)) == (["Anna", "Bert"], ["Carl"])
    assert second.json()["next"] is None and "Link" not in second.headers


def test_criteria_as_a_tree(till):
    told = ask(till, "/criteria", criteria=BERLIN).json()
    assert told["criteria"] == BERLIN and told["count"] == 2 and "Berlin" in told["sentence"]
    assert names(ask(till, criteria=json.dumps(told["tree"]))) == ["Anna", "Carl"]


def test_criteria_that_cannot_be_asked(till):
    told = till.refused(ask(till, criteria="citty = Berlin"), 422)
    assert (told["code"], told["offset"], told["length"], "city" in told["nearest"]) == ("criteria", 0, 5, True)
    for wrong in ({"criteria": "("}, {"criteria": "{"}, {"order": "citty"}, {"columns": "citty"}, {"after": "x"}):
        till.refused(ask(till, **wrong), 422)


def test_before_the_first_deed_the_register_was_empty(till):
    assert ask(till).json()["count"]
    then = ask(till, at="2026-01-01T00:00:00Z").json()
    assert (then["count"], then["customers"], then["at"]) == (0, [], "2026-01-01T00:00:00.000000Z")
    till.refused(ask(till, at="yesterday"), 422)


def test_the_words_of_the_language(till):
    words = {each["name"]: each for each in till.get("/vocabulary").json()}
    assert words["city"]["many"] and "startswith" in words["city"]["operators"] and "iban" in words
    assert "iban" not in {each["name"] for each in Program("staff").get("/vocabulary").json()}


def test_a_segment_is_saved_shown_changed_and_removed(till):
    saved = till.post("/segments", {"name": "Berliners", "criteria": BERLIN})
    assert saved.status_code == 201 and saved.json()["count"] == 2 and saved["Changeset"]
    assert names(ask(till, criteria='segment "berliners"')) == ["Anna", "Carl"]
    changed = till.patch("/segments/berliners", {"name": "Potsdamers", "criteria": 'city = "Potsdam"'})
    assert (changed.json()["name"], changed.json()["count"]) == ("Potsdamers", 1)
    assert [each["name"] for each in till.get("/segments?counted=true").json()] == ["Potsdamers"]
    assert till.delete("/segments/Potsdamers").status_code == 204
    till.refused(till.get("/segments/Potsdamers"), 404)


def test_a_segment_that_cannot_be_asked_is_not_saved(till):
    till.refused(till.post("/segments", {"name": "x", "criteria": "citty = Berlin"}), 422)
    till.refused(till.post("/segments", {"name": "x", "criteria": {"no": 1}}), 422)
    till.refused(till.post("/segments", {"name": "x", "criteria": 'segment "x"'}), 422)
    assert till.get("/segments").json() == []


def test_who_may_not(till):
    staff = Program("staff")
    staff.refused(staff.post("/segments", {"name": "x", "criteria": BERLIN}), 403)
    writer = Program("owner", "customers.edit")
    writer.refused(writer.get("/customers"), 403)
