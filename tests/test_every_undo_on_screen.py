"""A customer's whole life and all that a house settles, taken back on screen deed by deed: nothing is left of it."""

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers import actions as customers
from regulars.areas.customers.tests.people import dump
from regulars.areas.house.actions import change_settings
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.areas.segments import actions as segments
from regulars.areas.trade import actions as trade
from tests.test_forgotten_everywhere import BY, Words, dealt, lived

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home", "lists_read_here")]


def settled(word: Words) -> None:
    """What a house does beside its customers."""
    segments.save_segment(name="First", criteria="city = Ulm", today=BY["at"].date(), zone=BY["at"].tzinfo, **BY)
    segments.rename_segment(name="First", to="Second", **BY)
    segments.remove_segment(name="Second", **BY)
    segments.make_list(name="Guests", **BY)
    segments.remove_list(name="Guests", **BY)
    trade.set_product(number="b1", name=word(), type="Book", **BY)
    trade.remove_product(number="b1", **BY)
    trade.set_place(code="mill", name="Mill", kind="branch", **BY)
    trade.remove_place(code="mill", into="", **BY)
    customers.change_field(name="shoe", label="Size of the shoe", **BY)
    change_settings(values={"country": "DK", "currency": "DKK"}, **BY)


def test_each_deed_is_taken_back_on_screen_and_nothing_is_left() -> None:
    browser = browser_of("owner")
    before, began = dump(), Changeset.objects.count()
    word = Words("signs")
    number, _parted, told = lived(word)
    customers.add_customer(card={"given_name": "Ole"}, **BY)
    browser.post(f"/changes/{Changeset.objects.latest('number').number - 1}/undo/")
    dealt(word, number, told)
    settled(word)
    done = Changeset.objects.filter(number__gt=began).order_by("-number").values_list("number", "verb")
    left = []
    for deed, verb in list(done):
        if '<button class="primary">' not in browser.get(f"/changes/{deed}/undo/").content.decode():
            left.append(verb)  # was taken back, or taken apart, already
            continue
        sent = browser.post(f"/changes/{deed}/undo/", {"later": "keep"})
        assert sent.status_code == 303, (deed, verb)
    assert sorted(left) == ["journal.undone", "matching.merged"]
    assert verify().ok and dump() == before
