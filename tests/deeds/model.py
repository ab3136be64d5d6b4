"""The register as a dictionary of rows, and what each deed makes of it; how a deed is taken back says `undoing`.

It is written from the contract and the decisions, not from the code: no link numbers, no twins, no payloads. A deed
works on a copy; what differs afterwards is all that is known of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Key = tuple[str, int]
Row = Mapping[str, Any]
Rows = dict[Key, Row]

OWN = ("given_name", "family_name", "organisation_name", "occupation", "territory")
NAMES = ("given_name", "family_name", "organisation_name")
BLANK: Row = {**dict.fromkeys(OWN, ""), "children": None, "referred_by": None, "merged_into": None, "kind": "person"}
NEW = 10**9  # cards whose number is not known yet are called from here on, in the order in which they are made
# What no two rows have alike, and in which table; with `only`, among the rows where that is so.
ONCE: Mapping[str, Sequence[tuple[tuple[str, ...], str]]] = {
    "point": ((("customer", "kind", "key"), ""), (("customer", "kind"), "primary")),
    "tag": ((("customer", "key"), ""),),
    "custom": ((("customer", "field"), ""),),
    "standing": ((("customer", "kind"), ""),),
    "reference": ((("value", "source"), ""),),
    "job": ((("customer", "organisation"), ""),),
    "answer": ((("customer", "asked"), ""),),
}


class No(Exception):
    """The deed is refused and changes nothing."""


@dataclass
class Done:
    """A deed: each row that it changed, before and after (None: not there)."""

    changeset: int
    before: dict[Key, Row | None]
    after: dict[Key, Row | None]
    undoes: int | None = None
    undone_by: int | None = None
    final: bool = False
    cards: tuple[int, ...] = ()  # of a merge: which two
    again: bool = True  # whether its undo can be taken back
    firsts: frozenset[tuple[int, str]] = frozenset()  # whose first e-mail address or phone a merge found where it was


@dataclass
class House:
    rows: Rows = field(default_factory=dict)
    done: dict[int, Done] = field(default_factory=dict)
    moments: list[tuple[datetime, Rows]] = field(default_factory=list)
    forgotten: set[int] = field(default_factory=set)
    ever: set[int] = field(default_factory=set)
    last_id: int = 0

    @property
    def numbers(self) -> list[int]:
        return sorted(pk for table, pk in self.rows if table == "card")

    def work(self) -> "Work":
        return Work(dict(self.rows), self)

    def keep(self, work: "Work", changeset: int | None, at: datetime, **more: Any) -> None:
        """The deed is done: it is noted, and so is the moment."""
        if changeset is None:
            return
        keys = [key for key in {**self.rows, **work.rows} if self.rows.get(key) != work.rows.get(key)]
        before, after = ({key: rows.get(key) for key in keys} for rows in (self.rows, work.rows))
        self.done[changeset] = Done(changeset, before, after, **more)
        self.rows = work.rows
        self.ever |= set(self.numbers)
        self.moments.append((at, dict(self.rows)))

    def last(self) -> Rows:
        """Every row as it stands, or stood last."""
        found: Rows = {}
        for _at, rows in self.moments:
            found.update(rows)
        return {**found, **self.rows}

    def person(self, number: int) -> set[int]:
        """All numbers of one person: her card's, and those of the cards that were merged into it."""
        into = {pk: row["merged_into"] for (table, pk), row in self.last().items() if table == "card"}
        while into.get(number) is not None:
            number = into[number]
        found = {number}
        while more := {pk for pk, at in into.items() if at in found} - found:
            found |= more
        return found

    def changed(self, key: Key) -> int:
        """Which deed, counted from the first, last wrote a row."""
        moments = [rows.get(key) for _at, rows in self.moments]
        return max((at for at, row in enumerate(moments) if row != (moments[at - 1] if at else None)), default=-1)

    def written(self, key: Key, name: str) -> int:
        """Which deed, counted from the first, wrote the value that stands in this column."""
        found, now = -1, self.rows[key][name]
        for at in range(len(self.moments) - 1, -1, -1):
            row = self.moments[at][1].get(key)
            if row is not None and row[name] != now:
                break
            found = at if row is not None else found
        return found

    def fresh_id(self) -> int:
        self.last_id += 1
        return self.last_id


