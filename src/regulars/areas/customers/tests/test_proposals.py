"""What orders say otherwise: weighed against the card, proposed once, gone with her who is forgotten."""

import pytest

from regulars.areas.customers.actions import add_customer, decline_proposal, forget_customer
from regulars.areas.customers.actions.proposals import Proposed, propose, weigh
from regulars.areas.customers.models import Proposal
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.journal.actions import deed, undo
from regulars.areas.journal.queries import verify

pytestmark = pytest.mark.django_db
HOME = {"street": "Hauptstr. 1", "postcode": "10115", "city": "Berlin", "country": "DE"}
NEW = "anna.new@example.org"


@pytest.fixture
def anna() -> int:
    card = {"given_name": "Anna", "emails": ["anna@example.com"], "addresses": [HOME]}
    return add_customer(card=card, by=OLGA, at=NOW)


def proposed(number: int, value: str = NEW) -> int:
    with deed(verb="customers.proposed", by=OLGA, at=NOW, particulars={"number": number}) as link:
        return propose(link, [Proposed(number, "email", {"value": value}, "web 1")], day=NOW.date())


@pytest.mark.parametrize(
    ("kind", "value", "verdict"),
    [
        ("email", {"value": "ANNA@example.com"}, "known"),
        ("email", {"value": NEW}, "propose"),
        ("phone", {"value": "+4930901820"}, "add"),
        ("address", {"street": "HAUPTSTR. 1", "city": "Berlin"}, "known"),
        ("address", {**HOME, "region": "Berlin"}, "add"),
        ("address", {"street": "Ringstr. 5", "city": "Hamburg"}, "propose"),
        ("address", {"country": "DE"}, "known"),
        ("address", {"country": "FR"}, "propose"),
    ],
)
def test_what_an_order_says_is_weighed_against_the_card(
    anna: int, kind: str, value: dict[str, str], verdict: str
) -> None:
    assert weigh([Proposed(anna, kind, value)]) == [verdict]


def test_the_same_is_proposed_once_even_after_it_was_left(anna: int) -> None:
    assert proposed(anna) == 1 and proposed(anna, NEW.upper()) == 0
    changeset = decline_proposal(number=anna, token=Proposal.objects.get().token, by=OLGA, at=NOW)
    assert changeset is not None and proposed(anna) == 0
    undo(changeset=changeset, by=OLGA, at=NOW)
    assert Proposal.objects.get().state == "open"


def test_who_is_forgotten_takes_what_was_proposed_along(anna: int) -> None:
    proposed(anna)
    forget_customer(number=anna, by=OLGA, at=NOW)
    assert not Proposal.objects.exists() and not Proposal.past._default_manager.exists()
    assert verify().ok
