"""The demo: everybody invented, a house with a past, nothing of it left; the real home is not touched."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.models import Customer, Standing
from regulars.areas.house.queries import house
from regulars.areas.journal.chain.verifying import verify
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.queries import count
from regulars.interfaces.demo.filling import fill
from regulars.interfaces.demo.people import rows
from regulars.kernel.actor import Actor

TODAY = date(2026, 11, 28)
# Ofcom, "Numbers for use in TV and radio drama"; Bundesnetzagentur, "Rufnummern für Medienproduktionen"
RINGS_NOWHERE = re.compile(
    r"\+44 (1(13|14|16|17|18|21|31|41|51|61) 496 0|191 498 0|292 018 0|207 946 0)\d{3}"
    r"|\+49 (4066969|3023125|2214710|6990009|8999998)\d{3}"
)
EXAMPLE = re.compile(r"[a-z0-9.-]+@([a-z]+\.)*example(\.com|\.org|\.net)?")


def test_nobody_of_them_can_be_reached() -> None:
    for row in rows(5_000, today=TODAY):
        assert not row.get("phone") or RINGS_NOWHERE.fullmatch(row["phone"]), row
        for column in ("email", "email2"):
            assert not row.get(column) or EXAMPLE.fullmatch(row[column]), row


def test_the_same_number_on_the_same_day_gives_the_same_people() -> None:
    assert list(rows(300, today=TODAY)) == list(rows(300, today=TODAY))
    assert [row["reference"] for row in rows(300, today=TODAY)] == [f"HL{place:05}" for place in range(1, 301)]


def test_they_are_of_five_worlds_and_of_every_kind() -> None:
    people = list(rows(400, today=TODAY))
    assert {row["language"] for row in people if row.get("language")} == {"en", "de", "da", "af", "hi"}
    assert any(not row["given"].isascii() and row["language"] == "hi" for row in people if row.get("given"))
    mails = [row["email"] for row in people if row.get("email")]
    assert len(set(mails)) < len(mails), "some couples have one address"
    named = [(row["given"], row["family"], row["street"]) for row in people if row.get("role") in ("father", "son")]
    assert len(set(named)) * 2 == len(named) > 0
    week = {(TODAY + timedelta(days=days)).strftime("%m-%d") for days in range(7)}
    assert {row["born"][5:] for row in people if row.get("born")} & week
    for column in ("firm", "employer", "prospect", "deceased", "peace", "no_email", "minor", "note", "genre"):
        assert any(row.get(column) for row in people), column


@pytest.mark.django_db(transaction=True)
def test_the_house_has_a_past_that_can_be_proved() -> None:
    now = timezone.now()
    team = fill(120, now=now, language="de")
    assert team.owner.language == "de" and house().name == "Harbour Lights Books"
    assert Customer.objects.count() == 120 and Customer.objects.exclude(referred_by=None).exists()
    assert set(Standing.objects.values_list("kind", flat=True)) >= {"archived", "prospect", "do_not_contact", "minor"}
    deeds = list(Changeset.objects.order_by("number").values_list("at", "by_name", "undone_by"))
    assert [at for at, _by, _undone in deeds] == sorted(at for at, _by, _undone in deeds) and deeds[-1][0] <= now
    assert len({at.date() for at, _by, _undone in deeds}) > 10
    assert {by for _at, by, _undone in deeds} == {"Morwenna Pascoe", "Ingrid Holm", "Jory Nance"}
    assert any(undone for _at, _by, undone in deeds), "somebody took a slip back"
    asked = {
        "by": Actor(kind="operator", name="x", rights=frozenset("*")),
        "today": house().day(now),
        "zone": house().zone,
    }
    for criteria in (
        'segment "Crime readers"',
        'in list "Harbour festival helpers"',
        "birthday in next 7 days",
        "created_at in last 7 days",
    ):
        assert count(criteria, **asked), criteria
    assert verify().ok


@pytest.mark.django_db
def test_the_first_page_of_an_empty_register_names_it() -> None:
    assert "<code>regulars demo</code>" in browser_of("owner").get("/").content.decode()


@pytest.fixture
def demo(tmp_path: Path) -> Any:
    """The command as a person starts it, on a machine where a house of her own is set up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"REGULARS_HOME": str(tmp_path / "own"), "REGULARS_DATABASE_URL": "postgres://nobody@nowhere/own"}
    command = [sys.executable, "-m", "regulars", "demo", "--customers", "20", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--json"],
        env={**os.environ, **own, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_it_opens_by_its_link_and_leaves_nothing(demo: Any, tmp_path: Path) -> None:
    assert demo.stdout
    told = json.loads(demo.stdout.readline())
    (folder,) = tmp_path.glob("regulars-demo-*")
    assert (folder / "home" / "regulars.db").exists()
    with urllib.request.urlopen(told["link"]) as page:
        assert "Morwenna Pascoe" in page.read().decode()
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(180) == 0, demo.stderr.read()
    assert not list(tmp_path.iterdir()), "its home is gone, and the house's own was never made"
