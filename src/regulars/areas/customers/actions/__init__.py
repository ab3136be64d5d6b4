"""What is done to cards."""

from regulars.areas.customers.actions.cards import add_customer, delete_customer, edit_customer
from regulars.areas.customers.actions.fields import change_field, define_field
from regulars.areas.customers.actions.files import add_file, open_file, remove_file
from regulars.areas.customers.actions.standings import (
    archive_customer,
    become_customer,
    give_standing,
    take_standing,
    unarchive_customer,
)
from regulars.areas.customers.actions.unmasking import unmask

__all__ = [
    "add_customer",
    "add_file",
    "archive_customer",
    "become_customer",
    "change_field",
    "define_field",
    "delete_customer",
    "edit_customer",
    "give_standing",
    "open_file",
    "remove_file",
    "take_standing",
    "unarchive_customer",
    "unmask",
]
