"""Undo right after a deed gives back the identical register; later edits stand in its way and are named."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.areas.customers import actions, models
from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna, dump
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def newest() -> int:
    return Changeset.objects.latest("number").number


def test_an_edit_is_taken_back() -> None:
    number = anna()
    before = dump()
    actions.edit_customer(number=number, card={"given_name": "Berta", "tags": ["gold"]}, by=BEN, at=NOW)
    undone = undo(changeset=newest(), by=OLGA, at=NOW)
    assert (undone.restored, undone.removed) == (1, 0)
    assert dump() == before


def test_a_new_card_is_taken_back_and_its_number_stays_used() -> None:
    number = anna()
    undo(changeset=newest(), by=OLGA, at=NOW)
    assert not models.Customer.objects.exists()
    assert anna() == number + 1


def test_a_deleted_card_comes_back_whole() -> None:
    number = anna()
    before = dump()
    actions.delete_customer(number=number, by=OLGA, at=NOW)
    assert not models.ContactPoint.objects.exists()
    undo(changeset=newest(), by=OLGA, at=NOW)
    assert dump() == before


def test_a_later_edit_of_the_same_value_is_kept_and_named() -> None:
    number = anna()
    first = actions.edit_customer(number=number, card={"given_name": "Berta"}, by=OLGA, at=NOW)
    later = actions.edit_customer(number=number, card={"given_name": "Clara"}, by=BEN, at=NOW + timedelta(minutes=1))
    before = dump()
    undone = undo(changeset=first or 0, by=OLGA, at=NOW)
    assert undone.changeset is None and (undone.restored, undone.removed, undone.disputed) == (0, 0, 1)
    assert undone.kept == [
        {"number": number, "field": "given_name", "then": "Berta", "now": "Clara", "by": "Ben", "back": "Anna",
         "changeset": later}
    ]  # fmt: skip
    assert dump() == before


def test_a_later_edit_of_another_row_does_not_stand_in_the_way() -> None:
    number = anna()
    first = actions.edit_customer(number=number, card={"given_name": "Berta"}, by=OLGA, at=NOW)
    actions.edit_customer(number=number, card={"tags": ["gold"]}, by=BEN, at=NOW)
    undo(changeset=first or 0, by=OLGA, at=NOW)
    assert models.Customer.objects.get().given_name == "Anna"
    assert models.Tag.objects.count() == 2


def test_what_is_undone_cannot_be_undone_again_but_the_undo_can() -> None:
    number = anna()
    changeset = actions.edit_customer(number=number, card={"given_name": "Berta"}, by=OLGA, at=NOW) or 0
    after = dump()
    undone = undo(changeset=changeset, by=OLGA, at=NOW)
    with pytest.raises(Refused, match="taken back already"):
        undo(changeset=changeset, by=OLGA, at=NOW)
    undo(changeset=undone.changeset or 0, by=OLGA, at=NOW)
    assert dump() == after
    assert Changeset.objects.get(pk=changeset).undone_by_id is None


def test_a_deed_that_changes_nothing_leaves_no_trace() -> None:
    number = anna()
    count = Changeset.objects.count()
    assert actions.edit_customer(number=number, card={"given_name": "Anna"}, by=OLGA, at=NOW) is None
    assert Changeset.objects.count() == count


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
tags = st.lists(st.sampled_from(["VIP", "gold", "staff", "Vip "]), max_size=2)
deeds = st.fixed_dictionaries(
    {},
    optional={
        "given_name": names,
        "children": st.none() | st.integers(0, 9),
        "birth_date": st.sampled_from(["", "1990-02-28", "--02-29"]),
        "tags": tags,
        "emails": st.lists(
            st.fixed_dictionaries(
                {"value": st.sampled_from(["a@example.org", "B@example.org"])}, optional={"primary": st.booleans()}
            ),
            max_size=2,
        ),
        "addresses": st.lists(
            st.fixed_dictionaries({"city": st.sampled_from(["Aarhus", "Århus", "Berlin"])}), max_size=2
        ),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cards=st.lists(deeds, min_size=1, max_size=4))
def test_taking_back_any_deeds_in_reverse_gives_every_earlier_register(cards: list[dict[str, Any]]) -> None:
    number = anna()
    stood = []
    for card in cards:
        before = dump()
        if (changeset := actions.edit_customer(number=number, card=card, by=OLGA, at=NOW)) is not None:
            stood.append((changeset, before))
    for changeset, before in reversed(stood):
        undo(changeset=changeset, by=OLGA, at=NOW)
        assert dump() == before
    assert verify().ok
