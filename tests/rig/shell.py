"""Commands as a program calls them: words in, JSON out."""

import json
from typing import Any

import pytest

from regulars.interfaces.cli.main import main


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """`told("show", "10001")` runs the command and gives what it said; `code` is the exit code it must end with."""

    def run(*words: str, code: int = 0) -> Any:
        assert main([*words, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return run
