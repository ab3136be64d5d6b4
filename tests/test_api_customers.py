"""Cards over HTTP, through the door: the good case first, then each refusal."""

import pytest

from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def till() -> Program:
    return Program("owner")


@pytest.fixture
def anna(till: Program) -> int:
    card = {"given_name": "Anna", "family_name": "Sørensen", "emails": [{"value": "anna@example.com"}], "tags": ["VIP"]}
    return till.post("/customers", card).json()["number"]


def test_a_card_is_added_and_read(till):
    made = till.post("/customers", {"given_name": "Anna", "phones": [{"value": "030 901820"}]})
    assert made.status_code == 201
    assert made["Location"] == f"/api/v1/customers/{made.json()['number']}"
    assert made.json()["phones"][0]["value"] == "+4930901820"
    shown = till.get(made["Location"].removeprefix("/api/v1")).json()
    assert {**shown, "possible_duplicates": []} == made.json()
    assert int(made["Changeset"]) > 0


def test_a_card_of_nobody_is_refused(till):
    told = till.refused(till.post("/customers", {"city": "Berlin"}), 422)
    assert told["code"] == "unknown_parameter" and told["where"] == "body.card.city"
    assert till.refused(till.post("/customers", {"occupation": "baker"}), 422)["where"] == "given_name"


def test_a_patch_needs_the_version_it_was_made_on(till, anna):
    told = till.refused(till.patch(f"/customers/{anna}", {"given_name": "Anne"}), 428)
    assert told["code"] == "if_match_missing"
    assert till.refused(till.patch(f"/customers/{anna}", {"given_name": "Anne"}, if_match="newest"), 400)


def test_a_patch_changes_what_it_names_and_keeps_the_rest(till, anna):
    etag = till.get(f"/customers/{anna}")["ETag"]
    edited = till.patch(f"/customers/{anna}", {"occupation": "baker", "tags": ["regular"]}, if_match=etag)
    card = edited.json()
    assert (card["occupation"], card["given_name"], card["tags"]) == ("baker", "Anna", ["regular", "VIP"])
    assert edited["ETag"] != etag and int(edited["Changeset"]) > 0


def test_null_empties_a_fact_and_remove_takes_a_row_away(till, anna):
    card = till.get(f"/customers/{anna}")
    gone = {"family_name": None, "emails": [{"key": card.json()["emails"][0]["key"], "remove": True}]}
    after = till.patch(f"/customers/{anna}", gone, if_match=card["ETag"]).json()
    assert after["family_name"] is None and after["emails"] == []


def test_an_edit_on_an_old_view_is_refused_with_what_is_newer(till, anna):
    old = till.get(f"/customers/{anna}")["ETag"]
    till.patch(f"/customers/{anna}", {"occupation": "baker"}, if_match=old)
    told = till.refused(till.patch(f"/customers/{anna}", {"education": "school"}, if_match=old), 412)
    assert told["code"] == "stale"
    assert [(each["field"], each["now"]) for each in told["newer"]] == [("occupation", "baker")]
    assert till.get(f"/customers/{anna}").json()["education"] is None


def test_delete_archives_and_taking_the_standing_brings_back(till, anna):
    assert till.delete(f"/customers/{anna}").json()["state"] == "archived"
    assert till.delete(f"/customers/{anna}/standings/archived").json()["state"] == "active"


def test_a_deleted_card_comes_back_by_undo(till, anna):
    changeset = till.post(f"/customers/{anna}/delete").json()["changeset"]
    till.refused(till.get(f"/customers/{anna}"), 404)
    assert till.post(f"/changesets/{changeset}/undo").json()["restored"] == 1
    assert till.get(f"/customers/{anna}").json()["tags"] == ["VIP"]


def test_a_standing_is_given_once(till, anna):
    first = till.put(f"/customers/{anna}/standings/deceased", {"reason": "told by her son"})
    assert list(first.json()["standings"]) == ["deceased"] and first["Changeset"]
    assert "Changeset" not in till.put(f"/customers/{anna}/standings/deceased", {}).headers


def test_history_names_each_value(till, anna):
    etag = till.get(f"/customers/{anna}")["ETag"]
    till.patch(f"/customers/{anna}", {"occupation": "baker"}, if_match=etag)
    newest = till.get(f"/customers/{anna}/history").json()[0]
    assert newest["verb"] == "customers.edited" and newest["by"].startswith("till")
    assert newest["fields"] == [{"field": "occupation", "from": None, "to": "baker"}]


def test_history_is_paged(till, anna):
    for word in ("baker", "butcher", "cook"):
        till.patch(f"/customers/{anna}", {"occupation": word}, if_match="*")
    first = till.get(f"/customers/{anna}/history?limit=2")
    assert len(first.json()) == 2
    rest = till.get(till.following(first))
    assert len(rest.json()) == 2 and "Link" not in rest.headers


def test_unmasking_is_recorded_and_masked_elsewhere(till, anna):
    till.patch(f"/customers/{anna}", {"birth_date": "1980-03-07"}, if_match="*")
    assert till.get(f"/customers/{anna}").json()["birth_date"] == "•••"
    seen = till.post(f"/customers/{anna}/unmask", {"fact": "birth_date", "reason": "asked at the till"})
    assert seen.json() == {"fact": "birth_date", "value": "1980-03-07"}
    assert till.get("/changesets?limit=1").json()[0]["verb"] == "customers.unmasked"
    assert "1980" not in till.get(f"/customers/{anna}/history").content.decode()


def test_a_file_is_put_on_a_card_fetched_and_taken_off(till, anna):
    card = till.upload(f"/customers/{anna}/files", "note.txt", b"likes jazz").json()
    (file,) = card["files"]
    fetched = till.get(f"/customers/{anna}/files/{file['key']}")
    assert fetched.content == b"likes jazz" and fetched["Content-Disposition"].startswith("attachment")
    assert till.delete(f"/customers/{anna}/files/{file['key']}").json()["files"] == []


def test_a_file_that_could_do_harm_is_refused(till, anna):
    till.refused(till.upload(f"/customers/{anna}/files", "a.png", b"<svg onload=alert(1)>"), 422)


def test_a_field_of_the_house_is_a_fact_like_any_other(till, anna):
    till.post("/fields", {"label": "Shoe size", "type": "number"})
    till.patch(f"/customers/{anna}", {"custom": {"shoe_size": 42}}, if_match="*")
    assert till.get(f"/customers/{anna}").json()["custom"] == {"shoe_size": 42}
    schema = till.get("/openapi.json").json()["components"]["schemas"]["Customer"]["properties"]["custom"]
    assert schema["properties"]["shoe_size"]["type"] == ["integer", "null"]


def test_a_stranger_learns_nothing(till, anna):
    till.refused(Program("marketer", "customers.export").get(f"/customers/{anna}"), 403)
    nobody = Program(None)
    assert till.refused(nobody.get(f"/customers/{anna}"), 401)["code"] == "not_signed_in"
    assert nobody.get("/openapi.json").status_code == 200


@pytest.mark.parametrize("number", ["1", "99999999", "0", "-3", "abc", "9" * 30])
def test_a_number_that_nobody_has(till, number):
    assert till.get(f"/customers/{number}").status_code in (404, 422)
