"""The house's journal on screen: every deed, one deed with what it changed, taking it back, and the proof."""

from regulars.areas.journal.pages.deeds import change, changes
from regulars.areas.journal.pages.proving import proof, prove
from regulars.areas.journal.pages.undoing import conflicts, undo

__all__ = ["change", "changes", "conflicts", "proof", "prove", "undo"]
