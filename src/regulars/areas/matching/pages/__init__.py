"""The pages: the queue of pairs (`queue`), cards brought together and taken apart (`merging`)."""

from regulars.areas.matching.pages.merging import apart, merge, whom
from regulars.areas.matching.pages.queue import duplicates, pair, reject, scan

__all__ = ["apart", "duplicates", "merge", "pair", "reject", "scan", "whom"]
