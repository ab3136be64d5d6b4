"""What is done with files: looked at, corrected, tried, brought in, taken back."""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.intake.actions.kinds import import_of, try_now
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
    from regulars.areas.intake.actions.understanding import actor_of, correct, forget_upload, inspect, let_go_of_old
else:
    __getattr__ = late(__name__)

__all__ = [
    "Heard",
    "NotSigned",
    "Open",
    "Order",
    "Otherwise",
    "Started",
    "Taken",
    "actor_of",
    "add_shop",
    "correct",
    "cut_off",
    "dry_run",
    "forget_upload",
    "hear",
    "import_of",
    "inspect",
    "let_go_of_old",
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
    "try_now",
    "use_earlier",
    "use_mapping",
]
