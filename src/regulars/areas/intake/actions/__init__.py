"""What is done with files: looked at, corrected, tried, brought in, taken back."""

from regulars.areas.intake.actions.mappings import (
    remove_mapping,
    rename_mapping,
    save_mapping,
    use_earlier,
    use_mapping,
)
from regulars.areas.intake.actions.orders import Order, Otherwise, Taken, take_order
from regulars.areas.intake.actions.shops import Heard, NotSigned, add_shop, hear, remove_shop
from regulars.areas.intake.actions.starting import (
    Open,
    Started,
    cut_off,
    dry_run,
    run_to_end,
    start_import,
    stop_import,
    take_back,
    take_back_later,
)
from regulars.areas.intake.actions.understanding import correct, forget_upload, inspect

__all__ = [
    "Heard",
    "NotSigned",
    "Open",
    "Order",
    "Otherwise",
    "Started",
    "Taken",
    "add_shop",
    "correct",
    "cut_off",
    "dry_run",
    "forget_upload",
    "hear",
    "inspect",
    "remove_mapping",
    "remove_shop",
    "rename_mapping",
    "run_to_end",
    "save_mapping",
    "start_import",
    "stop_import",
    "take_back",
    "take_back_later",
    "take_order",
    "use_earlier",
    "use_mapping",
]
