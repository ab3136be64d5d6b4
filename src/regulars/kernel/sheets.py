"""Tables for spreadsheets: cells that open harmlessly, and come back unchanged (H5).

A spreadsheet takes a CSV cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula. Such a cell
gets an apostrophe before it. A text that has apostrophes before such a sign already gets one more, so that taking one
away always gives back what was written; `'t Hooft` is neither and stays as it is. Cells of an xlsx are typed as text
and need nothing of the kind.
"""

import re

_DANGEROUS = "=+\\-@\t\r\n\0＝＋－＠"
_SHIELD = re.compile(f"'*[{_DANGEROUS}]")
_SHIELDED = re.compile(f"'+[{_DANGEROUS}]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def shield(text: str) -> str:
    """The text as a CSV cell that no spreadsheet computes."""
    return f"'{text}" if _SHIELD.match(text) else text


def unshield(cell: str) -> str:
    """The text of a cell that `shield` wrote, for files of our own making: `unshield(shield(x)) == x` for every x."""
    return cell[1:] if _SHIELDED.match(cell) else cell


def printable(text: str) -> str:
    """The text without the control characters that no xlsx may hold."""
    return _UNPRINTABLE.sub("", text)
