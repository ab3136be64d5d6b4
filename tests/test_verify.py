"""Whoever has the database file but not the keys is found out: each way of tampering, and its name."""

import errno
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from regulars.areas.customers import models as customers
from regulars.areas.journal import models
from regulars.areas.journal.actions import deed, sign_heads
from regulars.areas.journal.queries import verify
from regulars.areas.segments.models import Segment
from regulars.kernel import keyfile
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Problem
from regulars.kernel.text import sort_key

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset("*"), through="page")
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def register() -> Iterator[int]:
    """A card with a tag, renamed six times: seven links, seven deeds, all signed."""
    keyfile.heads_path().unlink(missing_ok=True)
    with deed(verb="customers.added", by=OLGA, at=START) as link:
        (number,) = link.numbers()
        card = customers.Customer(number=number, given_name="Anna", created_at=START)
        link.add(card, customers.Tag(customer=card, tag="VIP"))
    for step in range(1, 7):
        with deed(verb="customers.edited", by=OLGA, at=START + timedelta(minutes=step)) as link:
            link.change(customers.Customer.objects.get(), given_name=f"Anna {step}")
    sign_heads(at=START + timedelta(hours=1))
    yield number
    keyfile.heads_path().unlink(missing_ok=True)


def first() -> Problem:
    verdict = verify()
    assert not verdict.ok
    return verdict.problems[0]


def moved(number: int, to: int) -> None:
    models.Link.objects.filter(pk=number).update(number=to)


def swap(one: int, other: int) -> None:
    moved(one, 1000)
    moved(other, one)
    moved(1000, other)


def shift(start: int, by: int) -> None:
    numbers = list(models.Link.objects.filter(number__gte=start).order_by("number").values_list("number", flat=True))
    for number in numbers if by < 0 else reversed(numbers):
        moved(number, number + by)


def copy_of(number: int, to: int) -> None:
    row = models.Link.objects.get(pk=number)
    row.number = to
    row.save(force_insert=True)


def cut(after: int) -> None:
    models.Link.objects.filter(number__gt=after).delete()
    models.Changeset.objects.filter(number__gt=after).delete()


def test_an_untouched_register_is_proved(register: int) -> None:
    verdict = verify()
    assert verdict.ok, verdict.as_json()
    assert verdict.changes == 14  # a header and a customer in each of seven links


CHAIN: list[tuple[str, Callable[[], object], str, str]] = [
    ("a digest edited", lambda: models.Link.objects.filter(pk=4).update(digest=b"\0" * 32), "edited", "link 4"),
    ("a time edited", lambda: models.Link.objects.filter(pk=4).update(at=START), "edited", "link 4"),
    ("a link removed", lambda: models.Link.objects.filter(pk=3).delete(), "removed", "link 3"),
    (
        "removed, numbers closed up",
        lambda: (models.Link.objects.filter(pk=3).delete(), shift(4, -1)),
        "removed",
        "link 3",
    ),
    ("two neighbours swapped", lambda: swap(4, 5), "reordered", "link 4"),
    ("two far ones swapped", lambda: swap(3, 6), "reordered", "link 3"),
    ("one inserted", lambda: (shift(4, 1), copy_of(3, 4)), "inserted", "link 4"),
    ("one added at the end", lambda: copy_of(7, 8), "inserted", "link 8"),
    ("the tail cut off", lambda: cut(5), "truncated", "link 6"),
]


@pytest.mark.parametrize(("kind", "where", "tamper"), [pytest.param(k, w, t, id=n) for n, t, k, w in CHAIN])
def test_the_chain_names_its_first_bad_link(register: int, kind: str, where: str, tamper: Callable[[], object]) -> None:
    tamper()
    problem = first()
    assert (problem.kind, problem.where) == (kind, where)


