"""The web process: granian over Django's WSGI application, loaded once and forked into the workers."""

import gc
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from regulars.interfaces.server import leash

# Each thread keeps a database connection with its own page cache, so there are few; more requests wait in the queue.
THREADS = 4


def main(told: str) -> None:
    """Serves until told to end. `told` is the plan as JSON."""
    leash.follow_parent()
    plan = json.loads(told)
    if plan["rescue"]:
        _for_rescue(plan)
        _application()
    else:
        _warmed()
    if plan["warmed"] >= 0:
        os.close(plan["warmed"])  # whoever listens at the other end hears that
    if sys.stdin.readline() != "go\n":  # the supervisor is gone, or changed its mind
        return
    _server(plan).serve(target_loader=_in_a_worker, wrap_loader=False)


def _for_rescue(plan: dict[str, Any]) -> None:
    """The rescue pages alone, in one process: they need no database and remember who came in."""
    from regulars.interfaces.rescue import TOLD

    os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.rescue"
    TOLD.update(plan["rescue"])
    plan["workers"] = 1


def _warmed() -> None:
    """Loads before the fork what every worker needs for its first page: so it is there at once and shared in memory.

    What is loaded stays: the collector of garbage need not go through it, now or again, nor write into shared pages.
    """
    gc.disable()
    from django.template.loader import get_template
    from django.urls import get_resolver

    from regulars.areas.segments.language import parse
    from regulars.kernel import late, metrics
    from regulars.kernel.registries import REGISTRY

    metrics.begin()
    _application()
    REGISTRY.read()
    get_resolver()._populate()
    late.load()
    for name in ("segments/customers.html", "dossier/card.html", "start.html"):
        get_template(name)
    parse("")
    gc.freeze()
    gc.enable()


@cache
def _application() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _in_a_worker() -> Any:
    leash.follow_parent()
    return _application()


def _server(plan: dict[str, Any]) -> Any:
    from granian.constants import HTTPModes, Interfaces, SSLProtocols
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    return Server(
        "regulars.project.wsgi:application",
        address=plan["host"],
        port=plan["port"],
        interface=Interfaces.WSGI,
        workers=plan["workers"],
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        backpressure=256,
        http=HTTPModes.auto,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        ssl_cert=Path(plan["cert"]) if plan["cert"] else None,
        ssl_key=Path(plan["key"]) if plan["key"] else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )


if __name__ == "__main__":
    main(sys.argv[1])
