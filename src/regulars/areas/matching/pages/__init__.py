"""The pages on which cards are brought together and taken apart."""

from regulars.areas.matching.pages.merging import apart, merge, whom

__all__ = ["apart", "merge", "whom"]
