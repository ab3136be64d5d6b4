"""What is kept of a question is its text, never its answer."""

import pytest
from django.utils import timezone

from regulars.kernel.models import Job
from regulars.kernel.prepared import MARK, Prepared

pytestmark = pytest.mark.django_db


def job(ticket: str, task: str = "count") -> Job:
    at = timezone.now()
    return Job.objects.create(ticket=ticket, task=task, due=at, made_at=at, arguments={"name": ticket})


def test_each_value_finds_its_rows_as_they_stand(django_assert_num_queries) -> None:
    asked = Prepared(lambda: Job.objects.filter(ticket=MARK, attempts=0))
    first, second = job("a"), job("b")
    assert asked.rows("a") == [first] and asked.rows("b") == [second] and asked.rows("c") == []
    Job.objects.filter(pk=first.pk).update(note="seen")
    with django_assert_num_queries(1):
        (found,) = asked.rows("a")
    assert (found.note, found.arguments, found.due) == ("seen", {"name": "a"}, first.due)
    Job.objects.filter(pk=first.pk).update(attempts=1)
    assert asked.rows("a") == []


def test_rows_that_are_no_models_and_no_value() -> None:
    tickets = Prepared(lambda: Job.objects.order_by("ticket").values_list("ticket", flat=True))
    assert tickets.rows() == []
    job("b"), job("a")
    assert tickets.rows() == ["a", "b"]


def test_a_value_is_never_part_of_the_text() -> None:
    asked = Prepared(lambda: Job.objects.filter(task=MARK))
    kept = job("a", task="' OR 1=1 --")
    job("b")
    assert asked.rows("' OR 1=1 --") == [kept]
