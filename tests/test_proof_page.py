"""The register proved on screen: asked for, done in the background, its verdict kept and shown to those it concerns."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from regulars.areas.access.tests.people import browser_of, person
from regulars.areas.customers import models as customers
from regulars.areas.customers.actions import edit_customer
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.journal import jobs as rounds
from regulars.areas.journal.actions import sign_heads
from regulars.kernel import jobs, keyfile
from regulars.kernel.models import Job
from regulars.kernel.text import fold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def heads() -> Iterator[None]:
    keyfile.heads_path().unlink(missing_ok=True)
    yield
    keyfile.heads_path().unlink(missing_ok=True)


def page(browser: Client, address: str = "/changes/proof/", **headers: str) -> str:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def proved(browser: Client) -> str:
    answer = browser.post("/changes/proof/now/")
    assert (answer.status_code, answer["Location"]) == (303, "/changes/proof/")
    jobs.run_due()
    return page(browser)


def test_it_is_proved_when_somebody_asks() -> None:
    anna()
    sign_heads(at=NOW)
    owner = browser_of("owner")
    assert "has not been proved yet" in page(owner)
    owner.post("/changes/proof/now/")
    owner.post("/changes/proof/now/")
    assert Job.objects.count() == 1
    assert "The register is being proved" in page(owner) and 'hx-trigger="every 1s"' in page(owner)
    part = page(owner, **{"HX-Request": "true"})
    assert part.startswith("<section") and "<html" not in part
    Job.objects.update(state="running", done=1, total=4, lease_until=timezone.now() + jobs.queue.LEASE)
    assert "25% of the changes are read" in page(owner) and 'value="25"' in page(owner)
    Job.objects.update(state="waiting", done=0, total=None)
    jobs.run_due()
    shown = page(owner)
    assert "All is as it was written" in shown and "changes read" in shown and "asked for by" in shown
    assert "Proved " in page(owner, "/changes/") and "/changes/proof/" in page(owner, "/changes/")


def test_a_falsified_row_stands_on_the_page_and_warns_those_it_concerns() -> None:
    number = anna()
    edit_customer(number=number, card={"occupation": "Nurse"}, by=OLGA, at=NOW)
    owner = browser_of("owner")
    customers.Customer.objects.filter(pk=number).update(occupation="Hangwoman")
    shown = proved(owner)
    assert "1 problem." in shown and "Value altered behind the program&#x27;s back" in shown
    assert f"customers.customer {number}" in shown and "differs in occupation" in shown and "Hangwoman" not in shown
    deed = Job.objects.get().result["problems"][0]["changeset"]
    assert f'href="/changes/{deed}/"' in shown
    for role in ("owner", "manager", "auditor"):
        assert "The register is not what was written" in page(browser_of(role), "/"), role
    assert "not what was written" in page(owner, "/changes/")
    for role in ("staff", "marketer"):
        assert "not what was written" not in page(browser_of(role), "/"), role
        assert browser_of(role).post("/changes/proof/now/").status_code == 403


def test_mended_it_is_well_again_and_the_finding_stays_among_the_earlier() -> None:
    number = anna()
    owner = browser_of("owner")
    customers.Customer.objects.filter(pk=number).update(given_fold="hidden")
    assert "differs in given_fold" in proved(owner)
    customers.Customer.objects.filter(pk=number).update(given_fold=fold(customers.Customer.objects.get().given_name))
    shown = proved(owner)
    assert "All is as it was written" in shown and "Earlier proofs" in shown and "1 problem" in shown
    assert "not what was written" not in page(owner, "/")


def test_every_night_it_is_proved_by_the_clock() -> None:
    anna()
    rounds.ask_for_the_nightly_proof()
    jobs.run_due()
    assert "by the clock" in page(browser_of("auditor"))
    assert jobs.clock.ROUNDS["nightly proof"].hour == 3


def test_one_that_broke_off_is_no_verdict() -> None:
    owner = browser_of("owner")
    owner.post("/changes/proof/now/")
    Job.objects.update(state="dead", error="Something broke.", finished_at=timezone.now())
    shown = page(owner)
    assert "did not come to its end" in shown and "Something broke." in shown
    assert "not what was written" not in page(owner, "/")


def test_the_verdict_is_in_the_language_of_who_reads_it() -> None:
    number = anna()
    customers.Customer.objects.filter(pk=number).update(occupation="x")
    rounds.ask_for_the_nightly_proof()
    jobs.run_due()
    with override("en"):  # the language of the last request outlives it in this thread
        assert "differs in occupation" in page(browser_of("manager"))
        shown = page(browser_of(person("owner", language="de")))
    assert "weicht in occupation ab" in shown and "Kartei jetzt prüfen" in shown and "differs" not in shown
    (kept,) = Job.objects.get().result["problems"]
    assert "message" not in kept and kept["told"]["columns"] == "occupation"


def test_a_verdict_that_was_kept_in_words_is_still_shown() -> None:
    owner = browser_of("owner")
    owner.post("/changes/proof/now/")
    jobs.run_due()
    job = Job.objects.get()
    told = {"kind": "edited", "where": "link 7", "message": "Link 7 is 100 % not what was written.", "changeset": 7}
    Job.objects.update(result={**job.result, "ok": False, "problems": [told]})
    assert "Link 7 is 100 % not what was written." in page(owner)
