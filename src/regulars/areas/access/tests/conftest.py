"""What this room's tests need to be quick."""

from functools import cache

import pytest


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its least, for tests that are not about how slow guessing is (`test_passwords` is)."""
    from regulars.areas.access.door import passwords

    monkeypatch.setattr(passwords._Hasher, "time_cost", 1)
    monkeypatch.setattr(passwords._Hasher, "memory_cost", 8)
    monkeypatch.setattr(passwords, "_decoy", cache(passwords._decoy.__wrapped__))
