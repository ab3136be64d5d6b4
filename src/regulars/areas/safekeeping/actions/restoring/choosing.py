"""Which copy: one by its name, the newest good one of a moment, or the newest good one of all. Good is what opens and
reads whole now; a damaged one is passed over, and said so."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.areas.safekeeping import queries
from regulars.areas.safekeeping.queries import Version
from regulars.kernel.errors import NotFound, Refused

REPLACED = "restore"  # why a version was made of a register that was about to be replaced
Told = Callable[[str], None]


def silent(_message: str) -> None:
    """Nobody wants to know."""


def chosen(
    *, name: str = "", until: datetime | None = None, folder: Path | None = None, told: Told = silent
) -> Version:
    """The copy to put back. Raises NotFound without one, Refused for a named one that is damaged."""
    if name:
        return _named(name, folder)
    for version in candidates(until=until, folder=folder):
        problems = queries.problems_of(version)
        if not problems:
            return version
        told(passed_over(version, problems))
    if until is not None:
        raise NotFound(_("There is no good version of that moment or before it. The command `versions` lists them."))
    raise NotFound(_("There is no good version in %(folder)s.") % {"folder": folder or _("the home")})


def candidates(*, until: datetime | None = None, folder: Path | None = None) -> Iterator[Version]:
    """Those that were found whole when they were made, newest first; last of all what a restore put aside: it was
    replaced for a reason."""
    fitting = [each for each in queries.versions(folder) if each.good and (until is None or each.at <= until)]
    yield from (each for each in fitting if each.why != REPLACED)
    yield from (each for each in fitting if each.why == REPLACED)


def _named(name: str, folder: Path | None) -> Version:
    found = next((each for each in queries.versions(folder) if each.name == name), None)
    if found is None:
        raise NotFound(_("There is no version %(name)s. The command `versions` lists them.") % {"name": name})
    problems = queries.problems_of(found)
    if problems:
        raise Refused(damaged(found, problems))
    return found


def damaged(version: Version, problems: list[str]) -> str:
    """What is said of one that was named."""
    told = {"version": version.name, "what": problems[0]}
    return _("The version %(version)s is damaged: %(what)s Choose another, or let the newest good one be found.") % told


def passed_over(version: Version, problems: list[str]) -> str:
    """What is said of one that nobody named."""
    told = {"version": version.name, "what": problems[0]}
    return _("The version %(version)s is damaged and passed over: %(what)s") % told