@dataclass
class Work:
    """A deed at work on a copy of the rows."""

    rows: Rows
    house: House
    made: int = 0

    def settle(self, numbers: Iterable[int]) -> None:
        """Gives the cards made their numbers."""
        given = dict(zip(range(NEW, NEW + self.made), numbers, strict=True))
        if not given:
            return
        names = ("customer", "organisation", "referred_by")  # nobody is merged in the deed that makes her

        def renamed(row: Row) -> Row:
            return {**row, **{name: given.get(row[name], row[name]) for name in names if name in row}}

        self.rows = {
            (table, given.get(pk, pk) if table == "card" else pk): renamed(row)
            for (table, pk), row in self.rows.items()
        }

    def of(self, table: str, **wanted: Any) -> Iterator[tuple[Key, Row]]:
        """The rows of a table with these values, the oldest first."""
        for key in sorted(key for key in self.rows if key[0] == table):
            row = self.rows[key]
            if all(row[name] == value for name, value in wanted.items()):
                yield key, row

    def one(self, table: str, **wanted: Any) -> Key | None:
        return next((key for key, _row in self.of(table, **wanted)), None)

    def put(self, table: str, **row: Any) -> Key:
        key = (table, self.house.fresh_id())
        self.rows[key] = row
        return key

    def card(self, number: int) -> Row:
        if ("card", number) not in self.rows:
            raise No
        return self.rows["card", number]

    def keeper(self, number: int) -> int:
        """The card that a number leads to."""
        while (into := self.card(number)["merged_into"]) is not None:
            number = into
        return number

    def change(self, key: Key, **values: Any) -> None:
        self.rows[key] = {**self.rows[key], **values}

    def made_card(self, **values: Any) -> int:
        number = NEW + self.made
        self.made += 1
        self.rows["card", number] = {**BLANK, **values, "customer": number}
        return number

    # --- one card -----------------------------------------------------------------------------------------------

    def add(self, card: Mapping[str, Any]) -> None:
        if not any(card.get(name) for name in (*NAMES, "emails", "phones", "references")):
            raise No
        card = self._led_on(card)
        own = {name: value for name, value in card.items() if name in BLANK}
        firm = own.get("organisation_name") and not (own.get("given_name") or own.get("family_name"))
        number = self.made_card(**own, kind="organisation" if firm else "person")
        self.groups(number, card)

    def edit(self, number: int, card: Mapping[str, Any]) -> None:
        number, card = self.keeper(number), self._led_on(card)
        self._tree(number, card.get("referred_by"))
        was_nobody = self._is_nobody(number)
        self.change(("card", number), **{name: value for name, value in card.items() if name in BLANK})
        self.groups(number, card)
        if self._is_nobody(number) and not was_nobody:
            raise No

    def _is_nobody(self, number: int) -> bool:
        named = any(self.card(number)[name] for name in NAMES)
        return not (named or self.one("point", customer=number) or self.one("reference", customer=number))

    def _led_on(self, card: Mapping[str, Any]) -> Mapping[str, Any]:
        referrer = card.get("referred_by")
        return card if referrer is None else {**card, "referred_by": self.keeper(referrer)}

    def _tree(self, number: int, above: int | None) -> None:
        """Nobody is brought by herself, or by somebody whom she brought."""
        while above is not None:
            if above == number:
                raise No
            above = self.card(above)["referred_by"]

    def groups(self, number: int, card: Mapping[str, Any]) -> None:
        for group, kind in (("emails", "email"), ("phones", "phone")):
            for item in card.get(group, ()):
                self.point(number, kind, item)
            if card.get(group):
                self.first_is_primary(number, kind)
        for item in card.get("tags", ()):
            self._many_valued("tag", number, "key", fold(item.get("key") or item.get("tag")), item)
        for item in card.get("references", ()):
            self.reference(number, item["source"], item["value"])
        for item in card.get("works_at", ()):
            self.works_at(number, item["organisation"])
        for name, value in card.get("custom", ()):
            self.fact(number, name, value)

    def _many_valued(self, table: str, number: int, name: str, key: str, item: Mapping[str, Any]) -> None:
        there = self.one(table, customer=number, **{name: key})
        values = {each: value for each, value in item.items() if each not in ("key", "remove")}
        if item.get("remove"):
            self.rows.pop(there or ("", 0), None)
        elif there:
            self.change(there, **values)
        else:
            self.put(table, customer=number, **{name: key}, **values)

    def point(self, number: int, kind: str, item: Mapping[str, Any]) -> None:
        key = fold(item.get("key") or item.get("value"))
        there = self.one("point", customer=number, kind=kind, key=key)
        if item.get("remove"):
            self.rows.pop(there or ("", 0), None)
            return
        if item.get("primary"):
            for each, _row in list(self.of("point", customer=number, kind=kind, primary=True)):
                self.change(each, primary=False)
        values = {name: item[name] for name in ("value", "label", "primary") if name in item}
        if there:
            self.change(there, **values)
        else:
            self.put("point", **{"label": "", "primary": False, **values, "customer": number, "kind": kind, "key": key})

    def first_is_primary(self, number: int, kind: str) -> None:
        points = [key for key, _row in self.of("point", customer=number, kind=kind)]
        if points and not any(self.rows[key]["primary"] for key in points):
            self.change(points[0], primary=True)

    def reference(self, number: int, source: str, value: str) -> None:
        there = self.one("reference", source=source, value=value)
        if there and self.rows[there]["customer"] != number:
            raise No
        if not there:
            self.put("reference", customer=number, source=source, value=value)

    def works_at(self, number: int, name: str) -> None:
        firms = [key[1] for key, row in self.of("card", kind="organisation") if row["organisation_name"] == name]
        firm = self.keeper(firms[0]) if firms else self.made_card(kind="organisation", organisation_name=name)
        if not self.one("job", customer=number, organisation=firm):
            self.put("job", customer=number, organisation=firm)

    def fact(self, number: int, name: str, value: Any) -> None:
        there = self.one("custom", customer=number, field=name)
        if value is None:
            self.rows.pop(there or ("", 0), None)
        elif there:
            self.change(there, value=value)
        else:
            self.put("custom", customer=number, field=name, value=value)

    def standing(self, number: int, kind: str, wanted: bool) -> None:
        number = self.keeper(number)
        there = self.one("standing", customer=number, kind=kind)
        if there and not wanted:
            del self.rows[there]
        elif wanted and not there:
            self.put("standing", customer=number, kind=kind)

    def note(self, number: int, text: str) -> None:
        self.put("note", customer=self.keeper(number), text=text)

    def buy(self, number: int, amount: int) -> None:
        self.put("purchase", customer=self.keeper(number), amount=amount)

    def answer(self, number: int, asked: str, answer: str) -> None:
        number = self.keeper(number)
        if there := self.one("answer", customer=number, asked=asked):
            self.change(there, answer=answer)
        else:
            self.put("answer", customer=number, asked=asked, answer=answer)

    def delete(self, number: int) -> None:
        number = self.keeper(number)
        if self.one("card", referred_by=number) or self.one("job", organisation=number):
            raise No
        numbers = {number}
        while more := {key[1] for key, row in self.of("card") if row["merged_into"] in numbers} - numbers:
            numbers |= more
        for key in [key for key, row in self.rows.items() if row.get("customer") in numbers]:
            del self.rows[key]

    # --- many -------------------------------------------------------------------------------------------------------

    def on_many(self, deed: str, value: Any, numbers: Iterable[int], field: str = "") -> None:
        for number in sorted({self.keeper(each) for each in numbers}):
            match deed:
                case "tag":
                    if not self.one("tag", customer=number, key=fold(value)):
                        self.put("tag", customer=number, key=fold(value), tag=value)
                case "untag":
                    self.rows.pop(self.one("tag", customer=number, key=fold(value)) or ("", 0), None)
                case "territory":
                    self.change(("card", number), territory=value)
                case "archive" | "unarchive":
                    self.standing(number, "archived", deed == "archive")
                case "fact":
                    self.fact(number, field, value or None)


