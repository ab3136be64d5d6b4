"""Rows judged under a mapping that is written in a word for each column."""

from typing import Any

from regulars.areas.intake.readers import Column, Mapping, compile_judge
from regulars.areas.intake.readers.tests.files import GERMANY


def judged(*columns, rows=None, context=GERMANY, source="list") -> list[Any]:
    """The rows of a table whose columns are `heading=path`, with options after a comma."""
    mapping = Mapping(source, tuple(_column(index, each) for index, each in enumerate(columns)))
    judge = compile_judge(mapping, context)
    return [judge(number, list(row)) for number, row in enumerate(rows or [], 2)]


def _column(index, spec):
    heading, _equals, path = spec.partition("=")
    path, *options = path.split(",")
    given = dict(option.split(":") for option in options)
    serial = {"yes": True, "no": False}.get(given.pop("serial", ""))
    return Column(index=index, column=heading, to=path, serial=serial, **given)


def card_of(*columns, row, context=GERMANY):
    (one,) = judged(*columns, rows=[row], context=context)
    assert one.problem is None, one.problem
    return one.card


def problem_of(*columns, row, context=GERMANY):
    (one,) = judged(*columns, rows=[row], context=context)
    assert one.card is None
    return one.problem.as_json()
