"""How the house is kept: a small sealed-where-needed file in the home, `safekeeping.json`.

It lies beside the database and not in it (decision 0042): it must be known when the database is dead, and bringing back
an older version must not bring back an older place.
"""

import json
import shutil
from dataclasses import dataclass, field, replace
from typing import Any

from regulars.kernel import crypto, keyfile, places

BUDGET = 30  # percent of the disk that versions may take
WARNED, STOPPED = 80, 95  # percent of the disk in use: from then on the screen warns; no new versions are made
_SECRETS = "safekeeping"  # what their key is drawn for
_AAD = b"regulars: secrets of the second place"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The second place. `kind` is folder, sftp or s3; `told` its plain words (path, host, user, bucket …), `secrets`
    what nobody may read. `never_delete`: the time rule is not kept there."""

    kind: str
    told: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    never_delete: bool = False

    def __str__(self) -> str:
        told = self.told
        if self.kind == "folder":
            return told["path"]
        if self.kind == "sftp":
            return f"sftp://{told['user']}@{told['host']}:{told['port']}{told['path']}"
        return f"s3://{told['bucket']}/{told['prefix']}".rstrip("/")


@dataclass(frozen=True, slots=True)
class Arrangement:
    budget: int = BUDGET
    elsewhere: Elsewhere | None = None


def arrangement() -> Arrangement:
    """How it is arranged; as from the beginning where nothing was said, or the file cannot be read."""
    try:
        said = json.loads(_file().read_text())
        return Arrangement(int(said.get("budget", BUDGET)), _elsewhere(said.get("elsewhere")))
    except (OSError, ValueError, KeyError, TypeError):
        return Arrangement()


def arrange(*, budget: int | None = None, elsewhere: Elsewhere | None = None, nowhere: bool = False) -> Arrangement:
    """Writes what is said and leaves the rest."""
    now = arrangement()
    now = replace(now, budget=now.budget if budget is None else budget,
                  elsewhere=None if nowhere else elsewhere or now.elsewhere)  # fmt: skip
    told: dict[str, Any] = {"budget": now.budget, "elsewhere": _said(now.elsewhere)}
    places.write_whole(_file(), json.dumps(told, indent=1).encode())
    return now


def room() -> tuple[int, int]:
    """Bytes of the disk that holds the versions: all, and in use."""
    disk = shutil.disk_usage(places.versions())
    return disk.used + disk.free, disk.used  # what is set aside for the administrator is nobody's room


def _file() -> Any:
    return places.home() / "safekeeping.json"


def _said(elsewhere: Elsewhere | None) -> dict[str, Any] | None:
    if elsewhere is None:
        return None
    key = crypto.derive(keyfile.keys().fields, _SECRETS)
    sealed = crypto.seal(crypto.key_id(key), key, json.dumps(elsewhere.secrets).encode(), _AAD).hex()
    return {"kind": elsewhere.kind, "told": elsewhere.told, "secrets": sealed, "never_delete": elsewhere.never_delete}


def _elsewhere(said: dict[str, Any] | None) -> Elsewhere | None:
    if said is None:
        return None
    try:
        secrets = json.loads(crypto.unseal(keyfile.opened_by(_SECRETS), bytes.fromhex(said["secrets"]), _AAD))
    except (crypto.Tampered, KeyError):  # of another key of the house: the place is known, and the next journey says so
        secrets = {}
    return Elsewhere(said["kind"], said["told"], secrets, bool(said["never_delete"]))
