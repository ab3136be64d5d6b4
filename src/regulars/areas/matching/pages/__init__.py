"""The pages: the queue of pairs (`queue`), cards brought together and taken apart (`merging`)."""

from regulars.areas.matching.pages.belonging import apart_for_good, belong, near
from regulars.areas.matching.pages.grouping import group
from regulars.areas.matching.pages.merging import apart, merge, merged, whom
from regulars.areas.matching.pages.queue import duplicates, later, pair, reject, scan

__all__ = [
    "apart", "apart_for_good", "belong", "duplicates", "group", "later", "merge", "merged", "near", "pair", "reject",
    "scan", "whom",
]  # fmt: skip
