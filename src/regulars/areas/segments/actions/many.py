"""One deed on many customers: prepared first, then one changeset in transactions of at most 200 ms.

Up to 150 are done at once; more by a job, which goes on where it was cut off. Whom it is for is settled when it
is decided: who comes to fit the criteria later is not touched.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.actions import many as cards
from regulars.areas.customers.actions.cards import ground
from regulars.areas.customers.card import drafts
from regulars.areas.customers.queries import keepers_of, seen_among
from regulars.areas.house.queries import today
from regulars.areas.journal.actions import Link, LongDeed, deed, long_deed, resume_long_deed
from regulars.areas.segments.actions.lists import new_list, put_down
from regulars.areas.segments.models import Bulk, FixedList, Listing
from regulars.areas.segments.queries.lists import list_named
from regulars.areas.segments.queries.many import bulk_named, kind_named, packed, unpacked
from regulars.kernel import crypto, registries
from regulars.kernel.actor import Actor
from regulars.kernel.databases import writer_lock
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.jobs import enqueue, named, progress, run_here, view
from regulars.kernel.milestones import milestone
from regulars.kernel.text import clean

AT_ONCE = 150  # the slowest deed, a column of the card's own row, takes about a millisecond for each
_LOOK = 0.2  # seconds between two looks at the work of another process
_STEP = 50  # customers between two looks at the clock
_AIM = 0.08  # seconds of work in a transaction before its end; the whole must not take more than 0.2
_JOB = "regulars.areas.segments.jobs.act_on_many"  # stands above the actions and is called by name
_VERBS = {
    "tag": "tagged", "untag": "untagged", "territory": "territory", "representative": "representative",
    "archive": "archived", "unarchive": "unarchived", "fact": "fact", "list": "listed", "unlist": "unlisted",
}  # fmt: skip

Change = Callable[[Link, Collection[int]], int]
Act = Callable[[Link, Collection[int]], tuple[int, int]]  # how many differed, and how many are there no longer


def act_on_many(
    *,
    deed: str,
    value: str = "",
    field: str = "",
    numbers: Sequence[int],
    asked: str = "",
    makes: bool = False,
    by: Actor,
    at: datetime,
) -> Bulk:
    """Does one thing to all these customers: `deed` is a key of `queries.many.KINDS`, `value` what it sets, `field` the
    fact of the business's own. Done at once up to 150, else at work by a job: `state` says which. With `makes` the
    list is a new one, made by the same deed.

    Raises NotAllowed without the deed's right, NotFound for a list that is not there, Refused for a value that is none.
    """
    act, value = prepare(deed=deed, value=value, field=field, makes=makes, by=by, at=at)
    if not numbers:
        raise Refused(_("Nobody is chosen."), where="numbers")
    with transaction.atomic():  # a small one stands whole, with its end, or not at all
        bulk = Bulk.objects.create(
            token=crypto.random_bytes(16).hex(),
            deed=deed,
            value=value,
            field=field,
            asked=asked,
            numbers=packed(numbers),
            count=len(numbers),
            by={**asdict(replace(by, rights=frozenset())), "rights": sorted(by.rights)},
            made_at=at,
        )
        if len(numbers) > AT_ONCE:
            _decided(bulk, act, makes, by, at)
        else:
            _at_once(bulk, act, by, at)
    return bulk_named(bulk.token)


def run_to_end(bulk: Bulk) -> Bulk:
    """Does the work here and now, or waits for the worker that is at it already (commands, tests)."""
    while bulk.state == "running":
        ticket = enqueue(named(_JOB), token=bulk.token, key=_key(bulk)).ticket
        if not run_here(ticket) and not view(ticket).over:
            time.sleep(_LOOK)
        bulk = bulk_named(bulk.token)
        if bulk.state == "running" and view(ticket).over:
            break  # given up: it says so where the house is looked after
    return bulk


def stop_many(*, token: str, by: Actor, at: datetime) -> Bulk:
    """Ends a deed on many where it stands; what was done by then can be taken back. Raises NotFound; NotAllowed without
    the deed's right; Refused for one that is over."""
    if missing := kind_named(bulk_named(token).deed).missing(by):
        raise NotAllowed(_("Your account may not do this to customers."), right=missing)
    with transaction.atomic():
        writer_lock(connection)
        bulk = bulk_named(token)
        if bulk.state != "running":
            raise Refused(_("It is over already: there is nothing to stop."), code_word="too_late")
        if bulk.changeset:
            _close(bulk, resume_long_deed(bulk.changeset), by, at)
        _end(bulk, at, state="stopped")
    return bulk_named(token)


def _key(bulk: Bulk) -> str:
    return f"bulk {bulk.token}"


def prepare(
    *,
    deed: str,
    value: str = "",
    field: str = "",
    makes: bool = False,
    into: int | None = None,
    by: Actor,
    at: datetime,
) -> tuple[Act, str]:
    """What is done to some of them, and its value as it will be kept. Raises what `act_on_many` raises."""
    kind = kind_named(deed)
    if missing := kind.missing(by):
        raise NotAllowed(_("Your account may not do this to customers."), right=missing)
    value = clean(value)
    if kind.value and not value and not kind.empties:
        raise Refused(_("%(what)s: say which.") % {"what": kind.label}, where="value")
    if kind.listed:
        change, kept = _of_list(deed, _list(value, makes, into, by, at))
    else:
        change, kept = _change(deed, value, field, by, at)

    def act(link: Link, numbers: Collection[int]) -> tuple[int, int]:
        # who was chosen before her card was merged is the customer that her number leads to
        hers = sorted(seen_among(by, keepers_of(numbers)))
        return change(link, hers), len(numbers) - len(hers)

    return act, kept


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
    return _fact(field, value, at), value


