"""The page written by hand, against which the list is measured (`benchmarks.pages`), is the page that is served."""

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]


def test_the_bare_page_is_the_same() -> None:
    asked = [sys.executable, "-m", "benchmarks.pages", "60", "--requests", "1", "--rounds", "1"]
    told = subprocess.run(asked, cwd=TOP, capture_output=True, text=True)
    assert told.returncode == 0 and "both answer the same page" in told.stdout, told.stderr
