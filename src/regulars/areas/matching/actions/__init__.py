"""What is done about pairs: a scan that finds them, and what somebody says of one."""

from regulars.areas.matching.actions.rejecting import reject
from regulars.areas.matching.actions.scanning import Scanned, run_to_end, scan_all, scan_new, start_scan

__all__ = ["Scanned", "reject", "run_to_end", "scan_all", "scan_new", "start_scan"]
