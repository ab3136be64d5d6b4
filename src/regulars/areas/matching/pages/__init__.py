"""The pages: the queue of pairs (`queue`), cards brought together and taken apart (`merging`)."""

from regulars.areas.matching.pages.grouping import group
from regulars.areas.matching.pages.merging import apart, merge, whom
from regulars.areas.matching.pages.queue import duplicates, later, pair, reject, scan

__all__ = ["apart", "duplicates", "group", "later", "merge", "pair", "reject", "scan", "whom"]
