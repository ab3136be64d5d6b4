"""Tree to text: the one canonical spelling. `parse(text_of(tree)) == tree` for every tree."""

from datetime import datetime

from regulars.areas.segments.language import tree as t


def text_of(tree: t.Tree) -> str:
    """The criterion as text, with no more brackets than it needs."""
    match tree:
        case t.Every():
            return ""
        case t.Or(parts):
            return " or ".join(text_of(part) for part in parts)
        case t.And(parts):
            return " and ".join(_bracketed(part, t.Or) for part in parts)
        case t.Not(part):
            return f"not {_bracketed(part, t.Or, t.And)}"
        case t.Segment(name):
            return f"segment {quoted(name)}"
        case t.Listed(name):
            return f"in list {quoted(name)}"
        case t.Top(size, percent, ask):
            return f"top {size}{'%' if percent else ''} by {ask_text(ask)}"
        case t.Test():
            return _test(tree)


def _bracketed(part: t.Tree, *looser: type) -> str:
    return f"({text_of(part)})" if isinstance(part, looser) else text_of(part)


def _test(test: t.Test) -> str:
    ask, values = ask_text(test.ask), [value_text(value) for value in test.values]
    match test.operator:
        case "yes":
            return ask
        case "is empty" | "is not empty":
            return f"{ask} {test.operator}"
        case "between":
            return f"{ask} between {values[0]} and {values[1]}"
        case "in":
            return f"{ask} in ({', '.join(values)})"
        case "in window":
            return f"{ask} in {values[0]}"
        case "=" if test.ask == t.Ask("tag") and isinstance(test.values[0], t.Text):
            return f"tag {values[0]}"
        case operator:
            return f"{ask} {operator} {values[0]}"


def ask_text(ask: t.Ask) -> str:
    """The fact with its arguments, `bought(type = "Books", this year)`."""
    if not ask.arguments:
        return ask.name
    return f"{ask.name}({', '.join(_argument(each) for each in ask.arguments)})"


def _argument(argument: t.Argument) -> str:
    value = value_text(argument.value)
    return f"{argument.name} {argument.operator} {value}" if argument.name else value


def value_text(value: t.Value | t.Stretch) -> str:
    """A value as it is written."""
    match value:
        case t.Text(text):
            return quoted(text)
        case t.Word(text):
            return text
        case t.Number(digits):
            return digits
        case t.Money(digits, currency):
            return f"{digits} {currency}"
        case t.Day(day):
            return day.isoformat()
        case t.Yearless(month, day_of_month):
            return f"--{month:02}-{day_of_month:02}"
        case t.Moment(at):
            return moment_text(at)
        case t.Duration(count, unit):
            return _counted(count, unit)
        case t.Relative():
            return _relative(value)
        case t.Days(first, t.NO_END):
            return f"since {first.isoformat()}"
        case t.Days(first, last):
            return f"{first.isoformat()} to {last.isoformat()}"
        case t.Window(side, count, unit):
            return f"{side} {unit}" if count is None else f"{side} {_counted(count, unit)}"


def _relative(value: t.Relative) -> str:
    if value.unit == "day" and value.count in {-1, 0, 1}:
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[value.count]
    return f"{_counted(abs(value.count), value.unit)} {'from now' if value.count > 0 else 'ago'}"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def moment_text(at: datetime) -> str:
    """A moment as it is written: in the zone it was written in, UTC as `Z`."""
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def quoted(text: str) -> str:
    """A text in quotes, its own quotes escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
