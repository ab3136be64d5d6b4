"""A list brought in over HTTP: handed over, corrected, tried, brought in, taken back."""

import csv
import io

import pytest

from regulars.areas.customers.models import Customer
from regulars.kernel.jobs import run_due
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)
LIST = (
    "Kundennummer;Vorname;Nachname;E-Mail;Geburtstag\n"
    "17;Anna;Berg;anna@example.com;07.03.1980\n"
    "18;Bert;Beck;bert@example;13.04.1981\n"
    "19;Cora;Dahl;cora@example.com;\n"
)
DOUBTFUL = "Email,Birthday\nanna@example.com,03/04/1980\n"


@pytest.fixture
def till() -> Program:
    return Program("owner")


def handed_over(till, content: str = LIST, **fields):
    answered = till.upload("/imports", "list.csv", content.encode("cp1252"), fields)
    assert answered.status_code == 201, answered.content
    return answered.json()


def test_a_file_is_understood_and_nothing_changes(till):
    told = handed_over(till)
    assert (told["state"], told["rows"], told["delimiter"], told["questions"], told["tried"]) == (
        "waiting",
        3,
        ";",
        [],
        False,
    )
    assert {each["column"]: each["to"] for each in told["mapping"]["columns"]}["E-Mail"] == "emails[1].value"
    assert not Customer.objects.exists()
    assert till.get(f"/imports/{told['id']}").json() == told
    assert [each["id"] for each in till.get("/imports").json()] == [told["id"]]


def test_a_dry_run_counts_and_keeps_nothing(till):
    token = handed_over(till)["id"]
    tried = till.post(f"/imports/{token}/dry-run").json()
    assert (tried["created"], len(tried["rejected"]), tried["tried"]) == (2, 1, True)
    assert tried["rejected"][0]["row"] == 3 and tried["rejected"][0]["column"] == "E-Mail"
    assert not Customer.objects.exists()
    rows = till.get(f"/imports/{token}/preview").json()
    assert [bool(each["card"]) for each in rows] == [True, False, True]
    lines = list(csv.reader(io.StringIO(b"".join(till.get(f"/imports/{token}/rejected").streaming_content).decode())))
    assert lines[1][0] == "3" and lines[1][1].startswith("E-Mail: ") and "bert@example" in lines[1][2:]


def test_it_comes_in_and_is_taken_back(till):
    token = handed_over(till)["id"]
    started = till.post(f"/imports/{token}/go", idempotency_key="go")
    assert started.status_code == 202 and started.json()["state"] == "running"
    assert till.post(f"/imports/{token}/go", idempotency_key="go").content == started.content
    run_due()
    told = till.get(f"/imports/{token}").json()
    assert (told["state"], told["created"], len(told["rejected"]), told["done"]) == ("done", 2, 1, 3)
    assert told["rows"] == told["created"] + told["updated"] + told["unchanged"] + len(told["rejected"])
    assert till.post(f"/changesets/{told['changeset']}/undo").json()["removed"] == 2
    assert not Customer.objects.exists()


def test_what_is_doubtful_is_asked_and_answered(till):
    told = handed_over(till, DOUBTFUL)
    (asked,) = told["questions"]
    refused = till.refused(till.post(f"/imports/{told['id']}/go"), 422)
    assert refused["code"] == "questions" and refused["questions"]
    answers = [{"index": asked["index"], "asks": asked["asks"], "choice": "dmy"}]
    assert till.patch(f"/imports/{told['id']}", {"answers": answers}).json()["questions"] == []
    assert handed_over(till, DOUBTFUL, date_order="mdy")["questions"] == []


