"""Spouses, colleagues, a person and her firm: offered as what they are, noted at one press, never asked again."""

from dataclasses import replace
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import edit_customer
from regulars.areas.customers.models import Household
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import BEN, NOW, OLGA
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changeset, verify
from regulars.areas.matching import actions, queries
from regulars.areas.matching.models import Rejection
from regulars.areas.matching.tests.pairs import HOME, added, juergen
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
FIRM = {"organisation_name": "Teehaus GmbH", "kind": "organisation", "emails": [{"value": "info@teehaus.example"}]}
RENATE = {"given_name": "Renate", "family_name": "Müller", "birth_date": "1961-08-01", "addresses": [HOME]}
IDA = {"given_name": "Ida", "family_name": "Holm", "emails": [{"value": "ida@teehaus.example"}]}
KAI = {"given_name": "Kai", "family_name": "Ott", "emails": [{"value": "kai@gmail.com"}]}


@pytest.fixture
def four() -> list[int]:
    numbers = added(juergen(), RENATE, FIRM, IDA, KAI)
    actions.scan_all(at=NOW)
    return numbers


def found(by: Any = OLGA) -> list[tuple[int, int, str, tuple[str, ...]]]:
    return [(each.a, each.b, each.kind, each.shares) for each in queries.near(by)]


def test_who_shares_a_home_or_a_domain_is_proposed(four: list[int]) -> None:
    jurgen, renate, firm, ida, _kai = four
    assert found() == [(jurgen, renate, "household", ("address",)), (ida, firm, "works_at", ("domain",))]
    assert queries.open_pairs(OLGA) == []


def test_nothing_is_proposed_before_the_first_scan() -> None:
    added(juergen(), RENATE)
    assert found() == []


def test_one_press_makes_a_household_and_they_are_two_from_then_on(four: list[int]) -> None:
    jurgen, renate, *_rest = four
    made = actions.belong(a=renate, b=jurgen, kind="household", by=OLGA, at=NOW)
    assert [each["name"] for each in card_json(OLGA, renate)["households"]] == ["Müller, Lindenweg 7"]
    assert card_json(OLGA, jurgen)["households"][0]["name"] == "Müller, Lindenweg 7"
    assert Rejection.objects.count() == 1 and len(found()) == 1 and made is not None
    assert changeset(made).sentence == f"noted that cards {jurgen} and {renate} are two people of one household"
    assert actions.belong(a=jurgen, b=renate, kind="household", by=OLGA, at=NOW) is None
    undo(changeset=made, by=OLGA, at=NOW)
    assert not card_json(OLGA, renate)["households"] and len(found()) == 2 and verify().ok


def test_who_comes_later_comes_into_the_same_household_and_others_into_their_own(four: list[int]) -> None:
    jurgen, renate, *_rest = four
    actions.belong(a=jurgen, b=renate, kind="household", by=OLGA, at=NOW)
    child, *strangers = added({**RENATE, "given_name": "Mia"}, {"family_name": "Müller"}, {"family_name": "Müller"})
    actions.belong(a=child, b=renate, kind="household", by=OLGA, at=NOW)
    assert Household.objects.count() == 1 and len(card_json(OLGA, child)["households"]) == 1
    actions.belong(a=strangers[0], b=strangers[1], kind="household", by=OLGA, at=NOW)
    assert Household.objects.count() == 2


def test_work_is_noted_and_what_belongs_to_nobody_is_left_apart(four: list[int]) -> None:
    jurgen, renate, firm, ida, _kai = four
    actions.belong(a=firm, b=ida, kind="works_at", by=OLGA, at=NOW)
    assert card_json(OLGA, ida)["works_at"][0]["organisation"] == "Teehaus GmbH"
    actions.leave_apart(a=jurgen, b=renate, by=OLGA, at=NOW)
    assert found() == [] and verify().ok


def test_colleagues_share_the_phone_of_their_firm() -> None:
    phone = {"phones": [{"value": "+49 461 12345"}]}
    firm, *staff = added({**FIRM, **phone}, {"given_name": "Ida", **phone}, {"given_name": "Kai", **phone})
    actions.scan_all(at=NOW)
    assert found() == [(each, firm, "works_at", ("phone",)) for each in staff]


def test_nobody_sees_one_who_is_not_hers(four: list[int]) -> None:
    edit_customer(number=four[1], card={"territory": "north"}, by=OLGA, at=NOW)
    south = replace(BEN, own=(("territory", ("south",)),))
    assert found(south) == []
    with pytest.raises(NotFound):
        actions.belong(a=four[0], b=four[1], kind="household", by=south, at=NOW)


def test_refusals(four: list[int]) -> None:
    with pytest.raises(Refused, match="two people"):
        actions.belong(a=four[0], b=four[2], kind="household", by=OLGA, at=NOW)
    with pytest.raises(Refused, match="a person and an organisation"):
        actions.belong(a=four[0], b=four[1], kind="works_at", by=OLGA, at=NOW)
    with pytest.raises(NotAllowed):
        actions.leave_apart(a=four[0], b=four[1], by=replace(BEN, rights=frozenset({"customers.view"})), at=NOW)


def test_on_screen(four: list[int]) -> None:
    browser = browser_of("staff")
    page = browser.get("/duplicates/near/").content.decode()
    assert "They share an address." in page and "Same household" in page and "Works there" in page
    done = browser.post(f"/duplicates/{four[0]}/{four[1]}/belong/", {"kind": "household"})
    assert done.headers["Location"] == "/duplicates/near/"
    browser.post(f"/duplicates/{four[3]}/{four[2]}/nothing/")
    assert "Nobody is left to be asked about" in browser.get("/duplicates/near/").content.decode()


def test_the_pair_offers_it_where_people_share_a_home() -> None:
    two = added(juergen(birth_date=None), juergen(birth_date=None, phones=None, emails=None))
    actions.scan_all(at=NOW)
    browser = browser_of("staff")
    assert "Two of one household" in browser.get(f"/duplicates/{two[0]}/{two[1]}/").content.decode()
    done = browser.post(f"/duplicates/{two[0]}/{two[1]}/belong/", {"kind": "household"})
    assert done.headers["Location"] == "/duplicates/" and queries.open_pairs(OLGA) == []
