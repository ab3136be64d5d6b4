"""Taking the house over: carrying out, alone, what an order asks for (`kernel.takeover`).

A running `serve` has it done by a child of its own, while everybody sees a page that says so. Without a `serve` the
command does it itself.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections

from regulars.interfaces.server import leash
from regulars.interfaces.server.lock import HomeLock, running
from regulars.kernel import processes, takeover
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused
from regulars.kernel.takeover import Order

Told = Callable[[str], None]
Progress = Callable[[int, int, str], None]  # done, of how many, what
log = logging.getLogger("regulars.takeover")
_SETTING = "setting"
_PATIENCE = 20.0  # seconds in which a running `serve` takes an order up


def done_by_whoever_holds_the_house(order: Order, *, told: Told, progress: Progress | None = None) -> dict[str, Any]:
    """Carries the order out: by the running `serve` where there is one, else here. Raises what refuses it.

    `by_serve` in the answer says which. A `serve` whose register has moved goes on at the new place.
    """
    lock = HomeLock()
    try:
        lock.take("")
    except Refused:
        return {**_by_serve(order, told), "by_serve": True}
    try:
        return {**carry_out(order, told=told, progress=progress), "by_serve": False}
    finally:
        lock.release()


def _by_serve(order: Order, told: Told) -> dict[str, Any]:
    connections.close_all()  # whoever takes the house over is alone at the database
    told(_("Regulars is running: it shows everybody a page meanwhile, and opens again by itself."))
    name, began = takeover.ask(order), time.monotonic()
    look = began + 1  # now and then whether it still runs: to look is to take its lock for a moment
    while (found := takeover.answer(name)) is None:
        now = time.monotonic()
        if not takeover.is_taken() and now > began + _PATIENCE:
            takeover.give_up()
            raise Refused(_("The running Regulars did not take this up. End it, and do it again: nothing was done."))
        if now > look and not running() and takeover.answer(name) is None:
            raise Refused(_("The running Regulars was ended meanwhile. Start it again: it opens with what was before, "
                            "or with all that was asked for. Look which, and do it again if need be."))  # fmt: skip
        look = now + 1 if now > look else look
        time.sleep(0.1)
    takeover.forget_answer(name)
    if "error" in found:
        raise Refused(found["error"])
    return found


def look(order: Order, *, told: Told) -> dict[str, Any]:
    """Which copy it would be, and what would be lost; nothing is changed and nobody need stop."""
    return _restored(order, told, dry_run=True)


def folder_of(place: Path | None) -> Path | None:
    """The folder of copies at another place, None for the home's own."""
    from regulars.areas.safekeeping.actions.restoring import room_at

    return room_at(place) / "versions" if place else None


def in_another_home(environment: Mapping[str, str], words: list[str]) -> dict[str, Any]:
    """What a command of ours says in another home. Raises Refused with its words where it refuses."""
    ran = subprocess.run(
        [sys.executable, "-m", "regulars", *words],
        env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout or "{}")
    if ran.returncode:
        raise Refused(found.get("error", {}).get("message") or _("The version could not be put there."))
    return found


# --- whoever does it --------------------------------------------------------------------------------------------------


def carry_out(order: Order, *, told: Told, progress: Progress | None = None) -> dict[str, Any]:
    """What was asked for, in this process, which must be the only one. Raises Refused."""
    if order.what == takeover.MOVE:
        return _moved(order, progress)
    return _keys_changed(order) if order.what == takeover.KEYS else _restored(order, told)


def _moved(order: Order, progress: Progress | None) -> dict[str, Any]:
    from django.utils import timezone

    from regulars.areas.safekeeping.actions import moving

    watched: dict[str, Any] = {"progress": progress} if progress else {}
    moved = moving.move(to=order.to, by=order.by, at=timezone.now(), **watched)
    return {**moved.as_json(), _SETTING: {"REGULARS_DATABASE_URL": moved.url or None}}


def _keys_changed(order: Order) -> dict[str, Any]:
    from django.utils import timezone

    from regulars.areas.safekeeping.actions.rotating import change_keys

    changed = change_keys(what=order.to, by=order.by, at=timezone.now())
    return {"changed": [each.as_json() for each in changed], "sheet": "older"}


def _restored(order: Order, told: Told, *, dry_run: bool = False) -> dict[str, Any]:
    from django.utils import timezone

    from regulars.areas.safekeeping.actions.restoring import Choice, finish_swap, restore_house

    finish_swap()
    until = datetime.fromisoformat(order.until) if order.until else None
    choice = Choice(order.version, until, folder_of(Path(order.place) if order.place else None))
    done = restore_house(choice=choice, by=order.by, at=timezone.now(), told=told, dry_run=dry_run)
    return {**done.as_json(), "sentence": done.loss.sentence()}


def main() -> int:
    """Carries out the order that lies in the home and leaves the answer there. For the supervisor's own child, which
    hears in the last line of standard output what setting has to change."""
    order, name = takeover.read()
    processes.set_up()
    try:
        found = carry_out(order, told=log.warning)
    except Refused as refusal:
        found = {"error": str(refusal)}
    except Exception as error:  # whoever waits must hear of it; nothing was put in place, or it is finished next
        found = {"error": f"{type(error).__name__}: {error}"}
    takeover.give_answer(name, found)
    if "error" in found:
        log.warning("What was asked for was not done (%s): %s", order.what, found["error"])
    sys.stdout.write("\n" + json.dumps(found.get(_SETTING, {})) + "\n")
    return int("error" in found)


if __name__ == "__main__":
    leash.follow_parent()
    sys.exit(main())
