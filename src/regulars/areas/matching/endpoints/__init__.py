"""Cards that are brought together, over HTTP."""

from regulars.areas.matching.endpoints.merges import routes as merges

__all__ = ["merges"]
