"""A scan that finds pairs, what somebody says of one, merging two cards of one person, and un-merging them."""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.matching.actions.ahead import alike_here
    from regulars.areas.matching.actions.belonging import belong, leave_apart
    from regulars.areas.matching.actions.by_itself import merge_surely
    from regulars.areas.matching.actions.choosing import Choice
    from regulars.areas.matching.actions.merging import Merged, merge_customers
    from regulars.areas.matching.actions.putting_off import A_MONTH, bring_back, put_off
    from regulars.areas.matching.actions.rejecting import RIGHT as RIGHT_TO_REJECT
    from regulars.areas.matching.actions.rejecting import reject
    from regulars.areas.matching.actions.scanning import RIGHT as RIGHT_TO_SCAN
    from regulars.areas.matching.actions.scanning import (
        Scanned,
        last_scan,
        run_to_end,
        scan_all,
        scan_new,
        scan_soon,
        start_scan,
    )
    from regulars.areas.matching.actions.scanning import is_due as scan_is_due
    from regulars.areas.matching.actions.unmerging import Question, Unmerged, unmerge
else:
    __getattr__ = late(__name__)

__all__ = [
    "A_MONTH", "RIGHT_TO_REJECT", "RIGHT_TO_SCAN", "Choice", "Merged", "Question", "Scanned", "Unmerged", "alike_here",
    "belong", "bring_back", "last_scan", "leave_apart", "merge_customers", "merge_surely", "put_off", "reject",
    "run_to_end", "scan_all", "scan_is_due", "scan_new", "scan_soon", "start_scan", "unmerge",
]  # fmt: skip
