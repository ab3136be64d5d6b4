"""SQL and the naive reading agree on every tree, on both databases; whoever is not in X is in not X."""

import pytest
from hypothesis import HealthCheck, given, settings

from regulars.areas.customers.card import showing
from regulars.areas.segments import queries
from regulars.areas.segments.language import text_of
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.tests.naive import Naive
from regulars.areas.segments.tests.people import HERE, OWNER, TODAY, ZONE
from regulars.areas.segments.tests.questions import criteria
from regulars.kernel import registries

pytestmark = pytest.mark.django_db


@pytest.fixture
def naive(cast: list[int]) -> Naive:
    return Naive(showing.cards(cast), registries.facts(), TODAY, ZONE)


@given(tree=criteria)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_the_naive_reading_agree(naive: Naive, tree: t.Tree) -> None:
    expected = naive.numbers(tree)
    assert set(queries.numbers(tree, by=OWNER, **HERE)) == expected, text_of(tree)
    assert queries.count(tree, by=OWNER, **HERE) == len(expected), text_of(tree)
    assert queries.count(t.Not(tree), by=OWNER, **HERE) == len(naive.cards) - len(expected), text_of(tree)
