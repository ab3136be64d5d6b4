"""A row judged: a card, or the reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, or what is doubtful in one that is not. `reason` puts `template` and `told` in words."""

    row: int
    column: str
    value: str
    template: str
    told: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return say(self.template, self.told)

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(slots=True)
class Row:
    """One data row, judged.

    `number` is its row in the file as a spreadsheet shows it: the file's first record is row 1, so under a header the
    first data row is row 2. `card` is the card input, None where the row is refused; then `problem` says why (the first
    bad cell; a row is refused once). `answers` are the no and the unproved yes of the row (`{"channel", "answer":
    "refused"|"claimed", "column", "value"}`; channel `any` is every channel), `standings` the states it gives
    (`deceased`…), `doubts` what was kept though it looks wrong, `blacked` where
    something stood that must not be kept. `digest` is the SHA-256 of all its cells, hex, for a
    card that has no key of its own (reference, e-mail address, phone), else ''.
    """

    number: int
    card: dict[str, Any] | None
    digest: str = ""
    problem: Problem | None = None
    # Tuples until there is something to say: most rows have nothing, and there are millions.
    answers: Sequence[dict[str, str]] = ()
    standings: Sequence[str] = ()
    doubts: Sequence[Problem] = ()
    blacked: Sequence[Problem] = ()

    def doubt(self, column: str, value: str, template: str, told: Mapping[str, str | int]) -> None:
        self.doubts = [*self.doubts, Problem(self.number, column, value[:200], template, told)]


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A row as it stands in the file, every reason against it, and the card that its good cells would make."""

    number: int
    cells: list[str]
    problems: list[Problem]
    card: Mapping[str, Any]
