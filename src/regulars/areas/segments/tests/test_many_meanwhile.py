"""Between choosing and doing others work, too: what was said is what is done, or it is said why not."""

import html
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer, archive_customer
from regulars.areas.customers.models import Tag
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset, Link
from regulars.areas.journal.queries import verify
from regulars.areas.segments import actions, queries
from regulars.areas.segments.actions import act_on_many, many, run_to_end, stop_many
from regulars.areas.segments.models import Bulk, FixedList, Listing
from regulars.areas.segments.tests.people import AT, HERE, OWNER, STAFF
from regulars.areas.segments.tests.screens import asked
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.jobs import Interrupted

pytestmark = pytest.mark.django_db
HOW: dict[str, Any] = {"by": OWNER, "at": AT}
HERS: dict[str, Any] = {"given_name": "Anna", "territory": "north"}


@pytest.fixture
def three() -> list[int]:
    return [add_customer(card=HERS | {"given_name": name}, by=OLGA, at=NOW) for name in ("Anna", "Berta", "Clara")]


def said(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def count(criteria: str) -> int:
    return queries.count(criteria, by=OWNER, **HERE)


def test_another_set_than_was_said_is_asked_about_anew(three: list[int]) -> None:
    browser = browser_of()
    form = asked(browser.get("/customers/many/?all=yes&criteria=territory+%3D+north&deed=tag&value=VIP"))
    archive_customer(number=three[0], by=OLGA, at=NOW)
    add_customer(card=HERS, by=OLGA, at=NOW)
    answer = browser.post("/customers/many/", form)
    assert answer.status_code == 409 and "Whom it concerns has changed" in said(answer)
    assert not Bulk.objects.exists() and not Tag.objects.exists()
    assert browser.post("/customers/many/", asked(answer)).status_code == 303
    assert Bulk.objects.get().changed == 3


def test_a_new_list_and_who_is_on_it_are_one_deed(three: list[int]) -> None:
    browser, deeds = browser_of(), Changeset.objects.count()
    form = asked(browser.get(f"/customers/many/?n={three[0]}&n={three[1]}&deed=list&value=Spring"))
    browser.post("/customers/many/", form)
    assert Listing.objects.count() == 2 and Changeset.objects.count() == deeds + 1
    undo(changeset=Changeset.objects.latest("pk").pk, **HOW)
    assert not FixedList.objects.exists() and not Listing.objects.exists() and verify().ok


def test_the_same_new_list_named_by_two_at_once_is_asked_about_anew(three: list[int]) -> None:
    browser = browser_of()
    form = asked(browser.get(f"/customers/many/?n={three[0]}&deed=list&value=Spring"))
    actions.make_list(name="SPRING", **HOW)
    answer = browser.post("/customers/many/", form)
    assert answer.status_code == 409 and "There is a list “Spring” already." in said(answer)
    assert "it is made" not in said(answer) and not Listing.objects.exists()
    actions.remove_list(name="Spring", **HOW)
    answer = browser.post("/customers/many/", asked(answer))
    assert answer.status_code == 409 and "There is no list “SPRING” yet; it is made." in said(answer)
    assert browser.post("/customers/many/", asked(answer)).status_code == 303
    assert Listing.objects.count() == 1


def test_who_has_no_right_learns_it_before_she_names_a_new_list(three: list[int]) -> None:
    assert browser_of("till").get(f"/customers/many/?n={three[0]}&deed=list&value=New").status_code == 403


@pytest.fixture
def in_little_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "AT_ONCE", 2)
    monkeypatch.setattr(many, "_STEP", 1)
    monkeypatch.setattr(many, "_AIM", 1e-9)


@pytest.mark.usefixtures("in_little_steps")
def test_a_long_one_makes_its_list_at_once_and_keeps_it_under_another_name(three: list[int]) -> None:
    bulk = act_on_many(deed="list", value="Fair", makes=True, numbers=three, **HOW)
    with pytest.raises(Refused, match="already"):
        actions.make_list(name="fair", **HOW)
    actions.change_list(name="Fair", to="Harbour", **HOW)
    actions.make_list(name="Fair", **HOW)
    bulk = run_to_end(bulk)
    assert (bulk.state, bulk.changed, count('in list "Harbour"'), count('in list "Fair"')) == ("done", 3, 3, 0)
    undo(changeset=bulk.changeset or 0, later="overwrite", **HOW)
    assert FixedList.objects.get().name == "Fair" and not Listing.objects.exists() and verify().ok


