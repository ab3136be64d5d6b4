"""A scan: every card compared with those that resemble it, or only the cards that are new since the last one.

What is found is derived knowledge, written past the journal; what somebody said of a pair stays. A scan that was cut
off has done no harm and is begun anew.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.journal.models import Link
from regulars.areas.matching.comparing import blocks
from regulars.areas.matching.comparing.bounds import MOST
from regulars.areas.matching.comparing.features import Maker
from regulars.areas.matching.comparing.model import POSSIBLE, prior, probability, reasons_of, verdict_of
from regulars.areas.matching.comparing.scoring import sobered
from regulars.areas.matching.comparing.thirds import BITS, CODE, LEAST, OPPOSED, raised
from regulars.areas.matching.comparing.told import COLUMNS, COMPARISONS, row_of
from regulars.areas.matching.engine import Scan, Scored
from regulars.areas.matching.models import Pair
from regulars.areas.matching.queries.candidates import compared, nearby
from regulars.areas.matching.queries.rarity import maker_for_all, size
from regulars.areas.matching.queries.reading import cards, every_card, written_after
from regulars.areas.matching.queries.rejections import states_of
from regulars.kernel import jobs, marks
from regulars.kernel.actor import Actor
from regulars.kernel.databases import writer_lock
from regulars.kernel.errors import NotAllowed

MARK = "duplicates"  # the last scan: the link up to which cards were compared, and when
RIGHT = "customers.many"
_JOB = "regulars.areas.matching.jobs.scan"  # stands above the actions and is called by name
_A_TRANSACTION = 500
_FEW = 300  # changed cards that are compared one by one; of more a thousandth of the register
EVERYBODY = Actor(kind="system", name="duplicates", rights=frozenset({"*"}), through="job")
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scanned:
    """How many cards were compared, and the pairs that were found, by verdict."""

    customers: int
    same: int
    likely: int
    possible: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def start_scan(*, by: Actor, new: bool = False) -> jobs.JobView:
    """Asks for a scan in the background, with `new` of the cards that changed since the last one. Raises NotAllowed."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not search the whole register for duplicates."), right=RIGHT)
    return jobs.enqueue(jobs.named(_JOB), key="duplicates", new=new)


def scan_soon() -> None:
    """Cards have come: those that are new are compared in the background, whoever brought them in."""
    jobs.enqueue(jobs.named(_JOB), key="duplicates", new=True)


def last_scan() -> jobs.JobView | None:
    """How the scan that was asked for last stands."""
    return next(iter(jobs.latest(_JOB, 1)), None)


def run_to_end(ticket: str) -> jobs.JobView:
    """Does the work here and now, where no worker is at it already (commands, tests)."""
    jobs.run_here(ticket)
    return jobs.view(ticket)


def scan_all(*, at: datetime, told: Told = lambda done, total: None) -> Scanned:
    """Compares every card. Pairs that do not resemble each other any more are gone afterwards."""
    up_to = _newest_link()
    total, count = size(), 0
    maker = maker_for_all()
    with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, blocks.LARGEST) as scan:
        for part in every_card():
            count += put(scan, maker, part)
            told(count, 2 * max(total, count))
        found: list[Scored] = []
        for some in scan.pairs(prior(total), LEAST, blocks.enough(total), most=MOST, opposed=OPPOSED):
            found += sobered(some)
    told(2 * count, 2 * max(total, count))
    verdicts = _keep(_rows(found, at))
    Pair.objects.filter(seen_at__lt=at).delete()
    return _over(up_to, at, count, verdicts)


def scan_new(*, at: datetime, told: Told = lambda done, total: None) -> Scanned:
    """Compares the cards that changed since the last scan; all where there was none, or where very many did."""
    last, up_to = marks.recall(MARK), _newest_link()
    changed = set(written_after(last["link"])) if last else None
    if changed is None or len(changed) > max(_FEW, size() // 1_000):
        return scan_all(at=at, told=told)
    found: dict[tuple[int, int], Scored] = {}
    for done, card in enumerate(cards(sorted(changed)).values(), 1):
        for pair in compared(card, nearby(EVERYBODY, card), LEAST):
            found[min(pair.a, pair.b), max(pair.a, pair.b)] = pair
        told(done, len(changed))
    verdicts = _keep(_rows([Scored(a, b, pair.weight, pair.levels) for (a, b), pair in found.items()], at))
    _forget_changed(changed, at)
    return _over(up_to, at, len(changed), verdicts)


def is_due() -> bool:
    """Whether cards have changed since the last scan, and there was one."""
    last = marks.recall(MARK)
    return bool(last) and last["link"] < _newest_link()


def put(scan: Scan, maker: Maker, part: Iterable[Any]) -> int:
    rows, keys = [], []
    for card in part:
        features = maker.features(card)
        rows.append(row_of(features))
        keys.append(blocks.keys_of(features))
    if rows:
        scan.put(rows, keys)
    return len(rows)


def _newest_link() -> int:
    return Link.objects.order_by("-number").values_list("number", flat=True).first() or 0


def _forget_changed(numbers: Collection[int], at: datetime) -> None:
    """Takes away the pairs of changed cards that are none any more."""
    for part in batched(sorted(numbers), _A_TRANSACTION):
        for column in ("a", "b"):
            Pair.objects.filter(seen_at__lt=at, **{f"{column}__in": part}).delete()


def _rows(found: list[Scored], at: datetime) -> Iterator[Pair]:
    """The pairs that are at least possible, by themselves or by a third card."""
    weights = raised(found)
    for pair in found:
        weight = weights.get((pair.a, pair.b))
        if weight is not None or pair.weight >= POSSIBLE:
            yield _row(pair, weight, at)


def _keep(pairs: Iterable[Pair]) -> Counter[str]:
    """Writes the pairs down, each with what somebody said of it; none of a customer who is gone meanwhile. How many
    there were, by verdict."""
    verdicts: Counter[str] = Counter()
    for part in batched(pairs, _A_TRANSACTION):
        verdicts.update(pair.verdict for pair in part)
        with transaction.atomic():
            writer_lock(connection)
            there = _there({number for pair in part for number in (pair.a, pair.b)})
            rows = [pair for pair in part if {pair.a, pair.b} <= there]
            states = states_of((row.a, row.b, row.codes) for row in rows)
            for row in rows:
                row.state = states[row.a, row.b]
            Pair.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["a", "b"],
                update_fields=["score", "bits", "verdict", "reasons", "codes", "state", "seen_at"],
            )
    return verdicts


def _there(numbers: Collection[int]) -> set[int]:
    return set(Customer.objects.filter(number__in=numbers, merged_into=None).values_list("number", flat=True))


def _row(pair: Scored, weight: float | None, at: datetime) -> Pair:
    reasons: list[dict[str, Any]] = reasons_of(pair.levels)
    if weight is not None:
        reasons = [{"code": CODE, "bits": BITS}, *reasons]
    bits = pair.weight if weight is None else weight
    codes = ",".join(sorted({str(each["code"]) for each in reasons}))
    return Pair(
        a=pair.a, b=pair.b, score=probability(bits), bits=round(bits, 2), verdict=verdict_of(bits), reasons=reasons,
        codes=codes, found_at=at, seen_at=at,
    )  # fmt: skip


def _over(up_to: int, at: datetime, count: int, verdicts: Counter[str]) -> Scanned:
    marks.note(MARK, {"link": up_to, "at": at.isoformat()})
    return Scanned(count, verdicts["same"], verdicts["likely"], verdicts["possible"])
