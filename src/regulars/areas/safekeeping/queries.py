"""Which versions there are. The slips in the folder are the list; no table could be restored with them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from regulars.kernel import places
from regulars.kernel.databases import copying
from regulars.kernel.errors import NotFound
from regulars.kernel.tables import moment


@dataclass(frozen=True, slots=True)
class Version:
    """One copy. `problems` is what the check after making it found; a good one has none."""

    name: str
    at: datetime
    why: str
    by: str
    size: int
    sha256: str
    problems: tuple[str, ...]
    file: Path

    @property
    def good(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.name,
            "at": moment(self.at),
            "why": self.why,
            "by": self.by,
            "bytes": self.size,
            "sha256": self.sha256,
            "checked": self.good,
            "problems": list(self.problems),
            "file": str(self.file),
        }


def versions(folder: Path | None = None) -> list[Version]:
    """All versions of a folder (the home's own by default), newest first."""
    slips = (folder or places.versions()).glob("*.json")
    found = [version for version in map(_read, slips) if version is not None]
    return sorted(found, key=lambda version: version.name, reverse=True)


def version_named(name: str) -> Version:
    """One version of the home. Raises `NotFound`."""
    for version in versions():
        if version.name == name:
            return version
    raise NotFound(_("There is no version %(name)s. The command `versions` lists them.") % {"name": name})


def problems_of(version: Version) -> list[str]:
    """Opens a version and reads all of it: what is wrong with it now."""
    return copying.rotten(version.file)


def _read(slip: Path) -> Version | None:
    try:
        said = json.loads(slip.read_text())
        file = slip.with_name(said["file"])
        return (
            Version(
                slip.stem,
                datetime.fromisoformat(said["at"]).astimezone(UTC),
                said["why"],
                said["by"],
                said["bytes"],
                said["sha256"],
                tuple(said["problems"]),
                file,
            )
            if file.is_file()
            else None
        )
    except (ValueError, KeyError, TypeError):
        return None
