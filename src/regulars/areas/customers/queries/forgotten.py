"""Whether a number is that of somebody who was forgotten."""

from collections.abc import Collection
from datetime import datetime

from regulars.areas.customers.models import Customer
from regulars.areas.journal.chain import ledger
from regulars.areas.journal.models import Forgotten


def number_is_forgotten(number: int) -> bool:
    return forgotten_on(number) is not None


def forgotten_on(number: int) -> datetime | None:
    """When the customer of this number was forgotten; None for anybody else."""
    return Forgotten.objects.filter(number=number).values_list("at", flat=True).first()


def forgotten_among(numbers: Collection[int]) -> set[int]:
    return set(Forgotten.objects.filter(number__in=numbers).values_list("number", flat=True)) if numbers else set()


def returned() -> list[int]:
    """The numbers of those whom the ledger names as forgotten and who are here again, since an older copy was put back.

    A number is hers only if its card is older than the forgetting: an old line must not meet somebody else.
    """
    done = {ledger.code_of("number", str(number)) for number in Forgotten.objects.values_list("number", flat=True)}
    missing = [entry for entry in ledger.entries() if not done.issuperset(entry.codes.get("number", ()))]
    if not missing:
        return []
    since = {code: max(e.at for e in missing if e.has("number", code)) for e in missing for code in e.codes["number"]}
    made: dict[int, datetime] = dict(Customer.past._default_manager.values_list("number", "created_at"))
    made |= dict(Customer.objects.values_list("number", "created_at"))
    codes = ((number, at, ledger.code_of("number", str(number))) for number, at in sorted(made.items()))
    return [number for number, at, code in codes if code in since and at.isoformat() <= since[code]]