@pytest.mark.usefixtures("in_little_steps")
def test_who_is_gone_meanwhile_is_told_apart_from_who_had_it(three: list[int]) -> None:
    act_on_many(deed="tag", value="VIP", numbers=three[:1], **HOW)
    added = Changeset.objects.filter(verb="customers.added").order_by("pk")[2]
    bulk = act_on_many(deed="tag", value="VIP", numbers=three, **HOW)
    undo(changeset=added.pk, **HOW)
    bulk = run_to_end(bulk)
    assert (bulk.position, bulk.changed, bulk.gone) == (3, 1, 1)
    page = said(browser_of().get(f"/customers/many/{bulk.token}/")).replace("</strong>", "")
    assert "1 customer changed." in page and "For 1 it was so already. 1 was to be found no longer" in page


def cut_off_after(monkeypatch: pytest.MonkeyPatch, many_: int) -> None:
    def killed(done: int, total: int) -> None:
        if done == many_:
            raise Interrupted

    monkeypatch.setattr(many, "progress", killed)


@pytest.mark.usefixtures("in_little_steps")
def test_a_stopped_one_stands_as_far_as_it_came_and_is_taken_back(three: list[int], monkeypatch: Any) -> None:
    bulk = act_on_many(deed="tag", value="VIP", numbers=three, **HOW)
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        cut_off_after(patched, 2)
        many.work_off(bulk.token, clock=lambda: AT)
    browser, here = browser_of(), f"/customers/many/{bulk.token}/"
    assert "Stop</button>" in browser.get(here).content.decode()
    assert "Stop</button>" not in browser_of("auditor").get(here).content.decode()
    assert browser_of("auditor").post(f"{here}stop/").status_code == 403
    for _time in range(2):
        assert browser.post(f"{here}stop/").status_code == 303
    assert "Stopped: 2 of 3 done. What was done by then stands" in said(browser.get(here))
    many.work_off(bulk.token, clock=lambda: AT)
    bulk.refresh_from_db()
    assert (bulk.state, bulk.changed, count('tag "vip"'), bulk.numbers) == ("stopped", 2, 2, b"")
    row = Changeset.objects.get(pk=bulk.changeset or 0)
    assert (row.state, row.particulars["count"]) == ("done", 2)
    undo(changeset=row.pk, **HOW)
    assert not Tag.objects.exists() and verify().ok


@pytest.mark.usefixtures("in_little_steps")
def test_it_may_be_stopped_before_it_begins_by_who_may_do_it(three: list[int]) -> None:
    bulk = act_on_many(deed="tag", value="VIP", numbers=three, **HOW)
    with pytest.raises(NotAllowed):
        stop_many(token=bulk.token, by=STAFF, at=AT)
    assert stop_many(token=bulk.token, **HOW).changeset is None
    with pytest.raises(Refused, match="nothing to stop"):
        stop_many(token=bulk.token, **HOW)
    assert run_to_end(bulk).state == "stopped" and not Tag.objects.exists()


@pytest.mark.usefixtures("in_little_steps")
def test_two_workers_at_it_count_everybody_once(three: list[int], monkeypatch: Any) -> None:
    bulk = act_on_many(deed="tag", value="VIP", numbers=three, **HOW)

    def another(done: int, total: int) -> None:
        monkeypatch.setattr(many, "progress", lambda done, total: None)
        many.work_off(bulk.token, clock=lambda: AT)

    monkeypatch.setattr(many, "progress", another)
    many.work_off(bulk.token, clock=lambda: AT)
    bulk.refresh_from_db()
    row = Changeset.objects.get(verb="segments.many_tagged")
    assert (bulk.state, bulk.position, bulk.changed) == ("done", 3, 3)
    assert (row.pk, row.particulars["count"], row.state) == (bulk.changeset, 3, "done") and verify().ok


@pytest.mark.usefixtures("in_little_steps")
def test_killed_at_its_very_end_it_is_one_deed_all_the_same(three: list[int], monkeypatch: Any) -> None:
    bulk = act_on_many(deed="tag", value="VIP", numbers=three, **HOW)

    def killed(*_args: object, **_named: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        patched.setattr(many, "_end", killed)
        many.work_off(bulk.token, clock=lambda: AT)
    many.work_off(bulk.token, clock=lambda: AT)
    bulk.refresh_from_db()
    assert Changeset.objects.filter(verb="segments.many_tagged").count() == 1
    assert Link.objects.filter(changeset=bulk.changeset).count() == 3 + 2
    undo(changeset=bulk.changeset or 0, **HOW)
    assert not Tag.objects.exists()
