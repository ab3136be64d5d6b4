"""What became of the rows of a list of purchases."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from regulars.areas.intake.actions.counting import Counts

_QUANTITY, _PRICE = 4, 5  # in a line as `readers.orders.grouping` sends it


@dataclass(slots=True)
class Tally(Counts):
    """`created`, `unchanged` and `refused` count rows, as for customers. Beside them what the rows were: `purchases`
    (documents) with their `lines`, `cancellations` (documents) with their `returns` (lines), of which `unmatched` found
    nothing that they give back; rows `without_customer`, of price nought (`zero_prices`) and of a quantity below it;
    customers made or brought up to date on the way, what was proposed for their cards, and
    what they had reserved and fetched with it.
    """

    purchases: int = 0
    lines: int = 0
    cancellations: int = 0
    returns: int = 0
    unmatched: int = 0
    without_customer: int = 0
    zero_prices: int = 0
    negative_quantities: int = 0
    customers_created: int = 0
    customers_updated: int = 0
    proposed: int = 0
    reservations_fetched: int = 0

    def count_order(self, back: bool, lines: Sequence[list[Any]], *, without: bool) -> None:
        """Counts one document of the file with the lines of it that came in."""
        if not lines:
            return
        self.purchases += not back
        self.cancellations += back
        below = sum(line[_QUANTITY] < 0 for line in lines)
        self.returns += below if back else 0
        self.lines += len(lines) - (below if back else 0)
        self.negative_quantities += 0 if back else below
        self.zero_prices += sum(not line[_PRICE] for line in lines)
        self.without_customer += len(lines) if without else 0

    def plain(self) -> dict[str, int]:
        return {each.name: getattr(self, each.name) for each in fields(self)}
