"""A copy that rots is found by `verify` before it is needed."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from regulars.areas.journal.queries import verify
from regulars.areas.safekeeping import actions, queries
from regulars.kernel.databases import is_file

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_the_newest_copy_is_proved_too() -> None:
    if not is_file(connection):
        pytest.skip("copies of PostgreSQL are checked when they are made")
    actions.make_version(at=NOW, why="test")
    assert verify().ok
    copy = queries.versions()[0].file
    whole = bytearray(copy.read_bytes())
    whole[len(whole) // 2] ^= 1
    copy.write_bytes(whole)
    assert "file_differs" in {problem.kind for problem in verify().problems}
    copy.unlink()
