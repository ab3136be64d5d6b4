"""Rows of the house that might be a customer's and are nobody's, a sale to somebody unknown: they are many where a till
sent them, so they go and come a piece at a time, those that name each other together."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import batched

from regulars.areas.journal.actions.undo.pointing import pointers_from
from regulars.areas.journal.actions.undo.steps import Step
from regulars.kernel.tables import Table

Name = tuple[str, int]
_READ = 5_000


def pieces(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps in groups, of which none names a row of another group. In the order in which they came."""
    known = {step.name: step for step in steps}
    head = {name: name for name in known}

    def first(name: Name) -> Name:
        while head[name] != name:
            head[name] = name = head[head[name]]
        return name

    for one, other in _naming(steps):
        if other in known:
            head[first(one)] = first(other)
    groups: dict[Name, list[Step]] = defaultdict(list)
    for name, step in known.items():
        groups[first(name)].append(step)
    return list(groups.values())


def _naming(steps: Sequence[Step]) -> Iterator[tuple[Name, Name]]:
    """(a row, one that it names, or named), of rows that may be nobody's."""
    per: dict[Table, list[Step]] = defaultdict(list)
    for step in steps:
        per[step.table].append(step)
    for table, some in per.items():
        pointers = [each for each in pointers_from(table) if each.target.subject and not each.target.is_card]
        for pointer in pointers:
            label = pointer.target.label
            for step in some:
                if step.before is not None and (at := step.value_before(pointer.column)) is not None:
                    yield step.name, (label, at)
            for part in batched((step.pk for step in some if step.now_link is not None), _READ):
                for pk, at in table.pick((table.pk, pointer.column), table.pk, part):
                    if at is not None:
                        yield (table.label, pk), (label, at)
