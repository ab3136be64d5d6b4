"""What a file is taken for: read as what, which column goes where, what must be asked; and correcting that."""

from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.models import HOWS
from regulars.areas.house.queries import house, today
from regulars.areas.intake import readers
from regulars.areas.intake.actions import originals
from regulars.areas.intake.models import Intake, Original
from regulars.areas.intake.queries.files import (
    came_from,
    inspected_of,
    is_of_purchases,
    mapping_of,
    may_import,
    open_intake,
    saved_for,
    words,
)
from regulars.areas.intake.readers.orders.guessing import guess as guess_purchases
from regulars.areas.intake.readers.originals import passing, place_of
from regulars.kernel import crypto, registries
from regulars.kernel.actor import Actor
from regulars.kernel.dates import ORDERS
from regulars.kernel.errors import Refused
from regulars.kernel.text import clean

EXISTING = ("update", "fill", "add", "skip")
_READ_AS = ("sheet", "encoding", "delimiter", "repair", "feet")  # with another of these a file is read anew
_OPTIONS = ("as", "country", "existing", "source", "how", "prospects", *_READ_AS)
_WORDS = {
    "as": ("customers", "purchases"),
    "existing": EXISTING,
    "repair": ("yes", "no"),
    "feet": ("in", "out"),
    "how": tuple(dict(HOWS)),
    "prospects": ("yes",),
}
DEFAULT_SOURCE = "list"
_WAITS = timedelta(days=1)  # for a file that holds what must not be kept


def inspect(
    *, file: BinaryIO, name: str, by: Actor, at: datetime, mapping: AnyMapping[str, Any] | None = None, **options: str
) -> Intake:
    """Looks a file through and keeps it, enciphered, as what is to come in. Nothing of the register changes.

    `options`: as (customers, purchases), country, existing, source, how, prospects (yes), sheet, encoding, delimiter,
    repair, feet, date_order.
    `mapping` is a mapping's JSON or the short form; without it one saved for these headings counts, else a guess.
    Raises Refused for what is no list.
    """
    may_import(by)
    order = options.pop("date_order", "") or ""
    chosen = _checked(options)
    name = clean(name.replace("\\", "/").rpartition("/")[2])[:200] or "list"
    with originals.laid_down(file) as (path, sha256, size):
        read_as = {key: chosen.get(key, "") for key in _READ_AS}
        inspected = readers.open_file(path, name, today=today(at), **read_as)
        intake = Intake(
            token=crypto.random_bytes(16).hex(),
            name=name,
            sha256=sha256,
            size=size,
            by=told_of(by),
            made_at=at,
            inspected=inspected.as_json(),
            options={**_chosen_before(inspected), **chosen},
        )
        understood = _understood(inspected, today(at), mapping, order, intake.options)
        intake.mapping = understood.as_json()
        originals.keep(path, sha256, for_good=not inspected.secret)
    intake.save(force_insert=True)
    return intake


def correct(
    *,
    token: str,
    by: Actor,
    at: datetime,
    mapping: AnyMapping[str, Any] | None = None,
    answers: AnyMapping[int, AnyMapping[str, str]] | None = None,
    **options: str,
) -> Intake:
    """Changes what was understood: the whole mapping, answers to questions by column, options. Undoes a trial's result.

    A new sheet, encoding or delimiter has the file looked through again, so has the answer whether garbled text is to
    be mended, and whether what looks like a total is data. Raises NotFound and Refused.
    """
    intake = open_intake(by, token)
    if intake.state not in ("waiting", "failed"):
        raise Refused(_("This file is coming in or has come in already."), code_word="too_late")
    mend = [answered["repair"] for answered in (answers or {}).values() if "repair" in answered]
    chosen = {**intake.options, **_checked({**options, **({"repair": mend[0]} if mend else {})})}
    again = any(chosen.get(key, "") != intake.options.get(key, "") for key in _READ_AS)
    if again:
        with originals.opened(intake.sha256) as path:
            read_as = {key: chosen.get(key, "") for key in _READ_AS}
            inspected = readers.open_file(path, intake.name, today=today(at), **read_as)
        intake.inspected = inspected.as_json()
        found = _understood(inspected, today(at), mapping, "", chosen)
    elif mapping is None and is_of_purchases(chosen) != is_of_purchases(intake.options):
        found = _understood(inspected_of(intake), today(at), None, "", chosen)
    else:
        found = mapping_of(intake, mapping)
        if mapping is None and "source" in options:
            found = found.from_source(chosen["source"] or _default_source(intake, at))
        found = _of_another_country(intake, found, chosen, at)
    for index, answered in (answers or {}).items():
        for asks, choice in answered.items():
            if asks == "repair":
                continue
            value: Any = choice == "yes" if asks == "serial" else choice
            found = found.changed(index, **{asks: value})
    intake.mapping, intake.options = found.as_json(), chosen
    intake.trial, intake.state, intake.error = None, "waiting", None
    intake.save()
    intake.refusals.filter(trial=True).delete()
    return intake


