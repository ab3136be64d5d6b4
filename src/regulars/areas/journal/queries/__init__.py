"""Questions about what was done: the house's deeds, one customer's history, what one deed changed."""

from regulars.areas.journal.chain.verifying import Verdict, verify
from regulars.areas.journal.queries.deeds import (
    Deed,
    beside,
    changes,
    changeset,
    changeset_of,
    history_of,
    links_of,
    listed,
    sentence,
)
from regulars.areas.journal.queries.differences import Difference, Place, cards_named, difference_page, differences
from regulars.areas.journal.queries.proofs import (
    PROOF,
    TAKE_BACK,
    Proof,
    last_proof,
    proof_at_work,
    proofs,
    taking_back,
)

__all__ = [
    "PROOF", "TAKE_BACK", "Deed", "Difference", "Place", "Proof", "Verdict", "beside", "cards_named", "changes",
    "changeset", "changeset_of", "difference_page", "differences", "history_of", "last_proof", "links_of", "listed",
    "proof_at_work", "proofs", "sentence", "taking_back", "verify",
]  # fmt: skip
