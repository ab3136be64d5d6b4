"""A segment is a question, not an answer; a list is an answer that somebody has fixed: who is on it, is kept here."""

from regulars.kernel.registries import Holding

HOLDINGS = [
    Holding(
        model="segments.Listing", by=("customer",), on_merge="join", on_forget="erase", export=("list", "added_at")
    ),
]
