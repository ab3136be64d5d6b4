"""`regulars forget`, and the same through the API: first what would go, then done, then 410."""

import json
from collections.abc import Iterator

import pytest
from django.utils import timezone

from regulars.areas.customers import queries
from regulars.areas.customers.models import Customer
from regulars.areas.customers.tests.people import anna
from regulars.areas.journal.chain import ledger
from regulars.areas.journal.queries import verify
from regulars.interfaces.cli.main import main
from regulars.interfaces.server import upgrade
from tests.rig.forgetting import clean_home
from tests.rig.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_home() -> Iterator[None]:
    with clean_home():
        yield


def test_at_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    number = anna()
    assert main(["forget", str(number), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["changeset"], told["cards"]) == (number, None, [])
    assert {"name": "customers.contactpoint", "then": "erase", "count": 2}.items() <= told["holdings"][1].items()
    assert main(["forget", str(number), "--dry-run"]) == 0
    assert "goes" in capsys.readouterr().out and Customer.objects.filter(number=number).exists()
    assert main(["forget", str(number), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["changeset"] and done["holdings"] == told["holdings"]
    assert main(["show", str(number), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "gone"
    assert main(["undo", str(done["changeset"])]) == 1
    assert main(["verify", "--json"]) == 0


def test_again_after_an_older_copy(capsys: pytest.CaptureFixture[str]) -> None:
    number = anna()
    ledger.append(at=timezone.now(), next_number=0, values={"number": [str(number)]}, let_go={})
    assert main(["forget", "--again", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"numbers": [number]} and Customer.objects.exists()
    assert main(["forget", "--again", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"numbers": [number]} and not Customer.objects.exists()
    assert main(["forget"]) == 2 and main(["forget", "1", "--again"]) == 2


def test_through_the_api() -> None:
    number, owner = anna(), Program("owner")
    told = owner.post(f"/customers/{number}/forget?dry_run=true").json()
    assert told["changeset"] is None and told["holdings"] and owner.get(f"/customers/{number}").status_code == 200
    Program.refused(Program("manager").post(f"/customers/{number}/forget"), 403)
    done = owner.post(f"/customers/{number}/forget", idempotency_key="once")
    assert done.status_code == 200 and done["Changeset"] == str(done.json()["changeset"])
    again = owner.post(f"/customers/{number}/forget", idempotency_key="once")
    assert again.json() == done.json()
    assert Program.refused(owner.get(f"/customers/{number}"), 410)["code"] == "gone"
    Program.refused(owner.post(f"/customers/{number}/forget"), 410)
    Program.refused(owner.patch(f"/customers/{number}", {"given_name": "x"}, if_match="*"), 410)


def test_an_answer_that_was_kept_is_gone_and_the_deed_is_not_done_twice() -> None:
    owner = Program("owner")
    made = owner.post("/customers", {"given_name": "Anna"}, idempotency_key="anna").json()["number"]
    owner.post(f"/customers/{made}/forget")
    told = Program.refused(owner.post("/customers", {"given_name": "Anna"}, idempotency_key="anna"), 409)
    assert told["code"] == "idempotency_answer_forgotten" and not Customer.objects.exists()


def test_who_was_to_be_forgotten_when_the_power_went_is_forgotten_at_the_next_start() -> None:
    number = anna()
    ledger.append(at=timezone.now(), next_number=0, values={"number": [str(number)]}, let_go={})
    upgrade.bring_up_to_date()
    assert queries.number_is_forgotten(number) and verify().ok
