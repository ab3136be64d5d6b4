"""Questions about what was done: the house's deeds, one customer's history, what one deed changed."""

from regulars.areas.journal.chain.verifying import Verdict, verify, verify_copy
from regulars.areas.journal.queries.between import changed_between, differences_between
from regulars.areas.journal.queries.deeds import (
    Deed,
    beside,
    changes,
    changeset,
    changeset_of,
    customers_of,
    history_of,
    links_of,
    listed,
    newest_deed,
    sentence,
    taken_back,
)
from regulars.areas.journal.queries.differences import Difference, Place, cards_named, difference_page, differences
from regulars.areas.journal.queries.moments import (
    Moment,
    as_of,
    drawn,
    head,
    looking_back,
    mark_of,
    moment_at,
    moment_named,
)
from regulars.areas.journal.queries.proofs import (
    PROOF,
    TAKE_BACK,
    Proof,
    last_proof,
    proof_at_work,
    proofs,
    taking_back,
)
from regulars.areas.journal.queries.timelines import KINDS, kind_of, timeline_of

__all__ = [
    "KINDS", "PROOF", "TAKE_BACK", "Deed", "Difference", "Moment", "Place", "Proof", "Verdict", "as_of", "beside",
    "cards_named", "changed_between", "changes", "changeset", "changeset_of", "customers_of",
    "difference_page", "differences",
    "differences_between", "drawn", "head", "history_of", "kind_of", "last_proof", "links_of", "listed", "looking_back",
    "mark_of", "moment_at", "moment_named", "newest_deed", "proof_at_work", "proofs", "sentence", "taken_back",
    "taking_back",
    "timeline_of", "verify", "verify_copy",
]  # fmt: skip
