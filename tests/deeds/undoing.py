"""How the model takes a deed back (decision 16): value by value, keeping what was edited later, or not.

B is a row before the deed, E as the deed left it, N as it stands now. On whose card a row stands is one more value:
what a merge brought onto another card goes home with what was edited in it; what names a card that was merged meanwhile
names the one it went into.
"""

from collections.abc import Collection, Iterator
from typing import Any

from tests.deeds.merging import firsts_again, give
from tests.deeds.model import ONCE, Done, Key, No, Row, Rows, Work

POINTERS = {"card": ("referred_by", "merged_into"), "job": ("organisation",)}
LED_ON = ("referred_by", "organisation")
MAY_BE_EMPTY = ("referred_by", "merged_into")


def take_back(work: Work, deed: Done, over: bool, given: Collection[Key] = ()) -> int:
    """Takes it back in the copy at hand; `over`: later edits are taken back as well; of a merge these rows are given to
    the card that was absorbed. How many conflicts there were."""
    if deed.final or deed.undone_by or not deed.again:
        raise No
    disputed = _TakingBack(work, deed, over).done()
    for key in given:
        give(work, key, deed.cards[1])
    firsts_again(work, deed.firsts)
    return disputed


class _TakingBack:
    def __init__(self, work: Work, deed: Done, over: bool) -> None:
        self.rows, self.deed, self.over, self.forgotten = work.rows, deed, over, work.house.forgotten
        self.away: set[Key] = set()
        self.will: Rows = {}  # rows that come back, or come to be something else
        self.disputed: set[Any] = set()

    def conflict(self, *what: Any) -> bool:
        self.disputed.add(what)
        return self.over

    def done(self) -> int:
        made = {key[1] for key, row in self.deed.before.items() if key[0] == "card" and not row and key in self.rows}
        for number in sorted(made):
            self._made_card(number)
        for number in sorted(made):
            into = self.rows["card", number]["merged_into"]
            while into is not None and ("card", into) in self.away:
                into = self.rows["card", into]["merged_into"]
            if into is not None:
                self.away -= {key for key, row in self.rows.items() if row.get("customer") == number}
        for key in sorted(self.deed.before, key=lambda key: key[0] != "card"):
            if self._whose(key) not in made:
                self._row(key, self.deed.before[key], self.deed.after[key], self.rows.get(key))
        self._led_on()
        self._what_rests()
        while self._what_comes() or self._circle():
            self._what_rests()
        self._once()
        for key in self.away:
            self.rows.pop(key, None)
        self.rows.update(self.will)
        return len(self.disputed)

    def _whose(self, key: Key) -> int | None:
        row = self.deed.before[key] or self.deed.after[key] or {}
        return row.get("customer")

    def _made_card(self, number: int) -> None:
        """Goes with everything on it, or stays with everything on it; one that was merged since stays."""
        if self._joined_since(number):
            self.disputed.add(("card", number))
            return
        hers = {key for key, row in self.rows.items() if row.get("customer") == number}
        ours = {key for key in self.deed.before if self._whose(key) == number}
        used = any(self.rows.get(key) != self.deed.after.get(key) for key in hers | ours)
        if used and not self.conflict("card", number):
            return
        self.away |= hers

    def _joined_since(self, number: int) -> bool:
        """Whether a card was merged, or one into it, in another deed than this."""
        for key, row in self.rows.items():
            into = row.get("merged_into")
            left = self.deed.after.get(key) or {}
            if into is not None and number in (key[1], into) and left.get("merged_into") != into:
                return True
        return False

    def _went(self, number: int) -> list[int]:
        """The card, and one after the other those that it was merged into, as it will be when all is done."""
        chain, after = list[int](), self._after()
        at: int | None = number
        while at is not None and at not in chain:
            chain.append(at)
            at = after[("card", at)]["merged_into"] if ("card", at) in after else None
        return chain

    def _row(self, key: Key, before: Row | None, left: Row | None, now: Row | None) -> None:
        if before is None:
            if now is not None and (_said(now) == _said(left) or self.conflict(*key)):
                self.away.add(key)
        elif now is None:
            if left is None or self.conflict(*key):
                self.will[key] = {**before, "customer": self._went(before["customer"])[-1]} if _owned(key) else before
        elif left is not None:
            merged = dict(now)
            moved = _owned(key) and before["customer"] != left["customer"]
            if moved and self._is_where(now["customer"], left["customer"]):
                merged["customer"] = before["customer"]
            for name in _said(before):
                if before[name] == left[name] or now[name] == before[name]:
                    continue
                led = name in LED_ON and self._is_where(now[name], left[name])
                if now[name] == left[name] or led or self.conflict(*key, name):
                    merged[name] = before[name]
            if merged != now:
                self.will[key] = merged

    def _is_where(self, now: int | None, left: int | None) -> bool:
        """Whether a card is the one that the deed left, or the one that it went into since."""
        return left is not None and now in self._went(left)

    def _led_on(self) -> None:
        """What comes back and names a card that was merged meanwhile names the one it went into; nobody works at
        herself."""
        for key, row in list(self.will.items()):
            named = {name: self._went(row[name])[-1] for name in LED_ON if row.get(name) is not None}
            self.will[key] = {**row, **named}
            before = self.deed.before[key] or {}
            if named.get("organisation") == row.get("customer", 0) and before["organisation"] != before["customer"]:
                del self.will[key]
                if key in self.rows:
                    self.away.add(key)

    # --- what names what ----------------------------------------------------------------------------------------------

    def _after(self) -> Rows:
        return {**{key: row for key, row in self.rows.items() if key not in self.away}, **self.will}

    def _naming(self, rows: Rows) -> Iterator[tuple[Key, str, int]]:
        for key, row in rows.items():
            for name in POINTERS.get(key[0], ()):
                if row[name] is not None:
                    yield key, name, row[name]

    def _what_rests(self) -> None:
        """What stands and names a card that goes."""
        while True:
            standing = {key: row for key, row in self._after().items() if key in self.rows}
            found = [each for each in self._naming(standing) if ("card", each[2]) in self.away]
            if not found:
                return
            for key, name, number in found:
                if not self.conflict("card", number):
                    self.away -= {each for each, row in self.rows.items() if row.get("customer") == number}
                elif name in MAY_BE_EMPTY:
                    self.will[key] = {**self._after()[key], name: None}
                else:
                    self.away.add(key)
                    self.will.pop(key, None)

    def _what_comes(self) -> bool:
        """What comes back and names a card that is not there: the row does not come, or without that one value."""
        again, any_left_out = True, False
        while again:
            again = False
            after = self._after()
            for key, row in list(self.will.items()):
                for name in ("customer", *POINTERS.get(key[0], ())):
                    number = row.get(name)
                    stays = key in self.rows and self.rows[key].get(name) == number
                    if number is None or ("card", number) in after or stays:
                        continue
                    again = any_left_out = True
                    self._without(key, name, number in self.forgotten)
                    break
        return any_left_out

    def _without(self, key: Key, name: str, for_good: bool) -> None:
        """Left out is the one value, where the row stands or need not wait for it; else the row."""
        self.disputed.add(key)
        if key in self.rows:
            self.will[key] = {**self.will[key], name: self.rows[key][name]}
        elif name in MAY_BE_EMPTY and for_good:
            self.will[key] = {**self.will[key], name: None}
        else:
            del self.will[key]

    def _circle(self) -> bool:
        """Nobody is brought by herself, by way of others: that one value does not come back."""
        after = self._after()
        for key in sorted(key for key in self.will if key[0] == "card"):
            seen, at = set[int](), after[key]["referred_by"]
            while at is not None and at not in seen:
                if at == key[1]:
                    if key in self.rows and self.rows[key]["referred_by"] == after[key]["referred_by"]:
                        break
                    self._without(key, "referred_by", True)
                    return True
                seen.add(at)
                at = after[("card", at)]["referred_by"]
        return False

    # --- what stands only once ----------------------------------------------------------------------------------------

    def _once(self) -> None:
        for table, rules in ONCE.items():
            for columns, only in rules:
                self._by(table, columns, only)

    def _by(self, table: str, columns: tuple[str, ...], only: str) -> None:
        """Of two that are alike the one that comes back yields; where later edits go, the one that stands."""
        seen: dict[tuple[Any, ...], Key] = {}
        after = self._after()
        keys = sorted((key for key in after if key[0] == table), key=lambda key: (key in self.will, self._later(key)))
        for key in keys:
            row = after[key]
            if only and not row[only]:
                continue
            other = seen.setdefault(tuple(row[name] for name in columns), key)
            if other == key:
                continue
            over = self.conflict(*key, only) if only else self.conflict(*key)
            yields = other if over else key
            if only:
                self.will[yields] = {**after[yields], only: False}
            else:
                self.will.pop(yields, None)
                if over:
                    self.away.add(other)
            if over:
                seen[tuple(row[name] for name in columns)] = key

    def _later(self, key: Key) -> bool:
        """Whether somebody went on working on a row that comes: then it is the one that yields last."""
        return key in self.deed.after and self.rows.get(key) == self.deed.after[key]


def _owned(key: Key) -> bool:
    return key[0] not in ("card", "file")


def _said(row: Row | None) -> Row | None:
    """A row without whose it is."""
    return row and {name: value for name, value in row.items() if name != "customer"}
