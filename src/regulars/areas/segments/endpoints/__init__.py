"""Which customers, over HTTP: lists by criteria, two moments, saved segments, fixed lists, one deed on many."""

from regulars.areas.segments.endpoints import comparing
from regulars.areas.segments.endpoints.asking import customers, routes
from regulars.areas.segments.endpoints.many import lists, many

__all__ = ["comparing", "customers", "lists", "many", "routes"]
