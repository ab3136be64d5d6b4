"""The language by the letter, in plain Python over the contract's JSON: slow, obvious, and only for tests.

It shares the grammar with the product and nothing else: values are read, folded and compared here anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from regulars.areas.segments.language import tree as t
from regulars.kernel.registries import Column, Fact, Present, Several
from regulars.kernel.text import fold

Card = Mapping[str, Any]


class Naive:
    def __init__(self, cards: Sequence[Card], facts: Mapping[str, Fact], today: date, zone: ZoneInfo) -> None:
        self.cards, self.facts, self.today, self.zone = cards, facts, today, zone

    def numbers(self, tree: t.Tree) -> set[int]:
        return {card["number"] for card in self.cards if self.holds(tree, card)}

    def holds(self, tree: t.Tree, card: Card) -> bool:
        match tree:
            case t.Every():
                return True
            case t.Not(part):
                return not self.holds(part, card)
            case t.And(parts):
                return all(self.holds(part, card) for part in parts)
            case t.Or(parts):
                return any(self.holds(part, card) for part in parts)
            case t.Top():
                return self.is_high(tree, card)
            case t.Test():
                return self.test(tree, card)
        raise NotImplementedError(tree)

    def values(self, name: str, card: Card) -> list[Any]:
        fact = self.facts[name]
        if isinstance(fact.source, Present):
            return [dict(fact.source.where)["kind"] in card["standings"]]
        if isinstance(fact.source, Several):
            return [value for part in fact.source.facts for value in self.values(part, card)]
        if fact.group == "custom":
            found = [card["custom"].get(fact.key)]
        elif fact.group == "tags":
            found = card["tags"]
        elif fact.group:
            found = [row[fact.key] for row in card[fact.group]]
        else:
            assert isinstance(fact.source, Column)
            found = [card["birth_date" if name == "birthday" else name]]
        return [value for value in found if value not in (None, "")]

    def is_high(self, top: t.Top, card: Card) -> bool:
        highest = {each["number"]: max(self.amounts(top.ask.name, each), default=0) for each in self.cards}
        ranked = sorted((value for value in highest.values() if value > 0), reverse=True)
        share = -(-len(ranked) * top.value // 100) if top.percent else top.value
        return bool(ranked) and highest[card["number"]] >= ranked[: int(share)][-1]

    def amounts(self, name: str, card: Card) -> list[Decimal]:
        values = [str(value) for value in self.values(name, card)]
        if self.facts[name].type == "money":
            values = [value.split()[0] for value in values if value.endswith(" EUR")]
        return [Decimal(value) for value in values]

    def test(self, test: t.Test, card: Card) -> bool:
        name, fact = test.ask.name, self.facts[test.ask.name]
        known = self.values(name, card)
        if test.operator in ("is empty", "is not empty"):
            return (not known) == (test.operator == "is empty")
        if isinstance(fact.source, Several):
            return self.of_several(fact.source, test, card)
        if fact.type == "money":
            currency = next((v.currency for v in test.values if isinstance(v, t.Money)), "EUR")
            known = [Decimal(value.split()[0]) for value in known if value.split()[1] == currency]
        return any(self.one(fact, test, value) for value in known)

    def of_several(self, source: Several, test: t.Test, card: Card) -> bool:
        parts = [[fold(str(value)) for value in self.values(name, card)] for name in source.facts]
        every = [value for part in parts for value in part]
        pairs = [(a, b) for a in parts[0] for b in parts[1]]
        pairs += [(b, a) for a, b in pairs]
        runs = [f"{first} {last}" for first, last in pairs]
        wanted = fold(raw(test.values[0]))
        match test.operator:
            case "=":
                return wanted in every + runs
            case "!=":
                return bool(every) and wanted not in every + runs
            case "in":
                return any(fold(raw(value)) in every + runs for value in test.values)
            case "startswith":
                begun = any(f"{a} {b}".startswith(wanted) and len(wanted) > len(a) + 1 for a, b in pairs)
                return begun or any(value.startswith(wanted) for value in every)
            case "contains":
                return all(any(word in value for value in every) for word in wanted.split())
        words = [word for value in every for word in value.replace("-", " ").split()]
        return all(any(near(asked, word) for word in words) for asked in wanted.split())

    def one(self, fact: Fact, test: t.Test, value: Any) -> bool:
        match fact.type:
            case "text" | "email":
                return self.text(test, fold(str(value)))
            case "phone":
                return self.text(test, str(value))
            case "code" | "country":
                return self.compared(test, fold(str(value)), [fold(raw(each)) for each in test.values])
            case "language":
                met = any(
                    fold(value) == fold(raw(v)) or fold(value).startswith(f"{fold(raw(v))}-") for v in test.values
                )
                return met != (test.operator == "!=")
            case "number" | "customer":
                return self.compared(test, value, [int(raw(each)) for each in test.values])
            case "decimal" | "money":
                return self.compared(test, Decimal(value), [each.value for each in test.values])  # type: ignore[union-attr]
            case "yesno":
                wanted = [raw(each) == "yes" for each in test.values] or [True]
                return bool(value == wanted[0]) != (test.operator == "!=")
            case "date":
                return self.day(test, date.fromisoformat(value))
            case "moment":
                return self.day(test, datetime.fromisoformat(value).astimezone(self.zone).date())
            case "birthday":
                return self.birthday(test, value)
        raise NotImplementedError(fact.type)

    def compared(self, test: t.Test, value: Any, wanted: list[Any]) -> bool:
        first = wanted[0]
        match test.operator:
            case "=" | "in":
                return bool(value in wanted)
            case "!=":
                return bool(value != first)
            case "<" | "before":
                return bool(value < first)
            case "<=":
                return bool(value <= first)
            case ">" | "after":
                return bool(value > first)
            case ">=":
                return bool(value >= first)
            case "between":
                return bool(first <= value <= wanted[1])
        raise NotImplementedError(test.operator)

    def text(self, test: t.Test, value: str) -> bool:
        wanted = [fold(raw(each)) for each in test.values]
        match test.operator:
            case "startswith":
                return value.startswith(wanted[0])
            case "contains":
                return wanted[0] in value
            case "~":
                words = value.replace("-", " ").split()
                return all(any(near(each, word) for word in words) for each in wanted[0].split())
        return self.compared(test, value, wanted)

    def days(self, value: t.Value | t.Stretch) -> tuple[date, date]:
        if isinstance(value, t.Day):
            return value.day, value.day
        if isinstance(value, t.Relative):
            day = self.today + timedelta(days=value.count)  # the tests count in days alone
            return day, day
        if isinstance(value, t.Days):
            return value.first, value.last
        assert isinstance(value, t.Window) and value.count is not None
        if value.side == "last":
            return self.today - timedelta(days=value.count - 1), self.today
        return self.today, self.today + timedelta(days=value.count - 1)

    def day(self, test: t.Test, value: date) -> bool:
        if test.operator == "in window":
            first, last = self.days(test.values[0])
            return first <= value <= last
        return self.compared(test, value, [self.days(each)[0] for each in test.values])

    def birthday(self, test: t.Test, value: str) -> bool:
        if test.operator == "in window":
            return self.kept_in(value, *self.days(test.values[0]))
        if test.operator in ("=", "!=", "in"):
            return any(self.is_birthday(value, each) for each in test.values) != (test.operator == "!=")
        if isinstance(test.values[0], t.Yearless):
            low, high = ((v.month, v.day) for v in test.values if isinstance(v, t.Yearless))
            day = (int(value[-5:-3]), int(value[-2:]))
            return low <= day <= high if low <= high else day >= low or day <= high
        return not value.startswith("--") and self.day(test, date.fromisoformat(value))

    def is_birthday(self, value: str, asked: t.Value | t.Stretch) -> bool:
        if isinstance(asked, t.Yearless):
            return value.endswith(f"{asked.month:02}-{asked.day:02}")
        first, last = self.days(asked)
        return value == first.isoformat() if isinstance(asked, t.Day) else self.kept_in(value, first, last)

    def kept_in(self, value: str, first: date, last: date) -> bool:
        """Whether the birthday is celebrated on one of these days."""
        day = first
        while day <= last:
            kept = f"{day:%m-%d}"
            if value.endswith(kept) or (value.endswith("02-29") and kept == "02-28" and not _has_29th(day.year)):
                return True
            day += timedelta(days=1)
        return False


def _has_29th(year: int) -> bool:
    try:
        return bool(date(year, 2, 29))
    except ValueError:
        return False


def raw(value: t.Value | t.Stretch) -> str:
    return str(getattr(value, "text", None) or getattr(value, "digits", ""))


def near(one: str, other: str) -> bool:
    """Within the errors allowed: the distance by its definition, letter by letter."""
    errors = 0 if len(one) < 3 else 1 if len(one) < 8 else 2
    return _apart(one, other, errors)


def _apart(one: str, other: str, errors: int) -> bool:
    if one == other:
        return True
    if errors < 0 or abs(len(one) - len(other)) > errors:
        return False
    if one and other and one[0] == other[0] and _apart(one[1:], other[1:], errors):
        return True
    if errors == 0:
        return False
    swapped = one[:2] == other[1::-1] and len(one) > 1 < len(other) and _apart(one[2:], other[2:], errors - 1)
    tried = [(one[1:], other), (one, other[1:]), (one[1:], other[1:])]
    return swapped or any(_apart(a, b, errors - 1) for a, b in tried if (a, b) != (one, other))
