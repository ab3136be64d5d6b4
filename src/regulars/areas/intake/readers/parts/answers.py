"""What the row allows and forbids, and the states it gives."""

from regulars.areas.intake.readers import cells as reading
from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.parts.placing import At, Card, Guarded, Part, Placed, guarded
from regulars.areas.intake.readers.row import Row
from regulars.areas.intake.readers.targets import CHANNELS


def answers(placed: list[Placed], _mapping: Mapping, _context: Context) -> list[Guarded]:
    """A no is kept at once, a yes as a claim; where a row says both, the no counts."""

    def make(each: Placed) -> Part:
        index, heading, channel, refusing = (
            each.column.index,
            each.column.column,
            each.target.key,
            each.target.group == "refusal",
        )
        look = reading.remembered(reading.says_yes if refusing else reading.claims)

        def part(row: Row, _card: Card, cells: Cells, at: At) -> None:
            text = cells[index]
            if text.isspace():
                return
            at.index = index
            said = look(text)
            if refusing:
                answer = "" if said is False else "refused"
            else:
                answer = {True: "claimed", False: "refused"}.get(said, "")
            if answer:
                _answered(row, {"channel": channel, "answer": answer, "column": heading, "value": text.strip()[:200]})

        return part

    return [guarded([each], make(each)) for each in placed if each.target.group in ("refusal", "claim")]


def _answered(row: Row, answer: dict[str, str]) -> None:
    channels = {answer["channel"], "any"} if answer["channel"] != "any" else set(CHANNELS)
    if answer["answer"] == "refused":
        row.answers = [each for each in row.answers if each["answer"] == "refused" or each["channel"] not in channels]
    elif any(each["answer"] == "refused" and each["channel"] in channels for each in row.answers):
        return
    if not any(each["channel"] == answer["channel"] for each in row.answers):
        row.answers = [*row.answers, answer]


def standings(placed: list[Placed], _mapping: Mapping, _context: Context) -> list[Guarded]:
    def make(each: Placed) -> Part:
        index, kind = each.column.index, each.target.key
        look = reading.remembered(reading.says_yes)

        def part(row: Row, _card: Card, cells: Cells, _at: At) -> None:
            text = cells[index]
            if look(text) is not False and text.strip("0/.- :") and kind not in row.standings:
                row.standings = [*row.standings, kind]

        return part

    return [guarded([each], make(each)) for each in placed if each.target.group == "standing"]
