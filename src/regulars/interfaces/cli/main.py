"""`regulars COMMAND`: finds the command, sets Django up, turns refusals into exit codes.

0 done, 1 refused or problems found, 2 wrong usage (argparse's own).
"""

import argparse
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any, Protocol, cast

from regulars.interfaces.cli import commands
from regulars.interfaces.cli.output import WrongUsage, say, show_json


class Command(Protocol):
    """What a module in `commands/` declares."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, args: argparse.Namespace) -> int: ...


class _Version(argparse.Action):
    """Looked up when asked for: that takes longer than reading all the words."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: Any, **_more: Any) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"regulars {version('regulars')}\n")
        parser.exit()


def known(named: str = "") -> Iterator[Command]:
    """Every command, in the order of the folder; or the one of this name alone, where there is one: to load all takes
    as long as the work of most. None for `--version`, which asks for none."""
    if named == "--version":
        return
    names = [module.name for module in pkgutil.iter_modules(commands.__path__) if not module.name.startswith("_")]
    for name in [name for name in names if name.rstrip("_") == named] or names:
        yield cast(Command, import_module(f"{commands.__name__}.{name}"))


def parser(named: str = "") -> argparse.ArgumentParser:
    """What reads the words of every command, or of the one of this name."""
    top = argparse.ArgumentParser(
        prog="regulars", description="A customer register that turns customers into regulars."
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON value on standard output"
    )
    listed = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in known(named):
        own = listed.add_parser(command.NAME, help=command.HELP, description=command.HELP, parents=[shared])
        command.add_arguments(own)
        _json_everywhere(own)
        own.set_defaults(_run=command, json=False)
    return top


def _json_everywhere(parser: argparse.ArgumentParser) -> None:
    """`--json` also after the second word of a command (`keys rotate --json`)."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in set(cast(dict[str, argparse.ArgumentParser], action.choices).values()):
                if not any("--json" in each.option_strings for each in sub._actions):
                    sub.add_argument(
                        "--json",
                        action="store_true",
                        default=argparse.SUPPRESS,
                        help="one JSON value on standard output",
                    )
                _json_everywhere(sub)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; `serve` without any word."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.project.settings")
    os.umask(0o077)  # whatever this process and its children write is for the owner's eyes only
    words = list(sys.argv[1:] if argv is None else argv) or ["serve"]
    args = parser(words[0]).parse_args(words)
    return _guarded(args._run, args)


def _guarded(command: Command, args: argparse.Namespace) -> int:
    from regulars.kernel import early
    from regulars.kernel.errors import Refused

    spoken = None if args.json else early.language_of(os.environ)  # what a program reads is the same for everybody
    try:
        with early.speaking(spoken):
            _set_the_scene(command)
        with _speaking(command, spoken):
            return command.run(args) or 0
    except Refused as refusal:
        return _refused(refusal, as_json=args.json)
    except WrongUsage as wrong:
        say(wrong)
        return 2
    except BrokenPipeError:  # the reader went away (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        from regulars.kernel import trouble

        disk = trouble.of(error)
        if disk is None:
            raise
        return _refused(disk, as_json=args.json)
    except KeyboardInterrupt:
        return 130


def _refused(refusal: Any, *, as_json: bool) -> int:
    if as_json:
        show_json(_told(refusal))
    say(refusal)
    return 1


def _set_the_scene(command: Command) -> None:
    """Django for all but those with `DJANGO = False`; a database of this version for all but `DATABASE = False`."""
    if not getattr(command, "DJANGO", True):
        return
    from regulars.kernel import early, processes
    from regulars.kernel.early import gettext as _

    processes.set_up()
    early.django_speaks()
    if not getattr(command, "DATABASE", True):
        return
    from regulars.interfaces.server import upgrade
    from regulars.kernel import places

    upgrade.finish_what_was_begun()
    upgrade.database_is_reachable()
    if upgrade.bring_up_to_date_alone() and upgrade.is_new():  # perhaps another one was meant
        say(_("A new, empty register was begun in %(home)s. REGULARS_HOME names another.") % {"home": places.home()})


def _speaking(command: Command, spoken: str | None) -> AbstractContextManager[Any]:
    """The language of who sits here, while the command runs."""
    from regulars.kernel import early

    if not getattr(command, "DJANGO", True):
        return early.speaking(spoken)
    from django.utils import translation

    return translation.override(spoken) if spoken else nullcontext()


def _told(refusal: Any) -> dict[str, Any]:
    return {"error": {"code": refusal.code, "message": str(refusal), "where": refusal.where, **refusal.more}}


if __name__ == "__main__":
    sys.exit(main())