def smuggled(*, link: int, until: int, past: int = 2) -> None:
    """A version that nobody wrote, like that of link `past`."""
    row = customers.Customer.past._default_manager.get(link=past)
    row.__dict__.update(link=link, until=until)
    row.save(force_insert=True)


ROWS: list[tuple[str, Callable[[], object]]] = [
    ("a live row edited", lambda: customers.Customer.objects.update(family_name="X")),
    ("a past row edited", lambda: customers.Customer.past._default_manager.filter(link=2).update(family_name="X")),
    ("a live row deleted", lambda: customers.Tag.objects.all().delete()),
    ("a past row deleted", lambda: customers.Customer.past._default_manager.filter(link=3).delete()),
    (
        "a row smuggled in",
        lambda: customers.Tag(id=999, customer=customers.Customer.objects.get(), tag="x", link=2).save(),
    ),
    (
        "one of a link to come",
        lambda: customers.Tag(id=999, customer=customers.Customer.objects.get(), tag="x", link=99).save(),
    ),
    (
        "a past made longer",
        lambda: customers.Customer.past._default_manager.filter(link=3).update(until=F("until") + 1),
    ),
    ("a version smuggled into the past", lambda: smuggled(link=77, until=3)),
    ("one whose end is another's too", lambda: smuggled(link=7, until=4, past=3)),
    ("one that ends before the first link", lambda: smuggled(link=7, until=0)),
    ("one that ends with a link to come", lambda: smuggled(link=7, until=99)),
    (
        "a past row put under another link",
        lambda: customers.Customer.past._default_manager.filter(link=3).update(link=1000),
    ),
]


@pytest.mark.parametrize("tamper", [pytest.param(t, id=n) for n, t in ROWS])
def test_a_row_that_is_not_what_its_last_change_says(register: int, tamper: Callable[[], object]) -> None:
    tamper()
    assert first().kind == "row_differs"


def _full_card(number: int) -> None:
    card = customers.Customer.objects.get(pk=number)
    with deed(verb="customers.edited", by=OLGA, at=START + timedelta(minutes=10)) as link:
        link.add(
            customers.ContactPoint(customer=card, kind="email", value="Anna@Example.org", primary=True),
            customers.Address(customer=card, street="Straße 1", city="Ærøskøbing", postcode="5970"),
            customers.SocialHandle(customer=card, network="x", handle="@Anna"),
        )
    with deed(verb="segments.saved", by=OLGA, at=START + timedelta(minutes=11)) as link:
        link.add(Segment(name="Stammgäste", saved_at=START))
    with deed(verb="customers.edited", by=OLGA, at=START + timedelta(minutes=12)) as link:
        link.change(customers.Customer.objects.get(), family_name="Ærø", birth_date="1980-03-07")


DERIVED = [
    *((customers.Customer, name) for name in ("sort_key", "given_fold", "family_fold", "organisation_fold")),
    *((customers.Address, name) for name in ("key", "city_fold", "postcode_fold", "region_fold")),
    *((model, "key") for model in (customers.ContactPoint, customers.Tag, customers.SocialHandle, Segment)),
]


@pytest.mark.parametrize(("model", "column"), DERIVED, ids=lambda each: getattr(each, "__name__", each))
def test_nobody_is_hidden_from_searches(register: int, model: Any, column: str) -> None:
    _full_card(register)
    assert verify().ok, verify().as_json()
    model.objects.update(**{column: "hidden"})
    assert first().kind == "row_differs" and f"differs in {column}" in str(first().message)


def test_a_birthday_moved_is_found_and_one_in_the_past_too(register: int) -> None:
    _full_card(register)
    customers.Customer.objects.update(birth_day=None)
    assert "differs in birth_day" in str(first().message)
    customers.Customer.objects.update(birth_day=307)
    customers.Customer.past._default_manager.filter(link=3).update(given_fold="hidden")
    assert "differs in given_fold" in str(first().message)


