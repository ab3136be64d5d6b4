"""A copy in place of the register: whole, never half, nobody who was forgotten comes back, and the proof is green."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from regulars.areas.access.actions import end_account
from regulars.areas.access.models import Password, User
from regulars.areas.consent.actions import give, refuse
from regulars.areas.consent.models import Answer
from regulars.areas.customers.actions import (
    add_customer,
    delete_customer,
    edit_customer,
    forget_customer,
    give_standing,
)
from regulars.areas.customers.models import Customer, Standing
from regulars.areas.journal.actions import deed, sign_heads, undo
from regulars.areas.journal.models import Counter
from regulars.areas.journal.queries import changes, verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.safekeeping.actions import make_version
from regulars.areas.safekeeping.actions.restoring import (
    Choice,
    ask_for_restore,
    restore_customer,
    restore_house,
    whole,
    wish_of,
)
from regulars.kernel import keyfile, lines, places, takeover
from regulars.kernel.actor import Actor
from regulars.kernel.databases import swapping
from regulars.kernel.errors import Gone, NotAllowed, NotFound, Refused
from tests.rig.forgetting import clean_home

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))
ON_FILE = not os.environ.get("REGULARS_DATABASE_URL")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    with clean_home():
        yield tmp_path


def add(name: str, minute: int = 0) -> int:
    at = AT + timedelta(minutes=minute)
    return add_customer(card={"kind": "person", "family_name": name}, by=OLGA, at=at)


def names() -> list[str]:
    return list(Customer.objects.order_by("number").values_list("family_name", flat=True))


def version(minute: int) -> str:
    return make_version(at=AT + timedelta(minutes=minute), why="test", by=OLGA).name


def test_the_newest_good_copy_comes_back_and_the_proof_is_green() -> None:
    add("Berg")
    kept = version(1)
    later = add("Lund", 2)
    sign_heads(at=AT + timedelta(minutes=2))
    done = restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=3))
    assert done.done and done.version.name == kept and names() == ["Berg"]
    assert [each.sentence for each in done.loss.deeds] and done.loss.count == 1 and done.loss.customers == 2
    assert done.replaced.endswith("-restore")
    assert add("Dahl", 4) > later, "no number is given twice"
    sign_heads(at=AT + timedelta(minutes=4))
    assert [problem.message for problem in verify().problems] == []
    assert changes(verb="safekeeping.restored")[0].by == "Olga"


def test_the_replaced_register_is_a_copy_that_can_be_put_back_too() -> None:
    add("Berg")
    version(1)
    add("Lund", 2)
    done = restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=3))
    restore_house(choice=Choice(name=done.replaced), by=OLGA, at=AT + timedelta(minutes=4))
    assert names() == ["Berg", "Lund"] and verify().ok


def test_by_a_moment_and_past_a_damaged_one() -> None:
    add("Berg")
    first = version(1)
    add("Lund", 2)
    rotten = make_version(at=AT + timedelta(minutes=3), why="test", by=OLGA).file
    content = bytearray(rotten.read_bytes())
    content[len(content) // 2] ^= 1
    rotten.write_bytes(content)
    told: list[str] = []
    looked = restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=5), told=told.append, dry_run=True)
    assert looked.version.name == first and "damaged" in told[0] and names() == ["Berg", "Lund"]
    with pytest.raises(Refused, match="damaged"):
        restore_house(choice=Choice(name=rotten.stem), by=OLGA, at=AT + timedelta(minutes=5))
    with pytest.raises(NotFound):
        restore_house(choice=Choice(until=AT), by=OLGA, at=AT + timedelta(minutes=5))
    assert names() == ["Berg", "Lund"]


def test_whoever_was_forgotten_stays_forgotten() -> None:
    numbers = [add(f"Berg{each}") for each in range(5)]
    kept = [version(minute) for minute in (1, 2)]
    for number in numbers[:4]:
        forget_customer(number=number, by=OLGA, at=AT + timedelta(minutes=3))
    for place, name in enumerate(kept):
        done = restore_house(choice=Choice(name=name), by=OLGA, at=AT + timedelta(minutes=4 + place))
        assert done.forgotten == tuple(numbers[:4]) and names() == ["Berg4"]
    assert Counter.objects.get(name="customer").next > max(numbers)
    assert verify().ok


def test_a_line_of_a_restore_counts_in_its_own_place_alone() -> None:
    add("Berg")
    sign_heads(at=AT)
    version(1)
    add("Lund", 2)
    sign_heads(at=AT + timedelta(minutes=2))
    restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=3))
    add("Dahl", 4)
    sign_heads(at=AT + timedelta(minutes=4))
    assert verify().ok
    line = next(each for each in keyfile.heads_path().read_bytes().splitlines() if b'"restored"' in each)
    lines.append(keyfile.heads_path(), line)  # somebody hides an older register behind a restore that was
    assert [problem.kind for problem in verify().problems] == ["edited"]


def test_only_who_may_puts_copies_back() -> None:
    with pytest.raises(NotAllowed):
        restore_house(choice=Choice(), by=Actor(kind="user", name="Ole"), at=AT)


@pytest.mark.skipif(not ON_FILE, reason="about the encrypted file")
@pytest.mark.parametrize("killed_at", range(9))
def test_killed_at_any_step_it_is_the_old_or_the_new(killed_at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    add("Berg")
    version(1)
    add("Lund", 2)
    real = swapping.steps

    def some(swap: swapping.Swap, said: swapping.Said):
        for place, step in enumerate(real(swap, said)):
            if place == killed_at:
                raise KeyboardInterrupt
            yield step

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(swapping, "steps", some)
        restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=3))
    assert whole.finish_swap() is True
    assert names() == ["Berg"] and verify().ok and whole.finish_swap() is False
    live = Path(connection.settings_dict["NAME"])
    assert not swapping.workshop(live).exists()


@pytest.mark.skipif(ON_FILE, reason="about PostgreSQL")
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95, 1.0])
def test_cut_off_while_it_is_read_in_nothing_of_it_is_there(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs that read it in go on after a kill, and come to the end of what they were given."""
    add("Berg")
    version(1)
    add("Lund", 2)

    def some(source: Any, target: Any, _size: int = 0) -> None:
        told = source.read()
        target.write(told[: int(len(told) * share)])
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr("shutil.copyfileobj", some)
        restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=3))
    assert names() == ["Berg", "Lund"] and verify().ok
    restore_house(choice=Choice(), by=OLGA, at=AT + timedelta(minutes=4))
    assert names() == ["Berg"] and verify().ok


