"""Rows under a table that are none of its data: totals and footnotes. They are set aside and told, never silently."""

import re
from collections import deque
from collections.abc import Sequence

from regulars.areas.intake.readers.heads import row_text
from regulars.areas.intake.readers.layout import Cells, Numbered
from regulars.areas.intake.readers.row import Problem
from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _

TOTAL = _("It looks like a total under the table.")
NOTE = _("It looks like a note under the table.")
ENDED = _("It is the sign with which old programs end a file.")
_END = "\x1a"
MOST = 20  # rows at the end that may be a foot

_TOTALS = frozenset(
    fold(word)
    for word in (
        "total", "totals", "grand total", "sub total", "subtotal", "sum", "count", "average", "number of records",
        "records", "summe", "gesamt", "gesamtsumme", "zwischensumme", "anzahl", "insgesamt", "durchschnitt",
        "mittelwert", "i alt", "ialt", "antal", "gennemsnit", "totaal", "subtotaal", "groottotaal", "som", "gemiddeld",
        "कुल", "योग", "कुल योग", "संख्या",
    )
)  # fmt: skip
_NOTES = re.compile(
    r"(?:stand|quelle|source|erstellt|gedruckt|ausgedruckt|exportiert|printed|exported|generated|created|copyright|©"
    r"|\(c\)|confidential|vertraulich|seite|page|side|bladsy|udskrevet|kilde|bron|hinweis|note|anmerkung|legende|\*)"
    r"(?:\W.*|\s.*)?",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"[^\w@]*[\d.,'’\s%-]*\d[\d.,'’\s%-]*(?:[^\w@]*|\s*[A-Z]{3}|\s*kr\.?)")


class Tail:
    """The last filled rows of a table, kept while it is gone through."""

    def __init__(self) -> None:
        self.rows: deque[Numbered] = deque(maxlen=MOST + 1)

    def add(self, rows: Sequence[Numbered]) -> None:
        self.rows.extend(rows[-MOST - 1 :])

    def feet(self, columns: int) -> list[Problem]:
        """The rows at the end that are no data, from above; the row before them is the last of the data."""
        rows = list(self.rows)
        found: list[Problem] = []
        for at in range(len(rows) - 1, 0, -1):
            number, cells = rows[at]
            template = _foot(cells, columns, apart=_apart(rows, at))
            if not template or len(found) == MOST:
                break
            found.insert(0, Problem(number, "", "^Z" if template is ENDED else row_text(cells), template))
        return found


def _apart(rows: list[Numbered], at: int) -> bool:
    """Whether a blank row stands somewhere between the last full row and this one."""
    while at > 0:
        if rows[at][0] - rows[at - 1][0] > 1:
            return True
        if _said(rows[at - 1][1]) > 1:
            return False
        at -= 1
    return False


def _said(cells: Cells) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _foot(cells: Cells, columns: int, *, apart: bool) -> str:
    """Why the row is no data, '' where it may be somebody."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    if columns < 2 or not texts:
        return ""
    if texts == [_END]:
        return ENDED
    word, _colon, rest = texts[0].partition(":")
    if _is_total(word) and all(map(_NUMBER.fullmatch, filter(None, [rest.strip(), *texts[1:]]))):
        return TOTAL if len(texts) > 1 or rest.strip() or columns > 2 else ""
    if len(texts) == 1 and columns > 2 and "@" not in texts[0]:
        return NOTE if apart or _NOTES.fullmatch(texts[0]) else ""
    if apart and len(texts) > 1 and columns > 2 and all(map(_NUMBER.fullmatch, texts)) and not cells[0].strip():
        return TOTAL
    return ""


def _is_total(text: str) -> bool:
    words = fold(text).strip(" .:=()")
    return words in _TOTALS or words.lstrip("0123456789., ") in _TOTALS