def _of_list(deed: str, row: FixedList) -> tuple[Change, str]:
    return partial(_put_on if deed == "list" else _take_off, row=row), row.name


def _list(name: str, makes: bool, into: int | None, by: Actor, at: datetime) -> FixedList:
    if into is None:
        return new_list(name=name, by=by, at=at) if makes else list_named(name)
    if (row := FixedList.objects.filter(pk=into).first()) is None:
        raise _removed()
    return row


def _removed() -> NotFound:
    return NotFound(_("The list was removed meanwhile."), where="value")


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


def _put_on(link: Link, numbers: Collection[int], *, row: FixedList) -> int:
    if row.pk is None:
        put_down(link, row)
    elif not FixedList.objects.filter(pk=row.pk).exists():
        raise _removed()
    have = set(Listing.objects.filter(list=row, customer_id__in=numbers).values_list("customer_id", flat=True))
    fresh = [Listing(list=row, customer_id=number, added_at=link.at) for number in numbers if number not in have]
    link.add(*fresh)
    return len(fresh)


def _take_off(link: Link, numbers: Collection[int], *, row: FixedList) -> int:
    rows = list(Listing.objects.filter(list=row, customer_id__in=numbers))
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


def _at_once(bulk: Bulk, act: Act, by: Actor, at: datetime) -> None:
    changed = gone = 0
    with deed(verb=_verb(bulk), by=by, at=at) as link:
        for part in batched(unpacked(bulk.numbers), _STEP):
            differed, missed = act(link, part)
            changed, gone = changed + differed, gone + missed
        link.particulars.update(_told(bulk, changed))
    counted = {"position": bulk.count, "changed": changed, "gone": gone}
    _end(bulk, at, **counted, changeset=link.changeset, state="done")


def _decided(bulk: Bulk, act: Act, makes: bool, by: Actor, at: datetime) -> None:
    """Leaves it to a job. The list is settled now, and made, so that nobody else takes its name."""
    if makes:
        work = _begun(bulk, by, at)
        with work.transaction(by=by, at=at) as link:
            act(link, ())
    if kind_named(bulk.deed).listed:
        Bulk.objects.filter(pk=bulk.pk).update(into=list_named(bulk.value).pk)
    enqueue(named(_JOB), token=bulk.token, key=_key(bulk))


def _begun(bulk: Bulk, by: Actor, at: datetime) -> LongDeed:
    with transaction.atomic():
        work = long_deed(verb=_verb(bulk), by=by, at=at, particulars=_told(bulk, 0))
        bulk.changeset = work.changeset
        Bulk.objects.filter(pk=bulk.pk).update(changeset=work.changeset)
    return work


def work_off(token: str, *, clock: Callable[[], datetime]) -> None:
    """Goes on with a deed on many from wherever it stands, to its end. Raises Refused where it can no longer be done;
    what has been done by then stands, closed, and can be taken back."""
    bulk = bulk_named(token)
    if bulk.state != "running":
        return
    by, at = Actor(**{**bulk.by, "rights": frozenset(bulk.by["rights"])}), bulk.made_at
    if bulk.position == 0:
        milestone("many", many=bulk.count)
    work = resume_long_deed(bulk.changeset) if bulk.changeset else _begun(bulk, by, at)
    try:
        act, _value = prepare(deed=bulk.deed, value=bulk.value, field=bulk.field, into=bulk.into, by=by, at=at)
        if not _go_through(bulk, work, act, by, at):
            return
    except Refused as refused:
        _finish(bulk, work, by, at, ended=clock(), state="failed", error=str(refused)[:500])
        raise
    _finish(bulk, work, by, at, ended=clock(), state="done")
    milestone("many", many=bulk.changed, over=True)


def _go_through(bulk: Bulk, work: LongDeed, act: Act, by: Actor, at: datetime) -> bool:
    """Whether it came to its end; where somebody stops it, she closes the deed."""
    numbers, here = unpacked(bulk.numbers), Bulk.objects.filter(pk=bulk.pk, state="running")
    while bulk.position < len(numbers):
        with work.transaction(by=by, at=at) as link:
            counted = here.values("position", "changed", "gone").first()  # another worker may have had it meanwhile
            if counted is None:
                return False
            begun = time.thread_time()
            while part := numbers[counted["position"] : counted["position"] + _STEP]:
                differed, missed = act(link, part)
                counted["changed"] += differed
                counted["gone"] += missed
                counted["position"] += len(part)
                if time.thread_time() - begun > _AIM:
                    break
            here.update(**counted)
        if link.changeset is None:  # nobody differed, so nothing was kept: not even how far it has come
            here.update(**counted)
        vars(bulk).update(counted)
        progress(bulk.position, len(numbers))
    return True


def _finish(bulk: Bulk, work: LongDeed, by: Actor, at: datetime, *, ended: datetime, **values: Any) -> None:
    """Both the deed and the work are over, or neither: a kill in between would have the same deed made once more."""
    with transaction.atomic():
        writer_lock(connection)
        if Bulk.objects.filter(pk=bulk.pk, state="running").exists():
            _close(bulk, work, by, at)
            _end(bulk, ended, **values)


def _close(bulk: Bulk, work: LongDeed, by: Actor, at: datetime) -> None:
    work.close(by=by, at=at, particulars=_told(bulk, bulk.changed))


def _end(bulk: Bulk, at: datetime, **values: Any) -> None:
    """Notes the end; whom it was for and what stands on their cards is not kept a second time."""
    value = "" if bulk.deed == "fact" else bulk.value
    Bulk.objects.filter(pk=bulk.pk).update(numbers=b"", value=value, finished_at=at, **values)
