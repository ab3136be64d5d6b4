"""Questions of the customers: how many, which, in what order, with which columns; and what can be asked at all."""

from regulars.areas.segments.queries.asking import Page, count, numbers, page, rows, sentence
from regulars.areas.segments.queries.columns import DEFAULT_COLUMNS, listed_facts, values_of
from regulars.areas.segments.queries.comparing import Comparison, compare
from regulars.areas.segments.queries.lists import ListShown, fixed_lists, show_list
from regulars.areas.segments.queries.saved import Saved, saved_segments, segments_called, show_segment
from regulars.areas.segments.queries.vocabulary import Word, vocabulary
from regulars.areas.segments.queries.why import Reason, why

__all__ = [
    "DEFAULT_COLUMNS",
    "Comparison",
    "ListShown",
    "Page",
    "Reason",
    "Saved",
    "Word",
    "compare",
    "count",
    "fixed_lists",
    "listed_facts",
    "numbers",
    "page",
    "rows",
    "saved_segments",
    "segments_called",
    "sentence",
    "show_list",
    "show_segment",
    "values_of",
    "vocabulary",
    "why",
]
