"""Small things the database remembers for the program that keeps it, as JSON under a name (`kernel.models.Mark`)."""

import json
from typing import Any

SHEET_PRINTED = "recovery sheet"  # when somebody said that it lies printed and locked away


def recall(name: str) -> Any:
    """What was noted under this name; None for nothing, and for what is no JSON."""
    from regulars.kernel.models import Mark

    value = Mark.objects.filter(name=name).values_list("value", flat=True).first()
    try:
        return json.loads(value) if value else None
    except ValueError:
        return None


def note(name: str, what: Any) -> None:
    """Notes it in place of what was there."""
    from regulars.kernel.models import Mark

    Mark.objects.update_or_create(name=name, defaults={"value": json.dumps(what, ensure_ascii=False)})
