"""What a watcher asks: is the register alive?"""

import time

from django.db import connection
from django.http import HttpRequest, JsonResponse

from regulars.kernel import databases

_FRESH = 2.0  # seconds an answer is repeated, so that asking often costs nothing
_LAST: list[tuple[float, bool]] = []


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database can be written, 503 when not. Says nothing else, so anybody may ask."""
    if not _LAST or time.monotonic() - _LAST[0][0] > _FRESH:
        _LAST[:] = [(time.monotonic(), databases.can_write(connection))]
    well = _LAST[0][1]
    return JsonResponse({"ok": well}, status=200 if well else 503)
