"""Writes docs/operating/commands.md from the commands themselves; a test sees that it is up to date.

uv run .ci/commands.py
"""

import argparse
import os
import re
from collections.abc import Iterator
from pathlib import Path

from regulars.interfaces.cli import main as cli

PAGE = Path(__file__).resolve().parent.parent / "docs/operating/commands.md"
HEAD = """# Commands

`regulars COMMAND`, or `python3 run.py COMMAND` in a checkout. Every command takes `--json`: one JSON value on standard
output, all messages on standard error. It ends with 0 done, 1 refused or problems found, 2 wrong usage. Commands act
with the owner's rights, and the journal names who was at the shell.

Messages are in the language of who sits there (LC_ALL, LC_MESSAGES or LANG: the first that says one). Commands,
their help and everything with `--json` are in English, in every house: no script changes with somebody's language.

This page is written by `uv run .ci/commands.py`.
"""


def page() -> str:
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1"}  # argparse wraps its usage to the terminal
    return HEAD + "".join(section(*each, depth=2) for each in sorted(below(cli.parser()), key=lambda each: each[0]))


def below(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """The words that may follow: the word, what its list entry says, its own parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {each.dest: each.help or "" for each in action._choices_actions}
            yield from ((word, told.get(word, ""), below) for word, below in action.choices.items())


def section(name: str, said: str, parser: argparse.ArgumentParser, *, depth: int) -> str:
    deeper = list(below(parser))
    called = re.sub(r" \[(-h|--json)\]", "", parser.format_usage().removeprefix("usage: ").strip())
    usage = "" if deeper else f"\n```\n{called}\n```\n"
    rows = "".join(row(action) for action in parser._actions if not hidden(action))
    table = f"\n| | |\n|---|---|\n{rows}" if rows else ""
    text = f"\n{'#' * depth} {name}\n{f'{chr(10)}{sentence(said)}{chr(10)}' if said else ''}{usage}{table}"
    return text + "".join(section(f"{name} {word}", said, sub, depth=depth + 1) for word, said, sub in deeper)


def hidden(action: argparse.Action) -> bool:
    words = ("--help", "--json")
    return isinstance(action, argparse._SubParsersAction) or any(word in action.option_strings for word in words)


def row(action: argparse.Action) -> str:
    value = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else action.dest.upper())
    shown = value if isinstance(value, str) else " ".join(value)
    word = ", ".join(action.option_strings)
    name = f"{word} {shown}".strip() if action.nargs != 0 or not word else word
    return f"| `{name.replace('|', chr(92) + '|')}` | {(action.help or '').replace('|', chr(92) + '|')} |\n"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


if __name__ == "__main__":
    PAGE.write_text(page())
