"""The pages of one customer: her card, its blocks in place, what is done to it, its history, a new one."""

from regulars.areas.dossier.pages.alike import alike_caller, alike_new
from regulars.areas.dossier.pages.cards import block, card, pick
from regulars.areas.dossier.pages.deeds import archive, delete, standing, unarchive, unmask
from regulars.areas.dossier.pages.edits import edit, item, remove
from regulars.areas.dossier.pages.forgetting import forget
from regulars.areas.dossier.pages.histories import history
from regulars.areas.dossier.pages.newcomers import new
from regulars.areas.dossier.pages.proposals import proposal
from regulars.areas.dossier.pages.searches import search
from regulars.areas.dossier.pages.selling import sale
from regulars.areas.dossier.pages.still import stale, still_right
from regulars.areas.dossier.pages.till import caller, till

__all__ = [
    "alike_caller",
    "alike_new",
    "archive",
    "block",
    "caller",
    "card",
    "delete",
    "edit",
    "forget",
    "history",
    "item",
    "new",
    "pick",
    "proposal",
    "remove",
    "sale",
    "search",
    "stale",
    "standing",
    "still_right",
    "till",
    "unarchive",
    "unmask",
]
