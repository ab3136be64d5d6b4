"""The machine: deeds in any order through the real actions, each beside the model, and what must be so after each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from regulars.areas.consent import actions as consent
from regulars.areas.customers import actions
from regulars.areas.customers.models import Customer, CustomField
from regulars.areas.customers.queries import card_for
from regulars.areas.customers.tests.people import dump
from regulars.areas.intake.tests import lists
from regulars.areas.journal.actions import undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import as_of, moment_at, verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.segments.actions import act_on_many, run_to_end
from regulars.areas.trade.actions import NewLine, NewPurchase, record_purchase
from regulars.kernel.errors import NotFound, Refused
from tests.deeds import drawing as draw
from tests.deeds.forgetting import forget
from tests.deeds.importing import COLUMNS, SOURCE, bring_in, csv_of
from tests.deeds.merging import firsts, merge, put_since
from tests.deeds.model import House, No, Seen, Work, apart, seen
from tests.deeds.reading import ASKED, EVERYTHING, counted, everything_on, found, seen_in_the_register
from tests.deeds.undoing import take_back
from tests.rig.forgetting import clean_home

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST_CARDS = 6
places = st.integers(0, MOST_CARDS - 1)


class Deeds(RuleBasedStateMachine):
    """Each example has a register of its own, in a transaction that is rolled back."""

    look_back_each_time = True  # else at the end alone, to try more deeds in the same time

    def __init__(self) -> None:
        super().__init__()
        self.home, self.whole = clean_home(), transaction.atomic()
        self.home.__enter__()
        self.whole.__enter__()
        self.house, self.at, self.step = House(), BEGIN, 0
        self.fields: dict[str, str] = {}
        self.now: dict[str, Any] = {}
        self.dumps: dict[int, dict[str, Any]] = {}  # before each deed that is not older than the last forgetting

    def teardown(self) -> None:
        """The proof is over everything that was done; it is asked for after a forgetting as well."""
        try:
            self.look_back()
            self.prove()
        finally:
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)
            self.home.__exit__(None, None, None)

    @initialize()
    def a_house_at_work(self) -> None:
        """Facts of its own, and a shop: a purchase of nobody is there already."""
        for label, kind in (("Motto", "text"), ("Size", "number")):
            actions.define_field(label=label, type=kind, **self.how())
        self._bought(None, 10)
        self.fields = {str(pk): name for pk, name in CustomField.objects.values_list("pk", "name")}
        self.now = dump()

    # --- doing it, here and there -------------------------------------------------------------------------------------

    def how(self) -> dict[str, Any]:
        """By whom, and when: each deed has a minute of its own."""
        self.at += timedelta(minutes=1)
        return {"by": EVERYTHING, "at": self.at}

    def do(self, real: Callable[[], Any], model: Callable[[Work], None], **more: Any) -> Any:
        """Does it in the register and in the model; both refuse, or both do it. Returns what the action gave."""
        work, refused, answer = self.house.work(), False, None
        before, last, numbers = self.now, self.newest(), set(self.house.numbers)
        try:
            model(work)
        except No:
            refused = True
        try:
            answer = real()
        except Refused as problem:
            assert refused, f"refused: {problem}"
            assert dump() == before
            return None
        assert not refused, "this ought to have been refused"
        self.now = dump()
        fresh = sorted(set(Customer.objects.values_list("pk", flat=True)) - numbers)
        if work.made:
            assert not self.house.ever & set(fresh) and fresh == sorted(fresh)
            work.settle(fresh)
        newest = self.newest()
        assert (newest == last) is (work.rows == self.house.rows)
        if newest != last:
            self.dumps[newest] = before
            self.house.keep(work, newest, self.at, **more)
        return answer

    @staticmethod
    def newest() -> int:
        return Changeset.objects.order_by("-number").values_list("number", flat=True).first() or 0

    def there(self, place: int) -> int:
        return self.house.numbers[place % len(self.house.numbers)]

    def anybody(self) -> bool:
        return bool(self.house.numbers)

    # --- one card -----------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.house.numbers) < MOST_CARDS)
    @rule(card=draw.cards, referrer=st.none() | places)
    def add(self, card: dict[str, Any], referrer: int | None) -> None:
        if referrer is not None and self.anybody():
            card = {**card, "referred_by": self.there(referrer)}
        self.do(lambda: actions.add_customer(card=draw.plain(card), **self.how()), lambda work: work.add(card))

    @precondition(anybody)
    @rule(place=st.integers(0, 1), first=draw.one_thing, second=draw.one_thing)
    def edit_the_same_twice(self, place: int, first: dict[str, Any], second: dict[str, Any]) -> None:
        """Out of few values and on few cards: so that one edit meets what another left."""
        number = self.there(place)
        self._edit(number, first)
        self._edit(number, second)

    @precondition(anybody)
    @rule(place=places, card=draw.edits, referrer=st.none() | places)
    def edit(self, place: int, card: dict[str, Any], referrer: int | None) -> None:
        number = self.there(place)
        if referrer is not None:
            card = {**card, "referred_by": self.there(referrer)}
        self._edit(number, card)

    def _edit(self, number: int, card: dict[str, Any]) -> None:
        self.do(
            lambda: actions.edit_customer(number=number, card=draw.plain(card), **self.how()),
            lambda work: work.edit(number, card),
        )

    @precondition(anybody)
    @rule(place=places)
    def note(self, place: int) -> None:
        number, text = self.there(place), f"note {len(self.house.moments)}"
        card = {"notes": [text]}
        self.do(
            lambda: actions.edit_customer(number=number, card=card, **self.how()), lambda work: work.note(number, text)
        )

    @precondition(anybody)
    @rule(place=places, amount=st.sampled_from([10, 20, 40]))
    def buy(self, place: int, amount: int) -> None:
        number = self.there(place)
        self.do(lambda: self._bought(number, amount), lambda work: work.buy(number, amount))

    def _bought(self, number: int | None, amount: int) -> None:
        how = self.how()
        line = NewLine(text="Tea", amount=amount * 10_000)
        record_purchase(purchase=NewPurchase([line], customer=number, at=how["at"]), **how)

    @precondition(anybody)
    @rule(place=places, channel=st.sampled_from(["email", "post"]), yes=st.booleans())
    def answer(self, place: int, channel: str, yes: bool) -> None:
        number, asked = self.there(place), {"channels": [channel], "purposes": ["offers"]}

        def real() -> None:
            if yes:
                consent.give(number=number, heard="on paper", **asked, **self.how())
            else:
                consent.refuse(number=number, **asked, **self.how())

        self.do(real, lambda work: work.answer(number, f"{channel} offers", "given" if yes else "refused"))

    @precondition(anybody)
    @rule(place=places, kind=st.sampled_from(["prospect", "do_not_contact"]), stands=st.booleans())
    def mark(self, place: int, kind: str, stands: bool) -> None:
        number, deed = self.there(place), actions.give_standing if stands else actions.take_standing
        self.do(lambda: deed(number=number, kind=kind, **self.how()), lambda work: work.standing(number, kind, stands))

    # --- two cards of one person --------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.house.numbers) > 1)
    @rule(keep=places, absorb=places, fit=st.integers(0, 5), take=draw.takes)
    def merge(self, keep: int, absorb: int, fit: int, take: dict[str, str]) -> None:
        """Mostly of two that can be one."""
        alike = [number for number in self.house.numbers if fit and number in self._like(self.there(keep))]
        two = {"keep": self.there(keep), "absorb": alike[absorb % len(alike)] if alike else self.there(absorb)}
        before, first = seen_in_the_register(self.fields), firsts(self.house.work(), *two.values())

        def real() -> Any:
            asked = merge_customers(**two, take=take, dry_run=True, **self.how())
            done = merge_customers(**two, take=take, **self.how())
            assert (asked.moved, asked.choices) == (done.moved, done.choices), "the dry run says what is done"
            return done

        done = self.do(real, lambda work: merge(work, take=take, **two), cards=tuple(two.values()), firsts=first)
        if done is not None:
            kept = everything_on(seen_in_the_register(self.fields)[two["keep"]])
            assert all(everything_on(before[number]) <= kept for number in two.values()), "nothing is lost"

    def _like(self, number: int) -> set[int]:
        cards = {key[1]: row for key, row in self.house.rows.items() if key[0] == "card" and not row["merged_into"]}
        return {each for each, row in cards.items() if each != number and row["kind"] == cards.get(number, row)["kind"]}

    @precondition(lambda self: any(deed.cards and not deed.undone_by for deed in self.house.done.values()))
    @rule(which=places, away=st.booleans())
    def unmerge(self, which: int, away: bool) -> None:
        """Any merge that stands, not the last alone; what was put on the card since stays there, or all of it goes."""
        merges = sorted(number for number, deed in self.house.done.items() if deed.cards and not deed.undone_by)
        number = merges[which % len(merges)]

        def real() -> Any:
            how = {"changeset": number, **self.how()}
            asked = [each.key for each in unmerge(**how, dry_run=True).asked if not each.conflict]
            return unmerge(**how, assign=dict.fromkeys(asked, "absorb") if away else {})

        self._taken_back(number, real, over=False, unmerge=True, away=away)

    # --- many ---------------------------------------------------------------------------------------------------------

    @precondition(anybody)
    @rule(deed=draw.many, chosen=st.sets(places, min_size=1))
    def on_many(self, deed: tuple[str, str, str], chosen: set[int]) -> None:
        kind, value, fact = deed
        numbers = sorted({self.there(place) for place in chosen})

        def real() -> None:
            bulk = run_to_end(act_on_many(deed=kind, value=value, field=fact, numbers=numbers, **self.how()))
            assert bulk.state == "done"

        self.do(real, lambda work: work.on_many(kind, int(value) if fact == "size" and value else value, numbers, fact))

    @precondition(lambda self: len(self.house.numbers) < MOST_CARDS)
    @rule(lines=draw.lines, existing=st.sampled_from(["", "update", "fill", "add", "skip"]))
    def bring_in(self, lines: list[dict[str, str]], existing: str) -> None:
        def real() -> None:
            self.how()
            lists.NOON = self.at
            told = {"mapping": {"columns": COLUMNS}, "source": SOURCE, "existing": existing}
            result = lists.brought_bytes(csv_of(lines).encode(), **told)
            assert not result["rejected"] and not result["questions"]

        self.do(real, lambda work: bring_in(work, lines, existing))

    # --- taking back, forgetting --------------------------------------------------------------------------------------

    @precondition(lambda self: self.house.done)
    @rule(which=st.integers(0, 40), over=st.booleans())
    def take_back(self, which: int, over: bool) -> None:
        """Any deed; an undo is a deed as well."""
        changesets = sorted(self.house.done)
        self._take_back(changesets[which % len(changesets)], over)

    @precondition(lambda self: self.house.done)
    @rule(which=st.integers(0, 2), over=st.booleans())
    def take_back_a_late_one(self, which: int, over: bool) -> None:
        self._take_back(sorted(self.house.done)[-3:][-1 - which % min(3, len(self.house.done))], over)

    def _take_back(self, number: int, over: bool) -> None:
        how: dict[str, Any] = {"changeset": number, "later": "overwrite" if over else "keep", **self.how()}

        def real() -> Any:
            asked = undo(**how, dry_run=True)
            done = undo(**how)
            told = [(each.restored, each.removed, each.disputed, each.kept) for each in (asked, done)]
            assert told[0] == told[1], "the dry run says what is done"
            return done

        self._taken_back(number, real, over=over)

    def _taken_back(
        self, number: int, real: Callable[[], Any], *, over: bool, unmerge: bool = False, away: bool = False
    ) -> None:
        """That a merge was taken apart is taken back by merging again."""
        deed, newest = self.house.done[number], number == max(self.house.done)

        def model(work: Work) -> None:
            for each in deed.cards if unmerge else ():
                work.card(each)
            take_back(work, deed, over, put_since(work, number, deed.cards[0]) if away else ())

        done = self.do(real, model, undoes=number, again=not deed.cards)
        if done is None or done.changeset is None:
            return
        deed.undone_by = done.changeset
        undone = self.house.done.get(deed.undoes or 0)
        if undone is not None:
            undone.undone_by = None
        if newest and number in self.dumps:
            assert self.now == self.dumps[number]

    @precondition(lambda self: len(self.house.done) > 4 * len(self.house.forgotten) + 4)
    @rule(place=st.integers(0, 20))
    def forget(self, place: int) -> None:
        """Also one who was deleted; nobody who is forgotten already."""
        ever = sorted(self.house.ever)
        number = ever[place % len(ever)]
        try:
            done = actions.forget_customer(number=number, **self.how())
        except Refused:
            assert number in self.house.forgotten
            return
        assert number not in self.house.forgotten and done.changeset
        forget(self.house, self.house.person(number), done.changeset, self.at)
        self.dumps.clear()
        self.now = dump()
        self.prove()

    # --- what is always so --------------------------------------------------------------------------------------------

    @invariant()
    def what_stands_is_what_the_model_says(self) -> None:
        assert not apart(seen_in_the_register(self.fields), seen(self.house.rows))
        connection.check_constraints()

    @invariant()
    def each_moment_is_what_it_was(self) -> None:
        if self.look_back_each_time:
            self.look_back()

    def look_back(self) -> None:
        """Read and counted as of every moment that is remembered."""
        how: dict[str, Any] = {"by": EVERYTHING, "today": self.at.date(), "zone": ZoneInfo("Europe/Berlin")}
        self.step += 1
        for place, (at, rows) in enumerate(self.house.moments):
            then, turn = seen(rows), place + self.step
            with as_of(moment_at(at)):
                assert not apart(seen_in_the_register(self.fields), then), at
                if turn % 3 == 0:
                    asked, fits = ASKED[turn // 3 % len(ASKED)]
                    people = [card for card in then.values() if card["merged_into"] is None]
                    assert counted(asked, **how) == sum(fits(card, then) for card in people), (asked, at)
                elif then:
                    self._number_answers(sorted(then)[turn % len(then)], then)

    def _number_answers(self, number: int, then: Seen) -> None:
        """The number of a merged card, at any moment, with the card that it had gone into by then."""
        keeper: int | None = number
        while keeper in then and (into := then[keeper]["merged_into"]) is not None:
            keeper = into
        if keeper in then:
            assert card_for(EVERYTHING, number).number == keeper
        else:  # of whom it led to at that moment nothing is kept
            with pytest.raises(NotFound):
                card_for(EVERYTHING, number)
        how: dict[str, Any] = {"by": EVERYTHING, "today": self.at.date(), "zone": ZoneInfo("Europe/Berlin")}
        assert list(found(f"number = {number}", **how)) == ([keeper] if keeper in then else [])

    @invariant()
    def who_is_undone_is_told(self) -> None:
        told = dict(Changeset.objects.filter(pk__in=self.house.done).values_list("pk", "undone_by"))
        assert told == {number: deed.undone_by for number, deed in self.house.done.items()}

    def prove(self) -> None:
        verdict = verify()
        assert verdict.ok, verdict.as_json()
