"""The journal's deeds: opening and closing a changeset, taking one back, signing heads."""

from regulars.areas.journal.actions.deeds import Link, LongDeed, deed, long_deed, resume_long_deed
from regulars.areas.journal.actions.heads import sign_heads
from regulars.areas.journal.actions.undo import LaterEdits, undo

__all__ = ["LaterEdits", "Link", "LongDeed", "deed", "long_deed", "resume_long_deed", "sign_heads", "undo"]
