"""A long import: how far it is, left alone, stopped, taken up again, taken back; and how its known ones were known."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.models import Customer
from regulars.areas.customers.tests.people import dump
from regulars.areas.intake import actions, pages, queries
from regulars.areas.intake.actions.running import Import
from regulars.areas.intake.models import Intake
from regulars.areas.intake.pages.looking import said_left
from regulars.areas.intake.tests.lists import NOON, OLGA, brought, csv_of, handed_over, in_this_process, sums, tried
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import TAKE_BACK, verify
from regulars.kernel import jobs
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
# More than the eight chunks of 500 that one transaction may take.
LINES = csv_of("Customer ID,First name,E-mail", *(f"{n},Anna{n},a{n}@x.org" for n in range(6_000)))


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


@pytest.fixture
def stopped(monkeypatch: Any) -> Intake:
    """A file that was stopped after its first transaction."""
    token = handed_over(LINES)
    whole = Import._transaction

    def once(self: Import, *args: Any) -> None:
        whole(self, *args)
        actions.stop_import(token=token, by=OLGA, at=NOON)

    monkeypatch.setattr(Import, "_transaction", once)
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    monkeypatch.undo()
    intake = Intake.objects.get(token=token)
    assert intake.state == "stopped" and 0 < Customer.objects.count() < 6_000
    return intake


def test_what_is_in_stays_and_the_rest_comes_in_by_the_same_deed(stopped: Intake) -> None:
    assert verify().ok
    actions.run_to_end(actions.start_import(token=stopped.token, by=OLGA, at=NOON))
    told = queries.result(queries.intake_for(OLGA, stopped.token))
    assert sums(told) == (6_000, 0, 0, 0) and told["state"] == "done" and told["changeset"] == stopped.changeset
    assert Changeset.objects.count() == 1 and verify().ok


def test_or_it_is_all_taken_back(stopped: Intake) -> None:
    actions.take_back(token=stopped.token, by=OLGA, at=NOON)
    assert not any(dump().values()) and queries.is_taken_back(queries.intake_for(OLGA, stopped.token))
    assert verify().ok
    page = browser_of("owner").get("/imports/").content.decode()
    assert "Taken back" in page and "Stopped" not in page


def test_stopped_before_anything_came_in_it_may_be_put_away() -> None:
    token = handed_over(LINES)
    started = actions.start_import(token=token, by=OLGA, at=NOON)
    actions.stop_import(token=token, by=OLGA, at=NOON)
    assert actions.stop_import(token=token, by=OLGA, at=NOON).state == "stopped"
    actions.run_to_end(started)
    assert not Customer.objects.exists()
    actions.forget_upload(token=token, by=OLGA)


def test_a_file_that_came_in_in_part_is_not_put_away(stopped: Intake) -> None:
    with pytest.raises(Refused):
        actions.forget_upload(token=stopped.token, by=OLGA)


def test_where_nothing_goes_on_there_is_nothing_to_stop() -> None:
    with pytest.raises(Refused, match="nothing to stop"):
        actions.stop_import(token=handed_over(LINES), by=OLGA, at=NOON)


def test_a_trial_is_stopped_and_can_be_begun_again(monkeypatch: Any) -> None:
    from regulars.areas.intake.actions.trying import Trial

    token, whole = handed_over(LINES), Trial._try

    def once(self: Trial, *args: Any) -> None:
        whole(self, *args)
        actions.stop_import(token=token, by=OLGA, at=NOON)

    monkeypatch.setattr(Trial, "_try", once)
    intake = actions.dry_run(token=token, by=OLGA, at=NOON, wait=True)
    assert (intake.state, intake.trial) == ("waiting", None)
    monkeypatch.undo()
    assert actions.dry_run(token=token, by=OLGA, at=NOON, wait=True).trial


# --- how far


def on_its_way(**values: Any) -> Intake:
    told = {"state": "running", "started_at": NOON, "resumed_at": NOON, "beat_at": NOON + timedelta(seconds=10),
            "counts": {"created": 500}}  # fmt: skip
    return Intake(inspected={"rows": 1_000}, **(told | values))


def test_the_estimate_is_the_pace_since_it_was_taken_up() -> None:
    now = NOON + timedelta(seconds=10)
    assert queries.seconds_left(on_its_way(), now) == 10
    assert queries.seconds_left(on_its_way(resumed_from=400), now) == 50


@pytest.mark.parametrize("values", [
    {"counts": {}}, {"resumed_at": None}, {"resumed_from": 500}, {"beat_at": NOON - timedelta(seconds=60)},
    {"resumed_at": NOON + timedelta(seconds=10)},
])  # fmt: skip
def test_nobody_can_tell_at_first_or_when_nothing_moves(values: dict[str, Any]) -> None:
    assert queries.seconds_left(on_its_way(**values), NOON + timedelta(seconds=10)) is None


def test_it_is_said_no_finer_than_it_is() -> None:
    assert [said_left(each) for each in (None, 1, 60, 100, 7_200)] == [
        "", "about 1 second left", "about 60 seconds left", "about 2 minutes left", "about 2 hours left",
    ]  # fmt: skip


def test_the_pages_say_where_it_stands(stopped: Intake) -> None:
    olga = browser_of("owner")
    assert "Stopped" in shown(olga, stopped) and "Bring in the rest" in shown(olga, stopped)
    percent = round(100 * queries.handled(stopped) / 6_000)
    assert f"{percent}%" in olga.get(reverse("imports")).content.decode()
    Intake.objects.update(state="running", beat_at=NOON)
    assert "has not moved for a while" in shown(olga, stopped)
    olga.post(reverse("import_stop", args=[stopped.token]))
    olga.post(reverse("import_back", args=[stopped.token]))
    assert "was taken back" in shown(olga, stopped) and not Customer.objects.exists()


def test_a_long_one_is_taken_back_in_the_background(stopped: Intake, monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "_LONG", 100)
    answer = browser_of("owner").post(reverse("import_back", args=[stopped.token]))
    assert answer["Location"].startswith(reverse("journal_change", args=[stopped.changeset]))
    assert Customer.objects.exists() and jobs.latest(TAKE_BACK, 1)[0].state == "waiting"


def shown(olga: Client, intake: Intake) -> str:
    return olga.get(reverse("import", args=[intake.token])).content.decode()


# --- who was known by what

KNOWN = ("Customer ID,First name,E-mail,Phone", "1,Anna,anna@x.org,", "2,Ben,,+49 30 901820")
AGAIN = ("Customer ID,First name,E-mail,Phone", "1,Anna,,", ",Ben,,+49 30 901820", ",Anna,anna@x.org,",
         "9,Cleo,c@x.org,", ",Cleo,c@x.org,")  # fmt: skip


def test_the_trial_says_by_what_the_known_ones_are_known_as_the_import_does() -> None:
    brought(*KNOWN)
    wanted = {"reference": 1, "email": 2, "phone": 1}
    trial, done = tried(*AGAIN), brought(*AGAIN)
    assert trial["recognised"] == wanted == done["recognised"] and sums(trial) == sums(done)


def test_the_trial_says_in_words_what_happens_to_them() -> None:
    brought(*KNOWN)
    olga = browser_of("owner")
    intake = Intake.objects.get(token=handed_over(csv_of(*AGAIN), existing="skip"))
    actions.dry_run(token=intake.token, by=OLGA, at=NOON, wait=True)
    page = shown(olga, intake)
    assert "Leave the card as it is" in page and "1 recognised by their phone" in page
