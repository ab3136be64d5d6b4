"""The builder's form and the tree are two views of one thing; a row that is touched means what its inputs say."""

import pytest
from hypothesis import HealthCheck, given, settings

from regulars.areas.segments import queries
from regulars.areas.segments.language import parse, text_of
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.building import Row, as_form, changed, draft_from, draft_of, tree_of
from regulars.areas.segments.tests.people import HERE, OWNER
from regulars.areas.segments.tests.questions import criteria
from regulars.areas.segments.tests.test_language import CONTRACT
from regulars.areas.segments.tests.trees import trees
from regulars.kernel import registries


def through_the_form(tree: t.Tree, facts=None, *, without_memory: bool = False) -> t.Tree:
    facts = registries.REGISTRY.facts if facts is None else facts
    sent = as_form(draft_of(tree, facts))
    if without_memory:
        sent = [(name, value) for name, value in sent if not name.endswith(":was")]
    return tree_of(draft_from(sent), facts)


@given(trees)
def test_any_tree_comes_back_from_the_form(tree: t.Tree) -> None:
    assert through_the_form(tree) == tree


@pytest.mark.parametrize("text", CONTRACT)
def test_the_contract_comes_back_from_the_form(text: str) -> None:
    assert text_of(through_the_form(parse(text))) == text


@pytest.mark.django_db
@given(tree=criteria)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_inputs_alone_ask_for_the_same_customers(cast: list[int], tree: t.Tree) -> None:
    """As if somebody had filled the form by hand: nothing remembers the text."""
    facts = registries.facts()
    built = through_the_form(tree, facts, without_memory=True)
    asked = set(queries.numbers(tree, by=OWNER, **HERE))
    assert set(queries.numbers(built, by=OWNER, **HERE)) == asked, (text_of(tree), text_of(built))


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"fact": "city", "op": "startswith", "v": "Ber"}, 'city startswith "Ber"'),
        ({"fact": "city"}, ""),
        ({"fact": "children", "op": ">=", "v": "2"}, "children >= 2"),
        ({"fact": "gender", "v": "female"}, "gender = female"),
        ({"fact": "birthday", "op": "in window", "side": "next", "n0": "7", "unit0": "day"}, "birthday in next 7 days"),
        ({"fact": "created_at", "op": "in window", "side": "last_one", "unit0": "month"}, "created_at in last month"),
        (
            {"fact": "created_at", "op": "before", "how0": "ago", "n0": "60", "unit0": "day"},
            "created_at before 60 days ago",
        ),
        ({"fact": "birth_date", "op": "=", "how0": "yearly", "month0": "2", "dom0": "29"}, "birth_date = --02-29"),
        ({"fact": "consent", "a.channel": "post", "a.purpose": "offers"}, "consent(post, offers)"),
        ({"fact": "created_at", "op": "in window", "side": "days", "day1": "2026-01-01"}, ""),
        (
            {"fact": "created_at", "op": "in window", "side": "days", "day0": "2026-01-01"},
            "created_at in since 2026-01-01",
        ),
        (
            {"fact": "created_at", "op": "in window", "side": "days", "day0": "2026-01-01", "day1": "2026-01-31"},
            "created_at in 2026-01-01 to 2026-01-31",
        ),
        ({"fact": "bought", "a.window": "days", "a.to": "2026-01-31"}, ""),
        (
            {"fact": "bought", "a.window": "days", "a.from": "2026-01-01", "a.to": "2026-01-31"},
            "bought(2026-01-01 to 2026-01-31)",
        ),
        ({"fact": "bought", "a.window": "days", "a.from": "2026-01-01"}, "bought(since 2026-01-01)"),
        ({"fact": "archived", "op": "no"}, "archived = no"),
        ({"fact": "@segment", "v": "Gold"}, 'segment "Gold"'),
        ({"fact": "@list", "v": "Test"}, 'in list "Test"'),
        ({"fact": "@top", "n0": "10", "by": "children"}, "top 10% by children"),
        ({"fact": "@text", "v": 'tag "a" or tag "b"'}, 'tag "a" or tag "b"'),
        ({"fact": "nonsense", "v": "x"}, ""),
    ],
)
def test_a_row_filled_by_hand_is_a_condition(row: dict[str, str], text: str) -> None:
    sent = [(f"q.0:{name}", value) for name, value in row.items()]
    assert text_of(tree_of(draft_from(sent), registries.REGISTRY.facts)) == text


def test_buttons_add_wrap_and_remove_rows_and_groups() -> None:
    facts = registries.REGISTRY.facts
    draft = draft_of(parse('city = "Berlin" and gender = female'), facts)
    assert changed(draft, "wrap:.0") == ".0.1"
    draft.parts[0].parts[1] = Row({"fact": ["city"], "op": ["="], "v": ["Hamburg"]})  # type: ignore[union-attr]
    assert text_of(tree_of(draft, facts)) == '(city = "Berlin" or city = "Hamburg") and gender = female'
    assert changed(draft, "remove:.0.0") == ".0"
    assert changed(draft, "add:") == ".2"
    assert changed(draft, "group:") == ".3.0"
    assert text_of(tree_of(draft, facts)) == 'city = "Hamburg" and gender = female'
    for nowhere in ("remove:", "add:.9", "wrap:.0.7", "nonsense", "less:.1:5"):
        changed(draft, nowhere)
    assert text_of(tree_of(draft, facts)) == 'city = "Hamburg" and gender = female'
