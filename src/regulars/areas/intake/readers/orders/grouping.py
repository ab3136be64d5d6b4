"""A list of purchases read whole, in the child: first who bought and where each purchase ends, then the purchases.

What it sends: `B` frames with buyers ready to be written (`readers.ready.framed`), then `P` frames with purchases,
those that give back after all others, so that what they give back is there. A frame depends on nothing but the file and
its mapping: whoever was cut off passes over as many as are done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.judging import BLACKED, digest_of, fitted
from regulars.areas.intake.readers.layout import Cells, Numbered
from regulars.areas.intake.readers.making import maker
from regulars.areas.intake.readers.mapping import Mapping as Places
from regulars.areas.intake.readers.orders.buyers import Buyers, Orders
from regulars.areas.intake.readers.orders.reading import Reading
from regulars.areas.intake.readers.orders.values import TEXTS
from regulars.kernel import forbidden
from regulars.kernel.errors import Refused
from regulars.kernel.forbidden import BLACK
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import short

LINES = 2_500  # lines in a frame
_MOST_TOLD = 200
NOT_ALONE = _(
    "Row {row} of the same number cannot be read, and a purchase comes in whole or not at all. Mend that row."
)
ANOTHER_BUYER = _("This row names another customer than the rows above it of the same number.")
Rows = Callable[[], Iterable[Numbered]]


def purchases(rows: Rows, mapping: Places, context: Context, told: Mapping[str, Any]) -> Iterator[bytes]:
    """The frames of one file. `told`: `layout`, `source`, `given`, `zone`, and `skip`, how many `P` frames are done."""
    file = _File(mapping, context, told)
    yield from file.buyers_of(rows())
    skip = told["skip"]
    for place, content in enumerate(file.purchases_of(rows())):
        if place >= skip:
            yield b"P" + orjson.dumps(content)


class _File:
    def __init__(self, mapping: Places, context: Context, told: Mapping[str, Any]) -> None:
        self.buyers, self.orders = Buyers(mapping, context, told), Orders()
        self.reading = Reading(mapping, context, ZoneInfo(told["zone"]))
        self.make = maker(mapping)
        self.broken: dict[int, int] = {}  # purchases with a row that cannot be read, and its number
        self.headings = [each.column for each in mapping.all()]
        self.width = len(mapping.columns)
        used = mapping.used()
        self.number = next((each.index for each in used if each.to == "purchase.number"), None)
        self.texts = [each.index for each in used if each.to in TEXTS]

    # --- once through the file: who, and how far each purchase goes ---------------------------------------------------

    def buyers_of(self, rows: Iterable[Numbered]) -> Iterator[bytes]:
        repeated: Counter[str] = Counter()
        for number, cells in rows:
            bought = not self.reading.never_bought(cells)
            self.orders.saw(self._name(cells, repeated), number, self.buyers, cells, bought=bought)
            if frame := self.buyers.frame():
                yield frame
        self.orders.close()
        if frame := self.buyers.frame(rest=True):
            yield frame

    def _name(self, cells: Cells, repeated: "Counter[str]") -> str:
        """What parts one purchase from another: its number; a row without one is a purchase by itself."""
        if self.number is not None and self.number < len(cells) and cells[self.number].strip():
            return cells[self.number].strip()
        digest = digest_of(cells)[:24]
        repeated[digest] += 1
        return f"\x1f{digest}-{repeated[digest]}"

    # --- and again: the purchases -------------------------------------------------------------------------------------

    def purchases_of(self, rows: Iterable[Numbered]) -> Iterator[dict[str, Any]]:
        repeated: Counter[str] = Counter()
        open_ones: dict[int, list[Any]] = {}
        back: list[list[Any]] = []
        frame = _Frame()
        frame.black += self.buyers.left_out
        for number, cells in rows:
            name = self._name(cells, repeated)
            at = self.orders.index[name]
            frame.doubted += self.buyers.doubts.pop(number, ())
            self._take(frame, number, cells, at, name, open_ones)
            if number != self.orders.last[at]:
                continue
            done = open_ones.pop(at, None)
            if done is not None and at in self.broken:
                for line in done[_LINES]:
                    frame.refuse([line[0], "", done[_NUMBER], NOT_ALONE, {"row": self.broken[at]}])
            elif done is not None and done[_BACK]:
                back.append(done)
            elif done is not None:
                frame.add(done)
            if frame.lines >= LINES:
                yield frame.done()
        for done in sorted(back, key=lambda each: (each[_AT], each[_NUMBER])):
            if frame.lines >= LINES:
                yield frame.done()
            frame.add(done)
        if frame.count or frame.purchases:
            yield frame.done()

    def _take(
        self, frame: "_Frame", number: int, cells: Cells, at: int, name: str, open_ones: dict[int, list[Any]]
    ) -> None:
        """Reads one row into its purchase, or notes why it does not come in."""
        if at in self.orders.keyed and self._is_anothers(frame, number, cells, at):
            return
        try:
            if len(cells) != self.width:
                cells = fitted(cells, self.width)
            head, line = self.reading.of(cells if self.make is None else self.make(cells))
        except Refused as refused:
            self.broken.setdefault(at, number)
            frame.refuse(self._told(number, cells, refused))
            return
        if BLACK in line[1] or BLACK in line[6]:
            index = next(index for index in self.texts if forbidden.suspect(cells[index]))
            frame.black.append([number, self.headings[index], BLACK, BLACKED[forbidden.CARD], {}])
        order = open_ones.get(at)
        if order is None:
            order = open_ones[at] = [
                head.number or name.lstrip("\x1f"), head.at.isoformat(), head.is_cancellation, head.place,
                head.channel, head.served_by, head.currency, head.rate, self.orders.buyer[at], [],
            ]  # fmt: skip
        order[_LINES].append([number, *line])

    def _is_anothers(self, frame: "_Frame", number: int, cells: Cells, at: int) -> bool:
        """Whether a row names another buyer than its purchase has: two who share a number are told, never mixed."""
        key = self.buyers.told_by(cells)
        if not key or key == self.orders.keyed[at]:
            return False
        assert self.buyers.key is not None
        frame.refuse([number, self.headings[self.buyers.key], short(key, _MOST_TOLD), ANOTHER_BUYER, {}])
        return True

    def _told(self, number: int, cells: Cells, refused: Refused) -> list[Any]:
        column = value = ""
        if len(cells) == self.width:
            made = cells if self.make is None else self.make(cells)
            index = self.reading.fault(made, refused)
            column, value = (self.headings[index], made[index]) if index is not None else ("", "")
            value = forbidden.blacked(value if len(value) <= _MOST_TOLD else short(value, _MOST_TOLD))
        template = refused.more.get("template") or str(refused)
        return [number, column, value, template, dict(refused.more.get("told") or {})]


_NUMBER, _AT, _BACK, _LINES = 0, 1, 2, 9


class _Frame:
    """Purchases on their way, with the rows that were refused meanwhile."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.purchases: list[list[Any]] = []
        self.bad: list[list[Any]] = []
        self.black: list[list[Any]] = []
        self.doubted: list[list[Any]] = []
        self.lines = self.count = 0

    def add(self, purchase: list[Any]) -> None:
        self.purchases.append(purchase)
        self.lines += len(purchase[_LINES])
        self.count += len(purchase[_LINES])

    def refuse(self, bad: list[Any]) -> None:
        self.bad.append(bad)
        self.count += 1

    def done(self) -> dict[str, Any]:
        """`count` rows of the file: those of the purchases, and the refused ones."""
        told = {
            "count": self.count, "bad": self.bad, "purchases": self.purchases,
            "beside": {"blacked": self.black, "doubted": self.doubted},
        }  # fmt: skip
        self.clear()
        return told
