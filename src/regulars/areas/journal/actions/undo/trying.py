"""What taking a deed back would do. Of one that reached many, only what somebody touched since is looked at row by row;
all else is counted, and read as far as a person asks for it."""

from collections.abc import Iterator
from itertools import batched

from regulars.areas.journal import models
from regulars.areas.journal.actions.undo.conflicts import Decisions
from regulars.areas.journal.actions.undo.plain import Plain
from regulars.areas.journal.actions.undo.settling import Settled
from regulars.areas.journal.actions.undo.showing import Showing
from regulars.areas.journal.actions.undo.steps import Reach
from regulars.areas.journal.actions.undo.undone import Tally, Undone
from regulars.areas.journal.queries.differences import tables
from regulars.kernel import registries
from regulars.kernel.actor import Actor

AT_ONCE = 150  # customers in one transaction; more are done in many
_ROWS = 2_000  # rows of nobody's in one transaction, likewise
_LOOKED_AT = 500  # customers at once


def is_long(reach: Reach) -> bool:
    """Whether a deed reached more than is taken back in one transaction."""
    return len(reach.subjects) > AT_ONCE or reach.unknown > _ROWS


@registries.steady(anew=False)
def tried(reach: Reach, decisions: Decisions, tally: Tally, *, show: int, skip: int, by: Actor) -> Undone:
    """Counts, and tells `show` values after `skip` others."""
    result, showing = tally.result, Showing(show, skip)
    result.seen = models.Link.objects.order_by("-number").values_list("number", flat=True).first() or 0
    plain = Plain(reach) if is_long(reach) else None
    for settled in _looked_at(reach, decisions, plain):
        before = set(tally.seen)
        tally.count(settled)
        showing.settled(settled, without=before)
    if plain is not None:
        _counted(plain, tally)
        showing.going(plain.going())
    result.differences, result.more = showing.found, showing.more
    return result.named_for(by)


def _looked_at(reach: Reach, decisions: Decisions, plain: Plain | None) -> Iterator[Settled]:
    if plain is None:
        yield Settled(reach, decisions).settle(reach.subjects, reach.house())
        return
    seen: set[int] = set()
    for part in batched([each for each in reach.subjects if each in plain.subjects], _LOOKED_AT):
        settled = Settled(reach, decisions, plain).settle([each for each in part if each not in seen])
        seen |= settled.loaded
        plain.note(settled)
        yield settled
    if house := plain.house():
        yield Settled(reach, decisions, plain).settle((), house)


def _counted(plain: Plain, tally: Tally) -> None:
    """Adds what goes without being looked at."""
    going, losing = plain.cards
    tally.result.removed += len(set(going) - tally.seen)
    tally.result.restored += len(set(losing) - tally.seen)
    for table in tables():
        tally.add(table, removed=plain.count(table, tally.seen))