def fold(text: Any) -> str:
    return str(text).casefold()


# --- what is seen of it -----------------------------------------------------------------------------------------------

Seen = dict[int, dict[str, Any]]
_SHOWN: Mapping[str, Callable[[Row], Any]] = {
    "point": lambda row: (row["kind"], row["value"], row["label"], row["primary"]),
    "tag": lambda row: row["tag"],
    "custom": lambda row: (row["field"], row["value"]),
    "standing": lambda row: row["kind"],
    "reference": lambda row: (row["source"], row["value"]),
    "job": lambda row: row["organisation"],
    "note": lambda row: row["text"],
    "answer": lambda row: (row["asked"], row["answer"]),
    "purchase": lambda row: row["amount"],
}


def seen(rows: Rows) -> Seen:
    """Each card with what stands on it."""
    found: Seen = {
        pk: {**row, **{table: [] for table in _SHOWN}} for (table, pk), row in rows.items() if table == "card"
    }
    for (table, _pk), row in rows.items():
        if table in _SHOWN:
            found[row["customer"]][table].append(_SHOWN[table](row))
    for card in found.values():
        for table in _SHOWN:
            card[table].sort()
    return found


def apart(one: Seen, other: Seen) -> dict[int, Any]:
    """Where two differ: for each card what stands here and what there."""
    return {
        number: {
            name: (here.get(name), there.get(name)) for name in {**here, **there} if here.get(name) != there.get(name)
        }
        for number in {**one, **other}
        if (here := one.get(number, {})) != (there := other.get(number, {}))
    }
