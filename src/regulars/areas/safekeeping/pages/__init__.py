"""Safekeeping on screen: the versions and their places, one put back; and what a watcher asks."""

from regulars.areas.safekeeping.pages.alive import healthz
from regulars.areas.safekeeping.pages.going import going
from regulars.areas.safekeeping.pages.keys import keys
from regulars.areas.safekeeping.pages.restoring import restore, restore_copy
from regulars.areas.safekeeping.pages.versions import arrange, drill, make, prove, versions

__all__ = [
    "arrange",
    "drill",
    "going",
    "healthz",
    "keys",
    "make",
    "prove",
    "restore",
    "restore_copy",
    "versions",
]
