"""The readers: a file becomes cards, or clear words about why not. Pure functions; no models, no journal.

    inspected = open_file(path, name, today=today)          # in a child process; says what the file is
    mapping = guess(inspected, today=today)                  # which column goes where, how sure, why
    questions(inspected, mapping)                            # what must be asked first
    for row in judged(path, inspected, mapping, context):    # in a child process, streamed
        row.card or row.problem

What is named here is loaded when it is first asked for: the child that only looks a file through needs half of it, and
starts sooner.

Refuses: what is no list, what is too large or too slow to be one, a mapping that makes no card.
"""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.intake.readers.asking import questions
    from regulars.areas.intake.readers.cells import Context, Declared
    from regulars.areas.intake.readers.guessing import guess, headers_of
    from regulars.areas.intake.readers.headings import of_the_list
    from regulars.areas.intake.readers.judging import compile_judge, judge
    from regulars.areas.intake.readers.layout import Doubt, Inspected, Layout
    from regulars.areas.intake.readers.mapping import WHY, Column, Mapping, Question
    from regulars.areas.intake.readers.row import Problem, Reasoned, Row
    from regulars.areas.intake.readers.sandbox import judged, open_file, prepared, purchases, reasons, row_of
    from regulars.areas.intake.readers.targets import Target, target, words_of
else:
    __getattr__ = late(__name__)

__all__ = [
    "WHY",
    "Column",
    "Context",
    "Declared",
    "Doubt",
    "Inspected",
    "Layout",
    "Mapping",
    "Problem",
    "Question",
    "Reasoned",
    "Row",
    "Target",
    "compile_judge",
    "guess",
    "headers_of",
    "judge",
    "judged",
    "of_the_list",
    "open_file",
    "prepared",
    "purchases",
    "questions",
    "reasons",
    "row_of",
    "target",
    "words_of",
]
