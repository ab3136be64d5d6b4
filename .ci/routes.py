"""Writes docs/api/routes.md from the routes themselves; a test sees that it is up to date.

uv run .ci/routes.py
"""

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs/api/routes.md"
HEAD = """# The routes of the API

Below `/api/v1`. What each takes, gives and refuses, with an example for the shell, stands in the running house at
`/api/docs`.

This page is written by `uv run .ci/routes.py`.
"""
METHODS = ("get", "post", "put", "patch", "delete")


def page() -> str:
    import django
    from django.utils import translation

    django.setup()
    from regulars.interfaces.api.document import document

    with translation.override("en"):
        made = document()
    return HEAD + "".join(section(made, tag["name"]) for tag in made["tags"])


def section(made: dict, tag: str) -> str:
    rows = "".join(
        row(method, path, methods[method])
        for path, methods in made["paths"].items()
        for method in METHODS
        if method in methods and tag in methods[method]["tags"]
    )
    return f"\n## {tag}\n\n| | | needs |\n|---|---|---|\n{rows}"


def row(method: str, path: str, told: dict) -> str:
    query = [each["name"] for each in told.get("parameters", []) if each["in"] == "query"]
    asked = f"[?{'=&'.join(query)}=]" if query else ""
    rights = ", ".join(f"`{right}`" for right in told["x-rights"]) or "any token"
    return f"| `{method.upper()} {path.removeprefix('/api/v1')}{asked}` | {told['summary']} | {rights} |\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.project.settings")
    PAGE.write_text(page())
