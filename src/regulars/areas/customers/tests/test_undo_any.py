"""Whatever deeds are done: undo right after gives the identical register, an undo taken back is the deed again, and
with later edits in between exactly these remain."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.areas.customers import actions, models
from regulars.areas.customers.actions.many import set_many, tag_many
from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna, dump
from regulars.areas.journal.actions import deed, undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.areas.journal.verbs import VERBS
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
OWN = ("given_name", "family_name", "occupation", "education", "children")
words = st.sampled_from(["", "Anna", "Berta", "Ærø", "Øst"])
cards = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(OWN[:-1], words),
        "children": st.none() | st.integers(0, 3),
        "tags": st.lists(st.sampled_from(["VIP", "gold", "staff"]), min_size=1, max_size=2),
        "hows": st.dictionaries(st.sampled_from(["given_name", "title"]), st.sampled_from(["told", "observed"])),
    },
)
whole = st.fixed_dictionaries(
    {"given_name": st.just("Neu")},
    optional={
        "works_at": st.just([{"organisation": "Teehaus GmbH"}]),
        "phones": st.lists(st.sampled_from([{"value": "+4930123456"}, {"value": "+4930654321"}]), max_size=2),
        "tags": st.just(["new"]),
    },
)
places = st.integers(0, 2)
deeds = st.one_of(
    st.tuples(st.just("edit"), places, cards),
    st.tuples(st.just("add"), places, whole),
    st.tuples(st.just("delete"), places, st.none()),
    st.tuples(st.just("territory"), places, words),
    st.tuples(st.just("tag"), places, st.sampled_from(["gold", "silver"])),
)


def do(kind: str, place: int, given: Any, by: Any = OLGA) -> int | None:
    """Does it; returns the deed, None where nothing was different or nobody is there."""
    numbers = list(models.Customer.objects.filter(kind="person").order_by("pk").values_list("pk", flat=True))
    if not numbers and kind != "add":
        return None
    before = Changeset.objects.order_by("-number").values_list("number", flat=True).first() or 0
    number = numbers[place % len(numbers)] if numbers else 0
    match kind:
        case "edit":
            with suppress(Refused):  # who would be left without a name or anything else stays as she is
                actions.edit_customer(number=number, card=given, by=by, at=NOW)
        case "add":
            actions.add_customer(card=given, by=by, at=NOW)
        case "delete":
            actions.delete_customer(number=number, by=by, at=NOW)
        case "territory":
            with deed(verb="customers.edited", by=by, at=NOW, particulars={"number": 0}) as link:
                set_many(link, numbers, "territory", given)
        case "tag":
            with deed(verb="customers.edited", by=by, at=NOW, particulars={"number": 0}) as link:
                tag_many(link, numbers, given)
    return Changeset.objects.filter(number__gt=before).order_by("number").values_list("number", flat=True).first()


@SMALL
@given(done=st.lists(deeds, min_size=1, max_size=5))
def test_any_deed_taken_back_at_once_leaves_no_trace_and_its_undo_taken_back_is_the_deed(done: list[Any]) -> None:
    anna()
    for kind, place, given_ in done:
        before = dump()
        made = do(kind, place, given_)
        if made is None:
            continue
        after = dump()
        back = undo(changeset=made, by=OLGA, at=NOW)
        assert dump() == before and back.disputed == 0
        undo(changeset=back.changeset or 0, by=OLGA, at=NOW)
        assert dump() == after
    assert verify().ok


@SMALL
@given(first=cards, later=st.lists(cards, min_size=1, max_size=3))
def test_with_later_edits_in_between_exactly_these_remain(first: Mapping[str, Any], later: list[Any]) -> None:
    number = anna(occupation="Nurse", children=2)
    before = told(number)
    made = do("edit", models.Customer.objects.filter(kind="person", pk__lt=number).count(), first)
    left = told(number)
    for card in later:
        actions.edit_customer(number=number, card=card, by=BEN, at=NOW)
    now, stood = told(number), dump()
    if made is None:
        return
    undone = undo(changeset=made, by=OLGA, at=NOW)
    found = told(number)
    for name in OWN:
        assert found[name] == (before[name] if now[name] == left[name] else now[name]), name
    assert found["tags"] == (now["tags"] - (left["tags"] - before["tags"])) | (before["tags"] - left["tags"])
    if undone.changeset is not None:
        undo(changeset=undone.changeset, by=OLGA, at=NOW)
    assert dump() == stood
    undo(changeset=made, by=OLGA, at=NOW, later="overwrite")
    assert all(told(number)[name] == before[name] for name in OWN if left[name] != before[name])
    assert verify().ok


def told(number: int) -> dict[str, Any]:
    row = models.Customer.objects.get(pk=number)
    tags = set(models.Tag.objects.filter(customer_id=number).values_list("tag", flat=True))
    return {**{name: getattr(row, name) for name in OWN}, "tags": tags}


def test_undo_is_a_deed_that_can_be_undone() -> None:
    assert next(verb for verb in VERBS if verb.name == "journal.undone").undo == "rows"
