"""Which column goes where: guessed, shown, corrected by a person, kept as JSON."""

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from regulars.areas.intake.readers.targets import target
from regulars.kernel.dates import ORDERS
from regulars.kernel.text import fold
from regulars.kernel.wording import refusal, say, short

WHY = {
    "exporter": gettext_lazy("known export"),
    "heading": gettext_lazy("heading"),
    "heading and content": gettext_lazy("heading and content"),
    "like heading": gettext_lazy("like a known heading"),
    "content": gettext_lazy("content"),
    "chosen": gettext_lazy("chosen"),
    "unknown": gettext_lazy("not recognised"),
    "empty": gettext_lazy("empty column"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the file and where it goes.

    `to` is a path (`targets`). `label` is that of its contact point or address, or stands before a note. `order` (dmy,
    mdy, ymd), `serial` (bare numbers are a spreadsheet's days) and `mark` (`.` or `,`) say how its values are read;
    `split` is the sign between several values of a cell; `kind` and `country` are an identity number's, `network` is a
    social handle's, `source` a reference's where it is not the mapping's. `confidence` is 0 to 1, `why` is of `WHY`.
    """

    index: int
    column: str
    to: str = "ignore"
    label: str = ""
    order: str = ""
    serial: bool | None = None
    mark: str = ""
    split: str = ""
    kind: str = ""
    country: str = ""
    network: str = ""
    source: str = ""
    confidence: float = 0.0
    why: str = "unknown"

    def as_json(self) -> dict[str, Any]:
        """Only what is not the default, `column` and `to` always."""
        shown = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        return {**shown, "confidence": round(self.confidence, 2)}


@dataclass(frozen=True, slots=True)
class Mapping:
    """`source` names the system whose customer ids the references are; `exporter` is the recognised one, or ''."""

    source: str
    columns: tuple[Column, ...]
    exporter: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"source": self.source, "exporter": self.exporter, "columns": [each.as_json() for each in self.columns]}

    @classmethod
    def from_json(cls, given: AnyMapping[str, Any], headings: Iterable[str], words: AnyMapping[str, str]) -> "Mapping":
        """A mapping as JSON, checked against the file's headings and the house's facts (`words`, see `words_of`).

        `columns` is a list as `as_json` gives it, or short: `{"E-Mail": "email", "Kunde": {"to": "reference"}}`.
        Columns that it does not name are ignored. Raises `Refused` for an unknown column, place or word.
        """
        headings = list(headings)
        columns = [Column(index=index, column=heading, why="chosen") for index, heading in enumerate(headings)]
        for each in _listed(given.get("columns", ())):
            index = _place(each, headings)
            columns[index] = _column(each, columns[index], words)
        source = given.get("source") or given.get("name") or given.get("exporter") or DEFAULT_SOURCE
        return cls(_text(source, "source")[:100], tuple(columns), _text(given.get("exporter") or "", "exporter"))

    def changed(self, index: int, words: AnyMapping[str, str] | None = None, **changes: Any) -> "Mapping":
        """The mapping with one column otherwise, as a person chose. `to` may be a fact's name in `words`."""
        chosen = replace(self.columns[index], confidence=1.0, why="chosen", **changes)
        if "to" in changes:
            chosen = replace(chosen, to=str(target(chosen.to, words)))
        return replace(self, columns=tuple(chosen if each.index == index else each for each in self.columns))

    def within(self, words: AnyMapping[str, str]) -> "Mapping":
        """The mapping without columns of fields that the house has not: another house's export names its own."""
        own = [each.to.startswith("custom.") and each.to not in words for each in self.columns]
        pairs = zip(self.columns, own, strict=True)
        return replace(self, columns=tuple(replace(each, to="ignore") if gone else each for each, gone in pairs))

    def from_source(self, source: str) -> "Mapping":
        return replace(self, source=source[:100])

    def ordered(self, order: str) -> "Mapping":
        """The mapping with every column of dates read in this order (`--date-order`)."""
        return replace(self, columns=tuple(replace(each, order=order) for each in self.columns))

    def used(self) -> list[Column]:
        """The columns that go anywhere."""
        return [each for each in self.columns if each.to != "ignore"]


DEFAULT_SOURCE = "list"
_FREE = {"label": 60, "kind": 30, "country": 2, "network": 60, "source": 100, "split": 5}


def _listed(given: Any) -> list[dict[str, Any]]:
    if isinstance(given, dict):
        given = [{"column": name, **(to if isinstance(to, dict) else {"to": to})} for name, to in given.items()]
    if not isinstance(given, list | tuple) or not all(isinstance(each, dict) for each in given):
        raise refusal(_("A mapping's columns are a list of objects, or an object of headings and places."))
    return list(given)


def _place(each: AnyMapping[str, Any], headings: list[str]) -> int:
    """The column's index: by its heading, by `index` where a heading stands twice."""
    name, index = _text(each.get("column") or "", "column"), each.get("index")
    if isinstance(index, int) and 0 <= index < len(headings) and headings[index] == name:
        return index
    same = [at for at, heading in enumerate(headings) if heading == name or (name and fold(heading) == fold(name))]
    if same:
        return same[0]
    if isinstance(index, int) and not name and 0 <= index < len(headings):
        return index
    raise refusal(_("The file has no column called {name}."), name=short(name or str(index)), where="columns")


def _column(each: AnyMapping[str, Any], plain: Column, words: AnyMapping[str, str]) -> Column:
    changes: dict[str, Any] = {name: _text(each.get(name) or "", name)[:most] for name, most in _FREE.items()}
    order, mark = _text(each.get("order") or "", "order"), _text(each.get("mark") or "", "mark")
    if order not in ("", *ORDERS) or mark not in ("", ".", ","):
        raise refusal(_("A date order is dmy, mdy or ymd, a decimal mark is a point or a comma."), where=plain.column)
    to = str(target(_text(each.get("to") or "ignore", "to"), words))
    serial = each.get("serial")
    return replace(
        plain,
        to=to,
        order=order,
        mark=mark,
        serial=serial if isinstance(serial, bool) else None,
        confidence=_share(each.get("confidence")),
        why=_why(each.get("why")),
        **changes,
    )


def _share(given: Any) -> float:
    return float(given) if isinstance(given, int | float) and 0 <= given <= 1 else 1.0


def _why(given: Any) -> str:
    return given if isinstance(given, str) and given in WHY else "chosen"


def _text(given: Any, where: str) -> str:
    if isinstance(given, str):
        return given
    raise refusal(_("The mapping's {member} is a text."), member=where)


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can say about a column. `asks` is the column's attribute that the answer sets."""

    index: int
    column: str
    asks: str
    choices: tuple[str, ...]
    template: str
    told: AnyMapping[str, str | int] = field(default_factory=dict)

    @property
    def question(self) -> str:
        return say(self.template, self.told)

    def as_json(self) -> dict[str, Any]:
        return {"column": self.column, "question": self.question, "choices": list(self.choices), "asks": self.asks}
