"""One deed on many: one changeset, whatever its size; it goes on after a kill and is taken back whole."""

from collections.abc import Iterator

import pytest

from regulars.areas.customers.actions import define_field, edit_customer
from regulars.areas.customers.actions.cards import ground, write_new
from regulars.areas.customers.card.drafts import read
from regulars.areas.journal.actions import deed, undo
from regulars.areas.journal.models import Changeset, Link
from regulars.areas.segments import queries
from regulars.areas.segments.actions import act_on_many, make_list, many, run_to_end
from regulars.areas.segments.models import Bulk
from regulars.areas.segments.queries.many import packed, unpacked
from regulars.areas.segments.tests.people import AT, HERE, OWNER, STAFF
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.jobs import Interrupted

pytestmark = pytest.mark.django_db
CLERK = Actor("user", "Clara", 4, frozenset({"customers.view", "customers.edit", "customers.many"}), "page")
TILL = Actor("user", "Tilda", 5, frozenset({"customers.view", "customers.edit", "customers.archive"}), "page")


def people(count: int) -> list[int]:
    with deed(verb="customers.added", by=OWNER, at=AT) as link:
        cards = ({"given_name": f"N{each}", "tags": ["old"] if each % 2 else []} for each in range(count))
        return [write_new(link, read(card, ground(AT)), by=OWNER, at=AT).number for card in cards]


def count(criteria: str) -> int:
    return queries.count(criteria, by=OWNER, **HERE)


@pytest.mark.parametrize(
    ("kind", "value", "criteria", "changed"),
    [
        ("tag", "VIP", 'tag "vip"', 10),
        ("tag", "Old", 'tag "old"', 5),
        ("untag", "OLD", "tag is empty", 5),
        ("territory", "North", "territory = north", 10),
        ("representative", "Clara", "representative = clara", 10),
        ("archive", "", "archived", 10),
    ],
)
def test_many_are_changed_in_one_deed_and_taken_back(kind: str, value: str, criteria: str, changed: int) -> None:
    numbers = people(10)
    before = count(criteria)
    bulk = act_on_many(deed=kind, value=value, numbers=numbers, by=OWNER, at=AT)
    assert (bulk.state, bulk.count, bulk.changed, bulk.position) == ("done", 10, changed, 10)
    assert count(criteria) == 10
    row = Changeset.objects.get(pk=bulk.changeset or 0)
    assert (row.particulars["count"], row.state) == (changed, "done")
    undo(changeset=row.pk, by=OWNER, at=AT)
    assert count(criteria) == before


def test_a_fact_of_our_own_is_set_changed_and_taken_away() -> None:
    define_field(label="Shoe size", type="number", by=OWNER, at=AT)
    numbers = people(4)
    edit_customer(number=numbers[0], card={"custom": {"shoe_size": 38}}, by=OWNER, at=AT)
    bulk = act_on_many(deed="fact", field="custom.shoe_size", value="40", numbers=numbers, by=OWNER, at=AT)
    assert count("custom.shoe_size = 40") == bulk.changed == 4
    assert "40" not in str(Changeset.objects.get(pk=bulk.changeset or 0).particulars) and bulk.value == ""
    act_on_many(deed="fact", field="shoe_size", value="", numbers=numbers[:2], by=OWNER, at=AT)
    assert count("custom.shoe_size = 40") == 2
    assert bulk.changeset
    with pytest.raises(Refused):
        act_on_many(deed="fact", field="shoe_size", value="big", numbers=numbers, by=OWNER, at=AT)


def test_what_changes_nothing_leaves_no_deed() -> None:
    numbers = people(3)
    act_on_many(deed="tag", value="a", numbers=numbers, by=OWNER, at=AT)
    again = act_on_many(deed="tag", value="A", numbers=numbers, by=OWNER, at=AT)
    assert (again.changed, again.changeset, again.state) == (0, None, "done")


def test_each_deed_needs_its_right() -> None:
    numbers = people(1)
    assert act_on_many(deed="tag", value="a", numbers=numbers, by=CLERK, at=AT).changed == 1
    for kind, who in (("tag", STAFF), ("archive", CLERK), ("list", CLERK), ("tag", TILL), ("archive", TILL)):
        with pytest.raises(NotAllowed):
            act_on_many(deed=kind, value="a", numbers=numbers, by=who, at=AT)
    for kind, value, chosen in (("tag", "", numbers), ("paint", "red", numbers), ("tag", "a", [])):
        with pytest.raises(Refused):
            act_on_many(deed=kind, value=value, numbers=chosen, by=OWNER, at=AT)


@pytest.fixture
def in_little_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(many, "AT_ONCE", 4)
    monkeypatch.setattr(many, "_STEP", 3)
    monkeypatch.setattr(many, "_AIM", 1e-9)
    yield


@pytest.mark.usefixtures("in_little_steps")
def test_a_long_deed_is_one_changeset_of_many_links() -> None:
    numbers = people(20)
    bulk = act_on_many(deed="tag", value="VIP", numbers=numbers, by=OWNER, at=AT)
    assert bulk.state == "running" and bulk.changeset is None
    bulk = run_to_end(bulk)
    assert (bulk.state, bulk.changed, bulk.numbers) == ("done", 20, b"")
    assert Link.objects.filter(changeset=bulk.changeset).count() == 7 + 2  # opened, twenty by three, closed
    assert Changeset.objects.get(pk=bulk.changeset or 0).particulars == {"count": 20, "value": "VIP"}
    undo(changeset=bulk.changeset or 0, by=OWNER, at=AT)
    assert count('tag "vip"') == 0


@pytest.mark.usefixtures("in_little_steps")
def test_cut_off_it_goes_on_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = people(20)
    bulk = act_on_many(deed="tag", value="VIP", numbers=numbers, by=OWNER, at=AT)

    def killed(done: int, total: int) -> None:
        if done == 9:
            raise Interrupted

    monkeypatch.setattr(many, "progress", killed)
    with pytest.raises(Interrupted):
        many.work_off(bulk.token, clock=lambda: AT)
    bulk.refresh_from_db()
    assert (bulk.state, bulk.position, count('tag "vip"')) == ("running", 9, 9)
    assert Changeset.objects.get(pk=bulk.changeset or 0).state == "open"
    monkeypatch.undo()
    many.work_off(bulk.token, clock=lambda: AT)
    bulk.refresh_from_db()
    assert (bulk.state, bulk.changed, count('tag "vip"')) == ("done", 20, 20)
    assert Changeset.objects.filter(verb="segments.many_tagged").count() == 1


def test_numbers_are_kept_small_and_come_back() -> None:
    numbers = [10_001, 10_002, 99_999, 10_000_000_000]
    assert list(unpacked(packed(reversed(numbers)))) == numbers
    assert len(packed(range(10_001, 510_001))) < 10_000


@pytest.mark.parametrize("breaks", ["_put_on", "_end"])
def test_a_small_one_stands_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, breaks: str) -> None:
    make_list(name="Fair", by=OWNER, at=AT)
    numbers, deeds = people(3), Changeset.objects.count()

    def cut_off(*_args: object, **_named: object) -> None:
        raise Refused("cut off")

    monkeypatch.setattr(many, breaks, cut_off)
    with pytest.raises(Refused, match="cut off"):
        act_on_many(deed="list", value="Fair", numbers=numbers, by=OWNER, at=AT)
    assert (Bulk.objects.count(), count('in list "Fair"'), Changeset.objects.count()) == (0, 0, deeds + 0)
