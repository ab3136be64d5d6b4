"""The deeds of safekeeping: a version made, proved, let go of, carried elsewhere; the drill; how it is arranged."""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.safekeeping.actions.arranging import arrange_house
    from regulars.areas.safekeeping.actions.carrying import backup_to, carry, make_and_prove
    from regulars.areas.safekeeping.actions.drilling import ask_for_drill, drill
    from regulars.areas.safekeeping.actions.making import (
        SYSTEM,
        Doubtful,
        NotWhole,
        ask_for_version,
        make_if_changed,
        make_version,
        note_trouble,
        prune,
        prune_home,
    )
    from regulars.areas.safekeeping.actions.proving import ask_for_proof, prove_version, unproved
else:
    __getattr__ = late(__name__)

__all__ = [
    "SYSTEM",
    "Doubtful",
    "NotWhole",
    "arrange_house",
    "ask_for_drill",
    "ask_for_proof",
    "ask_for_version",
    "backup_to",
    "carry",
    "drill",
    "make_and_prove",
    "make_if_changed",
    "make_version",
    "note_trouble",
    "prove_version",
    "prune",
    "prune_home",
    "unproved",
]
