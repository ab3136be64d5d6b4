"""Merging and un-merging by command and over HTTP: the shapes, the old number, the territories, what is refused."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import actor, person
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.house.queries import house
from regulars.areas.intake.tests.lists import brought_bytes
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.matching.queries.merges import merges
from regulars.areas.matching.tests.people import LATER, anna, card, edited
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.queries.formats import FORMATS, written
from regulars.interfaces.cli.main import main
from regulars.kernel.errors import NotFound
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def till() -> Program:
    return Program("owner")


def test_merged_and_unmerged_over_http(till: Program) -> None:
    keep, absorb = anna()
    tried = till.post("/merges", {"keep": keep, "absorb": absorb, "dry_run": True}).json()
    assert tried["changeset"] is None and {"field", "label", "keep", "absorb", "take"} == set(tried["chosen"][0])
    done = till.post("/merges", {"keep": keep, "absorb": absorb, "take": {"given_name": "absorb"}}).json()
    assert (done["keep"], done["absorb"], done["moved"]["phones"]) == (keep, absorb, 1)
    assert till.get(f"/customers/{absorb}").json()["number"] == keep
    assert till.get(f"/customers/{keep}").json()["given_name"] == "A."
    edited(absorb, tags=["since"])
    (asked,) = till.post(f"/merges/{done['changeset']}/unmerge", {"dry_run": True}).json()["asked"]
    assert (asked["field"], asked["now"], asked["assigned"]) == ("tag", "since", "keep")
    (listed,) = till.get("/merges").json()["merges"]
    assert listed["undone_by"] is None
    apart = till.post(f"/merges/{done['changeset']}/unmerge", {"assign": {asked["key"]: "absorb"}}).json()
    assert apart["asked"][0]["assigned"] == "absorb"
    assert till.get("/merges").json()["merges"][0]["undone_by"] == apart["changeset"]
    assert "since" in till.get(f"/customers/{absorb}").json()["tags"]


def test_of_two_notes_it_is_said_which(till: Program, capsys: pytest.CaptureFixture[str]) -> None:
    keep, absorb = anna()
    done = till.post("/merges", {"keep": keep, "absorb": absorb}).json()
    edited(keep, notes=["moved to Kiel", "has two cats"])
    asked = till.post(f"/merges/{done['changeset']}/unmerge", {"dry_run": True}).json()["asked"]
    texts = [value["now"] for each in asked for value in each["values"] if value["field"] == "note"]
    assert sorted(texts) == ["has two cats", "moved to Kiel"]
    assert main(["unmerge", str(done["changeset"]), "--dry-run"]) == 0
    shell = "".join(capsys.readouterr())
    assert all(text in shell for text in texts)


def test_what_is_masked_stays_masked(till: Program) -> None:
    tried = till.post("/merges", dict(zip(("keep", "absorb"), anna(), strict=True)) | {"dry_run": True}).json()
    (birth,) = [each for each in tried["chosen"] if each["field"] == "birth_date"]
    assert birth["keep"] == birth["absorb"] == "•••"


def test_what_is_refused_over_http(till: Program) -> None:
    keep, absorb = anna()
    assert till.refused(till.post("/merges", {"keep": keep, "absorb": keep}), 422)["where"] == "absorb"
    till.refused(till.post("/merges", {"keep": keep, "absorb": 99_999}), 404)
    till.refused(till.post("/merges", {"keep": keep, "absorb": absorb, "take": {"tags": "absorb"}}), 422)
    till.refused(till.post("/merges", {"keep": keep, "absorb": absorb, "keep_version": 1}), 412)
    till.refused(till.post("/merges/99999/unmerge", {}), 404)
    till.refused(till.post("/merges/1/unmerge", {}), 422)
    till.refused(Program("till").post("/merges", {"keep": keep, "absorb": absorb}), 403)


def test_nobody_merges_what_she_may_not_see() -> None:
    keep, absorb = card(given_name="Anna", territory="north"), card(given_name="Anna", territory="south")
    owner, clerk = actor(), replace(actor("staff"), own=(("territory", ("north",)),))
    for one, other in ((keep, absorb), (absorb, keep)):
        with pytest.raises(NotFound):
            merge_customers(keep=one, absorb=other, by=clerk, at=LATER)
    done = merge_customers(keep=keep, absorb=absorb, by=owner, at=LATER)
    assert card_json(clerk, absorb)["number"] == keep  # whoever may see the keeper finds it by the old number, too
    assert merges(clerk) == [] and len(merges(owner)) == 1
    with pytest.raises(NotFound):
        unmerge(changeset=done.changeset or 0, by=clerk, at=LATER)


def test_by_command(told: Any) -> None:
    person("owner")
    keep, absorb = anna()
    done = told("merge", str(keep), str(absorb), "--take", "occupation=keep")
    assert {"changeset", "keep", "absorb", "moved"} <= set(done)
    assert told("show", str(absorb))["number"] == keep and told("show", str(keep))["occupation"] is None
    assert told("find", "", "--count") == {"count": 2}  # with the bakery
    apart = told("unmerge", str(done["changeset"]))
    assert set(apart) == {"changeset", "asked"}
    assert told("show", str(absorb))["occupation"] == "baker"
    assert told("history", str(absorb))[0]["changeset"] == apart["changeset"]
    assert main(["merge", str(keep), str(keep)]) == 1
    assert main(["unmerge", str(apart["changeset"])]) == 1


def test_the_old_number_works_from_outside(till: Program, told: Any) -> None:
    """In criteria over HTTP and by command, in the path, and in a list that was exported before the merge."""
    first, between, keep = (card(given_name="Anna", family_name=name, notes=[name]) for name in ("Berg", "Thal", "See"))
    lines = told_as_csv()
    for one, other in ((between, first), (keep, between)):
        merge_customers(keep=one, absorb=other, by=actor(), at=LATER)
    found = till.get(f"/customers?criteria=number = {first}").json()
    assert [each["number"] for each in found["customers"]] == [keep]
    assert till.get(f"/customers/{first}").json()["number"] == keep
    assert told("find", f"number in ({first}, {between})", "--count") == {"count": 1}
    before = set(Customer.objects.values_list("number", flat=True))
    brought = brought_bytes(lines, "before.csv")
    assert (brought["rows"], brought["created"], brought["rejected"]) == (3, 0, [])
    assert set(Customer.objects.values_list("number", flat=True)) == before
    assert {each["text"] for each in card_json(actor(), keep)["notes"]} == {"Berg", "Thal", "See"}


def told_as_csv() -> bytes:
    rules, at = house(), timezone.now()
    out = Export("", by=actor(), today=rules.day(at), zone=rules.zone, everyone=True)
    return b"".join(written(out, FORMATS["csv"]))
