"""JSON over HTTP for every room: how a route is declared, how an answer, a page of a list and a refusal look.

A room's `endpoints.py` makes `routes = Routes("Customers")` and declares on it. `interfaces/api` gathers them, asks for
the token and the right, keeps answers for their idempotency key and writes the OpenAPI document. Nothing is imported
here that a page would need: the first page of a worker does not wait for pydantic.
"""

from regulars.kernel.api.answers import ETag, answer, bytes_answer, nothing, seen_version
from regulars.kernel.api.routes import Route, Routes
from regulars.kernel.api.shapes import AskedDay, Instant, Moment, Problem, Shape
from regulars.kernel.paging import Cursor, next_link, read_cursor, write_cursor

__all__ = [
    "AskedDay",
    "Cursor",
    "ETag",
    "Instant",
    "Moment",
    "Problem",
    "Route",
    "Routes",
    "Shape",
    "answer",
    "bytes_answer",
    "next_link",
    "nothing",
    "read_cursor",
    "seen_version",
    "write_cursor",
]
