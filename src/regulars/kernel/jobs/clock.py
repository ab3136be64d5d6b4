"""The clock: work that comes round. Short rounds are counted in memory; from an hour on the database remembers them."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

log = logging.getLogger("regulars.clock")
_REMEMBERED = 3600


@dataclass(slots=True)
class Round:
    """One piece of work and how often, in seconds, it comes round. `hour` is the UTC hour of daily work."""

    name: str
    seconds: float
    function: Callable[[], object]
    hour: int | None = None
    last: float = field(default=float("-inf"))

    def after(self, now: datetime) -> datetime:
        """When it is due next."""
        if self.hour is None:
            return now + timedelta(seconds=self.seconds)
        today = now.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


ROUNDS: dict[str, Round] = {}


def every(
    seconds: float, name: str, *, hour: int | None = None
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Declares work that comes round. The function takes nothing and may be called late, never twice at once."""

    def declared(function: Callable[[], object]) -> Callable[[], object]:
        ROUNDS[name] = Round(name, seconds, function, hour)
        return function

    return declared


def tick_short() -> None:
    """Does what came round since the last call, among the short rounds."""
    for each in ROUNDS.values():
        if each.seconds < _REMEMBERED and time.monotonic() - each.last >= each.seconds:
            each.last = time.monotonic()
            _done(each)


def tick_long(now: datetime) -> int:
    """Does the long rounds that are due, each by one process only. Returns how many."""
    return sum(_taken(each, now) and _done(each) for each in ROUNDS.values() if each.seconds >= _REMEMBERED)


def _taken(each: Round, now: datetime) -> bool:
    from regulars.kernel.models import Chore

    row, _made = Chore.objects.get_or_create(name=each.name, defaults={"due": each.after(now)})
    return row.due <= now and bool(Chore.objects.filter(name=each.name, due=row.due).update(due=each.after(now)))


def _done(each: Round) -> bool:
    started = timezone.now()
    try:
        each.function()
    except Exception:
        log.exception("%s failed", each.name)
        close_old_connections()  # one that failed is not used again
        return True
    log.debug("%s took %s", each.name, timezone.now() - started)
    return True
