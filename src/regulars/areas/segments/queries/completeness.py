"""Which facts are missing where it matters: each figure is a criterion, so that it opens the customers behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.areas.segments.language import parse, text_of
from regulars.areas.segments.language.tree import both
from regulars.areas.segments.queries.apart import of_the_list
from regulars.areas.segments.queries.asking import count
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Text

PEOPLE = "kind = person"
_CHECKS: tuple[tuple[str, Text, str], ...] = (
    # a heading, what is missing, and the criterion that finds those who lack it
    ("reach", gettext_lazy("no way to reach them"), "email is empty and phone is empty and street is empty"),
    ("reach", gettext_lazy("no e-mail address"), "email is empty"),
    ("reach", gettext_lazy("no phone"), "phone is empty"),
    ("reach", gettext_lazy("no street or no city"), "street is empty or city is empty"),
    ("reach", gettext_lazy("no postcode, though there is a city"), "postcode is empty and city is not empty"),
    ("person", gettext_lazy("no family name"), f"{PEOPLE} and family_name is empty"),
    ("person", gettext_lazy("no birthday"), f"{PEOPLE} and birthday is empty"),
    ("person", gettext_lazy("no gender"), f"{PEOPLE} and gender is empty"),
    ("person", gettext_lazy("no language"), "language is empty"),
    ("consent", gettext_lazy("no consent answer at all"), "not answered"),
    ("consent", gettext_lazy("an e-mail address, but no answer about offers by e-mail"),
     "email is not empty and not consent(email, offers) and not refused(email, offers)"),
    ("origin", gettext_lazy("not known where they came from"), "source is empty"),
    ("origin", gettext_lazy("not known why they chose us"), "reason_chosen is empty"),
    ("origin", gettext_lazy("nobody looks after them"), "representative is empty"),
    ("stale", gettext_lazy("not changed for two years"), "updated_at before 2 years ago"),
)  # fmt: skip
HEADINGS: dict[str, Text] = {
    "reach": gettext_lazy("Reaching them"),
    "person": gettext_lazy("The person"),
    "consent": gettext_lazy("What they allow"),
    "origin": gettext_lazy("Where they came from"),
    "stale": gettext_lazy("Kept current"),
    "own": gettext_lazy("Facts of our own"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: in how many of how many (`of`: those it is asked of), and the criteria behind it."""

    section: str
    missing: str
    count: int
    of: int
    criteria: str

    @property
    def percent(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0

    def as_json(self) -> dict[str, Any]:
        return {each: getattr(self, each) for each in self.__dataclass_fields__} | {"percent": round(self.percent, 1)}


def completeness(criteria: str = "", *, by: Actor, today: date, zone: ZoneInfo) -> list[Gap]:
    """What is missing among these customers; the archived and prospects only where they are asked for.

    Raises CriteriaError.
    """
    how: dict[str, Any] = {"by": by, "today": today, "zone": zone}
    among = of_the_list({}, parse(criteria))
    whole, people = count(among, **how), count(both(among, parse(PEOPLE)), **how)
    return [
        Gap(section, said, count(tree, **how), people if missing.startswith(PEOPLE) else whole, text_of(tree))
        for section, said, missing in _checks()
        for tree in [both(among, parse(missing))]
    ]


def _checks() -> Iterator[tuple[str, str, str]]:
    for section, said, missing in _CHECKS:
        yield section, str(said), missing
    for fact in registries.facts_of("custom"):
        if fact.protection != "sealed":
            yield "own", _("no “%(fact)s”") % {"fact": fact.label}, f"{fact.name} is empty"
