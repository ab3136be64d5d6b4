"""Which column goes where: guessed, shown, corrected by a person, kept as JSON."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from regulars.areas.customers.card.digests import UNNAMED
from regulars.areas.intake.readers.targets import target
from regulars.kernel import forbidden
from regulars.kernel.dates import ORDERS
from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, say, short

WHY = {
    "exporter": _("known export"),
    "heading": _("heading"),
    "heading and content": _("heading and content"),
    "like heading": _("like a known heading"),
    "content": _("content"),
    "chosen": _("chosen"),
    "unknown": _("not recognised"),
    "empty": _("empty column"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the file and where it goes.

    `to` is a path (`targets`). `label` is that of its contact point or address, or stands before a note. `order` (dmy,
    mdy, ymd), `serial` (bare numbers are a spreadsheet's days) and `mark` (`.` or `,`) say how its values are read;
    `split` is the sign between several values of a cell; `kind` and `country` are an identity number's, `network` is a
    social handle's, `source` a reference's where it is not the mapping's. `confidence` is 0 to 1, `why` is of `WHY`.
    `values` pairs what stands in the cells with what it means; `of`, `joined` and `text` make a column (`making`).
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
    values: tuple[tuple[str, str], ...] = ()
    of: tuple[int, ...] = ()
    joined: str = ""
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """Only what is not the default, `column` and `to` always."""
        shown = {name: value for name, value in asdict(self).items() if value not in ("", None, ())}
        if self.values:
            shown["values"] = dict(self.values)
        return {**shown, "confidence": round(self.confidence, 2)}


@dataclass(frozen=True, slots=True)
class Mapping:
    """`source` names the system whose customer ids the references are; `exporter` is the recognised one, or ''.

    `made` are the columns that the file does not have, with indexes behind its own. `kept_as` is the name under which
    the mapping was kept, where it is one of those.
    """

    source: str
    columns: tuple[Column, ...]
    exporter: str = ""
    made: tuple[Column, ...] = ()
    kept_as: str = ""

    def as_json(self) -> dict[str, Any]:
        told = {"source": self.source, "exporter": self.exporter, "columns": [each.as_json() for each in self.columns]}
        if self.made:
            told["made"] = [self._made_as_json(each) for each in self.made]
        return told | ({"kept_as": self.kept_as} if self.kept_as else {})

    def _made_as_json(self, made: Column) -> dict[str, Any]:
        """What it is made of by heading too, so that another file with the same headings may take it over."""
        told = {"joined": made.joined, **made.as_json()}
        del told["index"]
        return told | {"of": [{"column": self.columns[at].column, "index": at} for at in made.of]} if made.of else told

    @classmethod
    def from_json(cls, given: AnyMapping[str, Any], headings: Iterable[str], words: AnyMapping[str, str]) -> "Mapping":
        """A mapping as JSON, checked against the file's headings and the house's facts (`words`, see `words_of`).

        `columns` is a list as `as_json` gives it, or short: `{"E-Mail": "email", "Kunde": {"to": "reference"}}`.
        Columns that it does not name are ignored. A list of places (`{"Name": ["full_name", "called_name"]}`) has one
        column go to each; `made` joins columns (`{"to": "street", "of": ["Street", "No"], "joined": " "}`); `fixed` is
        the same for every row (`{"source": "fair 2026"}`). Raises `Refused` for an unknown column, place or word.
        """
        headings = list(headings)
        columns = [Column(index=index, column=heading, why="chosen") for index, heading in enumerate(headings)]
        further = []
        for each in _listed(given.get("columns", ())):
            index = _place(each, headings)
            first, *more = each["to"] if isinstance(each.get("to"), list) and each["to"] else [each.get("to")]
            columns[index] = _column({**each, "to": first}, columns[index], words)
            further += [{"to": to, "of": [{"column": headings[index], "index": index}]} for to in more]
        made = _made([*further, *_parts(given)], headings, words)
        source = given.get("source") or given.get("name") or given.get("exporter") or DEFAULT_SOURCE
        exporter, kept_as = (_text(given.get(member) or "", member) for member in ("exporter", "kept_as"))
        return cls(_text(source, "source")[:100], tuple(columns), exporter, made, kept_as[:100])

    def changed(self, index: int, words: AnyMapping[str, str] | None = None, **changes: Any) -> "Mapping":
        """The mapping with one column otherwise, as a person chose. `to` may be a fact's name in `words`."""
        chosen = replace(self.all()[index], confidence=1.0, why="chosen", **changes)
        if "to" in changes:
            chosen = replace(chosen, to=str(target(chosen.to, words)))
        return self._each(lambda each: chosen if each.index == index else each)

    def within(self, words: AnyMapping[str, str]) -> "Mapping":
        """The mapping without columns of fields that the house has not: another house's export names its own."""

        def kept(each: Column) -> Column:
            return replace(each, to="ignore") if each.to.startswith("custom.") and each.to not in words else each

        return self._each(kept)

    def from_source(self, source: str) -> "Mapping":
        return replace(self, source=source[:100])

    def ordered(self, order: str) -> "Mapping":
        """The mapping with every column of dates read in this order (`--date-order`)."""
        return self._each(lambda each: replace(each, order=order))

    def used(self) -> list[Column]:
        """The columns that go anywhere, those of the file first."""
        return [each for each in self.all() if each.to != "ignore"]

    def all(self) -> tuple[Column, ...]:
        """The file's columns and those that are made, each at its index."""
        return (*self.columns, *self.made)

    def _each(self, change: Callable[[Column], Column]) -> "Mapping":
        return replace(self, columns=tuple(map(change, self.columns)), made=tuple(map(change, self.made)))