def test_one_customer_comes_back_and_can_be_taken_back() -> None:
    number = add("Berg")
    other = add("Lund", 1)
    kept = version(2)
    edit_customer(number=number, card={"family_name": "Dahl", "tags": ["VIP"]}, by=OLGA, at=AT + timedelta(minutes=3))
    delete_customer(number=other, by=OLGA, at=AT + timedelta(minutes=4))
    back = restore_customer(choice=Choice(name=kept), number=other, by=OLGA, at=AT + timedelta(minutes=5))
    assert back.added and Customer.objects.filter(number=other).exists()
    done = restore_customer(choice=Choice(), number=number, by=OLGA, at=AT + timedelta(minutes=6))
    assert names() == ["Berg", "Lund"] and done.removed == 1 and verify().problems == []
    assert done.changeset is not None
    undo(changeset=done.changeset, by=OLGA, at=AT + timedelta(minutes=7))
    assert names() == ["Dahl", "Lund"]


def test_one_field_comes_back_alone() -> None:
    number = add("Berg")
    version(1)
    edit_customer(
        number=number, card={"family_name": "Dahl", "given_name": "Anna"}, by=OLGA, at=AT + timedelta(minutes=2)
    )
    done = restore_customer(choice=Choice(), number=number, fact="family_name", by=OLGA, at=AT + timedelta(minutes=3))
    card = Customer.objects.get(number=number)
    assert (card.family_name, card.given_name) == ("Berg", "Anna") and done.changed == 1
    with pytest.raises(NotFound):
        restore_customer(choice=Choice(), number=number, fact="shoes", by=OLGA, at=AT)


def test_what_a_merge_brought_from_one_card_to_another_stays_there() -> None:
    keep, absorb = add("Berg"), add("Bergh", 1)
    edit_customer(number=absorb, card={"tags": ["gold"], "notes": ["tea"]}, by=OLGA, at=AT)
    before = version(2)
    merged = merge_customers(keep=keep, absorb=absorb, by=OLGA, at=AT + timedelta(minutes=3)).changeset
    together = version(4)
    with pytest.raises(Refused, match="merged into card"):
        restore_customer(choice=Choice(name=before), number=absorb, by=OLGA, at=AT + timedelta(minutes=5))
    done = restore_customer(choice=Choice(name=before), number=keep, by=OLGA, at=AT + timedelta(minutes=5))
    assert done.removed == 0 and len(done.left) == 2
    unmerge(changeset=merged or 0, by=OLGA, at=AT + timedelta(minutes=6))
    done = restore_customer(choice=Choice(name=together), number=keep, by=OLGA, at=AT + timedelta(minutes=7))
    assert done.added == 0 and len(done.left) == 2
    with pytest.raises(Refused, match="that version"):
        restore_customer(choice=Choice(name=together), number=absorb, by=OLGA, at=AT + timedelta(minutes=7))
    assert verify().problems == []


