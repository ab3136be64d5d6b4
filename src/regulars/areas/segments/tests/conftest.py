"""The cast on stage."""

import pytest


@pytest.fixture
def cast(db: None) -> list[int]:
    from regulars.areas.segments.tests.people import everybody  # Django is set up after this file is read

    return everybody()
