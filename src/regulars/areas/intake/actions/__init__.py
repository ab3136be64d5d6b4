"""What is done with files: looked at, corrected, tried, brought in, taken back."""

from regulars.areas.intake.actions.mappings import (
    remove_mapping,
    rename_mapping,
    save_mapping,
    use_earlier,
    use_mapping,
)
from regulars.areas.intake.actions.orders import Order, Otherwise, Taken, take_order
from regulars.areas.intake.actions.starting import (
    Open,
    Started,
    cut_off,
    dry_run,
    run_to_end,
    start_import,
    stop_import,
    take_back,
)
from regulars.areas.intake.actions.understanding import correct, forget_upload, inspect

__all__ = [
    "Open",
    "Order",
    "Otherwise",
    "Started",
    "Taken",
    "correct",
    "cut_off",
    "dry_run",
    "forget_upload",
    "inspect",
    "remove_mapping",
    "rename_mapping",
    "run_to_end",
    "save_mapping",
    "start_import",
    "stop_import",
    "take_back",
    "take_order",
    "use_earlier",
    "use_mapping",
]
