"""One customer, or one fact of hers, out of a copy: what was done around her since stands, and she fits beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regulars.areas.consent.actions import give, refuse
from regulars.areas.consent.models import Answer
from regulars.areas.customers.actions import add_customer, delete_customer, edit_customer, forget_customer
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.journal.actions import rebuild, undo
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.matching.tests.people import register
from regulars.areas.safekeeping.actions import make_version
from regulars.areas.safekeeping.actions.restoring import BroughtBack, Choice, parts, restore_customer, restore_house
from regulars.areas.trade.actions import correct_purchase, return_lines, void_purchase
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.tests.people import NOW, bought
from regulars.areas.trade.tests.people import OLGA as TRADER
from regulars.kernel import places
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Gone, NotFound, Refused
from tests.rig.forgetting import clean_home

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OLGA = Actor(kind="user", name="Olga", rights=frozenset({"*"}))
MARKET = {"street": "Am Markt 1", "city": "Kiel", "country": "DE"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))
    with clean_home():
        yield tmp_path


def add(name: str, **told: Any) -> int:
    return add_customer(card={"family_name": name, **told}, by=OLGA, at=AT)


def edit(number: int, **told: Any) -> None:
    edit_customer(number=number, card=told, by=OLGA, at=AT)


def shown(number: int) -> dict[str, Any]:
    return card_json(OLGA, number)


def taken_off(number: int, group: str) -> None:
    edit(number, **{group: [{"key": each["key"], "remove": True} for each in shown(number)[group]]})


def merge(keep: int, absorb: int) -> int:
    return merge_customers(keep=keep, absorb=absorb, by=OLGA, at=AT).changeset or 0


def version() -> str:
    return make_version(at=AT, why="test", by=OLGA).name


def back(name: str, number: int, fact: str = "") -> BroughtBack:
    """Brought back, taken back, and brought back: the register is whole each time."""
    asked: dict[str, Any] = {"choice": Choice(name=name), "number": number, "fact": fact, "by": OLGA, "at": AT}
    before = register()
    done = restore_customer(**asked)
    if done.changeset is not None:
        undo(changeset=done.changeset, by=OLGA, at=AT + timedelta(minutes=1))
        assert register() == before
        done = restore_customer(**asked)
    assert verify().problems == [] and rebuild(by=OLGA).same
    return done


@pytest.mark.parametrize("fact", ["", "referred_by"])
def test_nobody_comes_to_stand_below_herself(fact: str) -> None:
    anna, ben = add("Berg"), add("Lund")
    edit(anna, referred_by=ben)
    name = version()
    edit(anna, referred_by=None)
    edit(ben, referred_by=anna)
    done = back(name, anna, fact)
    assert Customer.objects.get(pk=anna).referred_by_id is None and len(done.left) == 1 and done.changed == 0


def test_who_was_merged_since_is_named_by_the_card_she_went_into() -> None:
    anna, ben, keeper = add("Berg"), add("Lund"), add("Lund")
    edit(anna, referred_by=ben)
    name = version()
    merge(keeper, ben)
    assert back(name, anna).changeset is None  # she names the keeper already
    edit(anna, referred_by=None)
    back(name, anna)
    assert Customer.objects.get(pk=anna).referred_by_id == keeper


def test_work_is_at_the_organisation_that_was_kept() -> None:
    keep, absorb = (add_customer(card={"organisation_name": each}, by=OLGA, at=AT) for each in ("Tea Ltd", "Tea"))
    anna = add("Berg", works_at=[{"organisation": "Tea"}])
    edit(keep, works_at=[{"organisation": "Tea"}])
    name = version()
    taken_off(anna, "works_at")
    taken_off(keep, "works_at")
    merge(keep, absorb)
    back(name, anna)
    assert [each["number"] for each in shown(anna)["works_at"]] == [keep]
    assert len(back(name, keep).left) == 1 and not shown(keep).get("works_at")  # nobody works at herself


def test_what_stands_on_another_card_now_or_came_from_one_stands_once() -> None:
    anna = add("Berg", references=[{"source": "shop", "value": "77"}], emails=["anna@example.com"])
    other, third = add("Lund", emails=["anna@example.com"]), add("Dahl", emails=["dahl@example.com"])
    name = version()
    for group in ("references", "emails"):
        taken_off(anna, group)
    edit(third, references=[{"source": "shop", "value": "77"}])
    merge(anna, other)
    done = back(name, anna)
    assert [each["value"] for each in shown(anna)["emails"]] == ["anna@example.com"]
    assert not shown(anna).get("references") and "Numbers in other systems" in " ".join(done.left)
    taken_off(anna, "emails")
    merge(anna, third)  # whose address is the first one now
    back(name, anna)
    assert [(each["value"], each["primary"]) for each in shown(anna)["emails"]] == [
        ("dahl@example.com", True), ("anna@example.com", False)
    ]  # fmt: skip


def test_two_that_exchanged_their_values_have_them_again() -> None:
    anna = add("Berg", addresses=[MARKET, {**MARKET, "street": "Am Markt 2"}])
    streets = [each["street"] for each in shown(anna)["addresses"]]
    name = version()
    for at, street in ((0, "Am Markt 3"), (1, streets[0]), (0, streets[1])):
        key = shown(anna)["addresses"][at]["key"]
        edit(anna, addresses=[{**MARKET, "key": key, "street": street}])
    assert [each["street"] for each in shown(anna)["addresses"]] == streets[::-1]
    back(name, anna)
    assert [each["street"] for each in shown(anna)["addresses"]] == streets


def test_she_comes_back_without_the_name_of_one_who_was_forgotten() -> None:
    ben = add("Lund")
    anna = add("Berg", given_name="Anna", referred_by=ben, emails=["anna@example.com"])
    name = version()
    forget_customer(number=ben, by=OLGA, at=AT)
    edit(anna, given_name="Annette")
    assert back(name, anna, "given_name").left == () and shown(anna)["given_name"] == "Anna"
    delete_customer(number=anna, by=OLGA, at=AT)
    done = back(name, anna)
    assert shown(anna)["emails"] and not shown(anna).get("referred_by") and len(done.left) == 1


@pytest.mark.parametrize("fact", ["family_name", "email", "tag"])
def test_a_fact_comes_back_of_who_is_there_and_was_there(fact: str) -> None:
    anna = add("Berg", emails=["anna@example.com"], tags=["gold"])
    name = version()
    later = add("Lund", emails=["lund@example.com"], tags=["gold"])
    with pytest.raises(NotFound, match="has no customer"):
        restore_customer(choice=Choice(name=name), number=later, fact=fact, by=OLGA, at=AT)
    delete_customer(number=anna, by=OLGA, at=AT)
    with pytest.raises(Refused, match="not there any more"):
        restore_customer(choice=Choice(name=name), number=anna, fact=fact, by=OLGA, at=AT)


def test_a_fact_of_a_card_that_was_merged_in_the_version_does_not_come_back() -> None:
    keep, absorb = add("Berg"), add("Bergh", emails=["anna@example.com"])
    changeset = merge(keep, absorb)
    name = version()
    unmerge(changeset=changeset, by=OLGA, at=AT)
    with pytest.raises(Refused, match="that version"):
        restore_customer(choice=Choice(name=name), number=absorb, fact="email", by=OLGA, at=AT)
    assert shown(absorb)["emails"]


@pytest.mark.parametrize("fact", ["", "email"])
def test_nobody_who_was_forgotten_comes_back_on_the_card_that_hers_was_merged_into(fact: str) -> None:
    keep, absorb = add("Berg"), add("Bergh", emails=["anna@example.com"])
    changeset = merge(keep, absorb)
    name = version()
    unmerge(changeset=changeset, by=OLGA, at=AT)
    forget_customer(number=absorb, by=OLGA, at=AT)
    with pytest.raises(Refused, match="forgotten since"):
        restore_customer(choice=Choice(name=name), number=keep, fact=fact, by=OLGA, at=AT)
    assert not shown(keep)["emails"]


@pytest.mark.parametrize("which", ["keep", "absorb"])
def test_of_two_who_were_one_in_the_version_only_who_was_forgotten_goes(which: str) -> None:
    keep, absorb = add("Berg", emails=["b@example.com"]), add("Bergh", emails=["anna@example.com"])
    cards = {each: shown(each)["emails"] for each in (keep, absorb)}
    changeset = merge(keep, absorb)
    name = version()
    unmerge(changeset=changeset, by=OLGA, at=AT)
    gone, stays = (keep, absorb) if which == "keep" else (absorb, keep)
    forget_customer(number=gone, by=OLGA, at=AT)
    restore_house(choice=Choice(name=name), by=OLGA, at=AT + timedelta(minutes=4))
    assert list(Customer.objects.values_list("number", flat=True)) == [stays]
    assert shown(stays)["emails"] == cards[stays] and verify().problems == []


def test_who_is_forgotten_while_the_copy_is_read_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = add("Berg")
    name = version()

    def forgotten_meanwhile(*told: Any) -> Any:
        found = reading(*told)
        forget_customer(number=anna, by=OLGA, at=AT)
        return found

    reading = parts._as_it_was
    monkeypatch.setattr(parts, "_as_it_was", forgotten_meanwhile)
    with pytest.raises(Gone):
        restore_customer(choice=Choice(name=name), number=anna, by=OLGA, at=AT)
    assert not Customer.objects.filter(pk=anna).exists()


def test_no_copy_says_yes_again_for_her() -> None:
    said: dict[str, Any] = {"channels": ["email"], "purposes": ["offers"], "by": OLGA, "at": AT}
    anna, ben, cara = add("Anna"), add("Ben"), add("Cara")
    for number in (anna, ben):
        give(number=number, heard="at the till", **said)
    name = version()
    for number in (anna, ben, cara):
        refuse(number=number, heard="by telephone", **said)
    edit(anna, occupation="Vet")
    delete_customer(number=ben, by=OLGA, at=AT)
    done = back(name, anna)
    assert shown(anna)["occupation"] is None
    assert done.left == ("What they allow: the answer given since stays.",)
    for number in (ben, cara):
        assert back(name, number).left == ("What they allow: the answer given since stays.",)
    answers = Answer.objects.values_list("customer_id", "answer")
    assert set(answers) == {(anna, "refused"), (cara, "refused")}, "and Ben, who comes back, allows nothing"


def test_purchases_come_and_go_whole() -> None:
    """What was returned since goes, with its lines; what went to another customer, or is named by what stays, stays."""
    anna, ben = add("Berg"), add("Lund")
    first, second, third = (bought(anna, 10, ago=each) for each in (9, 8, 7))
    name = version()
    told: dict[str, Any] = {"by": TRADER, "at": NOW}
    void_purchase(serial=third, reason="typed twice", **told)
    returned = return_lines(serial=first, items=[(1, 10_000)], reason="defect", **told).serial
    correct_purchase(serial=second, changes={"customer": ben}, **told)
    bought(anna, 20, ago=1)
    done = back(name, anna)
    stands = {(each.serial, each.customer_id, each.void) for each in Purchase.objects.all()}
    assert stands == {(first, anna, ""), (second, ben, ""), (third, anna, "")} and returned
    lines = Line.objects.select_related("purchase").order_by("purchase__serial")
    assert [(each.purchase.serial, each.customer_id) for each in lines] == [(first, anna), (second, ben), (third, anna)]
    assert len(done.left) == 2