def test_a_mapping_is_corrected_and_kept(till):
    token = handed_over(till)["id"]
    wanted = {"mapping": {"columns": {"Vorname": "given_name", "E-Mail": "email"}, "source": "till"}}
    corrected = till.patch(f"/imports/{token}", wanted).json()["mapping"]
    assert [each["to"] for each in corrected["columns"]] == [
        "ignore",
        "given_name",
        "ignore",
        "emails[1].value",
        "ignore",
    ]
    till.refused(till.patch(f"/imports/{token}", {"mapping": {"columns": {"Vorname": "forename"}}}), 422)
    assert till.post(f"/imports/{token}/mapping", {"name": "till"}).status_code == 201
    assert [each["name"] for each in till.get("/mappings").json()] == ["till"]
    assert till.delete("/mappings/till").status_code == 204 and till.get("/mappings").json() == []


def test_what_is_no_list(till):
    for content in (b"", b"Vorname;Nachname\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 50):
        told = till.refused(till.upload("/imports", "list.csv", content), 422)
        assert told["detail"]
    till.refused(till.upload("/imports", "list.csv", LIST.encode(), {"mapping": "{"}), 422)
    till.refused(till.upload("/imports", "list.csv", LIST.encode(), {"contry": "DE"}), 422)
    till.refused(till.post("/imports", {}), 415)


def test_a_file_is_put_away(till):
    token = handed_over(till)["id"]
    assert till.delete(f"/imports/{token}").status_code == 204
    till.refused(till.get(f"/imports/{token}"), 404)


def test_who_may_not(till):
    token = handed_over(till)["id"]
    staff = Program("staff")
    staff.refused(staff.get(f"/imports/{token}"), 403)
    staff.refused(staff.upload("/imports", "list.csv", LIST.encode()), 403)


def test_what_cards_hide_stays_hidden_in_a_file_that_somebody_else_handed_over(till):
    iban = "DE00370400440532013000"
    token = handed_over(till, f"Vorname;Mail;IBAN;Geburtstag\nAnna;a@example.com;{iban};31.12.1980\n")["id"]
    till.post(f"/imports/{token}/dry-run")
    shown = f"/imports/{token}"
    assert iban in till.get(shown).content.decode() and till.get(f"{shown}/preview").status_code == 200
    other = Program("manager", "customers.import", "customers.view")
    assert iban not in other.get(shown).content.decode() and other.get(shown).json()["rejected"][0]["value"] == "•••"
    other.refused(other.get(f"{shown}/preview"), 403)
    seeing = Program("manager", "customers.import", "customers.view", "customers.unmask", name="desk")
    assert iban in seeing.get(shown).content.decode()


def test_a_mapping_is_kept_renamed_taken_and_removed(till):
    token = handed_over(till)["id"]
    mapping = {"columns": {"Vorname": ["given_name", "called_name"]}, "fixed": {"source": "fair 2026"}}
    assert till.patch(f"/imports/{token}", {"mapping": mapping}).status_code == 200
    assert till.post(f"/imports/{token}/mapping", {"name": "fair"}).status_code == 201
    assert till.patch("/mappings/fair", {"name": "fairs"}).json()["name"] == "fairs"
    other = handed_over(till, "Vorname;Stadt\nCleo;Berlin\n")["id"]
    taken = till.put(f"/imports/{other}/mapping/fairs").json()["mapping"]
    assert taken["kept_as"] == "fairs" and [each["to"] for each in taken["made"]] == ["called_name", "source"]
    assert till.get("/mappings/fairs").json()["mapping"]["made"]
    assert till.delete("/mappings/fairs").status_code == 204 and till.get("/mappings/fairs").status_code == 404


@pytest.mark.parametrize(
    ("boundary", "head"),
    [
        ("", b""),
        ("a" * 300, b""),
        ("abc", b'form-data; name="file"; filename="' + b"a" * 5000 + b'"'),
        ("abc", b'form-data; name="file"; filename="a.csv"\r\nContent-Transfer-Encoding: base64'),
    ],
)
def test_an_upload_that_cannot_be_taken_apart_is_refused(till, boundary, head):
    body = b"--abc\r\nContent-Disposition: " + head + b"\r\n\r\n!\r\n--abc--"
    kind = f"multipart/form-data; boundary={boundary}"
    assert till.refused(till.post("/imports", body, content_type=kind), 400)["code"] == "unreadable"
