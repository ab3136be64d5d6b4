"""`regulars serve`: everything: pages, API, background work. The first start prints a one-time link for the owner."""

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel import early
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from regulars.interfaces.server.lock import HomeLock
    from regulars.interfaces.server.plan import Plan

NAME = "serve"
HELP = "open the register: pages, API and background work"
DJANGO = False  # the address is fixed first, then Django reads it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (0.0.0.0: every one, by https)")
    parser.add_argument("--port", type=port, default=8000, help="the port to listen on")
    parser.add_argument("--workers", type=count, default=min(2, os.cpu_count() or 1), help="web processes")


def run(args: argparse.Namespace) -> int:
    from regulars.interfaces.server import plan as plans
    from regulars.interfaces.server.lock import HomeLock
    from regulars.kernel import keyfile

    plan = plans.make(args.host, args.port, args.workers)
    lock = HomeLock()
    lock.take(plan.base_url)
    plans.refuse_taken(plan.host, plan.port)
    os.environ["REGULARS_BASE_URL"] = plan.base_url
    keyfile.keys()  # before the settings, whose secret is derived from them
    return _serve(plan, lock, as_json=args.json)


def _serve(plan: "Plan", lock: "HomeLock", *, as_json: bool) -> int:
    with_link: list[str | None] = []
    return opened(
        plan,
        lock,
        lambda: _tell(plan, with_link[0], as_json=as_json),
        meanwhile=lambda: with_link.append(_database_ready(plan)),
    )


def opened(
    plan: "Plan", lock: "HomeLock", tell: Callable[[], None], *, meanwhile: Callable[[], None] = lambda: None
) -> int:
    """Everything running until it is told to end. `meanwhile` is done while the web loads, `tell` when it answers."""
    from regulars.interfaces.server.supervisor import Supervisor

    supervisor = Supervisor(plan)
    supervisor.prepare()
    try:
        meanwhile()
        supervisor.open()
        tell()
        supervisor.watch()
    finally:
        supervisor.close()
        lock.release()
    return 0


def _database_ready(plan: "Plan") -> str | None:
    """The database at this program's version; the link for the owner's account, while the house has none."""
    import django

    django.setup()
    early.django_speaks()
    from django.db import connections
    from django.utils import timezone

    from regulars.areas.access import actions, queries
    from regulars.interfaces.server import upgrade

    upgrade.database_is_reachable()
    if upgrade.bring_up_to_date():
        say(_("The database is at this version now."))
    link = None if queries.has_owner() else actions.first_link(plan.base_url, at=timezone.now())
    connections.close_all()
    return link


def _tell(plan: "Plan", link: str | None, *, as_json: bool) -> None:
    if as_json:
        show_json({"address": plan.base_url, "first_link": link, "fingerprint": plan.fingerprint or None})
        return
    say(_("Regulars is open: %(address)s") % {"address": plan.base_url})
    if plan.fingerprint:
        say(
            _("Its certificate is of this house's own authority, %(file)s\nSHA-256 %(fingerprint)s")
            % {"file": plan.authority, "fingerprint": plan.fingerprint}
        )
    if link:
        say(_("Make the owner's account here (this link works once): %(link)s") % {"link": link})
    say(_("Ctrl+C closes it."))


def port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("a number of processes is from 1 to 64")
    return int(text)
