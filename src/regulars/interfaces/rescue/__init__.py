"""The rescue pages: what `serve` shows when the database does not open. They say what is wrong and bring it back.

Accounts lie in the database, so whoever comes shows something else: the one-time link that `serve` printed on its
console, or the check letters of the recovery sheet (docs/decisions/0041).
"""

TOLD: dict[str, str] = {}  # what `serve` found, set before this process answers anybody: `digest`, `why`
