"""An address book: looked through once for its columns, then card by card as rows."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from regulars.areas.intake.readers.encoding import encoding_of, usable
from regulars.areas.intake.readers.layout import Cells, Inspected, Layout
from regulars.areas.intake.readers.row import Problem
from regulars.areas.intake.readers.vcards.card import MOST_OF_A_KIND, cells_of, is_group, most_of_a_kind
from regulars.areas.intake.readers.vcards.lines import BINARY, Property, properties
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

ALWAYS = ("FN", "N FAMILY", "N GIVEN")  # by these the export is recognised, and the judge finds its columns
_MOST_COLUMNS = 900
_MOST_PROPERTIES = 5000
_MOST_TOLD = 200
GROUP = _("This card is a group of others, not somebody.")
TOO_MANY = _("This card has more than {most} properties of one kind.")
NO_CARD = _("{name} is an address book without a card in it. Choose the file with the cards.")
PICTURES = _("Pictures, sounds and keys are left out: {count} of them.")
UNREAD = _("Lines that are no property of a card are left out: {count} of them.")
TOO_WIDE = _("Properties of rare kinds are left out: {count} of them.")

Card = list[Property]


def looked_through(path: Path, name: str, sample: int, *, encoding: str = "") -> Inspected:
    """What an address book holds. Raises `Refused` where no card is in it, or for an encoding that does not fit."""
    if encoding and not usable(path, encoding):
        raise refusal(_("{name} is not in the encoding {encoding}."), name=name, encoding=encoding)
    found, damaged = (encoding, False) if encoding else encoding_of(path)
    layout = Layout("vcf", encoding=found, damaged=damaged, skip=0)
    looks = _Looks(sample)
    for card in _cards(path, layout, looks.left_out):
        looks.add(card)
    if not looks.count:
        raise refusal(NO_CARD, name=name)
    columns = (*ALWAYS, *(each for each in looks.columns if each not in ALWAYS))
    shown = [(number, _in_columns(cells, columns)) for number, cells in looks.sample]
    return Inspected(
        name, replace(layout, fields=columns), columns, looks.count, tuple(shown),
        aside=tuple(looks.aside), notices=tuple(looks.notices()),
    )  # fmt: skip


class _Looks:
    """What is counted on the way through: columns as they turn up, the first cards, what stays outside."""

    def __init__(self, sample: int) -> None:
        self.most, self.seen, self.count = sample, 0, 0
        self.columns: dict[str, None] = {}
        self.sample: list[tuple[int, dict[str, str]]] = []
        self.aside: list[Problem] = []
        self.left_out: Counter[str] = Counter()

    def add(self, card: Card) -> None:
        self.seen += 1
        aside = _aside(card)
        if aside:
            if len(self.aside) < _MOST_TOLD:
                told: dict[str, str | int] = {"most": MOST_OF_A_KIND} if aside == TOO_MANY else {}
                self.aside.append(Problem(self.seen, "", _called(card), aside, told))
            return
        cells = cells_of(card)
        for column in cells:
            if column not in self.columns:
                if len(self.columns) < _MOST_COLUMNS:
                    self.columns[column] = None
                else:
                    self.left_out["wide"] += 1
        if not cells:
            return
        self.count += 1
        if len(self.sample) < self.most:
            self.sample.append((self.seen, cells))

    def notices(self) -> Iterator[Problem]:
        for kind, template in (("binary", PICTURES), ("unread", UNREAD), ("wide", TOO_WIDE)):
            if self.left_out[kind]:
                yield Problem(0, "", "", template, {"count": self.left_out[kind]})


def records(path: Path, layout: Layout, _name: str = "") -> Iterator[Cells]:
    """Every card as a row of the layout's columns, an empty one for what is nobody's card: so places stay numbers."""
    for card in _cards(path, layout, Counter()):
        yield [] if _aside(card) else _in_columns(cells_of(card), layout.fields)


def cells_by_column(lines: Iterable[str]) -> dict[str, str]:
    """One card, from its lines: its cells, by the columns that an address book with it has."""
    found = [each for each in properties(io.StringIO("".join(lines))) if each is not None]
    return cells_of([each for each in found if each.name not in ("BEGIN", "END")])


def _in_columns(cells: dict[str, str], columns: tuple[str, ...]) -> Cells:
    return [cells.get(column, "") for column in columns]


def _aside(card: Card) -> str:
    """Why a card stays outside, '' where it comes in."""
    if is_group(card):
        return GROUP
    return TOO_MANY if len(card) > MOST_OF_A_KIND and most_of_a_kind(card) > MOST_OF_A_KIND else ""


def _called(card: Card) -> str:
    return next((each.value for each in card if each.name == "FN"), "")[:200]


def _cards(path: Path, layout: Layout, left_out: "Counter[str]") -> Iterator[Card]:
    """The properties of each card. One that is never closed ends where the next begins; cards within cards are none."""
    errors = "strict" if not layout.damaged else "surrogateescape" if layout.encoding == "utf-8" else "replace"
    held: Card = []
    depth = 0
    with path.open(encoding=layout.encoding, errors=errors, newline=None) as file:
        for one in properties(file):
            if one is None:
                left_out["unread"] += 1
            elif one.name == "BEGIN" and one.value.strip().upper() == "VCARD":
                within = bool(held) and held[-1].name == "AGENT" and not held[-1].value.strip()
                if depth == 1 and not within:
                    yield held
                    held, depth = [], 0
                depth += 1
            elif one.name == "END" and one.value.strip().upper() == "VCARD":
                if depth == 1:
                    yield held
                    held = []
                depth = max(0, depth - 1)
            elif depth == 1 and len(held) < _MOST_PROPERTIES:
                left_out["binary"] += one.name in BINARY
                held.append(one)
            else:
                left_out["unread"] += 1
        if depth == 1 and held:
            yield held
