"""What nobody may be written to for, said after a copy was made, goes along with it: a no stays a no."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from regulars.areas.consent.models import Answer
from regulars.areas.customers.models import CardRow, Customer, Standing
from regulars.areas.customers.queries import keeper_of
from regulars.areas.journal.actions import Link
from regulars.kernel.tables import table_of

_AT_ONCE = 1_000
_PROTECTING = ("deceased", "do_not_contact", "secret_address")
_SAID: tuple[tuple[type[CardRow], dict[str, Any], tuple[str, ...], tuple[str, ...]], ...] = (
    # table, which of its rows, by what two are about the same, what else they say
    (Answer, {"answer": "refused"}, ("channel", "purpose"), ("answer", "day", "heard", "by")),
    (Standing, {"kind__in": _PROTECTING}, ("kind",), ("since", "reason")),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no, or a state that protects somebody: of which table, about whom, what tells it from others, what it says."""

    model: type[CardRow]
    number: int
    about: Mapping[str, str]
    said: Mapping[str, Any]


def said_since(links: int) -> tuple[Refusal, ...]:
    """Those of the register at hand that were said after this link; of somebody who is one with others since, of each
    of them."""
    merged: dict[int, list[int]] = defaultdict(list)
    for number, keeper in Customer.objects.exclude(merged_into=None).values_list("number", "merged_into_id"):
        merged[keeper].append(number)
    return tuple(
        Refusal(model, number, {name: row[name] for name in about}, {name: row[name] for name in said})
        for model, where, about, said in _SAID
        for row in model._default_manager.filter(link__gt=links, **where).values("customer_id", *about, *said)
        for number in _all_of(row["customer_id"], merged)
    )


def _all_of(number: int, merged: Mapping[int, list[int]]) -> Iterator[int]:
    yield number
    for each in merged.get(number, ()):
        yield from _all_of(each, merged)


def keep(link: Link, refusals: Iterable[Refusal]) -> int:
    """Brings them into the register at hand, for whoever is there; how many it did not have."""
    kept = 0
    for some in batched(refusals, _AT_ONCE, strict=False):
        into = dict(table_of(Customer).pick(("number", "merged_into_id"), "number", sorted({e.number for e in some})))
        wanted: dict[type[CardRow], dict[tuple[Any, ...], Refusal]] = defaultdict(dict)
        for each in some:
            if each.number in into:
                number = each.number if into[each.number] is None else keeper_of(each.number)
                wanted[each.model].setdefault((number, *each.about.values()), each)
        kept += sum(_kept(link, model, told) for model, told in wanted.items())
    return kept


def _kept(link: Link, model: type[CardRow], wanted: Mapping[tuple[Any, ...], Refusal]) -> int:
    names = ("customer_id", *next(iter(wanted.values())).about)
    rows = model._default_manager.filter(customer_id__in={number for number, *_about in wanted})
    standing = {tuple(getattr(row, name) for name in names): row for row in rows}
    fresh = [
        model(**dict(zip(names, key, strict=True)), **each.said) for key, each in wanted.items() if key not in standing
    ]
    link.add(*fresh)
    yes = [key for key in wanted if key in standing and getattr(standing[key], "answer", "refused") != "refused"]
    changes = [(standing[key], {**wanted[key].said, "wording": "", "intake": "", "row": None}) for key in yes]
    return len(fresh) + link.rewrite(changes)
