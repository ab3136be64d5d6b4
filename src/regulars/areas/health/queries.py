"""What was found when the house was last looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.kernel import marks, registries
from regulars.kernel.checks import GROUPS, Finding, Level, look, read_back, worst
from regulars.kernel.registries import Text

LOOKED = "health"  # the mark with what was found when everything was last looked at


@dataclass(frozen=True, slots=True)
class Health:
    """One look at everything. `groups` are the findings under their headings, none of them empty."""

    at: datetime
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        return worst(self.findings)

    @property
    def ok(self) -> bool:
        """Whether nothing is bad."""
        return self.level != "bad"

    @property
    def troubles(self) -> list[Finding]:
        """What is bad, then what is to be watched."""
        return [*self.of("bad"), *self.of("watch")]

    @property
    def groups(self) -> list[tuple[Text, list[Finding]]]:
        sorted_in = [(title, [each for each in self.findings if each.check.group == name]) for name, title in _TITLES]
        return [(title, found) for title, found in sorted_in if found]

    def of(self, level: Level) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == level]

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "level": self.level,
            "at": self.at,
            "checks": [finding.as_json() for finding in self.findings],
        }


_TITLES = list(GROUPS.items())


def last_look() -> Health | None:
    """What was found last; None before the first look. One question of the database."""
    kept = marks.recall(LOOKED)
    if not kept:
        return None
    found = read_back(kept["findings"], registries.looked_at())
    return Health(datetime.fromisoformat(kept["at"]), tuple(found))


def look_now(at: datetime, *, database: bool = True, before: Health | None = None) -> Health:
    """Everything looked at now; what `before` still answers is not asked again."""
    known = {finding.check.name: finding for finding in before.findings} if before else {}
    return Health(at, tuple(look(registries.looked_at().values(), at, database=database, before=known)))
