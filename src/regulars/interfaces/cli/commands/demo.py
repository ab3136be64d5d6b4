"""`regulars demo`: the register on a throwaway home full of invented customers, signed in by a one-time link."""

import argparse
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from regulars.interfaces.cli.commands import serve
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel import early
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

if TYPE_CHECKING:
    from regulars.interfaces.demo.filling import Team
    from regulars.interfaces.server.plan import Plan

NAME = "demo"
HELP = "look around: a throwaway register full of invented customers"
DJANGO = False  # the home is chosen first, then Django reads it
_MOST = 100_000
_PORTS = range(8000, 8020)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--customers", type=_customers, default=200, metavar="N", help="how many customers (200, at most 100,000)"
    )
    parser.add_argument("--language", default="en", metavar="CODE", help="of the screen: en, de … (en)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (0.0.0.0: every one, by https)")
    parser.add_argument("--port", type=serve.port, help="the port to listen on (the first free one from 8000)")
    parser.add_argument("--workers", type=serve.count, default=min(2, os.cpu_count() or 1), help="web processes")


def run(args: argparse.Namespace) -> int:
    from regulars.interfaces.demo.home import throwaway_home
    from regulars.interfaces.server import plan as plans
    from regulars.interfaces.server.lock import HomeLock
    from regulars.kernel import keyfile

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the home goes, too, when it is told to end
    with throwaway_home():
        plan = plans.make(args.host, _taken_port(args.host, args.port), args.workers)
        lock = HomeLock()
        lock.take(plan.base_url)
        os.environ["REGULARS_BASE_URL"] = plan.base_url
        keyfile.keys()
        team, link = _filled(plan, args)
        serve.opened(plan, lock, lambda: _tell(plan, team, link, as_json=args.json))
        return 0


def _filled(plan: "Plan", args: argparse.Namespace) -> tuple["Team", str]:
    """The register full, and the link that signs its owner in."""
    from regulars.kernel import processes

    processes.set_up()
    early.django_speaks()
    from django.db import connections
    from django.utils import timezone

    from regulars.areas.access.actions import come_in_link
    from regulars.areas.journal.actions import sign_heads
    from regulars.interfaces.cli.commands.import_ import progress
    from regulars.interfaces.cli.operator import operator
    from regulars.interfaces.demo.filling import fill
    from regulars.interfaces.server import upgrade

    upgrade.bring_up_to_date()
    say(_("Inventing %(count)s customers of a small town’s bookshop …") % {"count": f"{args.customers:,}"})
    team = fill(args.customers, now=timezone.now(), language=args.language, watched=progress)
    sign_heads(at=timezone.now())
    link = come_in_link(plan.base_url, by=operator("demo"), at=timezone.now(), user=team.owner)
    connections.close_all()
    return team, link


def _tell(plan: "Plan", team: "Team", link: str, *, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {"address": plan.base_url, "link": link, "password": team.password}
        show_json({**told, "fingerprint": plan.fingerprint or None})
        return
    say(_("The demo is open. Come in here, as its owner (this link works once): %(link)s") % {"link": link})
    if plan.fingerprint:
        say(
            _("Its certificate is of this house's own authority, %(file)s\nSHA-256 %(fingerprint)s")
            % {"file": plan.authority, "fingerprint": plan.fingerprint}
        )
    say(
        _("Where the owner’s password is asked for: %(password)s (made for this demo; sign in as %(login)s)")
        % {"password": team.password, "login": team.owner.login}
    )
    say(_("Ctrl+C ends it, and everything in it is gone."))


def _taken_port(host: str, wanted: int | None) -> int:
    """The port that was asked for, or the first free one: ours from now on."""
    from regulars.interfaces.server.plan import take_port

    if wanted:
        take_port(host, wanted)
        return wanted
    for port in _PORTS:
        with suppress(Refused):
            take_port(host, port)
            return port
    raise Refused(_("The ports 8000 to 8019 are taken. Choose one: regulars demo --port 8080"))


def _customers(text: str) -> int:
    number = text.replace(",", "").replace("_", "")
    if not number.isdigit() or not 1 <= int(number) <= _MOST:
        raise argparse.ArgumentTypeError(f"a demo has from 1 to {_MOST:,} customers")
    return int(number)
