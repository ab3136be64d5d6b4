"""Merging without asking, where the house allows it: pairs called the same, and nothing that somebody took apart."""

from contextlib import suppress
from datetime import datetime

from regulars.areas.matching.actions.merging import Merged, merge_customers
from regulars.areas.matching.comparing.thirds import CODE
from regulars.areas.matching.queries.allowing import merging_by_itself
from regulars.areas.matching.queries.merges import taken_apart
from regulars.areas.matching.queries.pairs import seen_pairs
from regulars.kernel.errors import Refused

MOST = 200  # merges after one comparison; what is left waits for the next


def merge_surely(*, at: datetime) -> list[Merged]:
    """Merges open pairs whose verdict is `same` by what stands on the two cards alone, the younger card into the older
    one, as the house's own deed; of the customers that whoever allowed it may know of. What was merged before and
    taken apart stays apart; what cannot be merged is left."""
    by, done = merging_by_itself(), list[Merged]()
    if by is None:
        return done
    apart = taken_apart()
    rows = seen_pairs(by).filter(state="open", verdict="same").order_by("-bits", "a", "b")
    for pair in rows.iterator():
        if len(done) == MOST:
            break
        by_third = any(each["code"] == CODE for each in pair.reasons)
        if by_third or (pair.a, pair.b) in apart or not seen_pairs(by).filter(pk=pair.pk, state="open").exists():
            continue
        with suppress(Refused):  # archived, edited or merged meanwhile: somebody will look
            done.append(merge_customers(keep=pair.a, absorb=pair.b, by=by, at=at))
    return done