DEFAULT_SOURCE = UNNAMED
_MOST_VALUES, _MOST_MADE = 500, 100
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
        values=_values(each.get("values") or {}),
        confidence=_share(each.get("confidence")),
        why=_why(each.get("why")),
        **changes,
    )


def _values(given: Any) -> tuple[tuple[str, str], ...]:
    """What the words in a column mean: an object of texts."""
    if not isinstance(given, dict) or len(given) > _MOST_VALUES:
        raise refusal(_("The values of a column are an object: what stands there, and what it means."), where="values")
    pairs = [(_text(said, "values")[:200], _text(meant, "values")[:200]) for said, meant in given.items()]
    for pair in pairs:
        forbidden.refuse(" ".join(pair), where="values")
    return tuple(pairs)


def _parts(given: AnyMapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What `made` and `fixed` say, as one list."""
    made, fixed = given.get("made") or [], given.get("fixed") or {}
    if not isinstance(made, list) or not all(isinstance(each, dict) for each in made):
        raise refusal(_("What is made of columns is a list of objects: to, of, joined, text."), where="made")
    if not isinstance(fixed, dict):
        raise refusal(_("Fixed values are an object of places and texts."), where="fixed")
    yield from made
    yield from ({"to": to, "text": text} for to, text in fixed.items())


def _made(parts: list[dict[str, Any]], headings: list[str], words: AnyMapping[str, str]) -> tuple[Column, ...]:
    if len(parts) > _MOST_MADE:
        raise refusal(_("At most {most} columns can be made."), most=str(_MOST_MADE), where="made")
    found = []
    for index, each in enumerate(parts, len(headings)):
        of, text = each.get("of") or [], _text(each.get("text") or "", "text")[:2000]
        if not isinstance(of, list) or bool(of) == bool(text):
            raise refusal(_("A column is made of others, or is a fixed text: say one of the two."), where="made")
        forbidden.refuse(text, where="made")
        named = [one if isinstance(one, dict) else {"column": one} for one in of]
        indexes = tuple(_place(one, headings) for one in named)
        name = " + ".join(headings[at] for at in indexes) or f"= {short(text)}"
        plain = Column(
            index=index, column=name[:200], of=indexes, joined=_text(each.get("joined", " "), "joined")[:10], text=text
        )
        found.append(_column(each, plain, words))
    return tuple(found)


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
