"""Headings of many words about what somebody allows or forbids: `Samtykke SMS`, `Ønsker ikke telefonopkald`.

Nobody can list them all (`headings.toml` has the usual ones), and a no that is passed over is the worst that an import
can do: so a word of consent or of refusal and a word of a channel are enough, where yes, no or days stand beneath.
"""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from regulars.areas.intake.readers.cells.answers import claims, says_yes
from regulars.areas.intake.readers.headings import Meaning, known, plain
from regulars.areas.intake.readers.looks import is_date

_SURE, _LIKELY = 0.85, 0.7
_ENOUGH = 0.6  # of the filled cells are answers
_CHANNELS = ("sms", "phone", "post", "email", "any")  # `direct mail` is post before it is mail


def wish_in(heading: str, cells: Sequence[str], today: date) -> Meaning | None:
    """What such a heading says, None where it speaks of something else or no answers stand beneath it."""
    words = f" {plain(heading)[:100]} "
    rest = _without_fillers(words)
    said = known(rest) if rest and rest != words.strip() else None
    found = said if said and said.path.startswith(("refusal.", "claim.")) else _of_words(words)
    if found is None or not _are_answers(cells, today):
        return None
    return found


def _of_words(words: str) -> Meaning | None:
    channel = next((each for each in _CHANNELS if _has(words, each)), "")
    if not channel or " no of " in words:  # the number of calls
        return None
    if _has(words, "no"):
        return Meaning(f"refusal.{channel}", sure=_LIKELY)
    return Meaning(f"claim.{channel}", sure=_LIKELY) if _has(words, "yes") else None


def _are_answers(cells: Sequence[str], today: date) -> bool:
    said = sum(
        claims(word) is False or says_yes(word) is not None or is_date(cell, today)
        for cell in cells
        for word in [cell.replace("(", " ").split(maxsplit=1)[0] if cell.strip() else ""]
    )
    return said >= _ENOUGH * len(cells)


def _without_fillers(words: str) -> str:
    for filler in _words()["fillers"]:
        words = words.replace(filler, " ")
    return " ".join(words.split())


def _has(words: str, of: str) -> bool:
    """Whether any of these words stands in the heading: a short one by itself, a long one as a part of another, too."""
    return any(each in words for each in _words()[of])


@cache
def _words() -> dict[str, tuple[str, ...]]:
    told = tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))["wishes"]
    return {
        of: tuple(word if len(word) > 7 else f" {word} " for each in words.split(" | ") if (word := plain(each)))
        for of, words in told.items()
    }
