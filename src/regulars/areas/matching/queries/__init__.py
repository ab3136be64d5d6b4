"""Questions about pairs and about merges; who may not see one of the two sees neither."""

from regulars.areas.matching.queries.candidates import Candidate, whom_it_becomes, whom_it_could_be
from regulars.areas.matching.queries.groups import Group, groups_among, left_of
from regulars.areas.matching.queries.near import Near, near
from regulars.areas.matching.queries.pairs import PairShown, how_many, open_pairs, pair_before, show_pair
from regulars.areas.matching.queries.reasons import Reason, in_words
from regulars.areas.matching.queries.rejections import rejected_among

__all__ = [
    "Candidate", "Group", "Near", "PairShown", "Reason", "groups_among", "how_many", "in_words", "left_of", "near",
    "open_pairs", "pair_before", "rejected_among", "show_pair", "whom_it_becomes", "whom_it_could_be",
]  # fmt: skip
