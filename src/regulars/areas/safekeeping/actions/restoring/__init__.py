"""Putting copies back: the whole house, one customer, one field."""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.safekeeping.actions.restoring.asking import (
        Wish,
        ask_for_restore,
        needs_another,
        wish_of,
        withdraw_wish,
    )
    from regulars.areas.safekeeping.actions.restoring.elsewhere import (
        Home,
        arrive_from,
        prepare_home,
        room_at,
        source_for,
    )
    from regulars.areas.safekeeping.actions.restoring.fetching import fetch, let_go_of_fetched
    from regulars.areas.safekeeping.actions.restoring.glancing import Copy, copies, customers_now, newest_good
    from regulars.areas.safekeeping.actions.restoring.losing import Loss
    from regulars.areas.safekeeping.actions.restoring.parts import BroughtBack, restore_customer
    from regulars.areas.safekeeping.actions.restoring.soundness import end_of_chain, what_is_wrong
    from regulars.areas.safekeeping.actions.restoring.whole import (
        Choice,
        Restored,
        finish_swap,
        restore_house,
        say_outside,
    )
else:
    __getattr__ = late(__name__)

__all__ = [
    "BroughtBack",
    "Choice",
    "Copy",
    "Home",
    "Loss",
    "Restored",
    "Wish",
    "arrive_from",
    "ask_for_restore",
    "copies",
    "customers_now",
    "end_of_chain",
    "fetch",
    "finish_swap",
    "let_go_of_fetched",
    "needs_another",
    "newest_good",
    "prepare_home",
    "restore_customer",
    "restore_house",
    "room_at",
    "say_outside",
    "source_for",
    "what_is_wrong",
    "wish_of",
    "withdraw_wish",
]
