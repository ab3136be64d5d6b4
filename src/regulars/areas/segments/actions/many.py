"""One deed on many customers: prepared first, then one changeset in transactions of at most 200 ms.

Up to 150 are done at once; more by a job, which goes on where it was cut off. Whom it is for is settled when it
is decided: who comes to fit the criteria later is not touched.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.actions import many as cards
from regulars.areas.customers.actions.cards import ground
from regulars.areas.customers.card import drafts
from regulars.areas.customers.queries import keepers_of, seen_among
from regulars.areas.house.queries import today
from regulars.areas.journal.actions import Link, LongDeed, deed, long_deed, resume_long_deed
from regulars.areas.journal.models import Changeset
from regulars.areas.segments.models import Bulk, FixedList, Listing
from regulars.areas.segments.queries.lists import list_named
from regulars.areas.segments.queries.many import bulk_named, kind_named, packed, unpacked
from regulars.kernel import crypto, registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.jobs import enqueue, named, progress, run_here
from regulars.kernel.milestones import milestone
from regulars.kernel.text import clean

AT_ONCE = 150  # the slowest deed, a column of the card's own row, takes about a millisecond for each
_STEP = 50  # customers between two looks at the clock
_AIM = 0.08  # seconds of work in a transaction before its end; the whole must not take more than 0.2
_JOB = "regulars.areas.segments.jobs.act_on_many"  # stands above the actions and is called by name
_VERBS = {
    "tag": "tagged", "untag": "untagged", "territory": "territory", "representative": "representative",
    "archive": "archived", "unarchive": "unarchived", "fact": "fact", "list": "listed", "unlist": "unlisted",
}  # fmt: skip

Change = Callable[[Link, Collection[int]], int]


def act_on_many(
    *, deed: str, value: str = "", field: str = "", numbers: Sequence[int], asked: str = "", by: Actor, at: datetime
) -> Bulk:
    """Does one thing to all these customers: `deed` is a key of `queries.many.KINDS`, `value` what it sets, `field` the
    fact of the business's own. Done at once up to 150, else at work by a job: `state` says which.

    Raises NotAllowed without the deed's right, NotFound for a list that is not there, Refused for a value that is none.
    """
    prepared = prepare(deed=deed, value=value, field=field, by=by, at=at)
    if not numbers:
        raise Refused(_("Nobody is chosen."), where="numbers")
    with transaction.atomic():  # a small one stands whole, with its end, or not at all
        bulk = Bulk.objects.create(
            token=crypto.random_bytes(16).hex(),
            deed=deed,
            value=prepared[1],
            field=field,
            asked=asked,
            numbers=packed(numbers),
            count=len(numbers),
            by={**asdict(replace(by, rights=frozenset())), "rights": sorted(by.rights)},
            made_at=at,
        )
        if len(numbers) > AT_ONCE:
            enqueue(named(_JOB), token=bulk.token, key=_key(bulk))
        else:
            _at_once(bulk, prepared[0], by, at)
    return bulk_named(bulk.token)


def run_to_end(bulk: Bulk) -> Bulk:
    """Does the work here and now, where no worker is at it already (commands, tests)."""
    if bulk.state == "running":
        run_here(enqueue(named(_JOB), token=bulk.token, key=_key(bulk)).ticket)
    return bulk_named(bulk.token)


def _key(bulk: Bulk) -> str:
    return f"bulk {bulk.token}"


def prepare(*, deed: str, value: str = "", field: str = "", by: Actor, at: datetime) -> tuple[Change, str]:
    """The change and its value as it will be kept. Raises what `act_on_many` raises."""
    kind = kind_named(deed)
    if missing := kind.missing(by):
        raise NotAllowed(_("Your account may not do this to customers."), right=missing)
    value = clean(value)
    if kind.value and not value and not kind.empties:
        raise Refused(_("%(what)s: say which.") % {"what": kind.label}, where="value")
    change, kept = _change(deed, value, field, by, at)
    # Who was chosen before her card was merged is the customer that her number leads to.
    if by.own is None:
        return (lambda link, numbers: change(link, sorted(keepers_of(numbers)))), kept
    return (lambda link, numbers: change(link, sorted(seen_among(by, keepers_of(numbers))))), kept


def _change(deed: str, value: str, field: str, by: Actor, at: datetime) -> tuple[Change, str]:
    match deed:
        case "tag" | "untag":
            tag = str(drafts.read({"tags": [value]}, ground(at)).groups["tags"][0].values["tag"])
            act = cards.tag_many if deed == "tag" else cards.untag_many
            return (lambda link, numbers: act(link, numbers, tag)), tag
        case "territory" | "representative":
            kept = drafts.read({deed: value}, ground(at)).own[deed] or ""
            _refuse_handing_over(deed, str(kept), by)
            return (lambda link, numbers: cards.set_many(link, numbers, deed, kept)), str(kept)
        case "archive":
            return (lambda link, numbers: cards.give_standing_many(link, numbers, "archived", today(at))), ""
        case "unarchive":
            return (lambda link, numbers: cards.take_standing_many(link, numbers, "archived")), ""
        case "fact":
            return _fact(field, value, at), value
    row = list_named(value)
    if deed == "list":
        return (lambda link, numbers: _put_on(link, numbers, row.pk, at)), row.name
    return (lambda link, numbers: _take_off(link, numbers, row.pk)), row.name


def _refuse_handing_over(deed: str, code: str, by: Actor) -> None:
    """Who sees only her own customers keeps them."""
    if by.own is not None and code not in dict(by.own).get(deed, ()):
        raise NotAllowed(
            _("You see only your own customers: choose a code of yours. Whoever sees all can hand customers over."),
            where="value",
        )


def _fact(field: str, value: str, at: datetime) -> Change:
    fact = registries.facts().get(f"custom.{field.removeprefix('custom.')}")
    if fact is None:
        raise Refused(_("There is no fact of our own called %(name)s.") % {"name": field[:60]}, where="field")
    if fact.protection == "sealed":
        raise Refused(_("A sealed fact is set card by card."), where="field")
    item = drafts.read({"custom": {fact.key: value}}, ground(at)).groups["custom"][0]
    key, values = item.values["field_id"], {k: v for k, v in item.values.items() if k != "field_id"}
    return lambda link, numbers: cards.set_fact_many(link, numbers, key, None if item.remove else values)


def _put_on(link: Link, numbers: Collection[int], key: int, at: datetime) -> int:
    if not FixedList.objects.filter(pk=key).exists():
        raise NotFound(_("The list was removed meanwhile."), where="value")
    have = set(Listing.objects.filter(list_id=key, customer_id__in=numbers).values_list("customer_id", flat=True))
    wanting = (number for number in cards.there(numbers) if number not in have)
    fresh = [Listing(list_id=key, customer_id=number, added_at=at) for number in wanting]
    link.add(*fresh)
    return len(fresh)


def _take_off(link: Link, numbers: Collection[int], key: int) -> int:
    rows = list(Listing.objects.filter(list_id=key, customer_id__in=numbers))
    link.remove(*rows)
    return len(rows)


# --- doing it ---------------------------------------------------------------------------------------------------------


def _told(bulk: Bulk, count: int) -> dict[str, Any]:
    told: dict[str, Any] = {"count": count}
    if bulk.deed == "fact":  # what it was set to stands on the cards, and may have to be forgotten there
        fact = registries.facts().get(f"custom.{bulk.field.removeprefix('custom.')}")
        return {**told, "label": str(fact.label) if fact else bulk.field}
    return {**told, "value": bulk.value} if kind_named(bulk.deed).value else told


def _verb(bulk: Bulk) -> str:
    return f"segments.many_{_VERBS[bulk.deed]}"


def _at_once(bulk: Bulk, change: Change, by: Actor, at: datetime) -> None:
    changed = 0
    with deed(verb=_verb(bulk), by=by, at=at) as link:
        for part in batched(unpacked(bulk.numbers), _STEP):
            changed += change(link, part)
        link.particulars.update(_told(bulk, changed))
    _end(bulk, at, position=bulk.count, changed=changed, changeset=link.changeset, state="done")


def work_off(token: str, *, clock: Callable[[], datetime]) -> None:
    """Goes on with a deed on many from wherever it stands, to its end. Raises Refused where it can no longer be done;
    what has been done by then stands, closed, and can be taken back."""
    bulk = bulk_named(token)
    if bulk.state != "running":
        return
    by, at = Actor(**{**bulk.by, "rights": frozenset(bulk.by["rights"])}), bulk.made_at
    work = _taken_up(bulk, by, at)
    try:
        change, _value = prepare(deed=bulk.deed, value=bulk.value, field=bulk.field, by=by, at=at)
        _go_through(bulk, work, change, by, at)
    except Refused as refused:
        work.close(by=by, at=at, particulars=_told(bulk, bulk.changed))
        _end(bulk, clock(), state="failed", error=str(refused)[:500])
        raise
    work.close(by=by, at=at, particulars=_told(bulk, bulk.changed))
    _end(bulk, clock(), state="done")
    milestone("many", many=bulk.changed, over=True)


def _taken_up(bulk: Bulk, by: Actor, at: datetime) -> LongDeed:
    if bulk.changeset and Changeset.objects.filter(pk=bulk.changeset, state="open").exists():
        return resume_long_deed(bulk.changeset)
    milestone("many", many=len(unpacked(bulk.numbers)))
    with transaction.atomic():
        work = long_deed(verb=_verb(bulk), by=by, at=at, particulars=_told(bulk, 0))
        bulk.changeset = work.changeset
        Bulk.objects.filter(pk=bulk.pk).update(changeset=work.changeset)
    return work


def _go_through(bulk: Bulk, work: LongDeed, change: Change, by: Actor, at: datetime) -> None:
    numbers = unpacked(bulk.numbers)
    while bulk.position < len(numbers):
        with work.transaction(by=by, at=at) as link:
            begun = time.thread_time()
            position, changed = bulk.position, bulk.changed
            while part := numbers[position : position + _STEP]:
                changed += change(link, part)
                position += len(part)
                if time.thread_time() - begun > _AIM:
                    break
            Bulk.objects.filter(pk=bulk.pk).update(position=position, changed=changed)
        if link.changeset is None:  # nobody differed, so nothing was kept: not even how far it has come
            Bulk.objects.filter(pk=bulk.pk).update(position=position, changed=changed)
        bulk.position, bulk.changed = position, changed
        progress(position, len(numbers))


def _end(bulk: Bulk, at: datetime, **values: Any) -> None:
    """Notes the end; whom it was for and what stands on their cards is not kept a second time."""
    value = "" if bulk.deed == "fact" else bulk.value
    Bulk.objects.filter(pk=bulk.pk).update(numbers=b"", value=value, finished_at=at, **values)
