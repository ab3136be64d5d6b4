"""What is kept of a question is its text, never its answer."""

import pytest
from django.utils import timezone

from regulars.kernel.models import Job
from regulars.kernel.prepared import Prepared

pytestmark = pytest.mark.django_db


def job(ticket: str, task: str = "count") -> Job:
    at = timezone.now()
    return Job.objects.create(ticket=ticket, task=task, due=at, made_at=at, arguments={"name": ticket})


def test_each_value_finds_its_rows_as_they_stand(django_assert_num_queries) -> None:
    asked = Prepared(lambda ticket: Job.objects.filter(ticket=ticket, attempts=0))
    first, second = job("a"), job("b")
    assert asked.rows("a") == [first] and asked.rows("b") == [second] and asked.rows("c") == []
    Job.objects.filter(pk=first.pk).update(note="seen")
    with django_assert_num_queries(1):
        (found,) = asked.rows("a")
    assert (found.note, found.arguments, found.due) == ("seen", {"name": "a"}, first.due)
    Job.objects.filter(pk=first.pk).update(attempts=1)
    assert asked.rows("a") == []


def test_rows_that_are_no_models_and_no_value() -> None:
    tickets = Prepared(lambda _none: Job.objects.order_by("ticket").values_list("ticket", flat=True))
    assert tickets.rows() == []
    job("b"), job("a")
    assert tickets.rows() == ["a", "b"]


def test_a_value_is_never_part_of_the_text() -> None:
    asked = Prepared(lambda task: Job.objects.filter(task=task))
    kept = job("a", task="' OR 1=1 --")
    job("b")
    assert asked.rows("' OR 1=1 --") == [kept]


def test_by_a_number_and_so_many_of_them() -> None:
    first, second, _third = job("a"), job("b"), job("c")
    by_key = Prepared(lambda key: Job.objects.filter(pk=key))
    assert (
        by_key.rows(second.pk) == [second]
        and by_key.rows(first.pk) == [first]
        and by_key.rows(0) == [] == by_key.rows(1 << 63)
    )
    two = Prepared(lambda _none: Job.objects.order_by("ticket"), most=2)
    assert two.rows() == [first, second] and [*two.build("")][:2] == [first, second]
