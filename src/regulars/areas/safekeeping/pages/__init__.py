"""Safekeeping on screen: the versions and their places, one put back; and what a watcher asks."""

from regulars.areas.safekeeping.pages.alive import healthz
from regulars.areas.safekeeping.pages.restoring import restore, restore_copy, restore_going
from regulars.areas.safekeeping.pages.versions import arrange, drill, make, prove, versions

__all__ = [
    "arrange",
    "drill",
    "healthz",
    "make",
    "prove",
    "restore",
    "restore_copy",
    "restore_going",
    "versions",
]
