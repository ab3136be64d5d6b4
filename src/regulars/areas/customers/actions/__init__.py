"""What is done to cards."""

from typing import TYPE_CHECKING

from regulars.areas.customers.card.at_rest import fill as fill_search_keys
from regulars.areas.customers.card.at_rest import keys_at_rest as search_keys_at_rest
from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.customers.actions.cards import add_customer, delete_customer, edit_customer
    from regulars.areas.customers.actions.confirming import confirm_customer
    from regulars.areas.customers.actions.fields import change_field, define_field
    from regulars.areas.customers.actions.files import add_file, open_file, remove_file
    from regulars.areas.customers.actions.forgetting import (
        Fate,
        Forgetting,
        forget_again,
        forget_customer,
        what_would_go,
    )
    from regulars.areas.customers.actions.proposals import accept_proposal, decline_proposal
    from regulars.areas.customers.actions.resembling import whom_it_could_be
    from regulars.areas.customers.actions.searching import fill_search_keys_soon, rebuild_search_keys
    from regulars.areas.customers.actions.sorting import order_is_due, sort_anew
    from regulars.areas.customers.actions.standings import (
        archive_customer,
        become_customer,
        give_standing,
        take_standing,
        unarchive_customer,
    )
    from regulars.areas.customers.actions.unmasking import unmask
else:
    __getattr__ = late(__name__)

__all__ = [
    "Fate",
    "Forgetting",
    "accept_proposal",
    "add_customer",
    "add_file",
    "archive_customer",
    "become_customer",
    "change_field",
    "confirm_customer",
    "decline_proposal",
    "define_field",
    "delete_customer",
    "edit_customer",
    "fill_search_keys",
    "fill_search_keys_soon",
    "forget_again",
    "forget_customer",
    "give_standing",
    "open_file",
    "order_is_due",
    "rebuild_search_keys",
    "remove_file",
    "search_keys_at_rest",
    "sort_anew",
    "take_standing",
    "unarchive_customer",
    "unmask",
    "what_would_go",
    "whom_it_could_be",
]