def test_a_key_of_the_alphabet_of_then_is_no_falsification(register: int) -> None:
    _full_card(register)
    customers.Customer.objects.update(sort_key=sort_key("Ærø Anna 6", "da"))
    assert verify().ok


@pytest.mark.parametrize("more", [True, False], ids=["a further row came last", "the own row came last"])
@pytest.mark.parametrize(
    ("column", "value"), [("version", 1), ("version", 99), ("updated_at", START - timedelta(days=9))]
)
def test_when_a_card_last_changed_cannot_be_moved(register: int, more: bool, column: str, value: object) -> None:
    if more:
        with deed(verb="customers.edited", by=OLGA, at=START + timedelta(minutes=10)) as link:
            link.add(customers.Note(customer=customers.Customer.objects.get(), day=START.date(), text="x"))
    assert verify().ok, verify().as_json()
    customers.Customer.objects.update(**{column: value})
    assert first().kind == "row_differs" and f"differs in {column}" in str(first().message)


def test_a_card_whose_only_link_was_taken_out(register: int) -> None:
    with deed(verb="customers.added", by=OLGA, at=START + timedelta(minutes=7)) as link:
        link.add(customers.Customer(number=register + 1, given_name="Berta", created_at=START))
    with deed(verb="customers.edited", by=OLGA, at=START + timedelta(minutes=8)) as link:
        link.change(customers.Customer.objects.get(number=register), given_name="Anna 8")
    models.Link.objects.filter(number=8).delete()
    found = [(each.kind, each.where) for each in verify().problems]
    assert ("removed", "link 8") in found
    assert ("row_differs", f"customers.customer {register + 1}") in found


def test_who_did_it_cannot_be_rewritten(register: int) -> None:
    models.Changeset.objects.filter(pk=3).update(by_name="Somebody else")
    problem = first()
    assert (problem.kind, problem.changeset) == ("edited", 3)


def test_a_payload_put_in_place_of_another(register: int) -> None:
    models.Link.objects.filter(pk=4).update(block=models.Link.objects.get(pk=5).block)
    assert (first().kind, first().where) == ("edited", "link 4")


def test_an_older_database_put_back(register: int) -> None:
    """Everything in it fits together, only the heads, which lie elsewhere, know of more."""
    past = customers.Customer.past._default_manager.get(link=5)
    customers.Customer.objects.update(given_name=past.given_name, link=5)  # type: ignore[attr-defined]
    customers.Customer.past._default_manager.filter(until__gt=5).delete()
    cut(5)
    models.Counter.objects.filter(name="link").update(next=6)
    assert first().kind == "rolled_back"


def test_a_head_of_another_hand(register: int) -> None:
    path = keyfile.heads_path()
    path.write_bytes(path.read_bytes().replace(b'"links":7', b'"links":6'))
    assert (first().kind, first().where.split()[0]) == ("edited", "heads")


def test_half_a_head_is_no_falsification(register: int) -> None:
    """The power went while it was written: nobody was told of it, and the next one takes it away."""
    path = keyfile.heads_path()
    whole = path.read_bytes()
    line = whole.splitlines(keepends=True)[-1]
    for torn in (line[:90], bytes(90) + line[90:]):
        path.write_bytes(whole + torn)
        assert verify().ok
    with deed(verb="customers.edited", by=OLGA, at=START + timedelta(hours=2)) as link:
        link.change(customers.Customer.objects.get(), given_name="Anna 7")
    sign_heads(at=START + timedelta(hours=2))
    assert verify().ok and path.read_bytes().startswith(whole) and b"\0" not in path.read_bytes()


def test_a_head_that_cannot_be_written_does_not_undo_the_deed(register: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_told: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("regulars.areas.journal.chain.heads.lines.append", full)
    with deed(verb="customers.edited", by=OLGA, at=START + timedelta(hours=2)) as link:
        link.change(customers.Customer.objects.get(), given_name="Anna 7")
    assert link.changeset and customers.Customer.objects.get().given_name == "Anna 7"
