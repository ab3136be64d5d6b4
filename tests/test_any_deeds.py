"""Whatever is done in whatever order: what stands, every moment before, the proof and the numbers are as they must be.

`pytest tests/test_any_deeds.py --both --deeds 500` tries that many sequences instead of a few; each has 30 steps.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from regulars.areas.intake.tests.lists import in_this_process
from tests.deeds.machine import Deeds

pytestmark = pytest.mark.django_db


def test_any_deeds_in_any_order(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = request.config.getoption("--deeds")
    long = {"max_examples": wanted, "stateful_step_count": 30}
    few = {"max_examples": 10, "stateful_step_count": 14, "derandomize": True, "database": None}
    house = settings(
        **(long if wanted else few),
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    monkeypatch.setattr(Deeds, "look_back_each_time", not wanted)
    with in_this_process():
        run_state_machine_as_test(Deeds, settings=house)
