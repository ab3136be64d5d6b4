"""What a package names late is there: each name that it promises, from the module that is said to have it."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src"
LATE = sorted(
    ".".join(file.parent.relative_to(ROOT).parts)
    for file in ROOT.rglob("__init__.py")
    if "__getattr__ = late(" in file.read_text("utf-8")
)


@pytest.mark.parametrize("package", LATE)
def test_every_name_that_is_promised_can_be_had(package):
    module = import_module(package)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'hats'"):
        _ = module.hats


def test_what_is_loaded_before_a_fork_lacks_nothing():
    told = f"""
import sys
from importlib import import_module
from regulars.kernel import late, processes
processes.set_up()
packages = [import_module(name) for name in {LATE}]
late.load()
print([name for each in packages for name in each.__all__ if name not in vars(each)])
"""
    assert subprocess.check_output([sys.executable, "-c", told], text=True).strip() == "[]"
