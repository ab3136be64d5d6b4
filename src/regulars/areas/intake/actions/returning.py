"""Which line a return takes back: the same customer's, of the same product, bought before, with enough of it left."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from regulars.areas.trade.queries import product_ids, returnable

Key = tuple[str, str, int]


class Given:
    """What these customers may give back. Asked once for many; what is given back through it is left no more."""

    def __init__(self, customers: Iterable[int], products: Iterable[str]) -> None:
        self._customers, self._named = sorted(set(customers)), sorted(set(products))
        self._left: dict[tuple[int, int], list[list[object]]] | None = None
        self._products: dict[str, int] = {}

    def of(self, customer: int | None, product: str, day: date, quantity: int, number: str = "") -> Key | None:
        """The newest fitting line (source, number, ordinal); None where none fits. With `number` only of that one."""
        if customer is None or not product:
            return None
        found = self._lines(customer, product)
        for row in reversed(found):
            bought, source, own, ordinal, left = row
            if bought <= day and left >= quantity and number in ("", own):  # type: ignore[operator]
                row[4] = left - quantity  # type: ignore[operator]
                return source, own, ordinal  # type: ignore[return-value]
        return None

    def _lines(self, customer: int, product: str) -> list[list[object]]:
        if self._left is None:
            self._products = product_ids(self._named)
            self._left = defaultdict(list)
            for who, what, day, source, number, ordinal, left in returnable(self._customers):
                if what is None:
                    continue
                self._left[who, what].append([day, source, number, ordinal, left])
        known = self._products.get(product)
        return self._left[customer, known] if known is not None else []