def test_who_was_forgotten_does_not_come_back_alone_either() -> None:
    number = add("Berg")
    version(1)
    forget_customer(number=number, by=OLGA, at=AT + timedelta(minutes=2))
    with pytest.raises(Gone):
        restore_customer(choice=Choice(), number=number, by=OLGA, at=AT + timedelta(minutes=3))


def test_two_owners_decide_together(cast: Any) -> None:
    add("Berg")
    kept = version(1)
    first, second = cast
    assert ask_for_restore(version=kept, by=first, at=AT) is None
    assert ask_for_restore(version=kept, by=first, at=AT) is None, "she cannot agree with herself"
    wish = wish_of(kept, at=AT)
    assert wish and wish.name == first.name
    assert ask_for_restore(version=kept, by=second, at=AT) and takeover.waiting()
    assert takeover.read()[0].by.name == second.name
    takeover.clear()


def test_who_was_sent_away_since_stays_away(cast: Any) -> None:
    first, _second = cast
    with deed(verb="access.user_added", by=OLGA, at=AT, particulars={"name": "Ole"}) as link:
        ole = User(login="ole", login_folded="ole", public="9" * 8, name="Ole", role="staff", created_at=AT)
        link.add(ole)
    kept = version(1)
    end_account(by=first, at=AT + timedelta(minutes=2), user=ole)
    done = restore_house(choice=Choice(name=kept), by=first, at=AT + timedelta(minutes=3))
    assert done.ended == ("Ole",) and not User.objects.get(pk=ole.pk).active and verify().ok


def test_who_said_no_since_stays_with_her_no() -> None:
    offers: Any = {"channels": ["email"], "purposes": ["offers"], "by": OLGA}
    anna, bo, carl, dora, eva = map(add, ("Anna", "Bo", "Carl", "Dora", "Eva"))
    for number in (anna, bo, carl, dora):
        give(number=number, heard="on paper", wording="Write to me", at=AT, **offers)
    kept = version(1)
    refuse(number=anna, heard="at the counter", at=AT + timedelta(minutes=2), **offers)
    refuse(number=eva, heard="by phone", at=AT + timedelta(minutes=2), **offers)
    give_standing(number=bo, kind="do_not_contact", reason="moved", by=OLGA, at=AT + timedelta(minutes=2))
    merge_customers(keep=dora, absorb=carl, by=OLGA, at=AT + timedelta(minutes=3))
    refuse(number=dora, heard="", at=AT + timedelta(minutes=4), **offers)
    refuse(number=add("Frida", 5), heard="", at=AT + timedelta(minutes=5), **offers)  # not in the copy
    done = restore_house(choice=Choice(name=kept), by=OLGA, at=AT + timedelta(minutes=6))
    answers = {row.customer_id: (row.answer, row.heard, row.wording) for row in Answer.objects.all()}
    assert answers == {
        anna: ("refused", "at the counter", ""), bo: ("given", "on paper", "Write to me"), carl: ("refused", "", ""),
        dora: ("refused", "", ""), eva: ("refused", "by phone", ""),
    }  # fmt: skip
    assert [(row.customer_id, row.reason) for row in Standing.objects.all()] == [(bo, "moved")]
    assert done.refused == done.as_json()["refused"] == 5 and verify().ok
    assert Customer.objects.get(pk=carl).merged_into_id is None


def test_a_no_that_the_copy_has_is_not_said_again_and_a_later_yes_counts() -> None:
    offers: Any = {"channels": ["email"], "purposes": ["offers"], "by": OLGA, "heard": "at the counter"}
    anna, bo = add("Anna"), add("Bo")
    refuse(number=anna, at=AT, **offers)
    give(number=bo, at=AT, **offers)
    kept = version(1)
    give(number=anna, at=AT + timedelta(minutes=2), **offers)
    refuse(number=anna, at=AT + timedelta(minutes=3), **offers)
    refuse(number=bo, at=AT + timedelta(minutes=2), **offers)
    give(number=bo, at=AT + timedelta(minutes=3), **offers)
    done = restore_house(choice=Choice(name=kept), by=OLGA, at=AT + timedelta(minutes=6))
    assert done.refused == 0 and verify().ok
    assert dict(Answer.objects.values_list("customer_id", "answer")) == {anna: "refused", bo: "given"}


@pytest.fixture
def cast() -> tuple[Actor, Actor]:
    made = []
    for place, name in enumerate(("Olga", "Otto")):
        with deed(verb="access.user_added", by=OLGA, at=AT, particulars={"name": name}) as link:
            row = User(
                login=name, login_folded=name.lower(), public=str(place) * 8, name=name, role="owner", created_at=AT
            )
            link.add(row)
        Password.objects.create(user=row, hash="none", short=False)
        made.append(Actor(kind="user", name=name, id=row.pk, account=row.pk, rights=frozenset({"*"})))
    return made[0], made[1]
