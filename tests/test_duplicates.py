"""Duplicates by command and over HTTP: what they print, page by page, and what they refuse."""

from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import person
from regulars.areas.journal.models import Changeset
from regulars.areas.matching.actions import scan_all
from regulars.areas.matching.tests.pairs import added, juergen
from regulars.interfaces.cli.main import main
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three() -> list[int]:
    """One person on three cards: three pairs."""
    return added(juergen(), juergen(given_name="Juergen", emails=None), juergen(phones=None))


def test_by_command(told: Any, three: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    person("owner")
    assert told("duplicates", "list") == []
    scanned = told("duplicates", "scan")
    assert {name: scanned[name] for name in ("customers", "same", "likely", "possible")} == {
        "customers": 3, "same": 3, "likely": 0, "possible": 0,
    }  # fmt: skip
    listed = told("duplicates", "list")
    assert [(each["a"], each["b"]) for each in listed] == [
        (three[0], three[2]),
        (three[0], three[1]),
        (three[1], three[2]),
    ]
    assert listed[0].keys() == {"a", "b", "score", "verdict", "reasons"} and listed[0]["verdict"] == "same"
    assert len(told("duplicates", "list", "--limit", "1")) == 1 and told("duplicates", "list", "--min-score", "1") == []
    rejected = told("duplicates", "reject", str(three[1]), str(three[0]))
    assert (rejected["a"], rejected["b"]) == tuple(three[:2])
    assert Changeset.objects.get(pk=rejected["changeset"]).detail == "duplicates reject"
    later = told("duplicates", "later", str(three[1]), str(three[2]), "--until", "2999-01-01", code=1)
    assert later["error"]["where"] == "until"
    assert told("duplicates", "later", str(three[1]), str(three[2]))["changeset"]
    assert [each["b"] for each in told("duplicates", "list", "--state", "later")] == [three[2]]
    assert told("undo", str(told("changes")[0]["changeset"]))
    assert told("duplicates", "scan", "--new")["customers"] == 0
    assert len(told("duplicates", "list")) == 2
    assert told("duplicates", "reject", "10001", "99999", code=1)["error"]["code"] == "not_found"
    assert main(["duplicates", "list"]) == 0 and "The birth date is the same." in capsys.readouterr().out


def test_over_http(three: list[int]) -> None:
    scan_all(at=timezone.now())
    owner = Program("owner")
    first = owner.get("/duplicates?limit=2")
    second = owner.get(owner.following(first))
    found = [(each["a"], each["b"]) for page in (first, second) for each in page.json()]
    assert sorted(found) == [(three[0], three[1]), (three[0], three[2]), (three[1], three[2])]
    assert "Link" not in second.headers and first.json()[0]["reasons"][0].keys() == {"code", "bits", "text"}
    done = owner.post("/duplicates/reject", {"a": three[0], "b": three[1]})
    assert done.status_code == 204 and done.headers["Changeset"]
    assert len(owner.get("/duplicates").json()) == 2
    put_off = owner.post("/duplicates/later", {"a": three[0], "b": three[2], "until": "2026-01-01"})
    owner.refused(put_off, 422)
    assert owner.post("/duplicates/later", {"a": three[0], "b": three[2]}).status_code == 204
    assert [each["b"] for each in owner.get("/duplicates?state=later").json()] == [three[2]]
    assert len(owner.get("/duplicates").json()) == 1
    assert owner.get("/duplicates?min_score=1").json() == []
    owner.refused(owner.get("/duplicates?after=nonsense"), 422)
    owner.refused(owner.post("/duplicates/reject", {"a": three[0], "b": three[0]}), 422)
    owner.refused(owner.post("/duplicates/reject", {"a": three[0], "b": 99_999}), 404)


def test_a_card_that_is_added_is_answered_with_whom_it_could_be(told: Any, three: list[int]) -> None:
    owner = Program("owner")
    card = {"given_name": "Jürgen", "family_name": "Müller", "phones": [{"value": "+4915123456789"}]}
    checked = owner.post("/duplicates/check", card).json()
    assert {each["number"] for each in checked} == set(three)
    made = owner.post("/customers", card)
    assert made.status_code == 201 and made.json()["possible_duplicates"] == checked
    assert checked[0].keys() == {"number", "score", "verdict", "reasons"}
    assert told("add", "given_name=Ida", "family_name=Holm")["possible_duplicates"] == []
    again = told("add", "given_name=Jürgen", "family_name=Müller", "phone=+4915123456789")
    assert {each["number"] for each in again["possible_duplicates"]} >= set(three)


def test_who_belongs_together_by_command_and_over_http(told: Any) -> None:
    owner = Program("owner")
    home = {"addresses": [{"street": "Lindenweg 7", "city": "Kiel", "country": "DE"}]}
    a, b, c = added({"given_name": "Ida", **home}, {"given_name": "Kai", **home}, {"given_name": "Ulf", **home})
    scan_all(at=timezone.now())
    assert len(told("duplicates", "near")) == 3
    first = owner.get("/duplicates/near").json()[0]
    assert first["kind"] == "household" and first["reasons"][0]["code"] == "address"
    assert owner.post("/duplicates/belong", {"a": a, "b": b, "kind": "household"}).status_code == 204
    assert owner.get(f"/customers/{b}").json()["households"]
    assert told("duplicates", "belong", str(a), str(c), "nothing")["changeset"]
    assert [(each["a"], each["b"]) for each in told("duplicates", "near")] == [(b, c)]
    owner.refused(owner.post("/duplicates/belong", {"a": a, "b": b, "kind": "works_at"}), 422)
    assert owner.post("/duplicates/belong", {"a": b, "b": c, "kind": "colleagues"}).status_code == 204
    assert owner.get(f"/customers/{b}").json()["relations"][0]["kind"] == "colleague"
    assert told("duplicates", "belong", str(b), str(c), "colleagues")["changeset"] is None
