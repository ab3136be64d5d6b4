"""Text that came through a wrong encoding before it reached us: `MÃ¼ller`. Noticed, and mended only where somebody
says so. What it was is worked out by ftfy."""

import re
from collections.abc import Iterable
from functools import lru_cache

from regulars.areas.intake.readers.layout import Cells

EXAMPLES = 3
_LONGEST = 2000
_MOST_LOOKED_AT = 20_000
# Where UTF-8 was read as something else, a letter became two or three signs that begin with one of these and go on with
# one of those. One class and one more, so that the search is quick; whether it is so, ftfy says.
_BEGIN = "ÂÃÄÅÆÇÈÉÊËÎÏÐÑâãäåæçèéêëîïðñ" + "√‚" + "├┬─┼"  # as Windows and Latin-1, Macintosh, DOS
_WINDOWS = "\x80-\xbf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122"
_MACINTOSH = "Äßæø§©®∂∏π∫ªºΩ¿¡¬ƒ≈∆«»…ÀÃÕŒœ÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ≥≤¥µ±∞†°¢£¶´¨≠"
_DOS = "\u2500-\u259f⌐"
_SUSPECT = re.compile(f"[{_BEGIN}][{_WINDOWS}{_MACINTOSH}{_DOS}]")


def looks_garbled(text: str) -> bool:
    return not text.isascii() and _SUSPECT.search(text) is not None


@lru_cache(maxsize=50_000)
def mended(text: str) -> str:
    """What the text seems to have been; the text itself where nothing is wrong with it."""
    if len(text) > _LONGEST * 10 or not looks_garbled(text):
        return text
    from ftfy import fix_encoding

    return fix_encoding(text)


def mended_row(cells: Cells) -> Cells:
    return [cell if cell.isascii() else mended(cell) for cell in cells]


class Garbled:
    """Watches the rows of a file go by: up to three texts that seem garbled, each with what it seems to have been."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.left = _MOST_LOOKED_AT

    def look(self, rows: Iterable[Cells], text: str) -> None:
        """`text` is all of them: one look at it spares one at each row."""
        if self.left <= 0 or len(self.found) >= EXAMPLES or not looks_garbled(text):
            return
        for cells in rows:
            text = "\n".join(cells)
            if text.isascii() or _SUSPECT.search(text) is None:  # one look at the row spares one at each cell
                continue
            for cell in cells:
                if cell.isascii() or not looks_garbled(cell):
                    continue
                self.left -= 1
                better = mended(cell)
                if better != cell:
                    self.found.setdefault(cell[:_LONGEST], better[:_LONGEST])
                if self.left <= 0 or len(self.found) >= EXAMPLES:
                    return

    def examples(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.found.items())
