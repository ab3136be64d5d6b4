"""Whether a number is that of somebody who was forgotten."""

from collections.abc import Collection
from datetime import datetime

from regulars.areas.journal.models import Forgotten


def number_is_forgotten(number: int) -> bool:
    return forgotten_on(number) is not None


def forgotten_on(number: int) -> datetime | None:
    """When the customer of this number was forgotten; None for anybody else."""
    return Forgotten.objects.filter(number=number).values_list("at", flat=True).first()


def forgotten_among(numbers: Collection[int]) -> set[int]:
    return set(Forgotten.objects.filter(number__in=numbers).values_list("number", flat=True)) if numbers else set()
