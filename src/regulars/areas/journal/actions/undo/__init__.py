"""Taking a deed back, at any time: every value it wrote becomes what it was, what others did since is kept or decided.

Undo is set arithmetic on link numbers (decision 1). For each row that the deed touched there is the version *before*
(in the twin, ended by the deed), the version it *left*, and the row as it stands *now*.
"""

from regulars.areas.journal.actions.undo.asking import take_back_later
from regulars.areas.journal.actions.undo.conflicts import CHOICES, Choice, Conflict, Edit
from regulars.areas.journal.actions.undo.taking_back import undo
from regulars.areas.journal.actions.undo.trying import AT_ONCE
from regulars.areas.journal.actions.undo.undone import Moved, Undone

__all__ = ["AT_ONCE", "CHOICES", "Choice", "Conflict", "Edit", "Moved", "Undone", "take_back_later", "undo"]
