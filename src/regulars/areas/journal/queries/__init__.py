"""Questions about what was done: the house's deeds, one customer's history, what one deed changed."""

from regulars.areas.journal.chain.verifying import Verdict, verify
from regulars.areas.journal.queries.deeds import (
    Deed,
    changes,
    changeset,
    changeset_of,
    history_of,
    links_of,
    listed,
    sentence,
)
from regulars.areas.journal.queries.differences import Difference, differences
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
    "PROOF", "TAKE_BACK", "Deed", "Difference", "Proof", "Verdict", "changes", "changeset", "changeset_of",
    "differences", "history_of", "last_proof", "links_of", "listed", "proof_at_work", "proofs", "sentence",
    "taking_back", "verify",
]  # fmt: skip
