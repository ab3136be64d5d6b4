"""Pairs and merges over HTTP."""

from regulars.areas.matching.endpoints.duplicates import routes as duplicates
from regulars.areas.matching.endpoints.merges import routes as merges

__all__ = ["duplicates", "merges"]
