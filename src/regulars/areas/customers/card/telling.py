"""By when a person has to be told that she is on file: GDPR Art. 14(3)(a), where the data did not come from her.

Pure; the child that reads a file runs it too.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from regulars.kernel.dates import months_later

NOT_FROM_HER = ("third_party",)  # of `HOWS`; what we observe or work out ourselves came from her in the end (Art. 13)


def due(card: Mapping[str, Any], kind: str, today: date) -> date | None:
    """The last day to tell her: one month after the data came in. None for an organisation, for data that she gave
    us, and where the card says a day, or that she was told."""
    if kind != "person" or card.get("how") not in NOT_FROM_HER or card.get("tell_by") or card.get("told_on"):
        return None
    return month_after(today)


def month_after(day: date) -> date:
    """The same day of the next month."""
    return months_later(day, 1)
