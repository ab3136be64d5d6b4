"""What forgetting leaves in the model (decision 0018): nothing of hers, now or in any moment before; of others all that
was their own, also while her card was merged with theirs.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from tests.deeds.model import Done, House, Key, Rows

_ONE_OF_A_FEW = ("kind",)


def forget(house: House, numbers: set[int], changeset: int, at: datetime) -> None:
    """All cards of one person. With others the relation goes by this deed."""
    work = house.work()
    for key, row in house.rows.items():
        if row["customer" if key[0] != "file" else "content"] in numbers:
            continue
        if row.get("organisation") in numbers:
            del work.rows[key]
        elif row.get("referred_by") in numbers:
            work.rows[key] = {**row, "referred_by": None}
    house.keep(work, changeset, at, final=True)
    house.forgotten |= numbers
    states = [*(rows for _at, rows in house.moments), house.rows]
    _give_back(states, list(house.done.values()), numbers)
    _take_away(states, list(house.done.values()), numbers)


def _take_away(states: list[Rows], deeds: list[Done], numbers: set[int]) -> None:
    """Her rows, also from another's card on which they stood before they came to hers, if they stayed with her: what
    went back there was hers for a time alone."""
    whose: dict[Key, list[tuple[int, bool]]] = defaultdict(list)
    for at, rows in enumerate(states):
        for key, row in rows.items():
            whose[key].append((at, row.get("customer") in numbers))
    ever = {key: held for key, held in whose.items() if any(hers for _at, hers in held)}
    last = {key: max(at for at, hers in held if hers) for key, held in ever.items()}
    kept = {key for key in last if not whose[key][0][1] and not whose[key][-1][1]}
    for at, rows in enumerate(states):
        for key in last.keys() & rows.keys():
            if rows[key].get("customer") in numbers or (at < last[key] and key not in kept):
                del rows[key]
    for deed in deeds:
        for key in last.keys() & deed.before.keys():
            both = [row for row in (deed.before[key], deed.after[key]) if row]
            if key not in kept or any(row.get("customer") in numbers for row in both):
                del deed.before[key], deed.after[key]


def _give_back(states: list[Rows], deeds: list[Done], numbers: set[int]) -> None:
    """What a merge put into another's rows goes from these for the time until the two were taken apart."""
    said: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for rows in states:
        for key, row in rows.items():
            if row.get("customer") in numbers:
                for column, value in row.items():
                    said[key[0], column].append(value)
    for number in numbers:
        into = [rows.get(("card", number), {}).get("merged_into") for rows in states]
        for begun in range(1, len(states)):
            whose = into[begun]
            if whose is None or whose in numbers or into[begun - 1] == whose:
                continue
            ended = next((at for at in range(begun, len(states)) if into[at] != whose), None)
            if ended is not None:
                _give_back_what(states, deeds, said, whose, begun, ended)


def _give_back_what(states: list[Rows], deeds: list[Done], said: Any, whose: int, begun: int, ended: int) -> None:
    for key, merged in list(states[begun].items()):
        before = states[begun - 1].get(key)
        if before is None or before.get("customer") != whose or merged.get("customer") != whose:
            continue
        columns = [
            column
            for column, value in merged.items()
            if column not in _ONE_OF_A_FEW and value not in ("", None, before[column]) and value in said[key[0], column]
        ]
        for rows in (
            *states[begun:ended],
            *(deed.after for deed in deeds[begun:ended]),
            *(deed.before for deed in deeds[begun + 1 : ended + 1]),
        ):
            row = rows.get(key)
            if row and (taken := {column: before[column] for column in columns if row[column] == merged[column]}):
                rows[key] = {**row, **taken}
