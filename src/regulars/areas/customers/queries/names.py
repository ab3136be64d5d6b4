"""What customers and households are called, by those who may know of them."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.customers.queries.forgotten import forgotten_among
from regulars.areas.customers.queries.reach import visible
from regulars.kernel.actor import Actor
from regulars.kernel.registries import MASK


def names_of_customers(by: Actor, numbers: Collection[int]) -> Mapping[int, str]:
    """Their names of today; of one who was forgotten just that; the number of one who is gone, or of whom this actor
    may not know."""
    known = {row.number: row.name for row in visible(by).filter(number__in=numbers)}
    gone = forgotten_among(set(numbers) - known.keys()) if by.own is None and by.may("customers.view") else set()
    known |= dict.fromkeys(gone, _("a forgotten customer"))
    return {number: known.get(number, str(number)) for number in numbers}


def names_of_households(by: Actor, keys: Collection[int]) -> Mapping[int, str]:
    """Their names of today, the last one of a household that is no more; nothing of them for who may see no customer.
    Their keys never leave the house."""
    if not by.may("customers.view"):
        return dict.fromkeys(keys, MASK)
    live = models.Household.objects.filter(id__in=keys)
    if by.own is not None:  # only where one of her own is in it
        live = live.filter(id__in=models.HouseholdMember.objects.filter(customer__in=visible(by)).values("household"))
    known = dict(live.values_list("id", "name"))
    gone = set(keys) - known.keys() if by.own is None else set()
    if gone:
        past = models.Household.past._default_manager.filter(id__in=gone).order_by("until")
        known |= dict(past.values_list("id", "name"))
    return {key: known.get(key) or MASK for key in keys}
