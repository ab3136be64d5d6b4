"""Which payloads are gone because a customer was forgotten, and what was said anew in their stead."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks


@dataclass
class Accounts:
    """What the rows of the forgotten say, read when the first blank is met."""

    blanks: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    said_in: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @cached_property
    def _read(self) -> bool:
        rows = models.Forgotten.objects.values_list("link", "blanked", "restated")
        for link, blanked, restated in rows.iterator():
            for at, places in blanked.items():
                self.blanks[int(at)].update(places)
            for at in restated:
                self.said_in[at].add(link)
        return True

    def explain(self, link: int, place: int) -> bool:
        """Whether this payload is gone because somebody was forgotten."""
        return self._read and place in self.blanks.get(link, ())

    def restated(self, link: int) -> Iterator[dict[str, Any]]:
        """What was said anew of a link, as its payloads would say it."""
        if self._read:
            for other in sorted(self.said_in.get(link, ())):
                yield from (each for _place, each in restating(other) if each["restates"] == link)


def restating(link: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The payloads of a forgetting's own link that say another link anew, each with its place in the block."""
    block = models.Link.objects.filter(pk=link).values_list("block", flat=True).first()
    for place, salted in enumerate(blocks.opened(bytes(block)) if block else ()):
        if salted is not None and b'"restates":' in salted:
            stated = orjson.loads(salted[blocks.SALT :])
            if "restates" in stated:
                yield place, stated


def skipped(links: set[int]) -> int:
    """How many of those whom these links touched have been forgotten since."""
    rows = models.Forgotten.objects.values_list("blanked", flat=True)
    return sum(1 for blanked in rows.iterator() if any(int(at) in links for at in blanked))
