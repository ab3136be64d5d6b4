"""Merging two cards of one person, and un-merging them."""

from regulars.areas.matching.actions.choosing import Choice
from regulars.areas.matching.actions.merging import Merged, merge_customers
from regulars.areas.matching.actions.unmerging import Question, Unmerged, unmerge

__all__ = ["Choice", "Merged", "Question", "Unmerged", "merge_customers", "unmerge"]
