"""What is done in trials, what it confirms, and what must hold of that afterwards. A new one is one entry in `ALL`.

Who does it (`post`) is a process of its own: `web` answers requests, `importer` brings lists in, `keeper` makes
versions, `owner` changes the key of sealed facts while they work. `do` is one round; it calls `hand.confirm` only after
the product has said that it is done.
"""

import hashlib
import json
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.durability import door
from tests.durability.homes import Fact, Place

IBAN = "DE89370400440532013000"
ROWS = 36


class Refusal(Exception):
    """The product said no: nothing is confirmed. `answer` is what it said."""

    def __init__(self, answer: door.Answer) -> None:
        super().__init__(f"{answer.status}: {answer.body[:400]!r}")
        self.answer = answer


class Hand:
    """Who does a round: has a home, a draw of its own, and a place to write down what was confirmed."""

    def __init__(self, place: Place, seed: object) -> None:
        self.place, self.draw = place, random.Random(repr(seed))
        self.token = place.token
        self._list = os.open(place.confirmed, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._said = ""
        self.refused: list[str] = []  # what was said

    def close(self) -> None:
        os.close(self._list)

    def doing(self, scenario: str) -> "Hand":
        self._said = scenario
        return self

    def confirm(self, **told: Any) -> None:
        """Writes down, in one call to the system, that the product said so."""
        os.write(self._list, json.dumps({"s": self._said, **told}).encode() + b"\n")

    def ask(self, method: str, path: str, body: Any = None, **more: str) -> door.Answer:
        """A request at the door. Raises Refusal unless it was done."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = door.call(self.token, method, path, sent, **more)
        if answer.status >= 300:
            raise Refusal(answer)
        return answer

    def word(self) -> str:
        return f"q{self.draw.getrandbits(48):012x}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`holds` is given what this scenario confirmed and tells, a sentence each, what of it is not so."""

    name: str
    post: str
    do: Callable[[Hand], None]
    holds: Callable[[list[Fact]], Iterable[str]]


# --- cards ----------------------------------------------------------------------------------------------------------


def edit(hand: Hand) -> None:
    body = {"given_name": hand.word(), "bank_accounts": [{"iban": IBAN}]}
    number = hand.ask("POST", "/customers", body).json()["number"]
    hand.confirm(number=number, turn=0)
    for turn in range(1, 4):
        told = {"occupation": str(turn), "emails": [{"value": f"{hand.word()}@example.org"}]}
        hand.ask("PATCH", f"/customers/{number}", told, if_match="*")
        hand.confirm(number=number, turn=turn)


def edited(facts: list[Fact]) -> Iterator[str]:
    from regulars.areas.customers.card.sealing import opened
    from regulars.areas.customers.models import BankAccount, ContactPoint, Customer

    turns = {fact["number"]: fact["turn"] for fact in facts}
    cards = {card.number: card for card in Customer.objects.filter(pk__in=turns)}
    sealed = {row.customer_id: row for row in BankAccount.objects.filter(customer__in=turns)}
    for number, turn in turns.items():
        if number not in cards:
            yield f"Customer {number} is lost."
            continue
        stands = int(cards[number].occupation or 0)
        if stands not in (turn, turn + 1):
            yield f"Customer {number} stands at edit {stands}, {turn} was confirmed."
        if ContactPoint.objects.filter(customer=number).count() != stands:
            yield f"Edit {stands} of customer {number} is half."
        if number not in sealed or opened(sealed[number]) != IBAN:
            yield f"The account of customer {number} does not open."


def undo(hand: Hand) -> None:
    made = hand.ask("POST", "/customers", {"given_name": hand.word(), "tags": ["new"]})
    hand.ask("POST", f"/changesets/{made.headers['Changeset']}/undo")
    hand.confirm(number=made.json()["number"])


def undone(facts: list[Fact]) -> Iterator[str]:
    from regulars.areas.customers.models import Customer

    back = Customer.objects.filter(pk__in=[fact["number"] for fact in facts])
    yield from (f"Customer {card.number} was taken back and is there." for card in back)


def upload(hand: Hand) -> None:
    number = hand.ask("POST", "/customers", {"given_name": hand.word()}).json()["number"]
    content = hand.draw.randbytes(hand.draw.choice((40, 2_000, 12_000))).hex().encode()
    body, kind = door.form(f"{hand.word()}.txt", content)
    hand.ask("POST", f"/customers/{number}/files", body, kind=kind)
    hand.confirm(number=number, sha256=hashlib.sha256(content).hexdigest())


def uploaded(facts: list[Fact]) -> Iterator[str]:
    from regulars.areas.customers.card import filing

    for fact in facts:
        try:
            content = filing.read(fact["sha256"])
        except (OSError, filing.Tampered) as error:
            yield f"The file of customer {fact['number']} is lost: {error}"
        else:
            if hashlib.sha256(content).hexdigest() != fact["sha256"]:
                yield f"The file of customer {fact['number']} is another."


def forget(hand: Hand) -> None:
    told = {"given_name": hand.word(), "bank_accounts": [{"iban": IBAN}]}
    number = hand.ask("POST", "/customers", told).json()["number"]
    for _try in range(20):
        try:
            hand.ask("POST", f"/customers/{number}/forget")
        except Refusal as refused:
            if refused.answer.status != 422:
                raise
            time.sleep(0.1)  # a list is coming in: nobody is forgotten meanwhile
        else:
            hand.confirm(number=number)
            return


def forgotten(facts: list[Fact]) -> Iterator[str]:
    from regulars.areas.customers.models import Customer
    from regulars.areas.journal.chain import ledger
    from regulars.areas.journal.models import Forgotten
    from regulars.kernel import personkeys

    numbers = [fact["number"] for fact in facts]
    told = {row.number for row in Forgotten.objects.all()}
    noted = {code for entry in ledger.entries() for code in entry.codes["number"]}
    yield from (f"Customer {card.number} was forgotten and is there." for card in Customer.objects.filter(pk__in=told))
    yield from (f"Nobody knows that customer {each} was forgotten." for each in numbers if each not in told)
    yield from (
        f"The ledger does not know customer {each}."
        for each in told
        if ledger.code_of("number", str(each)) not in noted
    )
    yield from (f"The key of customer {each} is there." for each in personkeys.keys_for(told))


# --- lists that come in ---------------------------------------------------------------------------------------------


def list_of(word: str, rows: int = ROWS) -> bytes:
    lines = [f"{word}{row};Anna{row};{word};{word}{row}@example.org" for row in range(rows)]
    return "\n".join(["Kundennummer;Vorname;Nachname;E-Mail", *lines]).encode() + b"\n"


def hand_over(hand: Hand) -> tuple[str, str]:
    """A list that is to come in: (its token, the word in it)."""
    word = hand.word()
    body, kind = door.form(f"{word}.csv", list_of(word), source=word)
    token = hand.ask("POST", "/imports", body, kind=kind).json()["id"]
    hand.confirm(token=token, word=word, state="handed over")
    hand.ask("POST", f"/imports/{token}/go")
    hand.confirm(token=token, word=word, state="running")
    return token, word


def bring_in(hand: Hand) -> None:
    from regulars.kernel.jobs import run_here

    token, word = hand_over(hand)
    run_here(ticket_of(token))
    if hand.ask("GET", f"/imports/{token}").json()["state"] == "done":
        hand.confirm(token=token, word=word, state="done")


def ticket_of(token: str) -> str:
    from regulars.kernel.models import Job

    return Job.objects.filter(key=f"intake {token}").latest("id").ticket


def brought_in(facts: list[Fact]) -> Iterator[str]:
    from regulars.areas.customers.models import Customer
    from regulars.areas.intake.models import Intake
    from regulars.areas.intake.readers import originals

    last = {fact["token"]: fact for fact in facts}
    for token, fact in last.items():
        intake = Intake.objects.filter(token=token).first()
        if intake is None:
            yield f"List {fact['word']} was handed over and is lost."
            continue
        with originals.opened(intake.sha256) as kept:
            if kept.read_bytes() != list_of(fact["word"]):
                yield f"List {fact['word']} is not what was handed over."
        there = Customer.objects.filter(family_name=fact["word"]).count()
        wanted = {"handed over": (0, ROWS), "running": (ROWS,), "done": (ROWS,)}[fact["state"]]
        if there not in wanted or intake.state not in ("done", "waiting"):
            yield f"List {fact['word']} ({fact['state']}, now {intake.state}) has {there} of {ROWS} customers."


# --- versions -------------------------------------------------------------------------------------------------------


def keep(hand: Hand) -> None:
    from django.utils import timezone

    from regulars.areas.journal.actions import sign_heads
    from regulars.areas.safekeeping import actions

    sign_heads(at=timezone.now())
    hand.confirm(version=actions.make_version(at=timezone.now(), why=hand.word()).name)


def kept(facts: list[Fact]) -> Iterator[str]:
    """The newest that was confirmed is there (older ones may have been thinned out), and all are what was made.
    `verify` opens the newest."""
    from regulars.areas.safekeeping import queries
    from regulars.kernel import crypto

    there = {version.name: version for version in queries.versions()}
    for fact in facts[-1:]:
        if fact["version"] not in there:
            yield f"Version {fact['version']} is lost."
    for name, version in there.items():
        if version.problems or crypto.sha256_of_file(version.file).hex() != version.sha256:
            yield f"Version {name} is not what was made. {version.problems}"


# --- the house taken over ----------------------------------------------------------------------------------------


def restore(hand: Hand) -> None:
    restore_to(hand, *ready_to_restore(hand))


def ready_to_restore(hand: Hand) -> tuple[str, int, int]:
    """A version, who is in it, and who came after it."""
    from django.utils import timezone

    from regulars.areas.safekeeping import actions

    before = hand.ask("POST", "/customers", {"given_name": hand.word()}).json()["number"]
    version = actions.make_version(at=timezone.now(), why=hand.word()).name
    after = hand.ask("POST", "/customers", {"given_name": hand.word()}).json()["number"]
    return version, before, after


def restore_to(hand: Hand, version: str, before: int, after: int) -> None:
    from django.utils import timezone

    from regulars.areas.safekeeping.actions.restoring import Choice, restore_house

    hand.confirm(version=version, before=before, after=after, state="asked")
    restore_house(choice=Choice(version), by=_operator(), at=timezone.now())
    hand.confirm(version=version, before=before, after=after, state="done")


def restored(facts: list[Fact]) -> Iterator[str]:
    """The older or the newer register: who came after the version is there, or a deed says why not."""
    from regulars.areas.customers.models import Customer
    from regulars.areas.journal.models import Changeset

    last = {fact["version"]: fact for fact in facts}
    told = {row.particulars["version"] for row in Changeset.objects.filter(verb="safekeeping.restored")}
    there = set(Customer.objects.values_list("number", flat=True))
    for version, fact in last.items():
        if fact["before"] not in there:
            yield f"Customer {fact['before']} of version {version} is lost."
        if (fact["after"] in there) == (version in told):
            yield f"Version {version} was put back by half."
        if fact["state"] == "done" and version not in told:
            yield f"Version {version} was put back, and is not."


def change_keys(kinds: tuple[str, ...], hand: Hand) -> None:
    from django.utils import timezone

    from regulars.areas.safekeeping.actions import rotating

    for kind in hand.draw.sample(kinds, len(kinds)):
        hand.confirm(kind=kind, now="")
        (changed,) = rotating.change_keys(what=kind, by=_operator(), at=timezone.now())
        hand.confirm(kind=kind, now=changed.now)


BESIDE_WORK, ALONE = ("fields",), ("database", "sign", "session")


def keys_changed(facts: list[Fact]) -> Iterator[str]:
    """What was changed to last is in use, unless another change was begun. That everything opens, others ask."""
    from regulars.areas.safekeeping.actions import rotating

    last = {fact["kind"]: fact["now"] for fact in facts}
    for kind, now in last.items():
        if now and rotating.name_of(kind) != now:
            yield f"The key of {kind} was changed to {now}, and {rotating.name_of(kind)} is used."


def _operator() -> Any:
    from regulars.kernel.actor import Actor

    return Actor(kind="operator", name="Olga", rights=frozenset({"*"}))


ALL = (
    Scenario("edits", "web", edit, edited),
    Scenario("undo", "web", undo, undone),
    Scenario("uploads", "web", upload, uploaded),
    Scenario("forgetting", "web", forget, forgotten),
    Scenario("imports", "importer", bring_in, brought_in),
    Scenario("versions", "keeper", keep, kept),
    Scenario("restores", "restorer", restore, restored),
    Scenario("key of sealed facts", "owner", partial(change_keys, BESIDE_WORK), keys_changed),
    Scenario("keys", "key changer", partial(change_keys, ALONE), keys_changed),
)


def of_post(post: str) -> list[Scenario]:
    return [each for each in ALL if each.post == post]


def findings(facts: Iterable[Fact]) -> Iterator[str]:
    """What of all that was confirmed is not so."""
    by_scenario: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_scenario[fact["s"]].append(fact)
    for each in ALL:
        yield from (f"{each.name}: {found}" for found in each.holds(by_scenario[each.name]))
