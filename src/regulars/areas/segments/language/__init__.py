"""The criteria language: which customers, as text, as JSON, as SQL, as a sentence. Four views of one tree.

text --parse--> tree --check--> meaning --compile--> SQL. `tree` is what was written; `meaning` is what it asks of the
facts that are declared today, with every value in the form in which it is kept. The language knows no table by name.
"""

from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.grammar import parse
from regulars.areas.segments.language.shape import from_json, to_json
from regulars.areas.segments.language.text import text_of
from regulars.areas.segments.language.tree import Tree

__all__ = ["CriteriaError", "Tree", "from_json", "parse", "text_of", "to_json"]
