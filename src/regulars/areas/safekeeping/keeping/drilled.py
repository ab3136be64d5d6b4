"""The drill's other half: a program of its own on a home that holds nothing but a version brought back. Told where by
the environment; ends when the one who started it does, and answers with one line of JSON."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from regulars.kernel import processes


def main() -> int:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    processes.set_up()
    steps = [{"what": what, "said": said} for what, said in _steps(json.loads(sys.argv[1]))]
    sys.stdout.write(json.dumps({"ok": True, "steps": steps}) + "\n")
    return 0


def _steps(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each thing that a person would do on the first morning; what fails raises."""
    from django.core.management import call_command
    from django.db import connection

    from regulars.areas.customers.models import Customer
    from regulars.areas.customers.queries import card_json
    from regulars.areas.customers.queries.searching import search
    from regulars.areas.segments.queries import page
    from regulars.kernel.actor import Actor
    from regulars.kernel.databases import resting

    call_command("migrate", interactive=False, verbosity=0)
    resting.mend(connection)
    yield "migrated", ""
    by = Actor(kind="system", name="Regulars", rights=frozenset({"*"}), through="job")
    there = Customer.objects.count()
    if there != said["customers"]:
        raise SystemExit(f"{there} customers instead of {said['customers']}")
    yield "counted", str(there)
    today = datetime.now(UTC).date()
    listed = page("", by=by, today=today, zone=ZoneInfo("UTC"), limit=20)
    yield "listed", str(len(listed.rows))
    number = Customer.objects.order_by("number").values_list("number", flat=True).first()
    if number is not None:
        if card_json(by, number)["number"] != number:
            raise SystemExit("another card came")
        yield "card", ""
        if number not in {hit.number for hit in search(by, str(number)).hits}:
            raise SystemExit("the search does not find a card by its number")
        yield "searched", ""
    yield from _as_an_owner()


def _as_an_owner() -> Iterator[tuple[str, str]]:
    """An owner signed in, and the first page and the report of what is missing as she gets them."""
    from django.conf import settings
    from django.test import Client, RequestFactory

    from regulars.areas.access.door import sessions
    from regulars.areas.access.models import Role, User

    owner = User.objects.filter(role=Role.OWNER, active=True).first()
    if owner is None:  # nobody has opened this house yet
        return
    secure, host = settings.SESSION_COOKIE_SECURE, urlsplit(os.environ.get("REGULARS_BASE_URL", "")).netloc
    named: dict[str, Any] = {"HTTP_HOST": host or "localhost"}
    _session, value = sessions.begin(owner, at=datetime.now(UTC), browser="drill")
    browser = Client(raise_request_exception=False, headers={"accept": "text/html"}, **named)
    browser.cookies[sessions.cookie_name(RequestFactory(**named).get("/", secure=secure))] = value
    for what, address in (("entered", "/"), ("reported", "/completeness/")):
        answer = browser.get(address, secure=secure)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code} to an owner")
        yield what, ""


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
