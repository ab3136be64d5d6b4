"""The cast on stage."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest


@pytest.fixture
def cast(db: None) -> list[int]:
    from regulars.areas.segments.tests.people import everybody  # Django is set up after this file is read

    return everybody()


@pytest.fixture(scope="module")
def cast_for_all(for_a_while: Callable[[], AbstractContextManager[None]]) -> Iterator[list[int]]:
    """The same cast on stage for every test of a module: forty customers are made once."""
    from regulars.areas.segments.tests.people import everybody

    with for_a_while():
        yield everybody()
