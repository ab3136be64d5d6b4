"""Segments that ask for segments: what all of it comes to is bounded, and refused with its reason."""

from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.segments import actions, queries
from regulars.areas.segments.language import CriteriaError
from regulars.areas.segments.tests.people import AT, HERE, OWNER

pytestmark = pytest.mark.django_db
HOW: dict[str, Any] = {"by": OWNER, **HERE}


def kept(name: str, criteria: str) -> None:
    actions.save_segment(name=name, criteria=criteria, at=AT, **HOW)


def nested(inner: str, times: int) -> str:
    for each in range(times):
        inner = f"not (city = X{each} or {inner})" if each % 2 else f"(city = Y{each} and {inner})"
    return inner


def test_what_multiplies_with_each_segment_is_refused() -> None:
    kept("s0", "city = Kiel")
    for level in range(1, 4):
        kept(f"s{level}", " or ".join(f'segment "s{level - 1}" and number != {each}' for each in range(4)))
    assert queries.count('segment "s3"', **HOW) == 0
    for criteria in (" or ".join(['segment "s3"'] * 5), 'segment "s3" or ' * 30 + 'segment "s2"'):
        with pytest.raises(CriteriaError, match="more than 400 conditions"):
            kept("s4", criteria)


def test_what_grows_within_others_is_said_of_them() -> None:
    kept("inner", "city = Kiel")
    kept("outer", " or ".join(f'segment "inner" and number != {each}' for each in range(30)))
    kept("inner", " or ".join(f"city = X{each}" for each in range(30)))
    told = {each.name: each.problem for each in queries.saved_segments(counted=True, **HOW)}
    assert told["inner"] is None and "more than 400 conditions" in (told["outer"] or "")
    assert browser_of().get("/segments/").status_code == 200


def test_what_is_nested_through_segments_is_asked_or_refused() -> None:
    number = add_customer(card={"given_name": "Anna"}, by=OWNER, at=AT)
    kept("deep", nested("city = Kiel", 12))
    kept("deeper", nested('segment "deep"', 30))
    for address in ("/customers/?", f"/customers/why/?number={number}&", "/customers/export/?"):
        assert browser_of().get(f'{address}criteria=segment "deeper"').status_code == 200
    for within in ("deep", "deeper"):
        with pytest.raises(CriteriaError, match="nested too deeply"):
            kept("deepest", nested(f'segment "{within}"', 39))


def test_more_than_a_database_takes_at_once_is_refused_or_answered() -> None:
    try:
        assert queries.count(" or ".join(f"name = x{each}" for each in range(199)), **HOW) == 0
    except CriteriaError as error:  # SQLite, whose trees have an end
        assert "more than the database takes" in str(error)
