"""Who bought: the cells of a row that say it, judged once for each different buyer however many rows she has."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from regulars.areas.customers.card.ready import Maker
from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.judging import compile_reasons, digest_of
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping as Places
from regulars.areas.intake.readers.orders.places import is_of_purchase
from regulars.areas.intake.readers.ready import framed, told_of

NOBODY = -1
_AT_ONCE = 500
_KEYS = ("references", "emails", "phones")
_NAMES = ("given_name", "family_name", "organisation_name")
_DIGEST = 32

Judged = Callable[[int, Cells], Any]


def of_buyers(mapping: Places) -> Places:
    """The mapping without what is the purchase's: what a row says of who bought."""
    columns = tuple(replace(each, to="ignore") if is_of_purchase(each.to) else each for each in mapping.columns)
    return replace(mapping, columns=columns, made=tuple(each for each in mapping.made if not is_of_purchase(each.to)))


class Buyers:
    """The buyers of one file in order of their first row. `of` gives a row's; `left_out` are cells that cannot be
    read, with the reasons: a purchase does not stay outside because of its buyer's. `doubts` are what looks wrong in
    the rows that name a buyer first, by their numbers."""

    def __init__(self, mapping: Places, context: Context, told: Mapping[str, Any]) -> None:
        own = of_buyers(mapping)
        used = own.used()
        self.columns = sorted({index for each in used for index in (each.of or (each.index,)) if not each.text})
        self.judge: Judged | None = compile_reasons(own, context) if self.columns else None
        self.maker = Maker(told["layout"])
        self.source: str = told["source"]
        self.how: str = told["given"]["how"]
        self.known: dict[int, int] = {}
        self.left_out: list[list[Any]] = []
        self.doubts: dict[int, list[list[Any]]] = {}
        self.waiting: list[int] = []
        self.count = 0
        key = next((each.index for each in used if each.to == "reference"), None)
        if key is None:
            key = next((each.index for each in used if each.to.startswith("emails") and not each.of), None)
        self.key = key

    def of(self, number: int, cells: Cells) -> int:
        """The index of the buyer whom this row names, NOBODY where it names none."""
        if self.judge is None:
            return NOBODY
        own = [cells[index] for index in self.columns if index < len(cells)]
        if not any(own):
            return NOBODY
        key = hash("\x1f".join(own))
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._new(number, cells, own)
        return found

    def told_by(self, cells: Cells) -> str:
        """The key by which this row names a buyer, '' for none: two of them in one purchase contradict each other."""
        return cells[self.key].strip() if self.key is not None and self.key < len(cells) else ""

    def _new(self, number: int, cells: Cells, own: Cells) -> int:
        """A buyer whose cells stand here for the first time. What of them cannot be read is left out and told."""
        assert self.judge is not None
        problems, row = self.judge(number, cells)
        told = [told_of(each) for each in problems if each.column]
        card = row.card
        if card is None or row.problem is not None:
            self.left_out += told
            return NOBODY
        if not any(card.get(name) for name in _KEYS):
            if not any(card.get(name) for name in _NAMES):
                return NOBODY  # it says no more than a country: that is nobody
            card["references"] = [{"source": self.source, "value": digest_of(own)[:_DIGEST]}]
        self.left_out += [*told, *map(told_of, row.blacked)]
        if row.doubts:
            self.doubts[number] = [told_of(each) for each in row.doubts]
        if self.how and not card.get("how"):
            card["how"], card["only_new"] = self.how, ["how"]
        self.maker.add(number, card)
        self.waiting.append(self.count)
        self.count += 1
        return self.count - 1

    def frame(self, *, rest: bool = False) -> bytes | None:
        """The buyers found since, ready to be written, once they are enough; with `rest` however few."""
        if len(self.waiting) < (1 if rest else _AT_ONCE):
            return None
        told = {"buyers": self.waiting, "ready": self.maker.made()}
        self.waiting = []
        return b"B" + framed(told)


class Orders:
    """Which rows are one purchase: the last row of each number, and its buyer. `keyed` are those whose rows name
    several buyers, each with the first of them."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.last = array("q")
        self.buyer = array("q")
        self.keyed: dict[int, str] = {}
        self._keys: list[str] = []
        self._mixed: set[int] = set()
        self._never: set[int] = set()  # those of which a row says that they never became a purchase

    def saw(self, number: str, row: int, buyers: Buyers, cells: Cells, *, bought: bool) -> None:
        """Takes a row in; of one of an order that was never `bought` nobody is made."""
        at = self.index.get(number)
        key = buyers.told_by(cells) if bought else ""
        if at is None:
            self.index[number] = len(self.last)
            self.last.append(row)
            self.buyer.append(buyers.of(row, cells) if bought else NOBODY)
            self._keys.append(key)
            if not bought:
                self._never.add(len(self.last) - 1)
            return
        self.last[at] = row
        if bought and self.buyer[at] == NOBODY and at not in self._never:
            self.buyer[at] = buyers.of(row, cells)
        if key and key != self._keys[at]:
            if self._keys[at]:
                self._mixed.add(at)
            else:
                self._keys[at] = key

    def close(self) -> None:
        """The whole file was seen."""
        self.keyed = {at: self._keys[at] for at in self._mixed}
        self._keys = []
