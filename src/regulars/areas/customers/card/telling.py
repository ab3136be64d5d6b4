"""By when a person has to be told that she is on file: GDPR Art. 14(3)(a), where the data did not come from her.

Pure; the child that reads a file runs it too.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

NOT_FROM_HER = ("third_party",)  # of `HOWS`; what we observe or work out ourselves came from her in the end (Art. 13)


def due(card: Mapping[str, Any], kind: str, today: date) -> date | None:
    """The last day to tell her: one month after the data came in. None for an organisation, for data that she gave
    us, and where the card says a day, or that she was told."""
    if kind != "person" or card.get("how") not in NOT_FROM_HER or card.get("tell_by") or card.get("told_on"):
        return None
    return month_after(today)


def month_after(day: date) -> date:
    """The same day of the next month, or its last where it has none such (Regulation 1182/71 Art. 3(2)(c))."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
