"""Disks: how full, how soon full, enciphered or not, which of two files share one."""

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from regulars.areas.health.machine import asked, powershell

Enciphered = Literal["yes", "no", "unknown"]
_CLOUDS = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents", "nextcloud", "owncloud")
_LEAST_DAYS = 3  # of samples before anything is said of the future


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the file system a folder lies on, as its user may use it."""

    total: int
    free: int

    @property
    def percent(self) -> int:
        """How full, in whole per cent: 100 is full."""
        return 100 - 100 * self.free // max(self.total, 1)


def room(folder: Path) -> Room:
    """Of this folder, or of the nearest one above it that exists."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    found = shutil.disk_usage(there)
    return Room(found.used + found.free, found.free)


def days_left(samples: Sequence[tuple[date, int]]) -> int | None:
    """In how many days the disk is full if it fills as it did between the first and the last sample (day, bytes free).

    None where the samples span less than three days, or nothing is getting less.
    """
    if len(samples) < 2:
        return None
    (first, was), (last, free) = samples[0], samples[-1]
    days = (last - first).days
    return int(free * days / (was - free)) if days >= _LEAST_DAYS and was > free else None


def enciphered(folder: Path) -> Enciphered:
    """Whether the disk under this folder is enciphered as a whole, as far as the system tells everybody."""
    if sys.platform.startswith("linux"):
        return _by_lsblk(folder)
    if sys.platform == "darwin":
        return _by_words(asked("/usr/bin/fdesetup", "status"), yes="FileVault is On", no="FileVault is Off")
    if sys.platform == "win32":
        drive = folder.resolve().drive
        told = powershell(
            f"(New-Object -ComObject Shell.Application).NameSpace('{drive}').Self"
            ".ExtendedProperty('System.Volume.BitLockerProtection')"
        )
        return "yes" if told in ("1", "3", "5") else "no" if told in ("0", "2", "6") else "unknown"
    return "unknown"


def _by_words(told: str | None, *, yes: str, no: str) -> Enciphered:
    return "yes" if told and yes in told else "no" if told and no in told else "unknown"


def _by_lsblk(folder: Path) -> Enciphered:
    """Whether a dm-crypt device stands anywhere between the file system and the disks. A network disk, or one that a
    container does not see, is unknown."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    source = (asked("findmnt", "-no", "SOURCE", "-T", str(there)) or "").partition("[")[0]
    told = asked("lsblk", "-s", "-J", "-o", "TYPE", source) if source.startswith("/dev/") else None
    return in_tree(told)


def in_tree(told: str | None) -> Enciphered:
    """Of what `lsblk -s -J -o TYPE` prints."""
    try:
        kinds = set(_kinds(json.loads(told or "")["blockdevices"]))
    except (ValueError, KeyError, TypeError):
        return "unknown"
    return "yes" if "crypt" in kinds else "no" if kinds & {"disk", "part", "lvm", "raid1"} else "unknown"


def _kinds(devices: Iterable[dict[str, Any]]) -> Iterable[str]:
    for device in devices:
        yield str(device.get("type"))
        yield from _kinds(device.get("children") or ())


def same_disk(one: Path, other: Path) -> bool:
    """Whether two files lie on one file system; a thief or a fault takes both."""
    return one.stat().st_dev == other.stat().st_dev


def synchronised_by(folder: Path) -> str:
    """The cloud program in whose folder this lies, by its usual names; '' for none."""
    parts = [part.lower() for part in folder.resolve().parts]
    return next((part for part in parts for cloud in _CLOUDS if part.startswith(cloud)), "")
