"""Which customers, over HTTP: lists by criteria, saved segments, fixed lists, one deed on many."""

from regulars.areas.segments.endpoints.asking import customers, routes
from regulars.areas.segments.endpoints.many import lists, many

__all__ = ["customers", "lists", "many", "routes"]
