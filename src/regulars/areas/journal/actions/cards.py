"""How many cards a deed of many transactions has touched: each counts once, however often it is touched."""

from collections import defaultdict
from collections.abc import Iterable

_BITS = 12


class Cards:
    """A set of customers' numbers that is only added to and counted: a bit for each, for an import names millions."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._blocks: defaultdict[int, int] = defaultdict(int)
        self.add(numbers)

    def add(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._blocks[number >> _BITS] |= 1 << (number & ((1 << _BITS) - 1))

    def __len__(self) -> int:
        return sum(block.bit_count() for block in self._blocks.values())
