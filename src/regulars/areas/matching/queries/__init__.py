"""Questions about pairs and about merges; who may not see one of the two sees neither."""

from regulars.areas.matching.queries.candidates import Candidate, whom_it_becomes, whom_it_could_be
from regulars.areas.matching.queries.pairs import PairShown, open_pairs, show_pair
from regulars.areas.matching.queries.reasons import Reason, in_words
from regulars.areas.matching.queries.rejections import rejected_among

__all__ = [
    "Candidate", "PairShown", "Reason", "in_words", "open_pairs", "rejected_among", "show_pair", "whom_it_becomes",
    "whom_it_could_be",
]  # fmt: skip
