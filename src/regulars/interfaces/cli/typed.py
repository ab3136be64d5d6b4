"""What is typed behind an option, for argparse: what cannot be is told by its own words, not by a function's name."""

import argparse
from datetime import date

_LARGEST = 2**53 - 1  # as over HTTP


def count(text: str) -> int:
    """So many, one at least."""
    if not text.isdecimal() or not 1 <= int(text) <= _LARGEST:
        raise argparse.ArgumentTypeError(f"“{text}” will not do: a whole number, at least 1")
    return int(text)


def number(text: str) -> int:
    """The number of a customer, a deed, a purchase; so many, or none."""
    if not text.isdecimal() or int(text) > _LARGEST:
        raise argparse.ArgumentTypeError(f"“{text}” will not do: a whole number")
    return int(text)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no day: write 2026-11-24") from None
