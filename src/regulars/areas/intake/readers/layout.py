"""How a file is to be read: what was found out once, and is enough to read it again the same way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from regulars.areas.intake.readers.row import Problem

Cells = list[str]
Numbered = tuple[int, Cells]  # the row's number in the file and its cells


@dataclass(frozen=True, slots=True)
class Layout:
    """`kind` is csv, sheet, vcf or json. `skip` counts the records above the first data row, the header among them.

    `last` is the number of the last data row where more stands below it (totals, footnotes), else 0. `repair` is yes
    where garbled text is to be mended as it is read, no where a person said that it is none, '' where nobody has been
    asked. `nuls` says that the file holds NUL characters, which are passed over, `formulas` that some cell may be
    one that only says a text (`="01067"`).

    For csv: `encoding` as Python names it, `damaged` where some bytes are not of it, `delimiter`, `quote` ('' = none),
    `escape` ('' = quotes are doubled), `sep_line` where the first line only names the delimiter. For a sheet: its name.
    For an address book, and cards in JSON: `fields`, their columns. `headed` is False where the file has no header and
    the columns are only numbered.
    """

    kind: str
    encoding: str = ""
    damaged: bool = False
    delimiter: str = ""
    quote: str = '"'
    escape: str = ""
    sep_line: bool = False
    sheet: str = ""
    skip: int = 1
    headed: bool = True
    last: int = 0
    repair: str = ""
    nuls: bool = False
    formulas: bool = False
    fields: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Layout":
        return cls(**{**given, "fields": tuple(given.get("fields", ()))})


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a whole column leaves open: `orders` of day and month, `marks` of decimals, `serials` for bare numbers.

    `order` and `mark` are what the column itself decided, '' where it did not or had nothing to decide.
    """

    order: str = ""
    orders: tuple[str, ...] = ()
    order_examples: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    mark: str = ""
    marks: tuple[str, ...] = ()
    mark_examples: tuple[str, ...] = ()
    dates: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was understood of a file before anything is brought in.

    `columns` are the headings as written ("Column 3" where there is none), `rows` counts the rows that hold anything,
    `sample` the first of them with their row numbers, `sheets` every one that is not hidden and has rows. `hidden` are
    the columns that never come in, `numbered` those whose numbers are no cards' (`blackout`), `numeric` those in which
    a workbook keeps numbers, `secret` says whether anything in the file must not be kept; the sample is without it.
    `aside` are rows that are no data and stay outside, each with the reason, `notices` what else a person should know.
    `garbled` are texts that came through a wrong encoding (`MÃ¼ller`), each with what it seems to have been.
    """

    name: str
    layout: Layout
    columns: tuple[str, ...]
    rows: int
    sample: tuple[Numbered, ...]
    sheets: tuple[str, ...] = ()
    doubts: Mapping[int, Doubt] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()
    numbered: tuple[int, ...] = ()
    numeric: tuple[int, ...] = ()
    secret: bool = False
    aside: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    garbled: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "doubts": {str(index): asdict(doubt) for index, doubt in self.doubts.items()}}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Inspected":
        return cls(
            name=given["name"],
            layout=Layout.from_json(given["layout"]),
            columns=tuple(given["columns"]),
            rows=given["rows"],
            sample=tuple((number, list(cells)) for number, cells in given["sample"]),
            sheets=tuple(given["sheets"]),
            hidden=tuple(given.get("hidden", ())),
            numbered=tuple(given.get("numbered", ())),
            numeric=tuple(given.get("numeric", ())),
            secret=bool(given.get("secret")),
            doubts={int(index): _doubt(each) for index, each in given["doubts"].items()},
            aside=tuple(Problem(**each) for each in given.get("aside", ())),
            notices=tuple(Problem(**each) for each in given.get("notices", ())),
            garbled=tuple((before, after) for before, after in given.get("garbled", ())),
        )

    def other_sheets(self) -> list[str]:
        """The sheets with rows that are not read."""
        return [each for each in self.sheets if each != self.layout.sheet]

    def column(self, index: int) -> list[str]:
        """The filled cells of one column in the sample."""
        return [cells[index] for _number, cells in self.sample if index < len(cells) and cells[index].strip()]


def _doubt(given: Mapping[str, Any]) -> Doubt:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Doubt(**values)
