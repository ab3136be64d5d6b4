"""Whoever loses the process that started it ends by itself."""

import os
import signal
import subprocess
import sys

import pytest

from regulars.interfaces.server import leash

FOLLOWS = "from regulars.interfaces.server import leash; leash.follow_parent(); print('lives')"


def started(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", FOLLOWS], env=environment, capture_output=True, text=True)


def test_it_lives_while_its_parent_does() -> None:
    assert started(dict(leash.told())).stdout == "lives\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere it is noticed within a second")
def test_it_ends_where_its_parent_had_ended_before_it_could_ask() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    ended = started({**os.environ, leash._PARENT: str(gone.pid)})
    assert (ended.returncode, ended.stdout) == (-signal.SIGTERM, "")
