"""What an operator can set and call stands in docs/operating."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = re.compile(r"\bREGULARS_[A-Z]+(?:_[A-Z]+)*\b")


def test_every_setting_is_explained_and_every_explained_setting_is_read():
    code = [path.read_text() for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts]
    read = {name for text in code for name in NAME.findall(text)}
    told = set(NAME.findall((ROOT / "docs/operating/settings.md").read_text()))
    assert read - told == set(), "explain it in docs/operating/settings.md"
    assert told - read == set(), "docs/operating/settings.md names a setting that nothing reads"


def test_every_command_is_explained():
    spec = importlib.util.spec_from_file_location("commands", ROOT / ".ci/commands.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text() == tool.page(), "run `uv run .ci/commands.py`"


def test_every_route_of_the_api_is_explained():
    spec = importlib.util.spec_from_file_location("routes", ROOT / ".ci/routes.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text() == tool.page(), "run `uv run .ci/routes.py`"
