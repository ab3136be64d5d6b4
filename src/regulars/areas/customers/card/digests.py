"""References that no other system gave: a list's row that had no key of its own is known by the digest of its cells."""

import re
from collections.abc import Mapping
from typing import Any

UNNAMED = "list"  # the source of what came with a list that names none
_DIGEST = re.compile(r"[0-9a-f]{32}")


def tells_nothing(reference: Mapping[str, Any]) -> bool:
    """Whether a reference is such a digest: by it the row is found again, and nobody can read it. It belongs into JSON
    and exports, not on a screen."""
    return reference["source"] == UNNAMED and _DIGEST.fullmatch(reference["value"]) is not None
