"""The list of customers with its criteria, the words of the language, and the saved segments."""

from regulars.areas.segments.pages.building import builder
from regulars.areas.segments.pages.comparing import compare
from regulars.areas.segments.pages.explaining import explain, fixed_list, make, remove_list
from regulars.areas.segments.pages.exporting import agree_to_export, export
from regulars.areas.segments.pages.gaps import gaps
from regulars.areas.segments.pages.lists import customers
from regulars.areas.segments.pages.many import many, many_done, many_stop
from regulars.areas.segments.pages.saving import remove, rename, save, segments
from regulars.areas.segments.pages.words import columns, words

__all__ = [
    "agree_to_export",
    "builder",
    "columns",
    "compare",
    "customers",
    "explain",
    "export",
    "fixed_list",
    "gaps",
    "make",
    "many",
    "many_done",
    "many_stop",
    "remove",
    "remove_list",
    "rename",
    "save",
    "segments",
    "words",
]
