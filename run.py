"""Runs Regulars from a checkout with nothing but Python ≥ 3.11 installed.

python3 run.py            the register (`regulars serve`); the first call installs everything
python3 run.py test       the tests, on both databases
python3 run.py endurance  power cuts, kills, rotten bits, full disks, for as long as you like
python3 run.py gallery    a picture of every page, light and dark, wide and narrow, for those who work on the product
python3 run.py design     every component on one page, without a database
python3 run.py ARGS…      `regulars ARGS…`
"""

import glob
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 12)
WANTED = ("3.13", "3.14", "3.12")

COMMANDS = {
    "test": ["pytest"],
    "endurance": ["python", "-m", "tests.durability"],
    "gallery": ["python", "-m", "tests.gallery"],
    "design": ["python", "-m", "tests.gallery.design"],
}


def find_uv() -> str:
    """A uv that works (a version manager's shim of that name may not), else our own in `.venv-uv`."""
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, cwd=ROOT).returncode == 0:
        return uv
    box = ROOT / ".venv-uv"
    exe = box / ("Scripts/uv.exe" if os.name == "nt" else "bin/uv")
    if not exe.exists():
        venv.create(box, with_pip=True)
        pip = [str(exe.with_name("python.exe" if os.name == "nt" else "python")), "-m", "pip"]
        subprocess.run([*pip, "install", "--quiet", "--disable-pip-version-check", "uv>=0.13,<0.14"], check=True)
    return str(exe)


def pythons() -> Iterator[str | None]:
    if sys.version_info >= OLDEST:
        yield sys.executable
    for version in WANTED:
        yield shutil.which("python" + version)
        yield from sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}*/bin/python3")), reverse=True)


def works(python: str) -> bool:
    asked = [python, "-c", f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] < (3, 15))"]
    return subprocess.run(asked, capture_output=True).returncode == 0


def main() -> int:
    env = dict(os.environ)
    python = next((each for each in pythons() if each and works(each)), None)
    if python:  # without one, uv fetches its own
        env.setdefault("UV_PYTHON", python)
    words = sys.argv[1:] or ["serve"]
    command = [*COMMANDS[words[0]], *words[1:]] if words[0] in COMMANDS else ["regulars", *words]
    try:
        if not (ROOT / ".venv").exists():
            print("Putting Regulars together, once: it takes a minute or two …", file=sys.stderr, flush=True)
        asked = [find_uv(), "run", "--quiet", *command]
        if os.name == "nt":
            return subprocess.run(asked, cwd=ROOT, env=env).returncode
        os.chdir(ROOT)
        os.execve(asked[0], asked, env)  # in this process's place, so that a signal sent to it reaches the register
    except KeyboardInterrupt:
        return 130
    except subprocess.CalledProcessError:
        print("uv could not be installed; see the lines above. With uv on PATH this step is skipped.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
