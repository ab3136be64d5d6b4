"""What this room's tests need to be quick."""

from functools import cache

import pytest


@pytest.fixture(autouse=True)
def _quick_hashing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.module.__name__.rpartition(".")[2] == "test_passwords":  # about how slow guessing is
        return
    from regulars.areas.access.door import passwords
    from regulars.areas.access.tests.people import weaken

    weaken(monkeypatch)
    monkeypatch.setattr(passwords, "_decoy", cache(passwords._decoy.__wrapped__))
