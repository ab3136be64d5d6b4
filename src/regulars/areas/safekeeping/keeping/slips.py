"""The slip beside each version: JSON that says what it is. The slips in the folder are the list of versions.

Slips of earlier releases lack the later keys; whatever a slip lacks is unknown, and the version stays readable. Of a
slip that cannot be read any more everything is unknown but what the version's name says: it waits for a proof, which
writes the slip anew.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from regulars.kernel import places
from regulars.kernel.tables import moment

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_HERE = threading.Lock()
LATE = timedelta(hours=26)  # after which the newest proved version is too old


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict of a child process that opened the version. `kind` says how much it looked at (`keeping.proving`);
    `doubts` what is not as it was written in the register of which this is a true copy."""

    at: datetime
    ok: bool
    kind: str
    changes: int = 0
    seconds: float = 0.0
    doubts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"at": moment(self.at), "ok": self.ok, "kind": self.kind, "changes": self.changes,
                "seconds": self.seconds, "doubts": list(self.doubts)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """One copy. `problems` is what was found wrong with it so far; a good one has none. `link` and `digest` are the
    last link of the chain in it, `customers` and `links` what it holds; 0 where an old slip does not say."""

    name: str
    at: datetime
    why: str
    by: str
    size: int
    sha256: str
    problems: tuple[str, ...]
    file: Path
    link: int = 0
    digest: str = ""
    customers: int = 0
    links: int = 0
    library: str = ""
    schema: str = ""
    files: int = 0
    proof: Proof | None = None
    tries: int = field(default=0, compare=False)
    elsewhere: datetime | None = field(default=None, compare=False)

    @property
    def good(self) -> bool:
        return not self.problems

    @property
    def proved(self) -> bool:
        """Whether a child process opened it and found all well."""
        return self.good and self.proof is not None and self.proof.ok

    @property
    def state(self) -> str:
        """proved, damaged, doubtful (a true copy of a register that is not as it was written), or waiting."""
        if self.problems:
            return "damaged"
        return "doubtful" if self.proof and self.proof.doubts else "proved" if self.proved else "waiting"

    @property
    def slip(self) -> Path:
        return self.file.with_name(f"{self.name}.json")

    @property
    def list_of_files(self) -> Path:
        """Beside it: the sealed files that it names, a line each (`originals/…`, `files/…`)."""
        return self.file.with_name(f"{self.name}.files")

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.name,
            "at": moment(self.at),
            "why": self.why,
            "by": self.by,
            "bytes": self.size,
            "sha256": self.sha256,
            "checked": self.proved,
            "problems": list(self.problems),
            "file": str(self.file),
            "head": {"link": self.link, "digest": self.digest},
            "customers": self.customers,
            "links": self.links,
            "library": self.library,
            "schema": self.schema,
            "files": self.files,
            "proof": self.proof.as_json() if self.proof else None,
            "elsewhere": moment(self.elsewhere) if self.elsewhere else None,
        }


def in_folder(folder: Path) -> list[Version]:
    """All versions of a folder, newest first."""
    found = [version for slip in folder.glob("*.json") if (version := read(slip)) is not None]
    return sorted(found, key=lambda version: (version.at, version.name), reverse=True)


def read(slip: Path, *, alone: bool = False) -> Version | None:
    """The version of this slip; None where its file is gone (unless the slip `alone` counts), or the slip."""
    try:
        said = json.loads(slip.read_text())
        version = _version(slip, said)
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return _unread(slip)
    return version if alone or version.file.is_file() else None


def write(version: Version) -> None:
    """Writes a fresh slip, durably."""
    places.write_whole(version.slip, json.dumps(_said(version), indent=1).encode())


def _said(version: Version) -> dict[str, Any]:
    return {**version.as_json(), "file": version.file.name, "tries": version.tries}


def amend(version: Version, **values: Any) -> Version | None:
    """Writes these keys into the slip, beside what others write into it meanwhile. None where the version is gone."""
    with _alone(version.file.parent):
        try:
            said = json.loads(version.slip.read_text())
            _version(version.slip, said)
        except OSError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            said = _said(version)
        places.write_whole(version.slip, json.dumps({**said, **values}, indent=1).encode())
    return read(version.slip)


def remove(version: Version) -> None:
    """Deletes the version: first its slip, so that nobody finds half of one."""
    with _alone(version.file.parent):
        for each in (version.slip, version.file, version.list_of_files):
            each.unlink(missing_ok=True)


def _unread(slip: Path) -> Version | None:
    """What the name alone says: `2026-11-24T010000Z-nightly`, where the copy lies beside it."""
    when, _dash, why = slip.stem[11:].partition("-")
    file = next((each for each in map(slip.with_suffix, (".db", ".pgdump")) if each.is_file()), None)
    try:
        at = datetime.strptime(f"{slip.stem[:11]}{when}", "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Version(slip.stem, at, why, "", file.stat().st_size, "", (), file) if file else None


def _version(slip: Path, said: dict[str, Any]) -> Version:
    head = said.get("head") or {}
    return Version(
        slip.stem,
        datetime.fromisoformat(said["at"]).astimezone(UTC),
        said["why"],
        said["by"],
        said["bytes"],
        said["sha256"],
        tuple(said["problems"]),
        slip.with_name(said["file"]),
        link=head.get("link", 0),
        digest=head.get("digest", ""),
        customers=said.get("customers", 0),
        links=said.get("links", 0),
        library=said.get("library", ""),
        schema=said.get("schema", ""),
        files=said.get("files", 0),
        proof=_proof(said),
        tries=said.get("tries", 0),
        elsewhere=datetime.fromisoformat(said["elsewhere"]) if said.get("elsewhere") else None,
    )


def _proof(said: dict[str, Any]) -> Proof | None:
    """Before proofs were written down, a slip was written once its copy had been opened and read to its end."""
    if "proof" not in said:
        return Proof(datetime.fromisoformat(said["at"]).astimezone(UTC), bool(said.get("checked")), "pages")
    known = said["proof"]
    return known and Proof(
        datetime.fromisoformat(known["at"]), known["ok"], known["kind"], known.get("changes", 0),
        known.get("seconds", 0.0), tuple(known.get("doubts", ())),
    )  # fmt: skip


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with _HERE, (folder / ".lock").open("ab") as held:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
