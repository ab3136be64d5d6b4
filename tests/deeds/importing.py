"""What a list makes of the model's cards (the contract's paragraph on imports)."""

from collections.abc import Mapping, Sequence

from tests.deeds.model import NEW, Work, fold

SOURCE = "till"
COLUMNS = {
    "Customer ID": "reference",
    "First name": "given_name",
    "Last name": "family_name",
    "Job": "occupation",
    "E-mail": "email",
    "Phone": "phone",
    "Tags": "tag",
    "Motto": "custom.motto",
}
_OWN = ("given_name", "family_name", "occupation")
Line = Mapping[str, str]


def csv_of(lines: Sequence[Line]) -> str:
    rows = [",".join(line.get(target, "") for target in COLUMNS.values()) for line in lines]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def bring_in(work: Work, lines: Sequence[Line], existing: str) -> None:
    """The list's rows one after the other. One that says nothing new leaves no trace."""
    content, before = csv_of(lines), dict(work.rows)
    again = work.one("file", content=content) is not None
    for line in lines:
        number, by_reference = _whose(work, line, existing)
        if number is None:
            _new(work, line)
        elif existing != "skip":
            newer = existing == "update" or (existing != "fill" and by_reference and not again)
            _bring_up_to_date(work, number, line, newer)
    if work.rows != before:
        work.put("file", content=content)


def _whose(work: Work, line: Line, existing: str) -> tuple[int | None, bool]:
    if line.get("reference") and (there := work.one("reference", source=SOURCE, value=line["reference"])):
        return work.rows[there]["customer"], True
    by_email, by_phone = (_reached(work, line, kind) for kind in ("email", "phone"))
    reached = [(number, number not in by_email) for number in by_email | by_phone if existing != "add"]
    alike = [number for number, by_phone_alone in reached if _may_be(work, number, line, by_phone_alone)]
    known = [number for number in alike if number < NEW] or alike
    return min(known, key=lambda number: (-_likeness(work, number, line), number), default=None), False


def _reached(work: Work, line: Line, kind: str) -> set[int]:
    if not line.get(kind):
        return set()
    return {row["customer"] for _key, row in work.of("point", kind=kind, key=fold(line[kind]))}


def _may_be(work: Work, number: int, line: Line, by_phone_alone: bool) -> bool:
    """Not if the given names contradict each other, nor if the same source counts them as two, nor somebody by name
    where an organisation stands: its address is not hers. A telephone is shared: there family names must agree."""
    card = work.card(number)
    one, two = fold(card["given_name"]), fold(line.get("given_name", ""))
    if by_phone_alone and _differ(fold(card["family_name"]), fold(line.get("family_name", ""))):
        return False
    counted = line.get("reference") and work.one("reference", customer=number, source=SOURCE)
    firm = card["organisation_name"] and not (one or card["family_name"])
    named = two or line.get("family_name")
    return not counted and not (firm and named) and not _differ(one, two)


def _differ(one: str, two: str) -> bool:
    return bool(one and two and one != two)


def _likeness(work: Work, number: int, line: Line) -> int:
    card = work.card(number)
    return sum(bool(line.get(name)) and fold(line[name]) == fold(card[name]) for name in _OWN[:2])


def _new(work: Work, line: Line) -> None:
    _bring_up_to_date(work, work.made_card(**{name: line.get(name, "") for name in _OWN}), line, True)


def _bring_up_to_date(work: Work, number: int, line: Line, newer: bool) -> None:
    """What the list says takes the place of what stands, or fills what is empty; an empty cell erases nothing."""
    for name in _OWN:
        if line.get(name) and (newer or not work.card(number)[name]):
            work.change(("card", number), **{name: line[name]})
    if line.get("reference") and not work.one("reference", source=SOURCE, value=line["reference"]):
        work.put("reference", customer=number, source=SOURCE, value=line["reference"])
    for kind in ("email", "phone"):
        if line.get(kind) and not work.one("point", customer=number, kind=kind, key=fold(line[kind])):
            first = not work.one("point", customer=number, kind=kind, primary=True)
            values = {"kind": kind, "key": fold(line[kind]), "value": line[kind], "label": "", "primary": first}
            work.put("point", customer=number, **values)
    if line.get("tag") and not work.one("tag", customer=number, key=fold(line["tag"])):
        work.put("tag", customer=number, key=fold(line["tag"]), tag=line["tag"])
    if line.get("custom.motto") and (newer or not work.one("custom", customer=number, field="motto")):
        work.fact(number, "motto", line["custom.motto"])
