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


PHONE = {"phones": [{"value": "+49 461 12345"}]}
ANNE = {"given_name": "Anne", "family_name": "Holm", "emails": [{"value": "anne@teehaus.example"}], **PHONE}
KARL = {"given_name": "Karl", "family_name": "Holm", "emails": [{"value": "karl@teehaus.example"}], **PHONE}


def colleagues(*cards: dict[str, Any]) -> tuple[list[int], int | None]:
    numbers = added(*cards)
    return numbers, actions.belong(a=numbers[0], b=numbers[1], kind="colleagues", by=OLGA, at=NOW)


def at_work(number: int) -> list[str]:
    return [each["organisation"] for each in card_json(OLGA, number)["works_at"]]


def test_who_shares_a_telephone_and_a_workplace_is_proposed_as_a_colleague() -> None:
    numbers = added(ANNE, KARL)
    actions.scan_all(at=NOW)
    assert found() == [(*numbers, "colleagues", ("phone",))]
    browser = browser_of("staff")
    assert "Work together" in browser.get("/duplicates/near/").content.decode()
    browser.post(f"/duplicates/{numbers[0]}/{numbers[1]}/belong/", {"kind": "colleagues"})
    assert found() == [] and card_json(OLGA, numbers[0])["relations"][0]["number"] == numbers[1]


def test_the_same_organisation_on_two_cards_is_where_both_work() -> None:
    firm = {"organisation_name": "Kontor Nord", "kind": "person"}
    numbers = added({"given_name": "Ida", **firm}, {"given_name": "Kai", **firm, "organisation_name": "KONTOR NORD"})
    actions.scan_all(at=NOW)
    assert found() == [(*numbers, "colleagues", ("organisation",))]
    made = actions.belong(a=numbers[0], b=numbers[1], kind="colleagues", by=OLGA, at=NOW)
    assert [at_work(number) for number in numbers] == [["Kontor Nord"]] * 2
    assert made and "work together" in changeset(made).sentence
    assert actions.belong(a=numbers[0], b=numbers[1], kind="colleagues", by=OLGA, at=NOW) is None
    undo(changeset=made, by=OLGA, at=NOW)
    assert [at_work(number) for number in numbers] == [[], []] and found() and verify().ok


@pytest.mark.parametrize("told", [{"emails": [{"value": "info@teehaus.example"}]}, PHONE])
def test_the_organisation_is_known_by_its_domain_or_telephone(told: dict[str, Any]) -> None:
    added({**FIRM, "emails": [], **told})
    two, _made = colleagues(ANNE, KARL)
    assert [at_work(number) for number in two] == [["Teehaus GmbH"]] * 2


def test_where_one_works_the_other_works_and_two_firms_leave_a_relation() -> None:
    two, _made = colleagues({**ANNE, "works_at": [{"organisation": "Kontor"}]}, KARL)
    assert [at_work(number) for number in two] == [["Kontor"]] * 2
    jobs = ({"works_at": [{"organisation": name}]} for name in ("Kontor", "Werft"))
    two, _made = colleagues(*({**card, **job} for card, job in zip((IDA, KAI), jobs, strict=True)))
    assert [at_work(number) for number in two] == [["Kontor"], ["Werft"]]
    assert [each["kind"] for each in card_json(OLGA, two[0])["relations"]] == ["colleague"]


def test_a_firm_that_one_may_not_see_is_not_noted() -> None:
    (firm,) = added({**FIRM, "territory": "north"})
    numbers = added({**ANNE, "territory": "south"}, {**KARL, "territory": "south"})
    south = replace(BEN, own=(("territory", ("south",)),))
    actions.belong(a=numbers[0], b=numbers[1], kind="colleagues", by=south, at=NOW)
    assert at_work(numbers[0]) == [] and card_json(OLGA, numbers[0])["relations"] and firm


def test_the_pair_offers_it_where_names_differ() -> None:
    same = {"birth_date": None, "addresses": None, "emails": None}
    two = added(juergen(**same), juergen(**same, given_name="Juergen J."), juergen(**same))
    actions.scan_all(at=NOW)
    browser = browser_of("staff")
    offered = 'value="colleagues" data-shortcut="w"'
    assert offered in browser.get(f"/duplicates/{two[0]}/{two[1]}/").content.decode()
    assert offered not in browser.get(f"/duplicates/{two[0]}/{two[2]}/").content.decode()
    with pytest.raises(Refused, match="Colleagues are two people"):
        actions.belong(a=two[0], b=added(FIRM)[0], kind="colleagues", by=OLGA, at=NOW)
