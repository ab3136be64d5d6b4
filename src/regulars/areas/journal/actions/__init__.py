"""The journal's deeds: opening and closing a changeset, taking one back, signing heads, asking for a proof."""

from regulars.areas.journal.actions.deeds import Link, LongDeed, deed, long_deed, resume_long_deed
from regulars.areas.journal.actions.erasing import Erasure
from regulars.areas.journal.actions.heads import sign_heads, sign_heads_if_due
from regulars.areas.journal.actions.proving import ask_for_proof
from regulars.areas.journal.actions.rebuilding import Rebuilt, rebuild
from regulars.areas.journal.actions.undo import Undone, take_back_later, undo

__all__ = [
    "Erasure",
    "Link",
    "LongDeed",
    "Rebuilt",
    "Undone",
    "ask_for_proof",
    "deed",
    "long_deed",
    "rebuild",
    "resume_long_deed",
    "sign_heads",
    "sign_heads_if_due",
    "take_back_later",
    "undo",
]
