"""What is done about pairs: a scan that finds them, and what somebody says of one."""

from regulars.areas.matching.actions.rejecting import RIGHT as RIGHT_TO_REJECT
from regulars.areas.matching.actions.rejecting import reject
from regulars.areas.matching.actions.scanning import RIGHT as RIGHT_TO_SCAN
from regulars.areas.matching.actions.scanning import Scanned, last_scan, run_to_end, scan_all, scan_new, start_scan

__all__ = [
    "RIGHT_TO_REJECT", "RIGHT_TO_SCAN", "Scanned", "last_scan", "reject", "run_to_end", "scan_all", "scan_new",
    "start_scan",
]  # fmt: skip
