"""How many customers the house has, or had."""

from collections import OrderedDict

from django.db import connection

from regulars.areas.journal.queries import looking_back, mark_of
from regulars.kernel.dialect import Sql

_KNOWN: OrderedDict[tuple[bytes, int], int] = OrderedDict()  # by the mark of a moment
_MOST = 500


def everybody(counting: Sql) -> int:
    """The answer to `counting`, which counts the whole house. What was is counted once: it does not change, unless
    somebody is forgotten, and with that its mark does."""
    moment = looking_back()
    mark = mark_of(moment) if moment is not None else None
    if mark is not None and mark in _KNOWN:
        return _KNOWN[mark]
    with connection.cursor() as cursor:
        cursor.execute(counting.text, counting.params)
        found = int(cursor.fetchone()[0])
    if mark is not None:
        _KNOWN[mark] = found
        while len(_KNOWN) > _MOST:
            _KNOWN.popitem(last=False)
    return found
