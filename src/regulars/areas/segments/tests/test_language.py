"""Text, tree and JSON are three views of one thing; a slip is answered with its place and what was meant."""

import pytest
from hypothesis import given

from regulars.areas.segments.language import CriteriaError, from_json, parse, text_of, to_json
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.tests.trees import nonsense, trees

CONTRACT = [
    "gender = female and spent(last 30 days) > 500",
    'city = "Berlin" or postcode startswith "10"',
    'last_purchase before 60 days ago and not tag "staff"',
    'bought(type = "Books", this year) and not bought(type = "Toys")',
    "top 10% by spent(last 12 months)",
    "birthday in next 7 days",
    'segment "Gold" and consent(email, offers)',
    'name ~ "jonson"',
    'works_at.organisation_name = "Example GmbH" and works_at.job_title contains "buyer"',
    "spent > 500 EUR",
    "spent(2026-01-01 to 2026-03-31) > 500 and bought(2011-03-01 to 2011-05-31)",
    "created_at in 2026-01-01 to 2026-01-31",
    "bought(2011-03-01 to 2011-05-31) and not bought(since 2011-06-01) and created_at in since 2026-01-01",
    "",
]


@pytest.mark.parametrize("text", CONTRACT)
def test_the_contract_is_spoken_and_written_alike(text: str) -> None:
    assert text_of(parse(text)) == text


@pytest.mark.parametrize("text", ["city in Berlin", 'city IN "Berlin"', 'gender = female and city in "Berlin"'])
def test_who_writes_in_for_one_is_told_how_one_is_asked(text: str) -> None:
    with pytest.raises(CriteriaError, match=r"in brackets: city in .*For one write city = .*Berlin"):
        parse(text)


@given(trees)
def test_a_tree_comes_back_from_its_text(tree: t.Tree) -> None:
    assert parse(text_of(tree)) == tree


@given(trees)
def test_a_tree_comes_back_from_its_json(tree: t.Tree) -> None:
    assert from_json(to_json(tree)) == tree


@given(nonsense)
def test_nonsense_is_refused_and_never_breaks(text: str) -> None:
    try:
        tree = parse(text)
    except CriteriaError as error:
        assert 0 <= error.more["offset"] <= len(text)
    else:
        assert parse(text_of(tree)) == tree


def test_not_binds_before_and_and_and_before_or() -> None:
    a, b, c = (t.Test(t.Ask(name), "yes") for name in "abc")
    assert parse("not a and b or c") == t.Or((t.And((t.Not(a), b)), c))
    assert parse("a and (b or c)") == t.And((a, t.Or((b, c))))


def test_keywords_are_words_where_they_cannot_stand() -> None:
    assert text_of(parse('tag = "x" AND list = 3 or city = Berlin')) == 'tag "x" and list = 3 or city = Berlin'


def test_a_postcode_keeps_its_nought() -> None:
    assert parse("postcode = 01067") == t.Test(t.Ask("postcode"), "=", (t.Number("01067"),))


@pytest.mark.parametrize(
    ("text", "column", "length", "said"),
    [
        ('city beginswith "x"', 6, 10, "startswith"),
        ("city = New York", 12, 4, "in quotes"),
        ('city = "Berlin', 8, 7, "no closing quote"),
        ("x = 2026-02-31", 5, 10, "no day 2026-02-31"),
        ("gender =", 9, 0, "end too early"),
        ("x in last 0.5 days", 11, 3, "whole number"),
        ("x(2026-03-31 to 2026-01-01) > 1", 3, 24, "earlier day first"),
        ("x in 2026-02-31 to 2026-03-01", 6, 10, "no day 2026-02-31"),
        ("x(2026-01-01 until 2026-02-01)", 14, 5, "“to”"),
        ("a & b", 3, 1, "no meaning"),
        ("top 0% by x", 5, 1, "100%"),
    ],
)
def test_a_slip_is_pointed_at(text: str, column: int, length: int, said: str) -> None:
    with pytest.raises(CriteriaError) as caught:
        parse(text)
    assert (caught.value.more["column"], caught.value.more["length"]) == (column, length)
    assert said in str(caught.value)


def test_a_hostile_text_is_refused_for_its_size() -> None:
    assert parse("(" * 5_000 + "a" + ")" * 5_000) == parse("a")
    for text in ("not " * 4_000 + "a", " or ".join(["a = 1"] * 300), "a" * 30_000):
        with pytest.raises(CriteriaError):
            parse(text)


@pytest.mark.parametrize(
    ("shape", "where"),
    [
        ([], "$"),
        ({"and": []}, "$.and"),
        ({"not": {"fact": "x", "op": "=="}}, "$.not.op"),
        ({"fact": "x", "op": "=", "values": [None]}, "$.values[0]"),
        ({"fact": "x", "operator": "="}, "$.operator"),
        ({"fact": "x y"}, "$.fact"),
        ({"top": 200, "percent": True, "by": {"fact": "x"}}, "1:1"),
        ({"fact": "x", "op": "in window", "values": [{"from": "2026-01-01", "to": 5}]}, "$.values[0].to"),
        ({"fact": "x", "op": "=", "values": [{"window": "last", "unit": "day"}]}, "$.values"),
    ],
)
def test_json_that_is_none_is_refused_with_its_path(shape: object, where: str) -> None:
    with pytest.raises(CriteriaError) as caught:
        from_json(shape)
    assert caught.value.where == where
