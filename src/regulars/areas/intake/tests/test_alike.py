"""Rows of a list that may be people who are here already: told on trial, with reasons, and in the queue once in."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import edit_customer
from regulars.areas.intake import queries
from regulars.areas.intake.models import Intake
from regulars.areas.intake.tests.lists import NOON, OLGA, brought, in_this_process, tried
from regulars.areas.matching.queries import open_pairs
from regulars.areas.matching.tests.pairs import added, juergen
from regulars.kernel import jobs

pytestmark = pytest.mark.django_db
HEAD = "First name,Last name,Born,Phone,City"
ROWS = ("Juergen,Mueller,1958-03-07,,Flensburg", "Ida,Holm,1990-02-01,,Kiel")


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def test_the_trial_says_who_may_be_here_already_with_reasons() -> None:
    (known,) = added(juergen())
    told = tried(HEAD, *ROWS)
    assert told["created"] == 2
    intake = Intake.objects.get()
    alike = queries.alike(intake, OLGA)
    assert alike is not None and alike["rows"] == 1
    assert [(each["row"], each["number"]) for each in alike["first"]] == [(2, known)]
    assert "The birth date is the same." in [why["text"] for why in alike["first"][0]["reasons"]]
    page = browser_of("manager").get(f"/imports/{intake.token}/").content.decode()
    assert "1 row may be somebody you already have" in page and f'href="/customers/{known}/"' in page
    assert "Mueller" not in str(intake.trial)  # no text of the file is kept


def test_a_long_list_is_compared_together_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    added(juergen(), {"given_name": "Ida", "family_name": "Holm", "birth_date": "1990-02-01"})
    found = []
    for threshold in (0, 10**9):
        monkeypatch.setattr("regulars.areas.matching.actions.ahead._BY_ITSELF", threshold)
        tried(HEAD, *ROWS)
        found.append(queries.alike(Intake.objects.latest("pk"), OLGA))
    assert found[0] == found[1] and found[0] is not None and found[0]["rows"] == 2


def test_who_is_not_hers_is_neither_shown_nor_counted() -> None:
    (known,) = added(juergen())
    edit_customer(number=known, card={"territory": "north"}, by=OLGA, at=NOON)
    south = replace(OLGA, own=(("territory", ("south",)),))
    tried(HEAD, *ROWS)
    alike = queries.alike(Intake.objects.get(), south)
    assert alike is not None and alike["first"] == []


def test_once_in_they_stand_in_the_queue() -> None:
    (known,) = added(juergen())
    brought(HEAD, *ROWS)
    jobs.run_due()
    (pair,) = open_pairs(OLGA)
    assert pair.a == known and pair.verdict == "same"


def test_an_empty_register_has_nobody_alike() -> None:
    tried(HEAD, *ROWS)
    assert queries.alike(Intake.objects.get(), OLGA) == {"rows": 0, "first": []}
