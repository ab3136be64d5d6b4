"""The cast on stage, once for a module whose tests only look."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def cast(django_db_setup: Any, django_db_blocker: Any) -> Iterator[list[int]]:
    from regulars.areas.segments.tests.people import staged  # Django is set up after this file is read

    with django_db_blocker.unblock(), staged() as numbers:
        yield numbers
