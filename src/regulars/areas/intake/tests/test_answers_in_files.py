"""What a file says of what may be sent: a no counts at once, a yes is a claim; what goes nowhere is named."""

from collections.abc import Iterator

import pytest

from regulars.areas.consent.models import Answer
from regulars.areas.consent.queries import may_contact
from regulars.areas.customers.models import Customer
from regulars.areas.intake.tests.lists import brought, in_this_process, sums, tried
from regulars.areas.journal.queries import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def only() -> Customer:
    return Customer.objects.get()


def test_a_no_in_a_file_counts_at_once_and_names_file_and_row() -> None:
    brought("First name,E-mail,Unsubscribed", "Anna,a@x.org,yes", name="news.csv")
    answer = Answer.objects.get(purpose="offers")
    assert (answer.answer, answer.row) == ("refused", 2)
    assert answer.intake and "news.csv" in answer.heard
    assert not may_contact(only().number, "email", "offers")


def test_a_yes_in_a_file_is_a_claim_that_allows_nothing() -> None:
    brought("First name,E-mail,Newsletter", "Anna,a@x.org,yes")
    assert set(Answer.objects.values_list("answer", flat=True)) == {"claimed"}
    assert not may_contact(only().number, "email", "offers")


def test_a_status_as_programs_that_send_mail_write_it_is_a_no_or_an_unproved_yes() -> None:
    told = brought("Name,E-mail,Status", "Anna Berg,a@x.org,Active", "Ben Dahl,b@x.org,Unsubscribed",
                   "Cleo Eck,c@x.org,Bounced", "Dora Fink,d@x.org,Pending")  # fmt: skip
    assert sums(told) == (4, 0, 0, 0) and told["left_out"] == []
    said = Answer.objects.filter(purpose="offers").values_list("customer__given_name", "answer")
    assert dict(said) == {"Anna": "claimed", "Ben": "refused", "Cleo": "refused"}


def test_columns_that_go_nowhere_are_named() -> None:
    lines = ("Name,E-mail,Rank,Empty,Also,Password", "Anna Berg,a@x.org,Gold,,x,hush", "Ben Dahl,b@x.org,Tin,,y,hush")
    told = tried(*lines)
    assert (told["left_out"], told["never_kept"]) == (["Rank", "Also"], ["Password"])
    mapping = {"columns": {"E-mail": "email"}, "made": [{"to": "note", "of": ["Rank", "Also"]}]}
    assert brought(*lines, mapping=mapping)["left_out"] == ["Name"]


@pytest.mark.parametrize(
    ("cell", "answers"),
    [
        ("abgemeldet am 3.5.2024", {"refused"}), ("Nein, danke", {"refused"}), ("opted out (May)", {"refused"}),
        ("Nej tak", {"refused"}), ("wants none", {"refused"}), ("नहीं चाहिए", {"refused"}),
        ("Ja (nicht am Wochenende)", {"claimed"}), ("yes since 2024-05-03", {"claimed"}), ("2024-05-03", {"claimed"}),
        ("Keine Angabe", set()), ("n/a", set()),
    ],
)  # fmt: skip
def test_a_no_is_heard_in_whatever_words_it_stands(cell: str, answers: set[str]) -> None:
    brought("First name,E-mail,Newsletter", f'Anna,a@x.org,"{cell}"', "Ben,b@x.org,yes")
    assert set(Answer.objects.filter(customer__given_name="Anna").values_list("answer", flat=True)) == answers


def test_an_import_cannot_undo_a_no() -> None:
    brought("First name,E-mail,Unsubscribed", "Anna,a@x.org,yes")
    brought("First name,E-mail,Newsletter", "Anna,A@x.ORG,yes")
    assert set(Answer.objects.values_list("answer", flat=True)) == {"refused"}


def test_a_no_turns_a_standing_yes() -> None:
    brought("First name,E-mail,Newsletter", "Anna,a@x.org,yes")
    told = brought("First name,E-mail,Unsubscribed", "Anna,a@x.org,yes")
    assert sums(told) == (0, 1, 0, 0)
    assert set(Answer.objects.values_list("answer", flat=True)) == {"refused"}
    assert verify().ok
