"""The card: one row for the customer, one row for each value of what she may have several of.

Row ids never leave the house; `number` is what people say. Columns ending in `_fold`, `key` and `sort_key` are derived
(`derive`) and hold the folded form in which values are compared, searched and sorted.
"""

from regulars.areas.customers.models.cards import GENDERS, HOWS, KINDS, NAMED, CardRow, Customer, called
from regulars.areas.customers.models.contacts import LABELS, Address, ContactPoint, SocialHandle, address_key
from regulars.areas.customers.models.custom import CustomField, CustomValue
from regulars.areas.customers.models.proposals import PROPOSED, Proposal, token_of
from regulars.areas.customers.models.relations import Employment, Household, HouseholdMember, Relation
from regulars.areas.customers.models.remarks import STANDINGS, Attachment, Look, Note, Reference, Standing, Tag
from regulars.areas.customers.models.sealed import BankAccount, IdentityNumber, Sealed
from regulars.areas.customers.models.search import SearchText, SearchWord

__all__ = [
    "GENDERS",
    "HOWS",
    "KINDS",
    "LABELS",
    "NAMED",
    "PROPOSED",
    "STANDINGS",
    "Address",
    "Attachment",
    "BankAccount",
    "CardRow",
    "ContactPoint",
    "CustomField",
    "CustomValue",
    "Customer",
    "Employment",
    "Household",
    "HouseholdMember",
    "IdentityNumber",
    "Look",
    "Note",
    "Proposal",
    "Reference",
    "Relation",
    "Sealed",
    "SearchText",
    "SearchWord",
    "SocialHandle",
    "Standing",
    "Tag",
    "address_key",
    "called",
    "token_of",
]
