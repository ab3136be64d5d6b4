"""Log lines: one line each, in UTC, without what a caller sent (docs/operating/logs.md).

An address may hold a one-time secret or a name, and an error the value it stumbled over: so a line names the route, and
of an error its kind and the way to it. Its words stand there only where they are about the machine.
"""

import logging
import time
import traceback
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

_OF_THE_MACHINE = (OSError, ImportError, OperationalError, ImproperlyConfigured)


def route_of(request: Any) -> str:
    """The route as it is declared (`join/<str:given>/`), never the address itself."""
    match = getattr(request, "resolver_match", None)
    return str(match.route or "/") if match else "an unknown address"


class WithoutAddresses(logging.Filter):
    """Django names the address in its lines about requests; the route takes its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            told = route_of(request)
            record.args = tuple(told if isinstance(a, str) and a.startswith("/") else a for a in record.args)
        return True


class Plain(logging.Formatter):
    """`2026-11-22T08:15:00.123Z LEVEL name: message`; control characters are escaped, so no line can be forged."""

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        kept, record.exc_text = record.exc_text, None  # another handler's words for the error are not ours
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - named by the library
        return _one_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - named by the library
        return "\n".join(f"    {_one_line(line)}" for line in _way_to(ei[1]))


def _way_to(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _way_to(before)
    for place in traceback.extract_tb(error.__traceback__):
        yield f"{place.filename}:{place.lineno} in {place.name}"
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    words = str(error).partition("\n")[0] if isinstance(error, _OF_THE_MACHINE) else ""
    yield f"{kind}: {words}" if words else kind


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)
