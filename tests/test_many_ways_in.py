"""Lists, one deed on many, and why: through the API and by command, the same deeds as on screen."""

from typing import Any

import pytest

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.segments.actions import many
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db
BERLIN = {"criteria": "city = Berlin"}


@pytest.fixture
def three() -> list[int]:
    return [
        add_customer(card={"given_name": name, "addresses": [{"city": city}]}, by=OLGA, at=NOW)
        for name, city in (("Anna", "Berlin"), ("Bert", "Bonn"), ("Carl", "Berlin"))
    ]


def test_many_through_the_api(three: list[int]) -> None:
    till = Program("owner")
    plan = till.post("/bulk-deeds", {"deed": "tag", "value": "VIP", **BERLIN, "dry_run": True}).json()
    assert (plan["state"], plan["count"], plan["already"]) == ("planned", 2, 0)
    made = till.post("/bulk-deeds", {"deed": "tag", "value": "VIP", **BERLIN})
    assert (made.status_code, made.json()["changed"], made.json()["state"]) == (201, 2, "done")
    again = till.get(f"/bulk-deeds/{made.json()['token']}").json()
    assert again["changeset"] == int(made["Changeset"])
    assert till.get("/customers?criteria=tag%20%22vip%22").json()["count"] == 2
    assert till.post(f"/changesets/{again['changeset']}/undo", {}).status_code == 200
    assert till.get("/customers?criteria=tag%20%22vip%22").json()["count"] == 0


@pytest.fixture
def at_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "AT_ONCE", 1)
    monkeypatch.setattr(many, "_STEP", 1)
    monkeypatch.setattr(many, "_AIM", 1e-9)


@pytest.mark.usefixtures("at_length", "three")
def test_a_long_one_is_stopped_through_the_api() -> None:
    till = Program("owner")
    made = till.post("/bulk-deeds", {"deed": "tag", "value": "VIP", **BERLIN}).json()
    assert made["state"] == "running"
    reader, here = Program("auditor"), f"/bulk-deeds/{made['token']}/stop"
    reader.refused(reader.post(here, {}), 403)
    stopped = till.post(here, {}).json()
    assert (stopped["state"], stopped["done"], stopped["gone"]) == ("stopped", 0, 0)
    till.refused(till.post(here, {}), 422)
    till.refused(till.post("/bulk-deeds/none/stop", {}), 404)


@pytest.mark.usefixtures("at_length")
def test_ctrl_c_stops_it_where_it_is(told: Any, three: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(done: int, total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(many, "progress", pressed)
    done = told("many", "", "--tag", "VIP", "--yes", code=130)
    assert (done["state"], done["changed"], done["count"]) == ("stopped", 1, 3)
    assert told("undo", str(done["changeset"]))["undoes"] == done["changeset"]
    assert told("find", 'tag "vip"', "--count")["count"] == 0


def test_a_segment_is_renamed_by_command(told: Any) -> None:
    told("segment", "save", "North", "city = Kiel")
    told("segment", "save", "All", 'segment "North" or city = Bonn')
    assert "All" in told("segment", "rename", "North", "Up", code=1)["error"]["message"]
    told("segment", "remove", "All")
    assert told("segment", "rename", "north", 'Up "there"/remove')["name"] == 'Up "there"/remove'
    assert [each["name"] for each in told("segment", "list")] == ['Up "there"/remove']


def test_a_segment_is_changed_whole_or_not_at_all() -> None:
    till = Program("owner")
    till.post("/segments", {"name": "A/remove", "criteria": "city = Bonn"})
    till.refused(till.patch("/segments/A%2Fremove", {"name": "B", "criteria": "citty = Kiel"}), 422)
    assert till.get("/segments/A%2Fremove").json()["criteria"] == "city = Bonn"
    changed = till.patch("/segments/A%2Fremove", {"name": "B", "criteria": "city = Kiel"})
    assert (changed.json()["name"], changed.json()["criteria"]) == ("B", "city = Kiel")
    till.post(f"/changesets/{changed['Changeset']}/undo", {})
    assert till.get("/segments/A%2Fremove").json()["criteria"] == "city = Bonn"


def test_lists_through_the_api(three: list[int]) -> None:
    till = Program("owner")
    assert till.post("/lists", {"name": "Spring"}).status_code == 201
    till.post("/bulk-deeds", {"deed": "list", "value": "spring", "numbers": three[:2]})
    assert [(each["name"], each["count"]) for each in till.get("/lists").json()] == [("Spring", 2)]
    assert till.patch("/lists/Spring", {"name": "Summer"}).json()["name"] == "Summer"
    assert till.delete("/lists/Summer").status_code == 204
    till.refused(till.get("/lists/Summer"), 404)


def test_a_deed_needs_whom_what_and_its_right(three: list[int]) -> None:
    till = Program("owner")
    for sent in ({"deed": "tag", "value": "x"}, {"deed": "paint", "value": "x", **BERLIN}, {"deed": "tag", **BERLIN}):
        till.refused(till.post("/bulk-deeds", sent), 422)
    till.refused(till.post("/bulk-deeds", {"deed": "list", "value": "none", **BERLIN}), 404)
    reader = Program("auditor")
    reader.refused(reader.post("/bulk-deeds", {"deed": "tag", "value": "x", **BERLIN}), 403)


def test_why_through_the_api(three: list[int]) -> None:
    reason = Program("owner").get(f"/customers/{three[1]}/why?criteria=not%20city%20%3D%20Berlin").json()
    assert (reason["kind"], reason["holds"], reason["parts"][0]["value"]) == ("not", True, "Bonn")


def test_by_command(three: list[int], told: Any) -> None:
    told("list", "make", "Spring")
    assert told("many", "city = Berlin", "--list", "Spring", "--dry-run") == {
        "deed": "list", "count": 2, "already": 0, "state": "planned",
    }  # fmt: skip
    done = told("many", "city = Berlin", "--list", "Spring", "--yes")
    assert (done["count"], done["changed"], done["state"]) == (2, 2, "done")
    assert told("list", "show", "spring")["count"] == 2
    assert told("find", 'in list "Spring"', "--count")["count"] == 2
    assert told("why", str(three[1]), 'in list "Spring"')["holds"] is False
    assert told("many", "", "--tag", "x", code=1)["error"]["message"].startswith("Nothing was changed")
    assert told("undo", str(done["changeset"]))["undoes"] == done["changeset"]
    told("list", "rename", "Spring", "Summer")
    told("list", "remove", "Summer")
    assert told("list", "list") == []
