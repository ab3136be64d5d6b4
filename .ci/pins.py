"""Every package at one version, without a registry's address in git.

uv.lock names hosts on every line, so it stays out of git; the same pins stand in `requirements.lock` (for pip) and as
`constraint-dependencies` in pyproject.toml (for uv). After a change of dependencies run `uv run .ci/pins.py`;
`--upgrade` takes the newest of everything the ranges allow. A test sees that both places agree.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
LOCK = ROOT / "requirements.lock"
BLOCK = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
EXPORT = ["--all-groups", "--no-hashes", "--no-annotate", "--no-header", "--no-emit-project"]


def main(upgrade: bool) -> None:
    write([])
    subprocess.run(["uv", "lock", "--quiet", *(["--upgrade"] if upgrade else [])], cwd=ROOT, check=True)
    asked = subprocess.run(["uv", "export", "--quiet", *EXPORT], cwd=ROOT, check=True, capture_output=True, text=True)
    LOCK.write_text(asked.stdout)
    write(asked.stdout.splitlines())
    subprocess.run(["uv", "lock", "--quiet"], cwd=ROOT, check=True)


def write(pins: list[str]) -> None:
    lines = "".join(f'    "{pin}",\n' for pin in pins)
    PROJECT.write_text(BLOCK.sub(f"constraint-dependencies = [\n{lines}]\n", PROJECT.read_text()))


if __name__ == "__main__":
    main("--upgrade" in sys.argv[1:])
