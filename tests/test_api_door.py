"""The door of the API: one shape for every refusal, nothing ignored, a POST sent twice done once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access.actions import revoke_token
from regulars.areas.access.tests.people import OPERATOR
from regulars.areas.customers.models import Customer
from regulars.areas.journal.models import Changeset
from regulars.interfaces.api import keeping
from regulars.interfaces.api.models import KeptAnswer
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
ANNA = {"given_name": "Anna"}


@pytest.fixture
def till() -> Program:
    return Program("owner")


# --- refusals -------------------------------------------------------------------------------------------------------


def test_an_address_that_is_not_there(till):
    assert till.refused(till.get("/nowhere"), 404)["code"] == "not_found"
    assert Program.refused(Client().get("/api/v2/customers"), 404)


def test_a_method_that_is_not_possible(till):
    answered = till.put("/customers", {})
    assert till.refused(answered, 405)["code"] == "method_not_allowed"
    assert "POST" in answered["Allow"]


def test_a_parameter_that_does_not_exist(till):
    told = till.refused(till.get("/changesets?limits=3"), 422)
    assert told["where"] == "limits" and "Did you mean limit?" in told["detail"]
    assert till.refused(till.get("/changesets?limit=3&limit=4"), 422)["where"] == "limit"


def test_a_member_that_does_not_exist(till):
    told = till.refused(till.post("/customers", {**ANNA, "shoe": 4, "is_owner": True}), 422)
    assert told["code"] == "unknown_parameter" and told["where"] == "body.card.shoe"
    assert [each["where"] for each in told["errors"]] == ["body.card.shoe", "body.card.is_owner"]
    assert not Customer.objects.exists()


def test_a_value_of_another_type(till):
    told = till.refused(till.post("/customers", {"given_name": 12, "children": "two"}), 422)
    assert {each["where"] for each in told["errors"]} == {"body.card.given_name", "body.card.children"}


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'{"a": NaN}', b"[" * 5000, b'{"given_name": "\\ud800"}', b'{"given_name": "a\\u0000"}']
)
def test_a_body_that_cannot_be_read(till, body):
    assert till.refused(till.post("/customers", body), 400)["code"] == "unreadable"


def test_a_body_of_another_type(till):
    assert till.refused(till.post("/customers", b"given_name=Anna", content_type="text/plain"), 415)


def test_a_body_that_is_too_long(till):
    assert till.refused(till.post("/customers", b" " * (1 << 20) + b"{}"), 413)["code"] == "too_large"


def test_who_asks_without_a_token_or_with_an_old_one(till):
    answered = Program(None).get("/changesets")
    Program.refused(answered, 401)
    assert answered["WWW-Authenticate"].startswith("Bearer")
    revoke_token(by=OPERATOR, at=timezone.now(), token=till.token)
    till.refused(till.get("/changesets"), 401)


def test_who_asks_without_the_right(till):
    reader = Program("owner", "customers.view")
    told = reader.refused(reader.post("/customers", ANNA), 403)
    assert told["right"] == "customers.edit"
    writer = Program("owner", "customers.edit", name="form")
    assert writer.refused(writer.post("/customers", ANNA), 403)["right"] == "customers.view"
    assert not Customer.objects.exists()


def test_a_cookie_opens_nothing():
    from regulars.areas.access.tests.people import browser_of

    Program.refused(browser_of("owner").get("/api/v1/changesets"), 401)


def test_another_site_cannot_send(till):
    answered = till.call("POST", "/customers", ANNA, Sec_Fetch_Site="cross-site")
    till.refused(answered, 403)


def test_head_is_a_get_without_its_body(till):
    answered = till.call("HEAD", "/changesets")
    assert answered.status_code == 200 and answered.content == b""


def test_our_own_fault_is_a_problem_too(till, monkeypatch, caplog):
    def broken(**_):
        raise ZeroDivisionError

    monkeypatch.setattr("regulars.areas.customers.actions.add_customer", broken)
    with caplog.at_level("CRITICAL", logger="regulars.api"):
        assert till.refused(till.post("/customers", ANNA), 500)["code"] == "broken"


# --- sent twice -----------------------------------------------------------------------------------------------------


def test_sent_twice_is_done_once(till):
    first = till.post("/customers", ANNA, idempotency_key="k1")
    second = till.post("/customers", ANNA, idempotency_key="k1")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert all(first[name] == second[name] for name in ("ETag", "Location", "Changeset", "Content-Type"))
    assert second["Idempotent-Replayed"] == "true"
    assert Customer.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(till):
    till.post("/customers", ANNA, idempotency_key="k1")
    told = till.refused(till.post("/customers", {"given_name": "Berta"}, idempotency_key="k1"), 422)
    assert told["code"] == "idempotency_key_reused"
    assert Customer.objects.count() == 1


def test_a_refusal_is_not_kept(till):
    till.refused(till.post("/customers", {"occupation": "baker"}, idempotency_key="k1"), 422)
    assert not KeptAnswer.objects.exists()
    assert till.post("/customers", ANNA, idempotency_key="k1").status_code == 201


def test_a_key_is_its_callers_own(till):
    other = Program("manager", "customers.edit", "customers.view")
    till.post("/customers", ANNA, idempotency_key="k1")
    assert "Idempotent-Replayed" not in other.post("/customers", ANNA, idempotency_key="k1").headers
    assert Customer.objects.count() == 2


def test_a_kept_answer_tells_nothing_at_rest(till):
    number = till.post("/customers", {**ANNA, "birth_date": "1980-03-07"}).json()["number"]
    asked = {"fact": "birth_date"}
    first = till.post(f"/customers/{number}/unmask", asked, idempotency_key="k1")
    kept = KeptAnswer.objects.get()
    assert b"1980" not in bytes(kept.sealed) and "k1" not in kept.key
    deeds = Changeset.objects.count()
    assert till.post(f"/customers/{number}/unmask", asked, idempotency_key="k1").content == first.content
    assert Changeset.objects.count() == deeds


def test_a_long_deed_is_done_once_too(till):
    changeset = int(till.post("/customers", ANNA)["Changeset"])
    first = till.post(f"/changesets/{changeset}/undo", idempotency_key="k1")
    assert first.status_code == 200
    assert till.post(f"/changesets/{changeset}/undo", idempotency_key="k1").content == first.content
    till.refused(till.post(f"/changesets/{changeset}/undo"), 422)


def test_a_long_deed_that_was_cut_off_says_so(till):
    changeset = int(till.post("/customers", ANNA)["Changeset"])
    till.post(f"/changesets/{changeset}/undo", idempotency_key="k1")
    KeptAnswer.objects.update(status=None)
    told = till.refused(till.post(f"/changesets/{changeset}/undo", idempotency_key="k1"), 409)
    assert told["code"] == "idempotency_key_at_work"


def test_answers_are_kept_for_two_days(till):
    till.post("/customers", ANNA, idempotency_key="k1")
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=49))
    assert till.post("/customers", ANNA, idempotency_key="k1").status_code == 201
    assert Customer.objects.count() == 2
    assert keeping.forget_old(timezone.now() + timedelta(hours=47)) == 0
    assert keeping.forget_old(timezone.now() + timedelta(hours=49)) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "kä"])
def test_a_key_that_cannot_be_read(till, key):
    assert till.post("/customers", ANNA, idempotency_key=key).status_code == 400


def test_a_part_of_a_form_that_does_not_exist(till):
    number = till.post("/customers", ANNA).json()["number"]
    told = till.refused(till.upload(f"/customers/{number}/files", "a.txt", b"a", {"fiel": "b"}), 422)
    assert told["where"] == "fiel" and "Did you mean file?" in told["detail"]


def test_a_line_break_in_an_address(till):
    assert till.refused(till.get("/segments/a%0Ab"), 404)
