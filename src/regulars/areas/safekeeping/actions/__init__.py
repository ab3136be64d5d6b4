"""The deeds of safekeeping: a version made, a version carried to another place."""

from regulars.areas.safekeeping.actions.carrying import backup_to
from regulars.areas.safekeeping.actions.making import NotWhole, make_version

__all__ = ["NotWhole", "backup_to", "make_version"]
