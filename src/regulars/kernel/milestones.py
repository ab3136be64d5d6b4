"""Deeds over many rows: a room above may want to know before one begins and when it is over, to keep what was there."""

from collections.abc import Callable

MANY = 1_000  # rows from which a deed is a milestone (decision 0042)

# Told what sort of deed it is, and whether it is over; never in its lock. Whatever goes wrong there stops no deed.
Told = Callable[[str, bool], None]
TOLD: list[Told] = []


def milestone(why: str, *, many: int, over: bool = False) -> None:
    """Says that a deed over so many rows begins or is over; small ones are nothing to tell of. To be called outside
    every transaction."""
    for told in TOLD if many > MANY else ():
        told(why, over)
