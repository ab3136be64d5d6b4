"""What nobody may be written to for, said after a copy was made, goes along with it: a no stays a no."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regulars.areas.consent.models import Answer
from regulars.areas.customers.models import CardRow, Customer, Standing
from regulars.areas.customers.queries import keeper_of
from regulars.areas.journal.actions import Link

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
    refusals = list(refusals)
    there = set(Customer.objects.filter(pk__in={each.number for each in refusals}).values_list("number", flat=True))
    kept = 0
    for each in refusals:
        if each.number not in there:
            continue
        number = keeper_of(each.number)
        row = each.model._default_manager.filter(customer_id=number, **each.about).first()
        if row is None:
            link.add(each.model(customer_id=number, **each.about, **each.said))
        elif isinstance(row, Answer) and row.answer != "refused":
            link.change(row, **each.said, wording="", intake="", row=None)
        else:
            continue
        kept += 1
    return kept
