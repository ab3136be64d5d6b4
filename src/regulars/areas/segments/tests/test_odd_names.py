"""Names with whatever somebody typed: each segment and list is found, renamed and removed by its own."""

import html
import re
from typing import Any
from urllib.parse import quote

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.segments import actions
from regulars.areas.segments.models import FixedList, Segment
from regulars.areas.segments.tests.people import AT, HERE, OWNER
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
HOW: dict[str, Any] = {"by": OWNER, "at": AT}
ODD = [
    'a"b', "back\\slash", "A/remove", "A/rename", "50% off", "🎉", "x" * 100, "..", "a/../b", "a?b#c", "O'Brien & <b>",
    "%2F", "in list", "q/", "A",
]  # fmt: skip


def links(page: str, begin: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(rf'(?:href|action)="({begin}[^"]*)"', page)]


def test_each_link_leads_to_its_own_segment_and_list() -> None:
    browser = browser_of()
    for name in ODD:
        actions.save_segment(name=name, criteria="", **HOW, **HERE)
        actions.make_list(name=name, **HOW)
    page = browser.get("/segments/").content.decode()
    for begin, many in ((r"/customers/\?", 2), (r"/segments/rename/", 1), (r"/lists/one/", 1)):
        found = links(page, begin)
        assert len(set(found)) == many * len(ODD)
        assert [each for each in found if browser.get(each).status_code != 200] == []
    side = links(browser.get("/customers/").content.decode(), r"/customers/\?criteria=segment")
    assert [each for each in side if browser.get(each).status_code != 200] == []
    for kind in (Segment, FixedList):
        for left, address in enumerate(links(page, f"/{'segments' if kind is Segment else 'lists'}/remove/"), start=1):
            assert browser.post(address).status_code == 303
            assert kind.objects.count() == len(ODD) - left


def test_a_list_is_changed_though_its_name_ends_like_an_address() -> None:
    browser = browser_of()
    for name in ("A", "A/remove"):
        actions.make_list(name=name, **HOW)
    browser.post(f"/lists/one/?name={quote('A/remove', safe='')}", {"to": "B", "description": ""})
    assert sorted(FixedList.objects.values_list("name", flat=True)) == ["A", "B"]


def test_a_name_stands_in_one_line() -> None:
    actions.save_segment(name="New\nfriends\tof  ours", criteria="", **HOW, **HERE)
    actions.make_list(name="New\nfriends", **HOW)
    assert (Segment.objects.get().name, FixedList.objects.get().name) == ("New friends of ours", "New friends")
    assert browser_of().get("/segments/").status_code == 200


def test_a_segment_that_is_there_is_replaced_after_it_was_said() -> None:
    browser, sent = browser_of(), {"name": "Émile", "criteria": "city = Kiel"}
    assert browser.post("/segments/save/", {**sent, "criteria": "city = Bonn"}).status_code == 303
    answer = browser.post("/segments/save/", {**sent, "name": "EMILE"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and "“Émile” is there already: city = Bonn." in page
    assert Segment.objects.get().criteria == "city = Bonn" and 'name="replaces" value="EMILE"' in page
    assert browser.post("/segments/save/", {**sent, "replaces": "Other"}).status_code == 422
    assert browser.post("/segments/save/", {**sent, "replaces": "EMILE"}).status_code == 303
    assert Segment.objects.get().criteria == "city = Kiel"
    assert browser.post("/segments/save/", sent).status_code == 303  # nothing would be another


def test_name_and_criteria_are_changed_in_one_deed_or_not_at_all() -> None:
    actions.save_segment(name="North", criteria="city = Kiel", description="Post", **HOW, **HERE)
    for wrong in ("citty = Bonn", 'segment "South"', 'segment "North"'):
        with pytest.raises(Refused):
            actions.change_segment(name="North", to="South", criteria=wrong, **HOW, **HERE)
    with pytest.raises(NotAllowed):
        actions.change_segment(name="North", description="x", by=Actor("user", "X", 9), at=AT, **HERE)
    assert Segment.objects.get().name == "North"
    row = actions.change_segment(name="north", to="South", criteria="city = Bonn", **HOW, **HERE)
    assert (row.name, row.criteria, row.description) == ("South", "city = Bonn", "Post")
    assert actions.change_segment(name="South", description="Mail", **HOW, **HERE).criteria == "city = Bonn"
    assert (
        actions.change_segment(name="South", **HOW, **HERE).link
        == actions.change_segment(name="South", criteria="city = Bonn", **HOW, **HERE).link
    )


def test_an_older_view_of_a_list_brings_nothing_back() -> None:
    actions.make_list(name="Spring", description="Of May", **HOW)
    browser, opened = browser_of(), {"initial-to": "Spring", "initial-description": "Of May"}
    browser.post("/lists/one/?name=Spring", {**opened, "to": "Spring", "description": "Of June"})
    browser.post("/lists/one/?name=Spring", {**opened, "to": "Summer", "description": "Of May"})
    row = FixedList.objects.get()
    assert (row.name, row.description) == ("Summer", "Of June")
