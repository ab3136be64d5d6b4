"""`regulars serve`: everything: pages, API, background work. The first start prints a one-time link for the owner."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel import crypto, early
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
    from regulars.kernel import keyfile, mail, metrics

    mail.server(), metrics.token()  # what cannot be is refused now, not when it is first needed
    plan = plans.make(args.host, args.port, args.workers)
    lock = HomeLock()
    lock.take(plan.base_url)
    plans.take_port(plan.host, plan.port)
    os.environ["REGULARS_BASE_URL"] = plan.base_url
    keyfile.keys()  # before the settings, whose secret is derived from them
    return _serve(plan, lock, as_json=args.json)


def _serve(plan: "Plan", lock: "HomeLock", *, as_json: bool) -> int:
    house = House(plan)
    setting = opened(plan, lock, lambda: _tell(plan, house, as_json=as_json), meanwhile=house.look)
    return _anew(setting) if setting else 0


def _anew(setting: Mapping[str, str | None]) -> int:
    """The same command again, with these settings: nothing of this process has known them."""
    for name, value in setting.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    command = [sys.executable, "-m", "regulars", *sys.argv[1:]]
    if os.name == "posix":
        os.execv(sys.executable, command)  # noqa: S606 - this very program
    return subprocess.call(command)


def opened(
    plan: "Plan",
    lock: "HomeLock",
    tell: Callable[[], None],
    *,
    meanwhile: Callable[[], Mapping[str, str] | None] = lambda: None,
) -> Mapping[str, str | None]:
    """Everything running until it is told to end, or has to begin anew with the settings that this returns.

    `meanwhile` is done while the web loads, and again whenever the house was taken over: it says what the rescue pages
    must know, None for a sound house. `tell` when it answers.
    """
    from regulars.interfaces.server.supervisor import Supervisor

    supervisor = Supervisor(plan)
    supervisor.prepare()
    try:
        supervisor.rescue(meanwhile())
        supervisor.open()
        tell()
        supervisor.watch(meanwhile)
    finally:
        supervisor.close()
        lock.release()
    return {} if supervisor.ending else supervisor.setting


@dataclass(slots=True)
class House:
    """What `serve` finds when it looks at its database."""

    plan: "Plan"
    link: str | None = None
    rescue: str | None = None
    token: str = field(default_factory=lambda: crypto.random_bytes(16).hex())

    def look(self) -> Mapping[str, str] | None:
        """The database at this program's version; the link for the owner's account, while the house has none. For a
        database that is broken the link to the rescue pages, and what these must know."""
        from regulars.kernel import processes

        processes.set_up()
        early.django_speaks()
        from django.db import connections
        from django.utils import timezone

        from regulars.areas.access import actions, queries
        from regulars.interfaces.server import ready

        self.link = self.rescue = None
        try:
            told = ready.database(self.token)
            if told is None and not queries.has_owner():
                self.link = actions.first_link(self.plan.base_url, at=timezone.now())
            if told is not None:
                self.rescue = f"{self.plan.base_url}/rescue/{self.token}/"
        finally:
            connections.close_all()
        return told


def _tell(plan: "Plan", house: House, *, as_json: bool) -> None:
    link = house.link
    if as_json:
        told = {"address": plan.base_url, "first_link": link, "fingerprint": plan.fingerprint or None}
        show_json(told | ({"rescue_link": house.rescue} if house.rescue else {}))
        return
    if house.rescue:
        say(_("The register does not open. Bring it back here (this link works while this program runs): %(link)s")
            % {"link": house.rescue})  # fmt: skip
        say(_("Ctrl+C closes it."))
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