def _of_another_country(
    intake: Intake, found: readers.Mapping, chosen: AnyMapping[str, str], at: datetime
) -> readers.Mapping:
    """The mapping, guessed anew where another country was said and nobody has changed a column: telephones and regions
    are told by it."""
    before, now = (options.get("country") or house().country for options in (intake.options, chosen))
    if before == now or found.kept_as or found.made:
        return found
    inspected, day, purchases = inspected_of(intake), today(at), is_of_purchases(chosen)
    guess, anew = (_guessed(inspected, day, country, purchases=purchases) for country in (before, now))
    if [each.to for each in guess.columns] != [each.to for each in found.columns]:
        return found
    answered = tuple(
        replace(new, order=old.order, serial=old.serial, mark=old.mark, values=old.values)
        for new, old in zip(anew.columns, found.columns, strict=True)
    )
    return replace(anew, columns=answered).from_source(found.source)


def _understood(
    inspected: readers.Inspected,
    day: date,
    given: AnyMapping[str, Any] | None,
    order: str,
    options: AnyMapping[str, str],
) -> readers.Mapping:
    purchases, source = is_of_purchases(options), options.get("source", "")
    if given is None:
        given = _mapped_before(inspected)
    if given is None:
        saved = saved_for(inspected.columns, purchases=purchases)
        given = {**saved.mapping, "kept_as": saved.name} if saved else None
    if given is not None:
        mapping = readers.Mapping.from_json(given, inspected.columns, words())
    else:
        mapping = _guessed(inspected, day, options.get("country", ""), purchases=purchases)
    if order:
        mapping = _ordered(mapping, order)
    return mapping.from_source(source) if source else mapping


def _mapped_before(inspected: readers.Inspected) -> dict[str, Any] | None:
    """The mapping of the file that these refused rows come from, with all that was answered."""
    before = came_from(inspected.columns)
    if before is None:
        return None
    own = len(inspected.columns) - len(before.inspected["columns"])
    columns = [{**each, "index": each.get("index", 0) + own} for each in before.mapping["columns"]]
    return {**before.mapping, "columns": columns}


def _chosen_before(inspected: readers.Inspected) -> dict[str, str]:
    before = came_from(inspected.columns)
    return (
        {name: before.options[name] for name in ("as", "country", "existing") if name in before.options}
        if before
        else {}
    )


def _guessed(inspected: readers.Inspected, day: date, country: str, *, purchases: bool = False) -> readers.Mapping:
    spellings = {fact.name: (*fact.headers, str(fact.label)) for fact in registries.facts().values()}
    known = words()
    guess = guess_purchases if purchases else readers.guess
    headers = readers.headers_of(known, spellings)
    return guess(inspected, today=day, headers=headers, country=country or house().country).within(known)


def _default_source(intake: Intake, at: datetime) -> str:
    country, purchases = intake.options.get("country", ""), is_of_purchases(intake.options)
    return _guessed(inspected_of(intake), today(at), country, purchases=purchases).source


def _ordered(mapping: readers.Mapping, order: str) -> readers.Mapping:
    if order not in ORDERS:
        raise Refused(_("A date order is one of: %(words)s.") % {"words": ", ".join(ORDERS)}, where="date_order")
    return mapping.ordered(order)


def _checked(options: AnyMapping[str, str]) -> dict[str, str]:
    chosen = {name: clean(str(value)) for name, value in options.items() if value is not None}
    for name in chosen:
        if name not in _OPTIONS:
            raise Refused(_("There is no option called %(name)s.") % {"name": name}, where=name)
        if chosen[name] and chosen[name] not in _WORDS.get(name, (chosen[name],)):
            words = ", ".join(_WORDS[name])
            raise Refused(_("%(name)s is one of: %(words)s.") % {"name": name, "words": words}, where=name)
    if chosen.get("country"):
        from regulars.kernel.postal import clean_country

        chosen["country"] = clean_country(chosen["country"])
    return chosen


def told_of(by: Actor) -> dict[str, Any]:
    """Who acts, as JSON that `actor_of` reads."""
    told = asdict(replace(by, rights=frozenset()))
    return {**told, "rights": sorted(by.rights)}


def actor_of(intake: Intake) -> Actor:
    """Who handed the file over, with the rights of that moment."""
    return Actor(**{**intake.by, "rights": frozenset(intake.by.get("rights", ()))})


def let_go_of_old(now: datetime) -> int:
    """Destroys files with card numbers or passwords in them that have lain for a day without coming in."""
    gone = 0
    for each in Intake.objects.exclude(state="running").filter(made_at__lt=now - _WAITS).only("sha256", "inspected"):
        if each.inspected.get("secret") and passing(each.sha256).exists():
            originals.let_go(each.sha256)
            gone += 1
    return gone


def forget_upload(*, token: str, by: Actor) -> None:
    """Puts away a file that was never brought in, with its original unless another intake has the same."""
    intake = open_intake(by, token)
    if intake.state in ("running", "done") or intake.changeset:
        raise Refused(_("This file is coming in or has come in already."))
    with transaction.atomic():
        intake.delete()
        if not _named_still(intake.sha256):
            place_of(intake.sha256).unlink(missing_ok=True)
            originals.let_go(intake.sha256)


def _named_still(sha256: str) -> bool:
    """Whether another intake, or a list that came in (be it taken back since), has the same bytes."""
    holders = (Intake, Original, Original.past)
    return any(holder._default_manager.filter(sha256=sha256).exists() for holder in holders)
