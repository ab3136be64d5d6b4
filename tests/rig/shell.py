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


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Any:
    """`refused("show", "1")` runs a command that must end with 1, and gives what it said of it."""

    def run(*words: str) -> str:
        assert main(list(words)) == 1
        told = capsys.readouterr()
        return f"{told.out}{told.err}"

    return run
