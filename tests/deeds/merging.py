"""What a merge makes of the model's cards (decision 51, and the guide's page on merging)."""

from collections.abc import Callable, Mapping

from tests.deeds.model import OWN, Key, No, Row, Work

# What makes a row the same as one on the other card; rows of other tables are all different.
_SAME = {
    "point": ("kind", "key"),
    "tag": ("key",),
    "custom": ("field",),
    "standing": ("kind",),
    "job": ("organisation",),
    "answer": ("asked",),
}
_MOVED = ("reference", "note", "purchase")
_STRICT = ("given", "refused")


def merge(work: Work, keep: int, absorb: int, take: Mapping[str, str]) -> None:
    """One person's two cards become one: everything that either had, of each fact one value, the stricter answer."""
    kept, absorbed = work.card(keep), work.card(absorb)
    if keep == absorb or kept["kind"] != absorbed["kind"]:
        raise No
    for number in (keep, absorb):
        if work.card(number)["merged_into"] or work.one("standing", customer=number, kind="archived"):
            raise No
    chosen = {name: _chosen(work, name, kept, absorbed, take.get(name)) for name in (*OWN, "children")}
    chosen["referred_by"] = _referrer(work, kept, absorbed)
    both = _Both(work, keep, absorb)
    both.rows()
    both.named_by_others()
    work.change(("card", keep), **chosen)
    work.change(("card", absorb), merged_into=keep, referred_by=None)


def _chosen(work: Work, name: str, kept: Row, absorbed: Row, side: str | None) -> object:
    """A value rather than none, the fuller one rather than the shorter, else the one that was written later."""
    ours, theirs = kept[name], absorbed[name]
    if ours == theirs or side == "keep":
        return ours
    if side == "absorb":
        return theirs
    if ours in ("", None) or theirs in ("", None):
        return theirs if ours in ("", None) else ours
    if name == "territory":
        return ours
    if isinstance(ours, str) and ours.startswith(theirs) is not theirs.startswith(ours):
        return ours if ours.startswith(theirs) else theirs
    return theirs if _later(work, name, kept, absorbed) else ours


def _later(work: Work, name: str, kept: Row, absorbed: Row) -> bool:
    written = [work.house.written(("card", row["customer"]), name) for row in (kept, absorbed)]
    return written[1] > written[0]


def _referrer(work: Work, kept: Row, absorbed: Row) -> int | None:
    """Who sent her is none of the two, and nobody whom she sent herself."""

    def above(row: Row) -> int | None:
        first: int | None = row["referred_by"]
        at = first
        while at is not None:
            if at in (kept["customer"], absorbed["customer"]):
                return None
            at = work.card(at)["referred_by"]
        return first

    ours, theirs = above(kept), above(absorbed)
    return theirs if theirs is not None and (ours is None or _later(work, "referred_by", kept, absorbed)) else ours


class _Both:
    """The rows of the two cards, and of those who name them."""

    def __init__(self, work: Work, keep: int, absorb: int) -> None:
        self.work, self.keep, self.absorb = work, keep, absorb

    def rows(self) -> None:
        self._while_both("prospect")
        first = {row["kind"] for _key, row in self.work.of("point", customer=self.keep, primary=True)}
        for table in (*_SAME, *_MOVED):
            for key, row in list(self.work.of(table, customer=self.absorb)):
                if row.get("organisation") == self.keep:
                    del self.work.rows[key]
                    continue
                same = {name: row[name] for name in _SAME.get(table, ())}
                if same and (there := self.work.one(table, customer=self.keep, **same)):
                    self._join(key, there)
                else:
                    yields = {"primary": False} if row.get("primary") and row["kind"] in first else {}
                    self.work.change(key, customer=self.keep, **yields)

    def _while_both(self, kind: str) -> None:
        """Not yet a customer is only she of whom both cards say so."""
        found = [
            key for each in (self.keep, self.absorb) for key, _row in self.work.of("standing", customer=each, kind=kind)
        ]
        if len(found) == 1:
            del self.work.rows[found[0]]

    def _join(self, key: Key, there: Key) -> None:
        """Two rows that say the same: the one on the card that is kept gets what it lacks, or the value that counts."""
        row, standing = self.work.rows.pop(key), self.work.rows[there]
        changed = self.work.house.changed
        wins: Mapping[str, Callable[[], bool]] = {
            "custom": lambda: changed(key) > changed(there),
            "answer": lambda: _STRICT.index(row["answer"]) > _STRICT.index(standing["answer"]),
        }
        if key[0] == "point" and not standing["label"]:
            self.work.change(there, label=row["label"])
        for name in ("value", "answer") if key[0] in wins and wins[key[0]]() else ():
            if name in row:
                self.work.change(there, **{name: row[name]})

    def named_by_others(self) -> None:
        """Who named the one card names the other; nobody works at herself."""
        for key, _row in list(self.work.of("card", referred_by=self.absorb)):
            if key[1] not in (self.keep, self.absorb):
                self.work.change(key, referred_by=self.keep)
        for key, row in list(self.work.of("job", organisation=self.absorb)):
            there = self.work.one("job", customer=row["customer"], organisation=self.keep)
            if row["customer"] == self.keep or there:
                del self.work.rows[key]
            else:
                self.work.change(key, organisation=self.keep)


def put_since(work: Work, changeset: int, number: int) -> list[Key]:
    """The rows that were put on a card since a deed; whose they are nobody can tell."""
    house = work.house
    at = sorted(house.done).index(changeset)
    before = {key for _at, rows in house.moments[: at + 1] for key in rows}
    return [key for key, row in sorted(work.rows.items()) if _is_on(key, row, number) and key not in before]


def _is_on(key: Key, row: Row, number: int) -> bool:
    return key[0] in (*_SAME, *_MOVED) and row["customer"] == number


def give(work: Work, key: Key, number: int) -> None:
    """The row goes to this card, unless that has the same; it is the first there only where none is."""
    row = work.rows.get(key)
    same = {name: row[name] for name in _SAME.get(key[0], ())} if row is not None else {}
    if row is None or (same and work.one(key[0], customer=number, **same)):
        return
    taken = key[0] == "point" and work.one("point", customer=number, kind=row["kind"], primary=True)
    work.change(key, customer=number, **({"primary": False} if taken else {}))


def firsts(work: Work, *numbers: int) -> frozenset[tuple[int, str]]:
    """Which of these cards have a first e-mail address, a first phone."""
    points = (row for _key, row in work.of("point", primary=True))
    return frozenset((row["customer"], row["kind"]) for row in points if row["customer"] in numbers)


def firsts_again(work: Work, wanted: frozenset[tuple[int, str]]) -> None:
    """Taken apart, each card that had a first one has one again: the oldest, where nobody chose another."""
    for number, kind in wanted:
        points = [key for key, _row in work.of("point", customer=number, kind=kind)]
        if points and not any(work.rows[key]["primary"] for key in points):
            work.change(points[0], primary=True)
