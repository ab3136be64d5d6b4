"""Whatever stands on two cards and is done in between: un-merged they are as they were, and nothing is lost."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.areas.access.tests.people import actor
from regulars.areas.consent import actions as consent
from regulars.areas.customers.actions import add_customer, edit_customer, give_standing
from regulars.areas.customers.card import keys
from regulars.areas.customers.models import Customer, Note
from regulars.areas.journal.actions import rebuild, undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.matching.queries.merges import MERGED
from regulars.areas.matching.tests.people import LATER, NOON, card, register
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
SMALL = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
words = st.sampled_from(["Anna", "A.", "Anna Maria", "Søren"])
mails = st.sampled_from(["a@example.com", "A@example.com", "b@example.com", "c@example.com"])
cards = st.fixed_dictionaries(
    {"given_name": words},
    optional={
        "family_name": st.sampled_from(["Berg", "Bergh"]),
        "occupation": st.sampled_from(["baker", "cook"]),
        "children": st.integers(0, 2),
        "birth_date": st.sampled_from(["1980-03-07", "--03-07", "1981-03-07"]),
        "hows": st.just({"given_name": "told"}),
        "declined": st.just(["income_range"]),
        "emails": st.lists(mails, max_size=3, unique_by=str.lower),
        "phones": st.lists(st.sampled_from(["+4943112345", "+4943112346"]), max_size=2, unique=True),
        "tags": st.lists(st.sampled_from(["gold", "Gold", "staff"]), max_size=2, unique_by=str.lower),
        "notes": st.just(["likes tea"]),
        "works_at": st.just([{"organisation": "Bakery Ltd", "job_title": "baker"}]),
        "households": st.just(["Berg"]),
        "addresses": st.just([{"street": "Am Markt 1", "city": "Kiel", "country": "DE"}]),
        "bank_accounts": st.just([{"iban": "DE89370400440532013000"}]),
    },
)
marks = st.lists(st.sampled_from(["do_not_contact", "prospect", "deceased"]), max_size=2, unique=True)
answers = st.sampled_from([None, "given", "refused"])
sides = st.dictionaries(st.sampled_from(["given_name", "birth_date", "email", "occupation"]),
                        st.sampled_from(["keep", "absorb"]))  # fmt: skip


def made(told: dict[str, Any], standings: list[str], answer: str | None) -> int:
    number = add_customer(card=told, by=actor(), at=NOON)
    for kind in standings:
        give_standing(number=number, kind=kind, by=actor(), at=NOON)
    said: dict[str, Any] = {"number": number, "channels": ["email"], "purposes": ["offers"], "by": actor(), "at": NOON}
    if answer == "given":
        consent.give(**said, heard="on paper")
    elif answer == "refused":
        consent.refuse(**said)
    return number


@SMALL
@given(one=st.tuples(cards, marks, answers), other=st.tuples(cards, marks, answers), take=sides)
def test_merged_and_unmerged_is_as_if_nothing_had_been_done(one: Any, other: Any, take: Any) -> None:
    keep, absorb = made(*one), made(*other)
    edit_customer(number=keep, card={"relations": [{"number": absorb, "kind": "partner"}]}, by=actor(), at=NOON)
    before = register()
    done = merge_customers(keep=keep, absorb=absorb, take=take, by=actor(), at=LATER)
    assert register() != before and not list(keys.astray())
    undone = unmerge(changeset=done.changeset or 0, by=actor(), at=LATER)
    assert undone.asked == []
    after = register()
    assert all(after[label] == before[label] for label in before)
    assert verify().ok


places = st.integers(0, 3)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), places, places),
        st.tuples(st.just("unmerge"), places, places),
        st.tuples(st.just("note"), places, places),
        st.tuples(st.just("mail"), places, mails),
        st.tuples(st.just("refer"), places, places),
        st.tuples(st.just("relate"), places, places),
        st.tuples(st.just("undo"), places, places),
    ),
    min_size=4,
    max_size=14,
)


class World:
    """Four cards of perhaps one person, each with a note, and what must still be there."""

    def __init__(self) -> None:
        self.people = [card(given_name="Anna", emails=[f"{n}@example.com"], tags=["all"]) for n in range(4)]
        self.notes: dict[str, int] = {}
        self.deeds: list[int] = []
        for place in range(4):
            self.note(place, place)

    def do(self, kind: str, first: int, second: Any) -> None:
        with suppress(Refused):
            getattr(self, kind)(first, second)

    def edit(self, place: int, **told: Any) -> int | None:
        done = edit_customer(number=self.people[place], card=told, by=actor(), at=LATER)
        self.deeds += [done] if done else []
        return done

    def note(self, place: int, _other: int) -> None:
        text = f"note {len(self.deeds)} {self.people[0]}"
        self.notes[text] = self.edit(place, notes=[text]) or 0

    def mail(self, place: int, mail: str) -> None:
        self.edit(place, emails=[{"value": mail, "primary": True}])

    def refer(self, place: int, other: int) -> None:
        self.edit(place, referred_by=self.people[other])

    def relate(self, place: int, other: int) -> None:
        self.edit(place, relations=[{"number": self.people[other], "kind": "partner"}])

    def merge(self, place: int, other: int) -> None:
        merge_customers(keep=self.people[place], absorb=self.people[other], by=actor(), at=LATER)

    def _merges(self) -> list[int]:
        rows = Changeset.objects.filter(verb=MERGED, undone_by=None, particulars__number__in=self.people)
        return list(rows.order_by("number").values_list("number", flat=True))

    def unmerge(self, place: int, _other: int) -> None:
        if merges := self._merges():
            unmerge(changeset=merges[place % len(merges)], by=actor(), at=LATER)

    def undo(self, place: int, other: int) -> None:
        deed = self.deeds[(place * 4 + other) % len(self.deeds)]
        undo(changeset=deed, by=actor(), at=LATER)
        self.notes = {text: at for text, at in self.notes.items() if at != deed}

    def holds(self) -> None:
        merged = set(Customer.objects.exclude(merged_into=None).values_list("number", flat=True))
        there = list(Note.objects.filter(text__in=self.notes).values_list("text", "customer_id"))
        assert sorted(text for text, _number in there) == sorted(self.notes)
        assert not merged & {number for _text, number in there}


@SMALL
@given(done=steps)
def test_nothing_is_lost_whatever_is_merged_unmerged_edited_and_undone(done: list[Any]) -> None:
    world = World()
    for each in done:
        world.do(*each)
        world.holds()
    assert not list(keys.astray())
    for merge in reversed(world._merges()):
        unmerge(changeset=merge, by=actor(), at=LATER)
    world.holds()
    homes = Customer.objects.filter(number__in=world.people, merged_into=None)
    assert homes.count() == 4 and verify().ok and rebuild(by=actor()).same
