"""A command that does something: who does it and when; the chain's head is signed when it has ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from regulars.interfaces.cli.output import say
from regulars.kernel.actor import Actor
from regulars.kernel.early import gettext as _


@contextmanager
def acting(command: str) -> Iterator[tuple[Actor, datetime]]:
    """(who, when) for the deeds of one command. The newest link is signed at its end, also after a refusal."""
    from django.utils import timezone

    from regulars.areas.journal.actions import sign_heads
    from regulars.interfaces.cli.operator import operator

    try:
        yield operator(command), timezone.now()
    finally:
        try:
            sign_heads(at=timezone.now())
        except OSError as error:  # what was done is kept; the backroom or the next command signs it
            say(_("The signed heads could not be written: %(reason)s. What was done is kept.") % {"reason": error})
